"""Make the key that signs checkpoints, and tell its public half."""

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from budgets.publishing.signed_notes import NAME, SigningKey


class Command(BaseCommand):
    help = "生成签署检查点的密钥，写进一个只有本用户能读的文件，并显示公钥；文件已有密钥时只显示公钥。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="文件", type=Path)
        parser.add_argument(
            "--name", metavar="名称", help="密钥的名称；不写时用 SITE_ADDRESS 的主机名加 /log"
        )

    def handle(self, *args: Any, file: Path, name: str | None, **options: Any) -> None:
        try:
            if not file.exists():
                _make(file, name or f"{urlsplit(settings.SITE_ADDRESS).netloc}/log")
            key = SigningKey.read(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}：{error}") from None
        self.stdout.write(str(key.verifier))
        self.stderr.write(
            f"密钥在 {file}，请另存一份：丢了就只能换名称重新开始。把它的位置写进 CHECKPOINT_KEY_FILE；上面一行是公钥，交给愿意见证的单位。"
        )


def _make(file: Path, name: str) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(f"名称“{name}”不能有空格和加号。")
    key = SigningKey(name, secrets.token_bytes(32))
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(f"{key}\n", encoding="utf-8")

"""Secret settings: each from the environment, or from a file that only its owner and group can read."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

OTHERS = 0o007  # what every user of the machine may do with a file


def secret(name: str) -> str:
    """The setting NAME, or what the file holds that NAME_FILE names, without the line end; blank when neither is set.

    Files are how systemd (LoadCredential=) and compose (secrets:) hand secrets over: no list of processes and no
    `docker inspect` shows them. Raises ImproperlyConfigured with what to do when both are set, and for a file that
    cannot be read, holds nothing, or is open to every user of the machine.
    """
    given, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if not path:
        return given
    if given:
        raise ImproperlyConfigured(f"{name} 和 {name}_FILE 都设置了，请只留一个。")
    file = Path(path)
    try:
        mode, text = file.stat().st_mode, file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as failure:
        raise ImproperlyConfigured(
            f"读不到 {name}_FILE 指明的文件 {path}（{failure}）。请检查路径，并让运行本系统的用户可以读。"
        ) from failure
    if mode & OTHERS:
        raise ImproperlyConfigured(
            f"{name}_FILE 指明的文件 {path} 对本机所有用户开放（{mode & 0o777:o}）。请运行 chmod o= {path}。"
        )
    if not text:
        raise ImproperlyConfigured(f"{name}_FILE 指明的文件 {path} 是空的。")
    return text

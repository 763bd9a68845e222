"""Golden trees put back as the portals they were: unpacked, their database restored, run by today's code."""

import hashlib
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = SERVER.startswith("postgres")
PENDING = "disclosure.pdf"


@dataclass(frozen=True)
class Golden:
    """One golden: what a release left behind."""

    folder: Path

    @cached_property
    def listed(self) -> dict[str, list[dict[str, Any]]]:
        """The revisions of each public address, oldest first."""
        found: dict[str, list[dict[str, Any]]] = json.loads((self.folder / "list.json").read_text("utf-8"))
        return found

    @property
    def revisions(self) -> list[tuple[str, dict[str, Any]]]:
        return [(address, item) for address, items in self.listed.items() for item in items]

    def unpack(self, where: Path) -> None:
        """`published/` and `uploads/` with their links."""
        with tarfile.open(self.folder / "tree.tar.xz") as tar:
            tar.extractall(where, filter="tar")


GOLDENS = [Golden(file.parent) for file in sorted(HERE.glob("*/list.json"))]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def entry_of(address: str, item: dict[str, Any]) -> str:
    """The chain entry by its documented form, worked out without the product."""
    _, _, year, stage = address.split("/")
    said = (
        item["previous"],
        item["payload"],
        year,
        stage,
        item["revision"],
        item["published_on"],
        item["reason"],
    )
    return sha256("\n".join(["mingzhang-chain/1", *map(str, said)]).encode())


def differences(golden: Golden, published: Path) -> list[str]:
    """What in the data files is not as the list says: changed, missing, or more than was there.

    A PDF that was pending may have come since; a manifest is held by `verify`.
    """
    out = []
    for address, item in golden.revisions:
        folder = published / "revisions" / item["entry"]
        at = f"{address}/r{item['revision']}"
        if entry_of(address, item) != item["entry"] or item["files"]["disclosure.json"] != item["payload"]:
            out.append(f"{at}: the list contradicts itself")
        names = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
        late = {PENDING} if item["pdf_pending"] else set()
        out += [
            f"{at}/{name}: not in the list"
            for name in names - item["files"].keys() - late - {"manifest.json"}
        ]
        for name, known in item["files"].items():
            if name not in names:
                out.append(f"{at}/{name}: missing")
            elif sha256((folder / name).read_bytes()) != known:
                out.append(f"{at}/{name}: changed")
    return out


@dataclass(frozen=True)
class Portal:
    """A golden that runs: its folder, and the address of its database."""

    golden: Golden
    data: Path
    database: str

    @property
    def published(self) -> Path:
        return self.data / "published"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Python in a process of its own, with this portal's settings and no others."""
        own = {
            "DATA_DIR": str(self.data),
            "DATABASE_URL": self.database,
            "SITE_ADDRESS": "http://golden.example",
            "ALLOWED_HOSTS": "golden.example",
            "SECRET_KEY": "golden",
            "DJANGO_SETTINGS_MODULE": "budgets.settings",
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=kept | own,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def manage(self, *arguments: str) -> str:
        """What a command says; AssertionError with its words when it fails."""
        done = self.run("manage.py", *arguments)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def ask(self, *arguments: str) -> Any:
        """What `asking` answers about this portal."""
        done = self.run("-m", "tests.golden.asking", str(self.golden.folder), *arguments)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.splitlines()[-1])

    def execute(self, *statements: str) -> None:
        """Run SQL past the product, each statement with what its triggers say. Raises the driver's errors."""
        if ON_POSTGRESQL:
            with psycopg.connect(self.database) as connection:
                for statement in statements:
                    connection.execute(statement)
            return
        connection = sqlite3.connect(self.data / "db.sqlite3")
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    def twin(self, where: Path) -> "Portal":
        """A copy of files and database, to be changed; `drop` it."""
        shutil.copytree(self.data, where, symlinks=True)
        return Portal(self.golden, where, database(where, like=self.database))

    def drop(self) -> None:
        if ON_POSTGRESQL:
            on_server(f"DROP DATABASE {urlsplit(self.database).path[1:]} WITH (FORCE)")
        shutil.rmtree(self.data)


def restore(golden: Golden, where: Path) -> Portal:
    """The portal as its release left it, nothing upgraded yet."""
    golden.unpack(where)
    portal = Portal(golden, where, database(where))
    if ON_POSTGRESQL:
        script = lzma.decompress((golden.folder / "postgresql.sql.xz").read_bytes())
        with psycopg.connect(portal.database, autocommit=True) as connection:
            connection.execute(script)
    else:
        (where / "db.sqlite3").write_bytes(lzma.decompress((golden.folder / "sqlite.db.xz").read_bytes()))
    return portal


def database(data: Path, like: str = "") -> str:
    """The address of the SQLite file in `data`, or of a new PostgreSQL database (a copy of `like` when given)."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{data / 'db.sqlite3'}"
    name = f"golden_{uuid.uuid4().hex}"
    template = f" TEMPLATE {urlsplit(like).path[1:]}" if like else ""
    on_server(f"CREATE DATABASE {name}{template}")
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


def on_server(statement: str) -> None:
    """A statement outside every database of the portal."""
    with psycopg.connect(urlsplit(SERVER)._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(statement)

"""One moment of the database as a file, and a database made of such a file; while the portal goes on.

SQLite is copied by its own backup, PostgreSQL by `pg_dump` in the snapshot in which it was asked what is public.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

type Ask = Callable[[str], list[tuple[Any, ...]]]

RELEASES = """
SELECT region.code, department.code, release.fiscal_year, release.stage, release.name FROM budgets_release release
JOIN budgets_department department ON department.id = release.department_id
JOIN budgets_region region ON region.id = department.region_id
"""
SUFFIXES = {"sqlite": "sqlite3", "postgresql": "dump"}


class NotCopied(Exception):
    """In Chinese, why a database was not copied, loaded or found whole."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the copied database says: addresses with their release, chain entries, migrations, heads of the audit trail."""

    releases: dict[str, str]
    entries: frozenset[str]
    migrations: list[str]
    heads: dict[str, str]


def file_name() -> str:
    """The name of a copy of the database in use."""
    return f"database.{SUFFIXES[connection.vendor]}"


def copy_database(file: Path) -> Moment:
    """Write the database into a file that is not there yet. Raises NotCopied."""
    return _copy_sqlite(file) if connection.vendor == "sqlite" else _copy_postgresql(file)


def _copy_sqlite(file: Path) -> Moment:
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        return _moment(lambda sql: copy.execute(sql).fetchall())


def _copy_postgresql(file: Path) -> Moment:
    with transaction.atomic(), connection.cursor() as cursor:

        def ask(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        ((snapshot,),) = ask("SELECT pg_export_snapshot()")
        moment = _moment(ask)
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}", "--dbname")
        return moment


def _moment(ask: Ask) -> Moment:
    return Moment(
        {"/".join(map(str, place)): name for *place, name in ask(RELEASES)},
        frozenset(entry for (entry,) in ask("SELECT chain_entry FROM budgets_publication")),
        [f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations ORDER BY id")],
        {
            region: f"{n} {entry}"
            for region, n, entry in ask("SELECT region, number, entry FROM budgets_audithead")
        },
    )


def check_copy(file: Path) -> None:
    """Raise NotCopied for a copy that the database's own programs do not read from end to end."""
    if file.suffix == ".dump":
        _run("pg_restore", f"--file={os.devnull}", str(file), named=False)
        return
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise NotCopied(f"数据库备份 {file.name} 不能读取：{error}。") from error
    if said != [("ok",)]:
        raise NotCopied(f"数据库备份 {file.name} 已损坏：{said[0][0]}。")


def is_empty() -> bool:
    """Whether the database in use has no table yet."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def load_database(file: Path) -> None:
    """Fill the empty database in use from a copy, whole or not at all. Raises NotCopied."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as copy:
            copy.backup(connection.connection)
    else:
        named = (
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            str(file),
            "--dbname",
        )
        _run("pg_restore", *named)
    connection.close()


def _run(program: str, *arguments: str, named: bool = True) -> None:
    """Run a program of PostgreSQL; the last argument is followed by the database's name. No password is in its arguments."""
    if shutil.which(program) is None:
        raise NotCopied(f"这台机器上没有 {program}，请安装与数据库版本相同的 postgresql-client。")
    (_, *where, name), more = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    place = [name, *where, "--no-password"] if named else []
    done = subprocess.run(  # noqa: S603
        [program, *arguments, *place], env={**os.environ, **(more or {})}, capture_output=True, text=True
    )
    if done.returncode:
        raise NotCopied(f"{program} 没有完成：{done.stderr.strip()[-500:]}")

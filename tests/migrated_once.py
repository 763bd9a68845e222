"""The migrated, empty SQLite database of the tests, kept from run to run while no migration and no model changes."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from unittest import mock

import django
from django.db.backends.sqlite3.creation import DatabaseCreation
from django.db.migrations.loader import MigrationLoader

MODELS = Path(__file__).parents[1] / "budgets" / "models"


def key() -> str:
    """What a migrated database depends on: the text of every migration, of our models, and Django's version."""
    migrations = MigrationLoader(None).disk_migrations.values()
    modules = {str(sys.modules[migration.__module__].__file__) for migration in migrations}
    whole = sha256(django.__version__.encode())
    for file in [*sorted(modules), *sorted(MODELS.glob("*.py"))]:
        whole.update(Path(file).read_bytes())
    return whole.hexdigest()[:32]


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Within it a new test database begins as the one of that key, if there is one, and is put there if not."""
    start, create = DatabaseCreation._create_test_db, DatabaseCreation.create_test_db
    file = folder / f"{key()}.sqlite3"
    opened: list[sqlite3.Connection] = []

    def started(self, *args, **options):
        name = start(self, *args, **options)
        if file.exists():
            # A database in memory lasts as long as somebody has it open.
            opened.append(sqlite3.connect(name, uri="mode=memory" in name))
            with closing(sqlite3.connect(file)) as source:
                source.backup(opened[-1])
        return name

    def created(self, *args, **options):
        name = create(self, *args, **options)
        if not file.exists():
            part = folder / f"{id(self)}-{file.stem}.part"
            with closing(sqlite3.connect(part)) as target:
                self.connection.connection.backup(target)
            for old in folder.glob("*.sqlite3"):
                old.unlink(missing_ok=True)
            part.replace(file)
        return name

    with (
        mock.patch.object(DatabaseCreation, "_create_test_db", started),
        mock.patch.object(DatabaseCreation, "create_test_db", created),
    ):
        yield
    for each in opened:
        each.close()

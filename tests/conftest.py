"""What every test gets: its own folders, tasks that run at once, and a way to empty guarded tables."""

import gc
import importlib
import os
import sys
from pathlib import Path, PurePath
from zlib import crc32

import pytest
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations

from budgets.publishing import revision_files

from .migrated_once import kept

# What a module compiles to is kept, also where an image says otherwise: each worker and each process that a test starts
# would compile the libraries, the product and the asserts of all tests again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

GUARDS = importlib.import_module("budgets.migrations.0017_the_audit_trail")

TESTS = Path(__file__).parent
PURE = {"domain", "rules", "tablesets", "."}  # the field in plain Python, and the house itself
# What measures growth or tries every amount of real documents.
LONG = {"test_growth", "test_speed", "test_word_guard", "test_typed_units"}


def is_fast(module: PurePath, marks: set[str]) -> bool:
    """Whether a test of that module (below tests/) belongs to those before every commit: pure, short, no other mark."""
    return str(module.parent) in PURE and module.stem not in LONG and not marks


def pytest_collection_modifyitems(items):
    """Mark what touches the database (the rest runs on one kind of it alone), most cases of a sweep as slow, of a long one
    most as long, what is heavy, what is fast."""
    heavy = set((TESTS / "heavy_tests.txt").read_text(encoding="utf-8").split())
    needs = {"heavy", "slow", "browser", "pango", "nginx", "libreoffice", "checks", "postgres", "database"}
    for name, cases in sweeps(items).items():
        quick, share = (*cases[0].get_closest_marker("sweep").args, len(cases))[:2]
        # Each sweep takes others: what one leaves out of a form or a table set, another one tries.
        shared = evenly(cases, share, crc32(name.encode()))
        for item in set(cases) - set(evenly(shared, quick)):
            item.add_marker("slow")
        for item in set(cases) - set(shared):
            item.add_marker("long")
    for item in items:
        if item.nodeid.partition("[")[0] in heavy:
            item.add_marker("heavy")
        fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        if fixtures or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if is_fast(item.path.relative_to(TESTS), needs & {mark.name for mark in item.iter_markers()}):
            item.add_marker("fast")


def pytest_collection_finish(session):
    """Thousands of collected tests live to the end: no collection of garbage walks over them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def sweeps(items) -> dict[str, list[pytest.Item]]:
    """The cases of each test marked `sweep`, in order."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sweep"):
            found.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return found


def evenly[Case](cases: list[Case], wanted: int, begin: int = 0) -> list[Case]:
    """As many of the cases as wanted, or all of fewer, from that one on (around the end) and evenly spread."""
    return [item for n, item in enumerate(cases) if (n - begin) * wanted % len(cases) < wanted]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """Where a browser is at work, SQLite keeps its file: of a database in memory two requests at once lock each other out."""
    database = connections["default"].settings_dict
    if "sqlite" not in database["ENGINE"]:
        yield
        return
    if any(item.get_closest_marker("browser") for item in request.session.items):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    with kept(request.config.cache.mkdir("migrated")):
        yield


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    """Published and uploaded files of a test stay in its own folder; tasks run when they are enqueued."""
    settings.DATA_DIR = tmp_path
    settings.PUBLISHED_ROOT = tmp_path / "published"
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "uploads", "base_url": None},
        },
    }
    settings.TASKS = {
        "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    }
    settings.AXES_ENABLED = False  # the tests of the throttle switch it on
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_guards():
    """Tests with real transactions empty their tables afterwards, which the guards rightly refuse."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unguarded(self, sql_list):
        GUARDS.remove(connections[self.connection.alias])
        try:
            return flush(self, sql_list)
        finally:
            GUARDS.install(connections[self.connection.alias])

    BaseDatabaseOperations.execute_sql_flush = unguarded
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True, scope="session")
def nothing_waits_for_the_disk():
    """What a test publishes need not outlive a loss of power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture
def no_pdf(monkeypatch):
    """A machine without Pango: publications leave their PDF out, which also saves time."""
    from budgets.rendering.pdf.renderer import PdfUnavailable

    def unavailable(*args, **options):
        raise PdfUnavailable("不能生成 PDF：缺少 libpango。")

    monkeypatch.setattr(revision_files, "render_pdf", unavailable)


@pytest.fixture
def few_pages(monkeypatch):
    """Two short pages a revision instead of all, where the pages do not matter."""
    from budgets.publishing import releases

    def pages(document, imprint, beside=None):
        yield "index.html", f"r{imprint.revision} {imprint.status} {imprint.reason}"
        yield "tables/balance/index.html", "表"
        yield "embed/index.html", "图"

    monkeypatch.setattr(releases, "pages", pages)
    monkeypatch.setattr(releases, "share_picture", lambda document, imprint: b"png")
    monkeypatch.setattr(revision_files, "print_html", lambda document, **options: "")


@pytest.fixture(scope="session")
def static_folder(tmp_path_factory):
    """The folder into which `tests.makers.delivered` collects the static files once."""
    return tmp_path_factory.mktemp("static")

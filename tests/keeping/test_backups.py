"""A backup brings everything back: published, copied, destroyed, restored, byte by byte the same; and nothing that is not whole."""

import io
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from budgets.keeping import backup_folders, database_copies
from budgets.models import AuditEntry, Disclosure, Intake, Publication
from budgets.publishing import folders
from budgets.workflow import lifecycle, trail
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_pdf", "few_pages")]


def said(command: str, *arguments: str, **options) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


def publish(code: str, table_set: str = "hebei_2023") -> None:
    officer = a_person("bureau_officer")
    disclosure = a_sound_disclosure(a_department(code, f"{code}局"), table_set=table_set)
    lifecycle.publish(approved(disclosure, officer), by=officer)


def tree(root: Path) -> dict[str, bytes | str]:
    """Everything below, links as their targets."""
    return {
        path.relative_to(root).as_posix(): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in backup_folders.files_below(root)
    }


def everything() -> list[object]:
    models = (Publication, Disclosure, AuditEntry, Intake)
    return [list(model.objects.order_by("pk").values()) for model in models]


def destroy() -> None:
    """The database is gone with its tables, and all files."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(":memory:")) as blank:
            blank.backup(connection.connection)
        connection.close()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for root in backup_folders.parts().values():
        if root.is_dir():
            root.rename(root.with_name(f"{root.name}-gone-{time.monotonic_ns()}"))


@pytest.fixture
def filled(settings, tmp_path):
    """Two sets published, a file handed in, an audit trail; what lies there, to compare."""
    settings.PUBLISHED_ROOT, settings.UPLOAD_ROOT = tmp_path / "data/published", tmp_path / "data/uploads"
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGES["default"]["OPTIONS"]["location"] = settings.UPLOAD_ROOT
    publish("483")
    publish("301", "shanghai_2023")
    upload = settings.UPLOAD_ROOT / "intake/2023/01/abc"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"a file that was handed in")
    (settings.PUBLISHED_ROOT / "shelf/x/y").mkdir(parents=True)
    (settings.PUBLISHED_ROOT / "shelf/x/y/made-again.csv").write_bytes(b"1")
    trail.link()
    return tmp_path / "backup"


def test_the_drill(filled):
    pages, uploads, rows = tree(folders.root()), tree(settings.UPLOAD_ROOT), everything()
    began = time.monotonic()
    assert "2 个公开地址" in said("backup", str(filled))
    copied = time.monotonic()
    assert "已逐个核验" in said("backup", str(filled), verify=True)
    assert filled.stat().st_mode & 0o777 == 0o700
    destroy()
    lost = time.monotonic()
    words = said("restore", str(filled))
    print(f"backup {copied - began:.2f} s, restore {time.monotonic() - lost:.2f} s on {connection.vendor}")
    assert "全部相符" in words and "已恢复到" in words
    pages.pop("shelf/x/y/made-again.csv")  # made anew when somebody asks
    assert tree(folders.root()) == pages and tree(settings.UPLOAD_ROOT) == uploads
    assert everything() == rows
    assert settings.UPLOAD_ROOT.stat().st_mode & 0o007 == 0
    publish("302")  # it goes on: rows get numbers of their own, the chain its next entry
    trail.link()
    assert "3 个公开地址" in said("verify", database=True)


def test_what_is_published_meanwhile_is_in_the_next_backup(filled, monkeypatch):
    copy = backup_folders.copy_database

    def and_then(file):
        moment = copy(file)
        publish("302")
        correct_one()
        return moment

    monkeypatch.setattr(backup_folders, "copy_database", and_then)
    said("backup", str(filled))
    assert {room: len(list((filled / "published" / room).iterdir())) for room in ("releases", "revisions")} == {"releases": 2, "revisions": 2}  # fmt: skip
    assert len(list(folders.revisions().iterdir())) == 4
    destroy()
    assert "2 个公开地址、2 个版本" in said("restore", str(filled))


def correct_one() -> None:
    officer = a_person("bureau_officer")
    disclosure = Disclosure.objects.get(department__code="301")
    lifecycle.correct(disclosure, by=officer, reason="电话有误")
    disclosure.refresh_from_db()
    Disclosure.objects.filter(pk=disclosure.pk).update(contact="021-1")
    disclosure.refresh_from_db()
    lifecycle.publish(approved(disclosure, officer), by=officer)


def test_only_an_empty_place_is_restored_to_and_what_is_newer_there_is_named(filled):
    said("backup", str(filled))
    publish("302")
    before = everything(), tree(folders.root())
    with pytest.raises(CommandError) as refused:
        said("restore", str(filled))
    for words in (
        "不是空的，没有恢复",
        "有 1 个地址与这份备份",
        "备份比它们旧：130225/302/2023/budget",
        str(folders.root()),
    ):
        assert words in str(refused.value)
    assert (everything(), tree(folders.root())) == before


def spoilt(backup: Path) -> dict[str, tuple]:
    """Each way in which a backup is not whole: what spoils it, and words that name it."""
    page = next(path for path in backup_folders.files_below(backup) if path.name == "index.html")
    link = next(path for path in backup_folders.files_below(backup) if path.is_symlink())
    database = backup / database_copies.file_name()
    manifest = backup / folders.MANIFEST
    other = json.loads(manifest.read_bytes()) | {"made_at": "2023"}
    return {
        "byte": (lambda: page.write_bytes(page.read_bytes() + b"!"), f"{page.relative_to(backup)} 的内容与备份时不同"),
        "missing": (page.unlink, f"缺少 {page.relative_to(backup)}"),
        "more": (lambda: (backup / "published/new.html").write_text("x"), "多出 published/new.html"),
        "link": (lambda: (link.unlink(), link.symlink_to("/etc")), "缺失或被改动"),
        "database": (lambda: database.write_bytes(database.read_bytes()[:4000]), f"{database.name} 的内容与备份时不同"),
        "manifest": (lambda: manifest.write_text(json.dumps(other)), "被改动"),
        "none": (manifest.unlink, "里没有备份"),
    }  # fmt: skip


def test_what_is_not_whole_is_named_and_not_restored(filled):
    said("backup", str(filled))
    kept = filled.with_name("kept")
    filled.rename(kept)
    destroy()
    for name in spoilt(kept):
        here = filled.with_name(f"spoilt-{name}")
        copy_of(kept, here)
        spoil, words = spoilt(here)[name]
        spoil()
        for command in (("backup", str(here), "--verify"), ("restore", str(here))):
            out = io.StringIO()
            with pytest.raises(CommandError) as refused:
                call_command(*command, stdout=out)
            assert words in f"{out.getvalue()}{refused.value}", name
        assert database_copies.is_empty() and not any(
            root.exists() for root in backup_folders.parts().values()
        )
    said("restore", str(kept))  # so that the tables are there again


def copy_of(place: Path, to: Path) -> None:
    for path in backup_folders.files_below(place):
        target = to / path.relative_to(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            target.symlink_to(path.readlink())
        else:
            backup_folders.copy_file(path, target)


def test_refusals_before_anything_is_written(filled, monkeypatch):
    inside = folders.root() / "backup"
    with pytest.raises(CommandError, match="在要备份的文件夹里面"):
        said("backup", str(inside))
    assert not inside.exists()
    said("backup", str(filled))
    with pytest.raises(CommandError, match="已经存在"):
        said("backup", str(filled))
    manifest = (filled / folders.MANIFEST).read_bytes()
    for change, words in (
        ({"vendor": "oracle"}, "请把 DATABASE_URL 设为同一种数据库"),
        ({"migrations": ["budgets.9999_later"]}, "更新的程序版本做成.含有 budgets.9999_later"),
    ):
        said_there = {name: value for name, value in json.loads(manifest).items() if name != "schema"}
        backup = backup_folders.Backup(**said_there | change)
        (filled / folders.MANIFEST).write_bytes(backup.content)
        with pytest.raises(CommandError, match=words):
            said("restore", str(filled))


def test_a_full_disk_leaves_no_half_backup(filled, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_folders, "copy_file", full)
    with pytest.raises(CommandError, match="磁盘已满"):
        said("backup", str(filled))
    assert not filled.exists() and not list(filled.parent.glob(".unfinished-*"))

"""Verification finds every change made on disk or in the database, and nothing in what is untouched."""

import json
import random
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from budgets import ledger
from budgets.models import LogEntry, PublicationState, Release
from budgets.publishing import folders, releases, revision_files, verification
from budgets.publishing.editions import edition_of
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_person, a_sound_disclosure, approved

from ..conftest import GUARDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf")]
PLACE = ("130225", "483", 2023, "budget")


@pytest.fixture
def published(few_pages):
    """Two versions of one disclosure, with two pages each."""

    officer = a_person("bureau_officer")
    disclosure = a_sound_disclosure()
    first = lifecycle.publish(approved(disclosure, officer), by=officer)
    lifecycle.correct(disclosure, by=officer, reason="电话有误")
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact="0315-1111111"))
    second = lifecycle.publish(approved(disclosure, officer), by=officer)
    return first, second


def every_file() -> list[Path]:
    """What an address leads to: the files of the release and of the revisions, links not followed."""
    release = releases.address(PLACE).resolve()
    both = (release, *folders.revisions().iterdir())
    return sorted(
        file for folder in both for file in folder.rglob("*") if file.is_file() and not file.is_symlink()
    )


def against_database() -> list[verification.Mismatch]:
    out = StringIO()
    try:
        call_command("verify", "--database", stdout=out)
    except CommandError:
        return [line for line in out.getvalue().splitlines() if line.startswith("✗")]
    return []


def test_what_is_untouched_is_proved(published):
    proof = verification.verify(render=True)
    assert proof.mismatches == []
    assert (proof.releases, proof.revisions) == (1, 2)
    assert proof.files == len(every_file()) - 3  # the manifests are counted by what they list
    assert against_database() == []
    out = StringIO()
    call_command("verify", stdout=out)
    assert "1 个公开地址、2 个版本" in out.getvalue()


@pytest.mark.slow
def test_any_changed_byte_of_any_file_is_found(published):
    chance = random.Random(483)
    tried = 0
    for file in every_file():
        content = file.read_bytes()
        for _ in range(6):
            changed = bytearray(content)
            changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            file.write_bytes(bytes(changed))
            assert verification.verify().mismatches, file
            tried += 1
        file.write_bytes(content[:-1])
        assert verification.verify().mismatches, file
        file.unlink()
        assert verification.verify().mismatches, file
        file.write_bytes(content)
    assert tried > 100
    assert verification.verify().mismatches == []


def test_database_and_folder_are_compared(published):
    GUARDS.remove(connection)
    row = type(published[0]).objects.filter(pk=published[0].pk)
    content = published[0].content
    row.update(payload=content.replace("无。".encode(), "有。".encode()))
    lines = against_database()
    assert any("与其摘要不符" in line for line in lines)
    assert any("内容不同" in line for line in lines)
    row.update(payload=content)
    connection.check_constraints()
    GUARDS.install(connection)
    Release.objects.update(name="0" * 64)
    assert ["运行 settle" in line for line in against_database()] == [True]


def test_a_row_beside_the_content_is_held_against_it(published):
    for changed, what in (
        ({"total": 1}, "列表和检索用的收入总计（元）与公开的内容不符"),
        ({"status": "superseded"}, "不是现行版本，检索却能找到"),
        ({"withdrawn_reason": "保密"}, "没有撤回，却有撤回的原因或日期"),
    ):
        with transaction.atomic():
            PublicationState.objects.filter(publication=published[1]).update(**changed)
            assert any(what in line for line in against_database()), what
            transaction.set_rollback(True)
    GUARDS.remove(connection)
    LogEntry.objects.filter(action="approve").first().delete()
    assert any("办理记录与审计日志不符" in line for line in against_database())


def test_a_lost_folder_is_found_by_the_database(published):
    shutil.rmtree(folders.site())
    assert verification.verify().mismatches == []  # nothing is public
    assert len(against_database()) == 3


def test_verifying_needs_no_database(published, django_assert_num_queries):
    with django_assert_num_queries(0):
        verification.verify(render=True)
    manifest = json.loads((releases.address(PLACE) / folders.MANIFEST).read_bytes())
    assert [item["standing"] for item in manifest["revisions"]] == ["superseded", "current"]


def made_by_another_release(publication) -> Path:
    """The revision on disk as a release with another renderer would have left it: whole, and agreeing with itself."""
    place = folders.revisions() / publication.chain_entry
    known = folders.read_manifest(place)
    del known["maker"], known["sm3"], known["seal"]
    (place / revision_files.XLSX).write_bytes(b"cells as text")
    known["files"][revision_files.XLSX] = {"bytes": 13, "sha256": folders.sha256(b"cells as text")}
    (place / folders.MANIFEST).write_bytes(folders.canonical(known))
    name = releases.build([edition_of(publication)])
    releases.flip(PLACE, name)
    return place


@pytest.fixture
def older(few_pages):
    officer = a_person("bureau_officer")
    return lifecycle.publish(approved(a_sound_disclosure(), officer), by=officer)


def test_data_files_of_another_release_hold_by_their_manifest(older):
    place = made_by_another_release(older)
    proof = verification.verify(render=True)
    assert proof.mismatches == []
    assert [name.rpartition("/")[2] for name in proof.otherwise_made] == list(revision_files.MADE)
    out = StringIO()
    call_command("verify", "--render", stdout=out)
    assert "2 个工作簿、CSV 和勾稽关系文件由本程序的其他版本生成" in out.getvalue()
    (place / revision_files.XLSX).write_bytes(b"cells as TEXT")
    assert [m.what for m in verification.verify(render=True).mismatches] == ["内容与清单不符"]

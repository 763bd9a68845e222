"""Verification finds every change made on disk or in the database, and nothing in what is untouched."""

import json
import random
import shutil
import zipfile
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from budgets import ledger
from budgets.models import Release
from budgets.publishing import chain, folders, releases, revision_files, verification
from budgets.publishing.editions import edition_of
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_person, a_sound_disclosure, approved, explain

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


def test_a_file_or_link_that_does_not_belong_is_found(published):
    release = releases.address(PLACE).resolve()
    for intruder in (
        release / "index2.html",
        folders.revisions() / published[0].chain_entry / "disclosure2.pdf",
    ):
        intruder.write_bytes(b"x")
        assert [m.what for m in verification.verify().mismatches] == ["清单以外的文件"]
        intruder.unlink()
    link = release / "r1" / "disclosure.json"
    target = link.readlink()
    link.unlink()
    link.symlink_to(str(target).replace(published[0].chain_entry, published[1].chain_entry))
    assert [m.what for m in verification.verify().mismatches] == ["链接缺失或被改动"]


def test_an_address_that_leads_elsewhere_is_found(published):
    address = releases.address(PLACE)
    target = address.readlink()
    address.unlink()
    address.symlink_to("/etc")
    assert [m.what for m in verification.verify().mismatches] == ["公开地址没有指向已生成的页面"]
    address.unlink()
    elsewhere = releases.address(("130225", "999", 2023, "budget"))
    elsewhere.parent.mkdir(parents=True)
    elsewhere.symlink_to(target)
    assert "却公开在 130225/999/2023/budget" in "".join(m.what for m in verification.verify().mismatches)


def forged(publication, **change) -> None:
    """Rewrite a revision on disk so that its own files agree with each other again."""
    edition = edition_of(publication)
    link = replace(edition.link, **change)
    place = revision_files.folder_of(edition)
    data = folders.read_manifest(place)
    (place / revision_files.CHAIN).write_bytes(chain.dumps(link))
    content = folders.with_compressed({revision_files.CHAIN: chain.dumps(link)})
    for name, value in content.items():
        (place / name).write_bytes(value)
        data["files"][name] = {"bytes": len(value), "sha256": folders.sha256(value)}
    (place / folders.MANIFEST).write_bytes(folders.canonical(data))


@pytest.mark.parametrize("change", [{"reason": "另一个原因"}, {"revision": 7}, {"previous": "1" * 64}])
def test_a_rewritten_history_does_not_fit_the_chain(published, change):
    forged(published[0], **change)
    assert verification.verify().mismatches


def test_a_revision_taken_out_breaks_the_chain(published):
    proof = verification.verify()
    del proof.editions[published[0].chain_entry]
    proof.mismatches.clear()
    verification._chains(proof)
    assert [m.what for m in proof.mismatches] == ["公开链中断：有 1 个版本接不上"]


def test_data_files_that_agree_with_their_manifest_are_still_made_anew(published):
    place = folders.revisions() / published[1].chain_entry
    data = folders.read_manifest(place)
    (place / revision_files.XLSX).write_bytes(b"other")
    data["files"][revision_files.XLSX] = {"bytes": 5, "sha256": folders.sha256(b"other")}
    (place / folders.MANIFEST).write_bytes(folders.canonical(data))
    found = {m.what for m in verification.verify(render=True).mismatches}
    assert found == {"清单与公开页面所记的不符", "与由公开内容重新生成的文件不符"}


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
    del known["maker"]
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
    assert "2 个工作簿和 CSV 由本程序的其他版本生成" in out.getvalue()
    (place / revision_files.XLSX).write_bytes(b"cells as TEXT")
    assert [m.what for m in verification.verify(render=True).mismatches] == ["内容与清单不符"]


def test_how_an_archive_was_compressed_is_no_fault(older):
    """Another machine's zlib packs the same parts into other bytes; a changed part is a fault."""
    place = folders.revisions() / older.chain_entry / revision_files.CSV
    with zipfile.ZipFile(place) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def repacked(parts):
        with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return {m.what for m in verification.verify(render=True).mismatches}

    assert "与由公开内容重新生成的文件不符" not in repacked(parts)
    assert "与由公开内容重新生成的文件不符" in repacked({**parts, "cells.csv": b"x"})


def test_days_that_run_backwards_are_found(few_pages, monkeypatch):
    """Mutant: any order of days is accepted. Every hash and link of this chain is right; only its days are not."""
    from datetime import date

    from budgets.workflow import versions

    officer = a_person("bureau_officer")
    days = {2023: date(2023, 2, 2), 2024: date(2023, 2, 1)}
    for year, day in days.items():
        monkeypatch.setattr(versions, "today", lambda day=day: day)
        disclosure = a_sound_disclosure(year=year)
        explain(disclosure)
        lifecycle.publish(approved(disclosure, officer), by=officer)
        assert verification.verify().mismatches == [] or year == 2024
    (found,) = verification.verify().mismatches
    assert (found.at, found.what) == ("130225/483", "2024 r1 的公开日期早于前一个版本")


def test_one_day_may_hold_several_publications(few_pages, monkeypatch):
    from datetime import date

    from budgets.workflow import versions

    monkeypatch.setattr(versions, "today", lambda: date(2023, 2, 2))
    officer = a_person("bureau_officer")
    for year in (2023, 2024):
        disclosure = a_sound_disclosure(year=year)
        explain(disclosure)
        lifecycle.publish(approved(disclosure, officer), by=officer)
    assert verification.verify().mismatches == []

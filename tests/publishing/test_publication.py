"""Publishing, correcting, withdrawing: what is frozen, what is served, and what a crash leaves behind."""

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.db import transaction
from django.utils import timezone

from budgets import ledger
from budgets.domain.snapshots import digest
from budgets.models import Disclosure, LogEntry, Publication, PublicationStatus, Status
from budgets.publishing import folders, pointers, releases, revision_files, verification
from budgets.publishing.chain import GENESIS
from budgets.workflow import lifecycle, remaking, versions
from budgets.workflow.drafts import draft_of
from budgets.workflow.lifecycle import EditedMeanwhile, NotAllowed, NotPublishable
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved, explain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf")]
PLACE = ("130225", "483", 2023, "budget")


@pytest.fixture
def officer():
    return a_person("bureau_officer")


@pytest.fixture
def disclosure():
    return a_sound_disclosure()


@pytest.fixture
def first(disclosure, officer):
    return lifecycle.publish(approved(disclosure, officer), by=officer)


def corrected(disclosure, officer, contact: str, reason: str = "联系方式有误"):
    """The next version of a published disclosure."""
    lifecycle.correct(disclosure, by=officer, reason=reason)
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact=contact))
    return lifecycle.publish(approved(disclosure, officer), by=officer)


def served(path: str = "index.html", place=PLACE) -> bytes | None:
    file = releases.address(place) / path
    return file.read_bytes() if file.is_file() else None


def state(publication) -> str:
    publication.state.refresh_from_db()
    return publication.state.status


def test_what_was_approved_is_frozen_with_its_hash_and_chain_entry(disclosure, officer, first):
    disclosure.refresh_from_db()
    assert disclosure.status == Status.PUBLISHED
    assert (first.revision, first.chain_previous) == (1, GENESIS)
    assert first.payload_hash == digest(first.content) == disclosure.approved_hash
    assert first.submitted_by != first.approved_by == officer
    assert state(first) == PublicationStatus.CURRENT
    assert LogEntry.objects.last().action == "publish"
    assert served("disclosure.json") == served("r1/disclosure.json") == first.content
    assert served("r1/index.html") == served()
    assert openpyxl.load_workbook(BytesIO(served("disclosure.xlsx"))).sheetnames[0] == "部门预算收支总表"
    assert json.loads(served("chain.json"))["entry"] == first.chain_entry
    assert verification.verify(render=True).mismatches == []


def test_the_same_content_gives_the_same_bytes_and_files(few_pages, first, officer):
    twin = a_sound_disclosure(a_department("484", first.department.name))
    other = lifecycle.publish(approved(twin, officer), by=officer)
    assert other.content == first.content.replace(b'"unit_code":"483"', b'"unit_code":"484"').replace(
        "483乐亭县".encode(), "484乐亭县".encode()
    )
    again = revision_files.data_files(verification.verify().editions[first.chain_entry])
    assert {name: served(name) for name in again} == again


def test_the_date_of_publication_is_beijings(few_pages, disclosure, officer, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    publication = lifecycle.publish(approved(disclosure, officer), by=officer)
    assert publication.published_on == date(2027, 1, 1)


def test_midnight_may_pass_while_files_are_built(few_pages, disclosure, officer, monkeypatch):
    approved(disclosure, officer)
    build = revision_files.build

    def slowly(edition, **options):
        monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC))
        return build(edition, **options)

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC))
    monkeypatch.setattr(revision_files, "build", slowly)
    publication = lifecycle.publish(disclosure, by=officer)
    assert publication.published_on == date(2026, 11, 23)
    assert "2026-11-23" in served("chain.json").decode()
    assert verification.verify().mismatches == []


def test_publishing_twice_is_publishing_once(few_pages, disclosure, first, officer):
    again = lifecycle.publish(Disclosure.objects.get(pk=disclosure.pk), by=officer)
    assert again == first
    assert Publication.objects.count() == 1


def test_a_correction_is_the_next_version_with_its_reason(disclosure, officer, first):
    before = served("disclosure.json")
    lifecycle.correct(disclosure, by=officer, reason="联系方式有误")
    assert served("disclosure.json") == before  # public until it is replaced
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact="0315-1111111"))
    second = lifecycle.publish(approved(disclosure, officer), by=officer)
    assert (second.revision, second.chain_previous) == (2, first.chain_entry)
    assert second.public_reason == "联系方式有误"
    assert (state(first), state(second)) == (PublicationStatus.SUPERSEDED, PublicationStatus.CURRENT)
    assert served("disclosure.json") == served("r2/disclosure.json") == second.content
    assert served("r1/disclosure.json") == first.content
    assert "联系方式有误" in served().decode()
    assert served("r1/index.html") != served()
    assert verification.verify(render=True).mismatches == []
    disclosure.refresh_from_db()
    assert disclosure.correction_reason == ""


def test_a_correction_that_changes_nothing_is_refused(few_pages, disclosure, officer, first):
    lifecycle.correct(disclosure, by=officer, reason="没有变化")
    with pytest.raises(NotPublishable, match="完全相同"):
        lifecycle.publish(approved(disclosure, officer), by=officer)


def test_departments_have_chains_of_their_own_across_years(few_pages, officer, first):
    next_year = a_sound_disclosure(year=2024)
    explain(next_year)
    later = lifecycle.publish(approved(next_year, officer), by=officer)
    other = a_sound_disclosure(a_department("484", "甲局"))
    apart = lifecycle.publish(approved(other, officer), by=officer)
    assert (later.revision, later.chain_previous) == (1, first.chain_entry)
    assert (apart.revision, apart.chain_previous) == (1, GENESIS)
    assert verification.verify().mismatches == []


def test_a_withdrawn_version_is_served_no_more_but_kept(few_pages, disclosure, officer, first):
    second = corrected(disclosure, officer, "0315-1111111")
    lifecycle.withdraw(disclosure, by=officer, reason="误公开")
    disclosure.refresh_from_db()
    second.state.refresh_from_db()
    assert (disclosure.status, second.state.withdrawn_reason) == (Status.WITHDRAWN, "误公开")
    assert second.state.withdrawn_on == first.published_on
    for path in ("index.html", "r2/index.html", "disclosure.json", "r2/disclosure.xlsx", "r2/chain.json"):
        assert served(path) is None, path
    assert served("r1/disclosure.json") == first.content
    assert (folders.revisions() / second.chain_entry / revision_files.JSON).read_bytes() == second.content
    assert verification.verify().mismatches == []
    third = corrected(disclosure, officer, "0315-2222222", "重新公开")
    assert (third.revision, third.chain_previous) == (3, second.chain_entry)
    assert served("disclosure.json") == third.content
    assert served("r2/index.html") is None
    assert verification.verify().mismatches == []


def test_a_version_can_be_withdrawn_while_its_correction_is_written(few_pages, disclosure, officer, first):
    lifecycle.correct(disclosure, by=officer, reason="更正")
    result = lifecycle.withdraw(disclosure, by=officer, reason="先撤回")
    assert result.status == Status.DRAFT
    assert result.correction_reason == "更正"
    assert served() is None
    with pytest.raises(NotAllowed):
        lifecycle.withdraw(disclosure, by=officer, reason="再撤回")


def test_a_missing_pdf_is_added_later_without_touching_other_files(disclosure, officer, first, monkeypatch):
    assert first.state.pdf_pending
    assert verification.verify().pending == ["130225/483/2023/budget/r1"]
    place = folders.revisions() / first.chain_entry
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in place.iterdir()}
    page = served()
    monkeypatch.setattr(revision_files, "render_pdf", lambda html, **options: b"%PDF-1.7 later")
    assert remaking.add_pdfs(disclosure) == 1
    after = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in place.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"disclosure.pdf", "manifest.json"}
    assert served("disclosure.pdf") == served("r1/disclosure.pdf") == b"%PDF-1.7 later"
    assert served() != page
    first.state.refresh_from_db()
    assert not first.state.pdf_pending
    assert verification.verify().mismatches == verification.verify().pending == []
    assert remaking.add_pdfs(disclosure) == 0


def test_pages_are_made_anew_from_payloads_alone(disclosure, first, settings):
    folder = releases.address(PLACE).resolve()
    settings.SITE = settings.SITE | {"host": "乐亭县财政局"}
    disclosure.revenue_lines.all().delete()
    assert remaking.rebuild(disclosure)
    assert "乐亭县财政局" in served().decode()
    assert served("disclosure.json") == first.content
    assert not remaking.rebuild(disclosure)
    assert folder.is_dir()  # until it is swept
    assert pointers.sweep(older_than=-1) == [folder]
    assert verification.verify(render=True).mismatches == []


@pytest.mark.slow
def test_nothing_is_published_while_somebody_else_publishes(few_pages, disclosure, officer, monkeypatch):
    approved(disclosure, officer)
    build = revision_files.build

    def meanwhile(edition, **asked):
        made = build(edition, **asked)
        monkeypatch.setattr(revision_files, "build", build)
        other = a_sound_disclosure(year=2024)
        lifecycle.publish(approved(other, officer), by=officer)
        return made

    monkeypatch.setattr(revision_files, "build", meanwhile)
    with pytest.raises(EditedMeanwhile, match="公开序列"):
        lifecycle.publish(disclosure, by=officer)
    assert not disclosure.publications.exists()
    assert served() is None
    assert lifecycle.publish(disclosure, by=officer).chain_previous != GENESIS
    assert verification.verify().mismatches == []


class Crash(BaseException):
    """The process dies here; nothing catches it."""


@contextmanager
def dying_at(number: int) -> Iterator[None]:
    """Die at the given file operation that makes something last, counted from 1."""
    done = itertools.count(1)

    def counted(operation):
        def run(*args, **options):
            if next(done) == number:
                raise Crash
            return operation(*args, **options)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "replace"), (Path, "symlink_to")):
            patch.setattr(owner, name, counted(getattr(owner, name)))
        yield


@pytest.mark.slow
def test_a_crash_at_any_file_operation_leaves_all_or_nothing(
    disclosure, officer, few_pages, monkeypatch, settings, tmp_path
):
    approved(disclosure, officer)
    draft = draft_of(disclosure)
    monkeypatch.setattr(versions, "sound", lambda locked: draft)
    monkeypatch.setattr(revision_files, "data_files", cache(revision_files.data_files))
    died_after_commit = 0
    for number in itertools.count(1):
        settings.PUBLISHED_ROOT = tmp_path / f"published-{number}"
        with transaction.atomic():
            try:
                with dying_at(number):
                    lifecycle.publish(disclosure, by=officer)
                finished = True
            except Crash:
                finished = False
            public = Publication.objects.count()
            assert public or served() is None
            died_after_commit += not finished and public
            pointers.settle()
            assert (served() is not None) == bool(public)
            assert verification.verify().mismatches == []
            publication = lifecycle.publish(disclosure, by=officer)
            assert Publication.objects.count() == 1
            assert served("disclosure.json") == publication.content
            assert verification.verify().mismatches == []
            kept = {releases.address(PLACE).resolve().name, publication.chain_entry}
            pointers.sweep(older_than=-1)
            both = (folders.releases(), folders.revisions())
            assert {folder.name for parent in both for folder in parent.iterdir()} == kept
            transaction.set_rollback(True)
        if finished:
            break
    assert number > 30  # it was really cut short at each of them
    assert died_after_commit > 2


def test_without_building_beside_a_crash_leaves_half_a_release(disclosure, officer, few_pages, monkeypatch):
    """The negative control: writing straight into place fails the test above."""

    @contextmanager
    def in_place(parent: Path) -> Iterator[Path]:
        folder = parent / "in-place"
        folder.mkdir(parents=True)
        yield folder

    approved(disclosure, officer)
    monkeypatch.setattr(folders, "unfinished", in_place)
    with dying_at(3), pytest.raises(Crash):
        lifecycle.publish(disclosure, by=officer)
    assert list(folders.revisions().rglob("disclosure.*"))

"""A PDF that is added later: cut short at every file operation, finished by a retry, never told as tampering."""

import itertools
import shutil
from functools import cache

import pytest
from django.core.management import call_command
from django.db import transaction

from budgets.models import PublicationState
from budgets.publishing import folders, releases, revision_files, verification
from budgets.publishing.editions import edition_of
from budgets.workflow import lifecycle, remaking
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved

from .test_publication import Crash, dying_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages")]
PLACE = ("130225", "483", 2023, "budget")
CONTENT = b"%PDF-1.7 later"
SLOW = pytest.mark.slow


@pytest.fixture
def published():
    """Two departments' publications without their PDF."""
    officer = a_person("bureau_officer")
    both = (a_sound_disclosure(), a_sound_disclosure(a_department("484", "乐亭县水务局")))
    return [lifecycle.publish(approved(disclosure, officer), by=officer) for disclosure in both]


def served() -> bytes | None:
    file = releases.address(PLACE) / revision_files.PDF
    return file.read_bytes() if file.is_file() else None


def retried(disclosure) -> None:
    remaking.add_pdfs(disclosure)


def settled(disclosure) -> None:
    call_command("settle")


def rebuilt(disclosure) -> None:
    remaking.rebuild(disclosure)


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize(
    "mend", [retried, pytest.param(settled, marks=SLOW), pytest.param(rebuilt, marks=SLOW)]
)
def test_a_crash_at_any_file_operation_is_mended(published, settings, tmp_path, monkeypatch, mend):
    disclosure = published[0].disclosure
    monkeypatch.setattr(revision_files, "render_pdf", lambda html, **options: CONTENT)
    monkeypatch.setattr(revision_files, "data_files", cache(revision_files.data_files))
    original, listed, unlisted = folders.root(), 0, 0
    for number in itertools.count(1):
        settings.PUBLISHED_ROOT = tmp_path / f"published-{number}"
        shutil.copytree(original, settings.PUBLISHED_ROOT, symlinks=True)
        with transaction.atomic():
            try:
                with dying_at(number):
                    remaking.add_pdfs(disclosure)
                finished = True
            except Crash:
                finished = False
            assert verification.verify().mismatches == [], number
            file = folders.revisions() / published[0].chain_entry / revision_files.PDF
            ready = revision_files.has_pdf(edition_of(published[0]))
            listed, unlisted = listed + (ready and not finished), unlisted + (file.is_file() and not ready)
            mend(disclosure)
            proof = verification.verify()
            assert proof.mismatches == [], number
            if ready or finished or mend is retried:
                assert served() == CONTENT
                assert proof.pending == ["130225/484/2023/budget/r1"]
                assert PublicationState.objects.filter(pdf_pending=True).count() == 1
            assert remaking.add_pdfs(disclosure) == (0 if ready or mend is retried else 1)
            assert served() == CONTENT
            transaction.set_rollback(True)
        if finished:
            break
    assert number > 8 and listed > 2 and unlisted > 0


def test_a_listed_pdf_that_was_altered_is_still_found(published, monkeypatch):
    """The negative control: what may be unfinished is not what may be altered."""
    monkeypatch.setattr(revision_files, "render_pdf", lambda html, **options: CONTENT)
    remaking.add_pdfs(published[0].disclosure)
    folder = folders.revisions() / published[0].chain_entry
    (folder / revision_files.PDF).write_bytes(b"%PDF-1.7 other")
    assert [m.what for m in verification.verify().mismatches] == ["内容与清单不符"]
    (folder / "more.pdf").write_bytes(CONTENT)
    assert {m.what for m in verification.verify().mismatches} == {"内容与清单不符", "清单以外的文件"}
    known = folders.read_manifest(folder)
    known["files"][revision_files.PDF] = {"bytes": 14, "sha256": folders.sha256(b"%PDF-1.7 other")}
    (folder / folders.MANIFEST).write_bytes(folders.sealed(known))
    assert "清单与公开页面所记的不符" in {m.what for m in verification.verify().mismatches}


def test_an_unlisted_pdf_is_neither_served_nor_kept(published, monkeypatch):
    """Whatever lies at the place of a PDF to come: pages do not link it, and the PDF is made anew."""
    disclosure = published[0].disclosure
    (folders.revisions() / published[0].chain_entry / revision_files.PDF).write_bytes(b"%PDF-1.7 foreign")
    remaking.rebuild(disclosure)
    assert served() is None
    monkeypatch.setattr(revision_files, "render_pdf", lambda html, **options: CONTENT)
    assert remaking.add_pdfs(disclosure) == 1
    assert served() == CONTENT

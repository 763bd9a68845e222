"""A disk that is full at any write of a publication: nothing is half public, nothing is left lying, and afterwards it goes on."""

import errno
import shutil
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from budgets.models import Publication
from budgets.publishing import folders, pointers, verification
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_person, a_sound_disclosure, approved
from tests.makers.full_disk import rows_need_room
from tests.makers.logs import KEY

MOST = 200


@contextmanager
def full_at(number, monkeypatch):
    """That write of a file or a row, counted from 0, finds no room; of a file, half is there already."""
    left = iter(range(number, -1, -1))

    def write():
        if next(left, None) == 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    true = folders.write

    def file(path, content):
        try:
            write()
        except OSError:
            path.write_bytes(content[: len(content) // 2])
            raise
        true(path, content)

    with monkeypatch.context() as patch, connection.execute_wrapper(rows_need_room(write)):
        patch.setattr(folders, "write", file)
        yield


def tried(disclosure, officer, number, monkeypatch) -> str:
    """How the publication ended when that write found no room: refused, public or written before it came to that."""
    try:
        with full_at(number, monkeypatch):
            lifecycle.publish(disclosure, by=officer)
    except (OSError, OperationalError) as full:
        assert "full" in str(full) or "No space" in str(full)
        return "public" if Publication.objects.exists() else "refused"
    return "whole"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_publication_is_whole_or_not_at_all(no_pdf, few_pages, settings, tmp_path, monkeypatch):
    (tmp_path / "key").write_text(f"{KEY}\n")
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key")
    officer = a_person("bureau_officer")
    disclosure = approved(a_sound_disclosure(), officer)
    ends = []
    for number in range(MOST):
        shutil.rmtree(folders.root(), ignore_errors=True)  # what was built already would not be written again
        ends.append(tried(disclosure, officer, number, monkeypatch))
        if ends[-1] != "refused":
            break
        assert not Publication.objects.exists() and verification.verify(key=KEY.verifier).mismatches == []
        assert not any(p.is_file() for p in folders.site().rglob("*")), number
        assert not list(folders.root().rglob(f"{folders.UNFINISHED}*")), number
        disclosure.refresh_from_db()
        assert disclosure.status == "approved"
    refused = len(ends) - 1
    assert refused > 30
    for each in (0, 1):  # what stands is finished by a start, and by a second one not again
        pointers.settle()
        proof = verification.verify(key=KEY.verifier)
        assert proof.mismatches == [] and proof.releases == 1, each
    print(f"full at each of {refused} writes, nothing half-written; then {ends[-1]}")

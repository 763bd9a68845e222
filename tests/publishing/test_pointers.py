"""The served addresses follow the database, and what no row names goes once it is old.

Of a publication there are the rows and the folders they name, without content: publishing has tests of its own.
"""

import os
import time
from pathlib import Path

import pytest

from budgets.models import Release
from budgets.publishing import folders, pointers, releases
from tests.makers.disclosures import a_department, a_disclosure, a_public_row

pytestmark = pytest.mark.django_db
PLACE, BESIDE = (("130225", code, 2023, "budget") for code in ("483", "484"))
ADDRESSES = ["130225/483/2023/budget", "130225/484/2023/budget"]
HOUR = 3600


@pytest.fixture
def published():
    """Two publications with the folders of their data files and of their releases; their addresses not yet served."""
    found = []
    for code, name in (("483", "乐亭县行政审批局"), ("484", "乐亭县水务局")):
        publication = a_public_row(a_disclosure(a_department(code, name), facts=()))
        release = Release.objects.create(
            department=publication.department,
            fiscal_year=2023,
            stage="budget",
            name=code * 20,
            at=publication.published_at,
        )
        for folder in (folders.releases() / release.name, folders.revisions() / publication.chain_entry):
            folder.mkdir(parents=True)
        found.append(publication)
    return found


@pytest.fixture
def served(published):
    assert pointers.settle() == ADDRESSES
    return published


def served_at(place) -> str:
    return releases.address(place).resolve().name


def test_every_address_is_led_to_the_release_that_its_row_names(published, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert pointers.settle() == ADDRESSES
    assert [served_at(place) for place in (PLACE, BESIDE)] == ["483" * 20, "484" * 20]
    assert pointers.settle() == []
    (folders.releases() / "new").mkdir()
    Release.objects.filter(department__code="484").update(name="new")
    assert pointers.settle() == ADDRESSES[1:]
    assert [served_at(place) for place in (PLACE, BESIDE)] == ["483" * 20, "new"]


def test_only_the_addresses_that_are_named_are_settled(published):
    assert pointers.settle(Release.objects.filter(department__code="484")) == ADDRESSES[1:]
    assert not releases.address(PLACE).is_symlink()
    assert pointers.settle(Release.objects.none()) == []


def test_a_release_whose_folder_is_gone_is_left_and_the_others_are_settled(published):
    (folders.releases() / ("483" * 20)).rmdir()
    assert pointers.settle() == ADDRESSES[1:]
    assert not releases.address(PLACE).is_symlink()


def test_where_nothing_was_published_there_is_nothing_to_do():
    assert (pointers.settle(), pointers.sweep()) == ([], [])


def aged(path: Path, seconds: float) -> Path:
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def folder(parent: Path, name: str, seconds: float) -> Path:
    made = parent / name
    made.mkdir(parents=True)
    (made / "index.html").write_text("x")
    return aged(made, seconds)


def left(parent: Path, name: str, seconds: float) -> Path:
    """A half-written file, as old as that, in a folder that changed with it."""
    file = parent / f"{folders.UNFINISHED}{name}"
    file.write_text("x")
    aged(file, seconds)
    aged(parent, seconds)
    return file


def test_what_is_being_built_stays_and_what_is_left_over_goes(served):
    """Mutant: age does not matter."""
    old, young = 25 * HOUR, 23 * HOUR
    gone = {
        folder(folders.releases(), "a" * 64, old),
        folder(folders.revisions(), f"{folders.UNFINISHED}b", old),
    }
    kept = {
        folder(folders.releases(), "c" * 64, young),
        folder(folders.revisions(), f"{folders.UNFINISHED}d", young),
    }
    revisions = [folders.revisions() / publication.chain_entry for publication in served]
    gone |= {left(revisions[0], "e", old), left(releases.address(PLACE).parent, "f", old)}
    kept |= {
        left(revisions[1], "g", young),
        left(releases.address(BESIDE).parent, "h", young),
    }
    for place in (*revisions, *(releases.address(PLACE).resolve(),)):
        aged(place, old)
        kept.add(place)
    assert set(pointers.sweep()) == gone
    assert not any(map(os.path.lexists, gone)) and all(map(os.path.lexists, kept))
    assert pointers.sweep() == []


def test_only_folders_that_changed_lately_are_looked_into(served, monkeypatch):
    """150 files a disclosure are not listed every ten minutes: of two revisions, the one that rests is not opened."""
    opened = []
    plain = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern: opened.append(self) or plain(self, pattern))
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: pytest.fail("every published file is listed"))
    first, second = (folders.revisions() / publication.chain_entry for publication in served)
    aged(first, 60 * 24 * HOUR)
    pointers.sweep()
    assert second in opened and first not in opened
    assert not {path for path in opened if path.is_relative_to(folders.releases())}


def test_a_half_written_file_goes_while_its_folder_changed_lately(served):
    """A month after the day that everything is left for; a folder that rests says nothing of the next."""
    revisions = [folders.revisions() / publication.chain_entry for publication in served]
    resting = left(releases.address(PLACE).parent, "a", 60 * 24 * HOUR)
    lately, before = (
        left(revisions[0], "b", (31 * 24 - 1) * HOUR),
        left(revisions[1], "c", (31 * 24 + 1) * HOUR),
    )
    assert pointers.sweep() == [lately]
    assert resting.exists() and before.exists()


def test_how_old_is_old_may_be_said(served):
    file = left(folders.revisions() / served[0].chain_entry, "a", 2 * HOUR)
    whole = folder(folders.releases(), "b" * 64, 2 * HOUR)
    assert pointers.sweep(3 * HOUR) == []
    assert pointers.sweep(HOUR) == [whole, file]

"""Tidying up: what is being built stays, what is old and nobody's goes, and what is old and somebody's stays."""

import os
import time
from pathlib import Path

import pytest

from budgets.publishing import folders, pointers, releases
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages")]
PLACE = ("130225", "483", 2023, "budget")
HOUR = 3600


@pytest.fixture
def published():
    officer = a_person("bureau_officer")
    both = (a_sound_disclosure(), a_sound_disclosure(a_department("484", "乐亭县水务局")))
    return [lifecycle.publish(approved(disclosure, officer), by=officer) for disclosure in both]


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


def test_what_is_being_built_stays_and_what_is_left_over_goes(published):
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
    revisions = [folders.revisions() / publication.chain_entry for publication in published]
    gone |= {left(revisions[0], "e", old), left(releases.address(PLACE).parent, "f", old)}
    kept |= {
        left(revisions[1], "g", young),
        left(releases.address(("130225", "484", 2023, "budget")).parent, "h", young),
    }
    for place in (*revisions, *(releases.address(PLACE).resolve(),)):
        aged(place, old)
        kept.add(place)
    assert set(pointers.sweep()) == gone
    assert not any(map(os.path.lexists, gone)) and all(map(os.path.lexists, kept))
    assert pointers.sweep() == []


def test_only_folders_that_changed_lately_are_looked_into(published, monkeypatch):
    """150 files a disclosure are not listed every ten minutes: of two revisions, the one that rests is not opened."""
    opened = []
    plain = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern: opened.append(self) or plain(self, pattern))
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: pytest.fail("every published file is listed"))
    first, second = (folders.revisions() / publication.chain_entry for publication in published)
    aged(first, 60 * 24 * HOUR)
    pointers.sweep()
    assert second in opened and first not in opened
    assert not {path for path in opened if path.is_relative_to(folders.releases())}

"""Bring the served addresses in line with the database, after each publication and after a crash."""

import shutil
import time
from pathlib import Path

from django.db import models

from budgets.models.publications import Publication, Release
from budgets.publishing import chain_log, folders, releases, shelf

LEFT_OVER_AFTER = 24 * 3600  # seconds; a publication under way is never as old
LOOKED_INTO_FOR = 30 * 24 * 3600  # seconds that a folder is looked into after it changed last


def place_of(release: Release) -> tuple[str, str, int, str]:
    department = release.department
    return department.region.code, department.code, release.fiscal_year, release.stage


def settle(of: models.QuerySet[Release] | None = None) -> list[str]:
    """Point every address (or those of `of`) at the release that the database names; the addresses that changed.

    The log of chain entries goes on by what was published.
    Safe to run at any time and any number of times: a publication that was committed but not flipped when the
    process died is served from then on, one that was not committed stays unseen.
    """
    changed = []
    for release in (Release.objects.all() if of is None else of).select_related("department__region"):
        place = place_of(release)
        if not (folders.releases() / release.name).is_dir():
            continue  # `verify` reports it, `publish --rebuild` makes it anew
        if releases.flip(place, release.name):
            changed.append("/".join(map(str, place)))
    chain_log.renew(everything=of is None)
    return changed


def sweep(older_than: float = LEFT_OVER_AFTER) -> list[Path]:
    """Remove what `left_over` finds."""
    gone = left_over(older_than)
    for path in gone:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return gone


def left_over(older_than: float = LEFT_OVER_AFTER) -> list[Path]:
    """What no row refers to and nobody finished: half-written folders, releases that were replaced, an unused shelf.

    Data files of a revision go only when no publication has their chain entry. A file that was left half-written
    changed the folder in which it lies: only folders that changed lately are looked into.
    """
    kept = set(Release.objects.values_list("name", flat=True))
    kept |= set(Publication.objects.values_list("chain_entry", flat=True))
    now = time.time()
    limit, lately = now - older_than, now - older_than - LOOKED_INTO_FOR
    gone = []
    replaced_in = list(folders.site().glob("*/*/*"))  # where addresses are flipped
    for parent in (folders.releases(), folders.revisions()):
        for folder in parent.iterdir() if parent.is_dir() else ():
            if folder.name not in kept and folder.lstat().st_mtime < limit:
                gone.append(folder)
            elif parent == folders.revisions():
                replaced_in.append(folder)  # where a PDF is added
    for folder in replaced_in:
        if folder.lstat().st_mtime < lately:
            continue
        for file in folder.glob(f"{folders.UNFINISHED}*"):
            if file.lstat().st_mtime < limit:
                gone.append(file)
    return gone + shelf.unused(older_than)

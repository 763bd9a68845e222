"""Bring the served addresses in line with the database, after each publication and after a crash."""

import shutil
import time
from pathlib import Path

from django.db import models

from budgets.models.publications import Publication, Release
from budgets.publishing import folders, releases

LEFT_OVER_AFTER = 24 * 3600  # seconds; a publication under way is never as old


def place_of(release: Release) -> tuple[str, str, int, str]:
    department = release.department
    return department.region.code, department.code, release.fiscal_year, release.stage


def settle(of: models.QuerySet[Release] | None = None) -> list[str]:
    """Point every address (or those of `of`) at the release that the database names; the addresses that changed.

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
    return changed


def sweep(older_than: float = LEFT_OVER_AFTER) -> list[Path]:
    """Remove what no row refers to and nobody finished: half-written folders, releases that were replaced.

    Data files of a revision go only when no publication has their chain entry.
    """
    kept = set(Release.objects.values_list("name", flat=True))
    kept |= set(Publication.objects.values_list("chain_entry", flat=True))
    limit = time.time() - older_than
    gone = []
    for parent in (folders.releases(), folders.revisions()):
        for folder in parent.iterdir() if parent.is_dir() else ():
            if folder.name not in kept and folder.lstat().st_mtime < limit:
                shutil.rmtree(folder)
                gone.append(folder)
    for file in folders.root().rglob(f"{folders.UNFINISHED}*"):
        if file.lstat().st_mtime < limit:
            file.unlink()
            gone.append(file)
    return gone

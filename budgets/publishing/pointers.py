"""Bring the served addresses in line with the database, after each publication and after a crash."""

import logging
import re
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db import models

from budgets.models.publications import Publication, Release
from budgets.publishing import chain_log, folders, releases, shared_log, shared_tree, shelf
from budgets.publishing.object_store import Changed, Object, StoreAway

alarm = logging.getLogger("budgets.alarm")
PLACE = re.compile(r"\d+/\w+/\d{4}/[a-z]+")  # as the addresses are matched
LEFT_OVER_AFTER = 24 * 3600  # seconds; a publication under way is never as old
LOOKED_INTO_FOR = 30 * 24 * 3600  # seconds that a folder is looked into after it changed last


def place_of(release: Release) -> tuple[str, str, int, str]:
    department = release.department
    return department.region.code, department.code, release.fiscal_year, release.stage


def name_of(release: Release) -> str:
    return "/".join(map(str, place_of(release)))


def settle(of: models.QuerySet[Release] | None = None) -> list[str]:
    """Point every address (or those of `of`) at the release that the database names; the addresses that changed.

    The log of chain entries goes on by what was published.
    Safe to run at any time and any number of times: a publication that was committed but not flipped when the
    process died is served from then on, one that was not committed stays unseen.
    """
    changed = follow(of)
    try:
        if not settings.CHECKPOINT_KEY_FILE:
            shared_log.borrow()
        elif shared_log.is_ahead():
            alarm.critical("checkpoint not renewed: 对象存储里的检查点比本机的新，请先运行 follow")
        else:
            chain_log.renew(everything=of is None)
            shared_log.lend()
    except (Changed, StoreAway, ValueError) as failure:
        _alarmed(failure)
    return changed


def follow(of: models.QuerySet[Release] | None = None) -> list[str]:
    """The addresses of `settle` alone, here and in the store that machines share; what another machine made comes from there.

    What is public stays so while the store is away: this machine serves it, and the timer tries again.
    """
    rows = (Release.objects.all() if of is None else of).select_related("department__region")
    changed, refused, seen, away = list[str](), list[int](), dict[str, Object](), False
    try:
        seen = shared_tree.pointers(None if of is None else map(name_of, rows))
    except StoreAway as failure:
        away = _alarmed(failure)
    for release in rows.all():
        name, folder = name_of(release), folders.releases() / release.name
        try:
            if not folder.is_dir() and not away:
                shared_tree.borrow(folder)
            if not folder.is_dir():
                continue  # `verify` reports it, `publish --rebuild` makes it anew
            if releases.flip(place_of(release), release.name):
                changed.append(name)
            if not away:
                if name not in seen:
                    shared_tree.lend_release(release.name)
                shared_tree.point(name, release.name, seen.get(name))
        except Changed:
            refused.append(release.pk)
        except StoreAway as failure:
            away = _alarmed(failure)
        except ValueError as failure:
            _alarmed(failure)
    return changed + (follow(Release.objects.filter(pk__in=refused)) if refused else [])


def copy() -> list[str]:
    """Serve here what the store that machines share says, without a database; the addresses that changed.

    What was replaced more than a day ago goes when something is.
    Raises StoreAway; ValueError, once all others are served, for a release that is not what it was.
    """
    changed, wrong = list[str](), list[ValueError]()
    for name, pointer in shared_tree.pointers(None).items():
        release = pointer.content.decode(errors="replace")
        try:
            if not PLACE.fullmatch(name) or not shared_tree.HASH.fullmatch(release):
                raise ValueError(f"对象存储里的 site/{name} 不是公开地址")
            shared_tree.borrow(folder := folders.releases() / release)
            if not folder.is_dir():
                raise ValueError(f"对象存储里没有 site/{name} 指向的 releases/{release}")
            region, unit, year, stage = name.split("/")
            if releases.flip((region, unit, int(year), stage), release):
                changed.append(name)
        except ValueError as failure:
            wrong.append(failure)
    shared_log.borrow()
    if changed:
        served = {link.readlink().name for link in folders.site().glob("*/*/*/*")}
        data = {each.name for each in folders.revisions().iterdir()}
        sweep(kept=served | {name for name in data if not name.startswith(folders.UNFINISHED)})
    if wrong:
        raise wrong[0]
    return changed


def _alarmed(failure: Exception) -> bool:
    alarm.critical("object store: %s", failure)
    return True


def sweep(older_than: float = LEFT_OVER_AFTER, kept: Collection[str] | None = None) -> list[Path]:
    """Remove what `left_over` finds."""
    gone = left_over(older_than, kept)
    for path in gone:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return gone


def left_over(older_than: float = LEFT_OVER_AFTER, kept: Collection[str] | None = None) -> list[Path]:
    """What no row refers to and nobody finished: half-written folders, releases that were replaced, an unused shelf.

    `kept` are the folders that are referred to; the database is asked where they are not given.
    Data files of a revision go only when no publication has their chain entry. A file that was left half-written
    changed the folder in which it lies: only folders that changed lately are looked into.
    """
    if kept is None:
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

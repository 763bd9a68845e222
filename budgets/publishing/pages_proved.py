"""Prove the pages of an address: what they take from the year before is public, and they can be made anew from payloads."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from budgets.publishing import folders, releases
from budgets.publishing.editions import Edition, Standing
from budgets.publishing.page_maker import page_maker
from budgets.publishing.region_words import read_words
from budgets.publishing.year_before import Before, moves_of

STALE = "网页取自上一年度的内容已不是现行的公开版本，请运行 publish --rebuild"
MISSING = "上一年度已公开，网页却没有与它并列，请运行 publish --rebuild"


def beside_fault(name: str, release: Mapping[str, Any], current: Mapping[str, Edition]) -> str:
    """What is wrong with what a release takes from the year before, in Chinese; blank when nothing is.

    `current` are the current versions by address. Releases of programs that took nothing say nothing.
    """
    region, unit, year, stage = name.split("/")
    before = current.get(f"{region}/{unit}/{int(year) - 1}/{stage}")
    taken = release.get("before")
    if taken is None:
        return MISSING if "pages" in release and before and name in current else ""
    if before is None:
        return STALE
    there = ("/".join(map(str, before.place)), before.revision, before.link.payload_hash)
    return "" if (taken["address"], taken["revision"], taken["payload"]) == there else STALE


def made_anew(name: str, release: Mapping[str, Any], editions: Mapping[str, Edition]) -> bool | None:
    """Whether the release's pages are those that its payloads give; None when another program made them, or rules of a day.

    `editions` are the versions by chain entry. Raises KeyError where one that it needs is not among them.
    """
    if release.get("pages") != page_maker() or "today" in release:
        return None
    standing = [
        replace(found, standing=Standing(item["standing"]), words=read_words(item.get("words", ())))
        for item in release["revisions"]
        for found in (editions[item["entry"]],)
    ]
    before = None
    if taken := release.get("before"):
        by_place = {("/".join(map(str, e.place)), e.link.payload_hash): e for e in editions.values()}
        before = Before(by_place[taken["address"], taken["payload"]], moves_of(taken))
    contents, _ = releases.made(standing, before, {})
    return folders.sha256(contents[folders.MANIFEST]) == folders.sha256(
        (releases.address(_place(name)) / folders.MANIFEST).read_bytes()
    )


def _place(name: str) -> tuple[str, str, int, str]:
    region, unit, year, stage = name.split("/")
    return region, unit, int(year), stage

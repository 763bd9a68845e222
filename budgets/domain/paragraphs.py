"""The words of a disclosure: plain text to paragraphs, headings by the official numbering, figures in place."""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from budgets.domain.documents import Paragraph, Sheet

# 第一部分 · 一、 · （一） · 1、 or 1. · （1）: from the widest heading to the narrowest.
NUMBERINGS = (
    re.compile(r"第[一二三四五六七八九十]+部分"),
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"\d+[、.．](?!\d)"),
    re.compile(r"[（(]\d+[）)]"),
)
ALWAYS_HEADS = 3  # 第一部分, 一、 and （一） head a section; narrower ones only when they are no sentence
LONGEST_HEADING = 45
SENTENCE = re.compile(r"[。；;：:，,]$|。.")
AMOUNT = re.compile(r"\d\s*(?:元|万元|亿元)")
TABLE = re.compile(r"\[\[表：([a-z0-9_]+)\]\]")
FIGURE = re.compile(r"\[\[([^\[\]：]+)\]\]")
DEEPEST = 4
LONGEST_CHAPTER = 20_000  # characters: real ones come to some thousand
LONGEST_TEXT = 100_000  # of all chapters: the rules are to answer while a person waits


def too_long(text: str) -> str:
    """Why a chapter is longer than one can be, and what to do; blank for every other chapter."""
    if len(text) <= LONGEST_CHAPTER:
        return ""
    return (
        f"这一章有 {len(text):,} 字，超过 {LONGEST_CHAPTER:,} 字的上限，其中的金额没有核对。"
        "请删去重复或不属于本章的内容，长的明细请放进附表。"
    )


def rank(text: str) -> int | None:
    """Which numbering heads this paragraph (0 the widest), or None for body text."""
    for position, pattern in enumerate(NUMBERINGS):
        if pattern.match(text):
            sentence = SENTENCE.search(text) if position >= ALWAYS_HEADS else "。" in text[:-1]
            return None if sentence or len(text) > LONGEST_HEADING or AMOUNT.search(text) else position
    return None


def paragraphs(text: str, quote: Callable[[str], str | None]) -> list[Paragraph | str]:
    """The paragraphs of a chapter in order; a table anchor comes back as the bare key of its table.

    Heading levels start at 2 below the chapter, by the order in which kinds of numbering open; a numbered sentence
    with nothing of its own below it is text. `quote` gives the printed amount of a named figure; an unknown name stays
    as typed, so that a reader and the checks see it.
    """
    out: list[Paragraph | str] = []
    open_ranks: list[int] = []
    lines = filter(None, map(str.strip, text.splitlines()))
    for line, following in pairwise([*lines, ""]):
        if anchor := TABLE.fullmatch(line):
            out.append(anchor[1])
            continue
        printed = FIGURE.sub(lambda m: quote(m[1]) or m[0], line)
        here = rank(line)
        if here is None or (line.endswith("。") and not _heads(here, following)):
            out.append(Paragraph(printed))
            continue
        open_ranks = [*(r for r in open_ranks if r < here), here]
        out.append(Paragraph(printed, min(1 + len(open_ranks), DEEPEST)))
    return out


def _heads(here: int, following: str) -> bool:
    """True when something of its own stands below a heading of that rank."""
    below = rank(following)
    return bool(following) and (below is None or below > here)


def blocks(
    parts: Iterable[Paragraph | str], sheets: dict[str, list[Sheet]], unplaced: list[str]
) -> list[Paragraph | Sheet]:
    """Put annex tables where their anchors stand, and those without an anchor at the end."""
    out: list[Paragraph | Sheet] = []
    for part in parts:
        out.extend([part] if isinstance(part, Paragraph) else sheets.get(part, []))
    for key in unplaced:
        out.extend(sheets.get(key, []))
    return out


def anchors(text: str) -> list[str]:
    """The table keys that a chapter's text places itself."""
    return [m[1] for line in text.splitlines() if (m := TABLE.fullmatch(line.strip()))]


def quoted(text: str) -> list[str]:
    """The names of the figures that a text inserts."""
    return FIGURE.findall(text)

"""Chapters that are headed by their titles alone, and the words of a cover before the first of them."""

import re
from collections.abc import Sequence

from budgets.domain.tables import ChapterWord, TableSet
from budgets.importing.captions.caption_norms import norm
from budgets.importing.captions.meta_lines import kinds

NUMBER = re.compile(r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}[、.])")
SENTENCE = re.compile(r"[,;:。]")
ENDED = re.compile(r"[。；;]\s*$")
DEPARTMENT = "单位"  # as normed captions have it
MOST_BEFORE = 30  # characters of department and year before the words of a title
TITLE = re.compile(r"(?:情况说明|预算公开(?:说明)?|信息公开)$")
COVER_TITLE = re.compile(r"(?:部门|单位)(?:预算|决算)$")


def is_title(text: str, chapter: ChapterWord) -> bool:
    """True for a chapter's title as declared, or with the department's name or the year in it."""
    given = NUMBER.sub("", norm(text))
    core = norm(chapter.title).removeprefix(DEPARTMENT)
    ends = given.endswith(core) and not ENDED.search(text)
    return ends and len(given) - len(core) <= MOST_BEFORE and not SENTENCE.search(given)


def find_titles(texts: Sequence[str], chapters: Sequence[ChapterWord]) -> list[tuple[int, ChapterWord]]:
    """Where each chapter begins, in order. Of several lines the last counts: those before stand in a list of contents."""
    found = []
    for chapter in chapters:
        longer = [each for each in chapters if _within(chapter, each)]
        places = [
            at
            for at, text in enumerate(texts)
            if is_title(text, chapter) and not any(is_title(text, each) for each in longer)
        ]
        found += [(places[-1], chapter)] if places else []
    return sorted(found, key=lambda entry: entry[0])


def _within(chapter: ChapterWord, other: ChapterWord) -> bool:
    """True when another chapter's title ends with this one's: 财政拨款收入支出决算总体情况 with 收入支出决算总体情况."""
    return other is not chapter and norm(other.title).endswith(norm(chapter.title))


def heads_document(text: str, table_set: TableSet) -> bool:
    """True for the title of a whole disclosure."""
    return bool(TITLE.search(text) or (not table_set.numbered_chapters and COVER_TITLE.search(text)))


def told(text: str) -> dict[str, str]:
    """The department or year that a line of a cover names; empty for any other line."""
    said = kinds(text).get("department")
    return {name: value for name, value in said.groupdict().items() if value} if said else {}

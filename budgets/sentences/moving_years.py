"""The years of last year's text: its own and the one before become live, those that say when something was decided stay."""

import re
from collections.abc import Iterator

# 2025年, 2025-01-01 and the ends of 2025年1月1日至2025年12月31日; a number of a document, 〔2023〕5号, is no year.
YEAR = re.compile(r"(?<![\d.,〔\[(（])(?P<year>(?:19|20)\d{2})(?=\s*年|[-./]\d{1,2}[-./]\d{1,2}(?!\d))")
TITLE = re.compile(r"《[^》]*》")
DECIDED = re.compile(
    r"\s*年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?\s*(?:起|以来|至今|印发|发布|修订|修正|制定|出台|颁布|施行|实施|之?前|之?后)"
)
RANGE = re.compile(r"((?:19|20)\d{2})\s*年?\s*[-—~至到]+\s*((?:19|20)\d{2})\s*年(?!\d)")
IN_WORDS = re.compile(r"二[〇○零O0][〇○零一二三四五六七八九]{2}年")
NAMES = {0: "年度", -1: "上年"}


def years_in(text: str, own: int) -> Iterator[tuple[int, int, str]]:
    """Start and end of each year of a line with its reference; blank for one that a person must read again."""
    titles = [match.span() for match in TITLE.finditer(text)]
    ranges = [match.span() for match in RANGE.finditer(text) if match[1] != match[2]]
    for match in YEAR.finditer(text):
        away = int(match["year"]) - own
        if any(start < match.start() < end for start, end in titles):
            continue
        if (
            away in NAMES
            and not DECIDED.match(text, match.end())
            and not any(s <= match.start() < e for s, e in ranges)
        ):
            yield match.start(), match.end(), f"[[{NAMES[away]}]]"
        elif abs(away) <= 2:
            yield match.start(), match.end(), ""
    yield from ((match.start(), match.end(), "") for match in IN_WORDS.finditer(text))


def moved(text: str, own: int, new: int) -> str:
    """A title or a caption with its own year and the one before moved on: they hold no references."""
    out, after = [], 0
    for start, end, reference in years_in(text, own):
        if reference:
            out += [text[after:start], str(int(text[start:end]) + new - own)]
            after = end
    return "".join([*out, text[after:]])

"""Numbers that Word writes before paragraphs by itself, worked out from the list definitions of the file.

A format that is not known here gives no number: the paragraph is read without it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from budgets.domain.numerals import DIGITS, numeral
from budgets.importing.reading.docx_styles import Styles, value

LEVELS = 9
LARGEST = 9999
LONGEST = 40  # characters of what is written around the numbers
PLACE = re.compile(r"%([1-9])")
LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
         (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def roman(n: int) -> str:
    text = ""
    for number, letters in ROMAN:
        text += letters * (n // number)
        n %= number
    return text


def letters(n: int) -> str:
    """a to z, then aa, bb as Word has it."""
    return chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "decimalEnclosedCircle": lambda n: chr(0x245F + n) if n <= 20 else str(n),
    "decimalEnclosedCircleChinese": lambda n: chr(0x245F + n) if n <= 20 else str(n),
    "upperRoman": lambda n: roman(n).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda n: letters(n).upper(),
    "lowerLetter": letters,
    "chineseCounting": numeral,
    "chineseCountingThousand": numeral,
    "japaneseCounting": numeral,
    "taiwaneseCounting": numeral,
    "taiwaneseCountingThousand": numeral,
    "ideographDigital": lambda n: "".join(DIGITS[int(d)] if d != "0" else "〇" for d in str(n)),
    "chineseLegalSimplified": lambda n: numeral(n).translate(LEGAL),
    "ideographTraditional": lambda n: STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: BRANCHES[(n - 1) % 12],
}


@dataclass(slots=True)
class Level:
    """One level of a list: what it prints, from which number on, and which style it belongs to."""

    format: str = "none"
    text: str = ""
    start: int = 1
    style: str = ""


@dataclass(slots=True)
class Lists:
    """The lists of a file and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by abstract list
    abstract: dict[str, str] = field(default_factory=dict)  # number of a list -> its abstract list
    own: dict[str, dict[int, Level]] = field(default_factory=dict)  # levels that a list says otherwise
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)  # where a list begins anew
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def label(self, number: str, level: int) -> str:
        """Count one paragraph and give what stands before it; blank for bullets and unknown formats."""
        key = self.abstract.get(number, "")
        levels = self.levels.get(key, {}) | self.own.get(number, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(key, {})
        if number not in self.begun:
            self.begun.add(number)
            for anew, start in self.overrides.get(number, {}).items():
                counts[anew] = start - 1
        counts[level] = min(counts.get(level, levels[level].start - 1) + 1, LARGEST)
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return self._printed(levels, counts, level)

    def _printed(self, levels: dict[int, Level], counts: dict[int, int], level: int) -> str:
        used = [int(place) - 1 for place in PLACE.findall(levels[level].text)]
        if len(levels[level].text) > LONGEST or not used:
            return ""
        if any(each not in levels or levels[each].format not in FORMATS for each in used):
            return ""
        shown = {each: counts.setdefault(each, levels[each].start) for each in used}
        if any(n < 1 for n in shown.values()):
            return ""
        text = PLACE.sub(
            lambda place: FORMATS[levels[int(place[1]) - 1].format](shown[int(place[1]) - 1]),
            levels[level].text,
        )
        # Word sets a tab behind the number; a full stop or comma needs none.
        return f"{text} " if text[-1:].isalnum() else text


def read_lists(numbering: Any | None, styles: Styles) -> Lists:
    """The lists of a numbering part; none when the file has no such part."""
    lists = Lists()
    links: dict[str, str] = {}  # abstract list -> the style that defines it
    for abstract in () if numbering is None else numbering.iter(qn("w:abstractNum")):
        key = abstract.get(qn("w:abstractNumId"), "")
        lists.levels[key] = dict(_levels(abstract))
        links[key] = value(abstract, "w:numStyleLink")
    for entry in () if numbering is None else numbering.iter(qn("w:num")):
        number = entry.get(qn("w:numId"), "")
        lists.abstract[number] = value(entry, "w:abstractNumId")
        lists.own[number] = dict(_levels(entry))
        for override in entry.iter(qn("w:lvlOverride")):
            start = value(override, "w:startOverride")
            if start.isdecimal():
                level = int(override.get(qn("w:ilvl"), 0))
                lists.overrides.setdefault(number, {})[level] = int(start)
    for number, key in lists.abstract.items():
        defined = next((style.find(qn("w:pPr")) for style in styles.above(links.get(key, ""))), None)
        numbers = None if defined is None else defined.find(qn("w:numPr"))
        if numbers is not None:
            lists.abstract[number] = lists.abstract.get(value(numbers, "w:numId"), key)
    return lists


def _levels(abstract: Any) -> Iterator[tuple[int, Level]]:
    for entry in abstract.iter(qn("w:lvl")):
        start = value(entry, "w:start")
        level = Level(value(entry, "w:numFmt"), value(entry, "w:lvlText"), style=value(entry, "w:pStyle"))
        level.start = int(start) if start.isdecimal() else 1
        yield int(entry.get(qn("w:ilvl"), 0)), level


def labels(paragraphs: Any, lists: Lists, styles: Styles) -> dict[Any, str]:
    """What Word writes before each of these paragraphs, in document order; those without a number are left out."""
    found: dict[Any, str] = {}
    for paragraph in paragraphs:
        number, level = styles.list_of(paragraph)
        if number and number != "0":
            if level is None:
                level = _level_of(lists, number, styles.style_of(paragraph))
            if text := lists.label(number, level):
                found[paragraph] = text
    return found


def _level_of(lists: Lists, number: str, style: str) -> int:
    """The level that a list keeps for a style; the first when it keeps none."""
    levels = lists.levels.get(lists.abstract.get(number, ""), {})
    return next((n for n, level in levels.items() if style and level.style == style), 0)

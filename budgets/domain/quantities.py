"""Amounts written in running text: where they stand, in which unit, what they are called and of which year."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from budgets.domain.items import ItemName, item_name
from budgets.domain.money import ANY_UNIT, YUAN_IN
from budgets.domain.numerals import read_numeral

UNITS = {**YUAN_IN, "万": YUAN_IN["万元"], "亿": YUAN_IN["亿元"]}
# “单价100万元（含）以上” is a threshold and no amount. Every pattern here takes a run of characters whole or not at all
# (++, and no start within it), so that no text costs more than its length.
NUMBER = re.compile(
    rf"(?<!\d)(?P<number>-?\d++(?:,\d{{3}})*+(?:\.\d++)?+)\s*+(?P<unit>{ANY_UNIT}|亿(?!级)|万(?=[，。；,;、\s]|$))"
    r"(?!\s*(?:[（(]含[）)])?及?以[上下内])"
)
LONGEST_NUMBER = 40  # characters: more is no amount of money
CAPITALS = "零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟两"
IN_WORDS = re.compile(rf"(?<![{CAPITALS}\d])[{CAPITALS}]{{2,{LONGEST_NUMBER}}}+(?=[元圆])")
FULL_WIDTH = {ord(c): unicodedata.normalize("NFKC", c) for c in "０１２３４５６７８９．％－"}
GROUPING = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
SENTENCES = re.compile(r"[^。；;]+[。；;]?")
BREAKS = "，,、；;。：:（）()"
# 上年末 and 截至2022年12月31日 say when a stock was counted: the amount is this document's own.
COUNTED = re.compile(r"截[至止]到?\d{4}年(?:\d+月(?:\d+日|底|末)?|底|末)")
YEAR = re.compile(
    r"(?P<counted>{counted})|(?<!\d)(?P<year>\d{{4}})\s*+年|(?<![{capitals}])(?P<words>[二贰]{words})年"
    r"|(?P<last>(?:上年|去年|上一年)(?:度)?(?![末底]|结[转余]))|(?P<own>本年|今年|当年)".format(
        counted=COUNTED.pattern, capitals=CAPITALS, words="[零〇○O0][零〇一二三四五六七八九]{2}"
    )
)
COMPARING = "与比较同"
RISE = re.compile(r"(?:增加|增长|上升|增幅)(?!到|至|后)")  # 增加到100万元 says what it is now
FALL = re.compile(r"(?:减少|下降|降低|压减|降幅)(?!到|至|后)")
PERCENT = re.compile(
    # 增长-35.06% is a fall; 压减10% is what somebody was told to do, and follows from no two amounts.
    r"(?P<lead>占(?:\d{4}年)?+[^，,。；;、\d]{0,60}+(?:[\d.,]++\s*+[百千万亿]?元的)?+|(?P<done>完成(?:了)?(?:\d{4}年)?+[^，,。；;、\d]{0,20}+(?:[\d.,]++\s*+[百千万亿]?元的)?+"
    r"|(?:完成|执行)率[为达到是]{0,2})"
    r"|(?:增加|增长|上升|减少|下降|降低|增幅|降幅)(?!到|至)[^，,。；;、\d-]{0,4})(?P<number>-?\d++(?:\.\d++)?+)\s*+[%％]"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a text. `called` is the words right before it; `yuan` its value as its own unit says.

    `year` is the year that the words before it speak of (None: the document's own); `change` +1 or -1 when it states a
    rise or a fall, else 0. `item` is the 类, 款, 项 named between the amount before and this one, or, when `part` is
    true, earlier in the sentence.
    """

    text: str
    called: str
    number: Decimal
    unit: str
    yuan: Decimal
    year: int | None
    change: int
    sentence: str
    item: ItemName | None = None
    part: bool = False
    at: int = 0  # where it starts in its sentence
    begin: int = 0  # where its sentence starts in the paragraph
    subject: str = ""  # whose 支出决算 it is, where its own words do not say: those before 年初预算

    @property
    def lead(self) -> tuple[int, int]:
        """Start and end, in the paragraph, of the words that it is called by; of itself where there are none."""
        start = self.sentence.rfind(self.called, 0, self.at) if self.called else self.at
        length = len(self.called) or len(self.text)
        return self.begin + start, self.begin + start + length


# In accounts 支出决算为… is that of the item that heads the paragraph, or of what 年初预算为… was said of before.
SPENT = re.compile(r"^(?:支出)?决算(?:数|支出)?[为是]?$")
PLANNED = re.compile(r"(?P<subject>.*?)(?:年初|全年|调整)?预算(?:数)?[为是]?$")


@dataclass(frozen=True, slots=True)
class Percent:
    """A share (占本年支出的18.94%), a growth (增长5.2%) or how much of a budget was carried out (完成年初预算的95.45%).

    `of` is the words between 占 and the number, `done` true for the third.
    """

    text: str
    number: Decimal
    growth: int  # +1 or -1 for a rise or a fall, 0 for a share
    of: str
    sentence: str
    at: int
    begin: int = 0  # where its sentence starts in the paragraph
    done: bool = False


def percents(text: str) -> Iterator[Percent]:
    """The shares and growths of one paragraph in order; other percentages, of indicators, are none of these."""
    for part in SENTENCES.finditer(plain_digits(text)):
        sentence = part[0]
        for m in PERCENT.finditer(sentence):
            done = m["done"] is not None
            rise = 0 if done else bool(RISE.search(m["lead"])) - bool(FALL.search(m["lead"]))
            if rise or done or m["lead"].startswith("占"):
                of = "" if rise or done else m["lead"].removeprefix("占")
                yield Percent(m[0], Decimal(m["number"]), rise, of, sentence, m.start(), part.start(), done)


@lru_cache(maxsize=10_000)
def told_in(pattern: re.Pattern[str], sentence: str) -> re.Match[str] | None:
    """What a pattern finds in the sentence of an amount: looked for once, however many amounts stand in it."""
    return pattern.search(sentence)


def plain_digits(text: str) -> str:
    """Full-width digits, points and the commas between digits as ASCII, one for one, so that positions stay."""
    plain = text.translate(FULL_WIDTH)
    return GROUPING.sub(",", plain)


def quantities(text: str, year: int) -> Iterator[Quantity]:
    """The amounts of money of one paragraph in order; `year` is the year of the document."""
    heading: ItemName | None = None  # the item that a paragraph names before any amount
    for piece in SENTENCES.finditer(plain_digits(text)):
        sentence = piece[0]
        found = [
            *((m.start(), m.end(), m[0], Decimal(m["number"].replace(",", "")), m["unit"])
              for m in NUMBER.finditer(sentence) if len(m["number"]) <= LONGEST_NUMBER),
            *((m.start(), m.end() + 1, m[0] + "元", Decimal(read_numeral(m[0])), "元") for m in IN_WORDS.finditer(sentence)),
        ]  # fmt: skip
        years = _Years(sentence, year)
        after = 0
        item: ItemName | None = None
        subject = ""
        if not found:
            heading = item_name(sentence) or heading
        for start, end, shown, number, unit in sorted(found):
            between = sentence[after:start]
            called = _lead(between)
            spent = SPENT.match(called) is not None
            named = item_name(between) or (heading if spent and not subject else None)
            item = named or item
            yield Quantity(
                text=shown,
                called=called,
                number=number,
                unit=unit,
                yuan=number * UNITS[unit],
                year=years.at(start),
                change=bool(RISE.search(called)) - bool(FALL.search(called)),
                sentence=sentence,
                item=item,
                part=item is not None and named is None,
                at=start,
                begin=piece.start(),
                subject=subject if spent else "",
            )
            planned = PLANNED.match(called)
            subject = planned["subject"] if planned else "" if spent else subject
            after = end


def _lead(before: str) -> str:
    """The words right before an amount: back to the last break that is not directly before it."""
    words = before.rstrip(BREAKS + " ")
    cut = max((words.rfind(c) for c in "，,、；;。：:"), default=-1)
    return words[cut + 1 :].strip()


class _Years:
    """The year that a sentence speaks of, place after place, each part of it looked at once."""

    def __init__(self, sentence: str, own: int) -> None:
        self.sentence, self.own = sentence, own
        self.marks = [m for m in YEAR.finditer(sentence) if m["counted"] is None]
        self.breaks = [at for at, c in enumerate(sentence) if c in BREAKS]
        self.next = 0
        self.said: int | None = None
        self.compared: tuple[int, int] | None = None  # a year compared with, and where its word ends

    def at(self, place: int) -> int | None:
        """The year that the words before a place speak of, None for the document's own; places come in order.

        与2022年相比，…… speaks of it only up to the next break, but for breaks right before the place.
        """
        while self.next < len(self.marks) and self.marks[self.next].end() <= place:
            mark = self.marks[self.next]
            self.next += 1
            if (
                self.sentence[max(0, mark.start() - 8) : mark.start()].rstrip()[-1:] in COMPARING
                and mark.start()
            ):
                self.compared = (self._value(mark), mark.end())
            else:
                self.said, self.compared = self._value(mark), None
        while place and self.sentence[place - 1] in BREAKS:
            place -= 1
        if self.compared and self._broken(self.compared[1], place):
            self.compared = None
        said = self.compared[0] if self.compared else self.said
        return None if said == self.own else said

    def _broken(self, start: int, end: int) -> bool:
        i = bisect_left(self.breaks, start)
        return i < len(self.breaks) and self.breaks[i] < end

    def _value(self, mark: re.Match[str]) -> int:
        if mark["year"] or mark["words"]:
            return int(mark["year"] or read_numeral(mark["words"]))
        return self.own - 1 if mark["last"] else self.own

"""Amounts written in running text: where they stand, in which unit, what they are called and of which year."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.items import ItemName, item_name
from budgets.domain.money import YUAN_IN

UNITS = {**YUAN_IN, "万": YUAN_IN["万元"], "亿": YUAN_IN["亿元"]}
# “单价100万元（含）以上” is a threshold and no amount.
NUMBER = re.compile(
    r"(?P<number>-?\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<unit>亿元|万元|元|亿(?!级)|万(?=[，。；,;、\s]|$))"
    r"(?!\s*(?:[（(]含[）)])?及?以[上下内])"
)
CAPITALS = "零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟两"
IN_WORDS = re.compile(rf"[{CAPITALS}]{{2,}}(?=[元圆])")
DIGITS = {
    c: n
    for n, pair in enumerate(
        ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for c in pair
}
POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 100_000_000}
SENTENCES = re.compile(r"[^。；;]+[。；;]?")
BREAKS = "，,、；;。：:（）()"
# 上年末 and 截至2022年12月31日 say when a stock was counted: the amount is this document's own.
COUNTED = re.compile(r"截[至止]到?\d{4}年(?:\d+月(?:\d+日|底|末)?|底|末)")
YEAR = re.compile(r"(\d{4})\s*年|((?:上年|去年|上一年)(?:度)?(?![末底]|结[转余]))|(本年|今年|当年)")
COMPARING = re.compile(r"(?:与|比|较|同)\s*$")
RISE, FALL = re.compile(r"增加|增长|上升"), re.compile(r"减少|下降|降低|压减")
PERCENT = re.compile(
    # 增长-35.06% is a fall; 压减10% is what somebody was told to do, and follows from no two amounts.
    r"(?P<lead>占[^，,。；;、\d]*|(?:增加|增长|上升|减少|下降|降低)[^，,。；;、\d-]{0,4})(?P<number>-?\d+(?:\.\d+)?)\s*[%％]"
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


@dataclass(frozen=True, slots=True)
class Percent:
    """A share (占本年支出的18.94%) or a growth (增长5.2%) in a text; `of` is the words between 占 and the number."""

    text: str
    number: Decimal
    growth: int  # +1 or -1 for a rise or a fall, 0 for a share
    of: str
    sentence: str
    at: int


def percents(text: str) -> Iterator[Percent]:
    """The shares and growths of one paragraph in order; other percentages, of indicators, are none of these."""
    for sentence in SENTENCES.findall(plain_digits(text)):
        for m in PERCENT.finditer(sentence):
            rise = bool(RISE.search(m["lead"])) - bool(FALL.search(m["lead"]))
            if rise or m["lead"].startswith("占"):
                of = "" if rise else m["lead"].removeprefix("占")
                yield Percent(m[0], Decimal(m["number"]), rise, of, sentence, m.start())


def plain_digits(text: str) -> str:
    """Full-width digits and points as ASCII, one character for one, so that positions stay."""
    return "".join(unicodedata.normalize("NFKC", c) if c in "０１２３４５６７８９．％－" else c for c in text)


def in_words(words: str) -> Decimal:
    """The value of a numeral in Chinese characters, 大写 or small: 柒佰贰拾壹万 is 7,210,000."""
    total = section = digit = 0
    for c in words:
        if c in DIGITS:
            digit = DIGITS[c]
        elif (power := POWERS[c]) < 10_000:
            section += (digit or 1) * power
            digit = 0
        else:
            total = (total + section + digit) * power
            section = digit = 0
    return Decimal(total + section + digit)


def quantities(text: str, year: int) -> Iterator[Quantity]:
    """The amounts of money of one paragraph in order; `year` is the year of the document."""
    plain = plain_digits(text)
    for sentence in SENTENCES.findall(plain):
        found = [
            *((m.start(), m.end(), m[0], Decimal(m["number"].replace(",", "")), m["unit"]) for m in NUMBER.finditer(sentence)),
            *((m.start(), m.end() + 1, m[0] + "元", in_words(m[0]), "元") for m in IN_WORDS.finditer(sentence)),
        ]  # fmt: skip
        after = 0
        item: ItemName | None = None
        for start, end, shown, number, unit in sorted(found):
            called = _lead(sentence[after:start])
            named = item_name(sentence[after:start])
            item = named or item
            yield Quantity(
                text=shown,
                called=called,
                number=number,
                unit=unit,
                yuan=number * UNITS[unit],
                year=_year(sentence[:start], year),
                change=bool(RISE.search(called)) - bool(FALL.search(called)),
                sentence=sentence,
                item=item,
                part=item is not None and named is None,
                at=start,
            )
            after = end


def _lead(before: str) -> str:
    """The words right before an amount: back to the last break that is not directly before it."""
    words = before.rstrip(BREAKS + " ")
    cut = max((words.rfind(c) for c in "，,、；;。：:"), default=-1)
    return words[cut + 1 :].strip()


def _year(before: str, own: int) -> int | None:
    """The year that words speak of; 与2022年相比，…… speaks of it only up to the next break."""
    said = None
    words = COUNTED.sub("", before)
    for m in YEAR.finditer(words):
        passing = COMPARING.search(words[: m.start()]) and any(
            c in BREAKS for c in words[m.end() :].rstrip(BREAKS)
        )
        if not passing:
            said = int(m[1]) if m[1] else own - 1 if m[2] else own
    return None if said == own else said

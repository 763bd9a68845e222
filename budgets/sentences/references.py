"""The grammar of live references in a text: `[[人员经费·增减]]万元`.

    [[名称]]                      this year's amount; with a unit behind the brackets it is printed in that unit
    [[名称·上年]]                 last year's amount
    [[名称·增减]] [[名称·增减词]]  the difference without its sign; 增加, 减少 or 持平
    [[名称·增减率]]               the rate of change, 3.57%
    [[名称·变动]] [[名称·升降]]    增加107.62万元; 增长3.57%; 持平 where nothing changed
    [[名称·比上年预算]]           比上年预算增加107.62万元, or 与上年预算持平; {上年} stands for the year: 比{上年}年预算
    [[名称·较上年]]               较上年增加107.62万元, or 与上年持平
    [[名称·比上年·升降]]          the same with its rate behind it
    [[人员经费·占基本支出]]        the share, 89.96%
    [[公用经费·前3项]]             its largest items with their amounts: 取暖费41.06万元、差旅费1.00万元
    [[…·1位小数]]                 with so many places
    [[年度]] [[上年]] [[单位名称]]  the years; the department's name

A name is that of a figure, a subject's code or name, a line of a table, or a whole address: 表5/2010301/基本支出.
"""

import re
from dataclasses import dataclass

from budgets.domain.money import ANY_UNIT

REFERENCE = re.compile(
    rf"\[\[(?P<words>[^\[\]：\n]+)\]\](?:(?P<unit>\s*(?:{ANY_UNIT}))|(?P<percent>\s*[%％]))?"
)
PARTS = re.compile(r"[·・•]")
STEPS = re.compile(r"[/／]")
PLACES = re.compile(r"(?P<places>\d)位小数")
YEARS = {"年度": 0, "本年": 0, "上年": -1}
LAST, CHANGE, WORD, RATE, MOVED, GROWN = "上年", "增减", "增减词", "增减率", "变动", "升降"
ASPECTS = (LAST, CHANGE, WORD, RATE, MOVED, GROWN)
LARGEST = re.compile(r"前(?P<count>[1-9])项")
UNIT_NAME = "单位名称"
LISTED = "前"
SHARE, COMPARED = "占", ("比", "较")


@dataclass(frozen=True, slots=True)
class Reference:
    """One `[[…]]` in a text, with where it stands, the unit behind its brackets included.

    `path` is the name, or an address of a table, a row and a column; `aspect` what of it is printed, blank for the amount itself; `base`
    the words behind 占 or 比; `unit` the unit that stands behind it; `fault` why it is none.
    """

    words: str
    start: int
    end: int
    path: tuple[str, ...]
    aspect: str = ""
    base: str = ""
    grown: bool = False  # 比… with the rate behind it
    places: int | None = None
    unit: str = ""
    percent: str = ""  # % that stands behind it already
    fault: str = ""

    @property
    def year(self) -> int | None:
        """How far from the document's own year, for a reference to a year; None for every other."""
        return YEARS.get(self.words.strip())

    @property
    def plain(self) -> bool:
        """A bare name without anything behind it."""
        return (
            not (self.aspect or self.unit or self.percent or self.fault)
            and self.places is None
            and len(self.path) == 1
        )


def references(text: str) -> list[Reference]:
    """The references of a text in order; a table's place, `[[表：key]]`, is none."""
    return [_reference(match) for match in REFERENCE.finditer(text)]


def _reference(match: re.Match[str]) -> Reference:
    name, *rest = (part.strip() for part in PARTS.split(match["words"]))
    aspect = base = fault = ""
    grown, places = False, None
    for part in rest:
        if found := PLACES.fullmatch(part):
            places = int(found["places"])
        elif not aspect and (found := LARGEST.fullmatch(part)):
            aspect, base = LISTED, found["count"]
        elif part == GROWN and aspect in COMPARED:
            grown = True
        elif aspect:
            fault = f"“{part}”前面已有“{aspect}”，一处只能引用一样"
        elif part in ASPECTS:
            aspect = part
        elif part[:1] in (SHARE, *COMPARED) and part[1:].strip():
            aspect, base = part[0], part[1:].strip()
        else:
            fault = f"“{part}”不是可以引用的一样，可写{'、'.join(ASPECTS)}、占…、比…、前3项"
    path = tuple(step.strip() for step in STEPS.split(name) if step.strip())
    unit, percent = match["unit"] or "", match["percent"] or ""
    return Reference(
        match["words"], match.start(), match.end(), path, aspect, base, grown, places, unit, percent,
        fault or ("" if path else "没有写名称"),
    )  # fmt: skip

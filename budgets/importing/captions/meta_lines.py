"""The lines above a table: department, year, unit of money, cut-off date; and the notes below it."""

import re
from collections.abc import Iterator

from budgets.domain.money import MONEY

UNIT = re.compile(rf"(?:单位|部门)\s*[:：为]?\s*(?:人民币)?\s*[（(]?\s*{MONEY}")
YEAR = re.compile(r"年度\s*[:：]?\s*(?P<year>20\d\d)|(?P<before>20\d\d)\s*年度?$")
AS_OF = re.compile(
    r"(?:截止|截至)\s*(?:时间|日期)?\s*[:：]?\s*(?P<y>20\d\d)\s*[-年./]\s*(?P<m>\d{1,2})\s*[-月./]\s*(?P<d>\d{1,2})"
)
LABELLED = re.compile(
    r"^(?:(?:编制|填报|预算|公开)?(?:主管)?(?:单位|部门)(?:名称)?)\s*[:：]\s*(?P<code>\d{3,6})?\s*[-—]?\s*(?P<name>.*)$"
)
CODED = re.compile(r"^(?!20\d\d年)(?P<code>\d{3,6})\s*[-—]?\s*(?P<name>[^\W\d].*)$")
NOTE = re.compile(r"^(?:备?注|附注|说明)\d*\s*[:：.、]")
# Said of a table whose blank cells are not the department's to fill.
FORM = re.compile(r"(?P<form>灰色的?(?:单元)?格.{0,6}由系统推出)")
MARKS = {"unit": UNIT, "year": YEAR, "as_of": AS_OF, "form": FORM}
PLACES = {"unit": "{unit}", "year": "{year}", "as_of": "{as_of}", "department": "{unit_name}"}


def kinds(text: str) -> dict[str, re.Match[str]]:
    """What a line above a table says: any of unit, year, as_of, form; alone also department (with code and name)."""
    found = {kind: match for kind, mark in MARKS.items() if (match := mark.search(text))}
    if "as_of" in found:  # the year of a cut-off date is not the budget year
        found.pop("year", None)
    if not found and (match := CODED.match(text) or LABELLED.match(text)):
        return {"department": match}
    return found


def declared_places(meta: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The kind of each declared meta line with its index."""
    for index, line in enumerate(meta):
        for kind, mark in PLACES.items():
            if mark in line and (kind != "unit" or "{unit_name}" not in line):
                yield kind, index


def is_note(text: str) -> bool:
    """True for 注：…, 备注：…, 说明：… as they stand below tables."""
    return bool(NOTE.match(text))

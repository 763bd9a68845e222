"""Projects with their goals as words, and what each may cost at most as a bar."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.addresses import addresses, heads
from budgets.domain.documents import Document, Sheet
from budgets.domain.money import to_yuan

COST = "成本指标"
MONEY = re.compile(r"^\D?(\d{1,12}(?:\.\d{1,6})?)\s*(万元|元|万)$")  # ≤30万元, ≤11万
NUMBERED = re.compile(r"^(?:\d+|[（(]\d+[）)])[、.．]?\s*")


@dataclass(frozen=True, slots=True)
class Project:
    """A project that has a table of goals; `most` in yuan is None, `limit` and `cell` blank, where no cost in money is set."""

    name: str
    anchor: str
    goals: tuple[tuple[str, str], ...]  # indicator and target, costs left out
    most: Decimal | None = None
    limit: str = ""
    cell: str = ""


def projects(document: Document) -> tuple[Project, ...]:
    """The projects with goals in the document's order."""
    first = heads(document.sheets())
    return tuple(project(sheet, first[sheet.key]) for sheet in document.sheets() if sheet.preface)


def lengths(found: Sequence[Project]) -> list[Decimal | None]:
    """How long each project's bar is beside the longest (0 to 1); None without a limit in money."""
    longest = max((each.most for each in found if each.most), default=None)
    return [each.most / longest if each.most and longest else None for each in found]


def project(sheet: Sheet, first: str = "") -> Project:
    places = {column.key: n for n, column in enumerate(sheet.columns)}
    name = NUMBERED.sub("", sheet.title).removesuffix("表").removesuffix("绩效目标") or sheet.title
    if not {"aspect", "name", "target"} <= places.keys():
        return Project(name, sheet.key, ())
    aspect, goals = "", []
    limit: tuple[Decimal, str, str] | None = None
    for n, row in enumerate(sheet.rows):
        aspect = row.cells[places["aspect"]].text or aspect
        text = row.cells[places["target"]].text
        if aspect != COST:
            goals.append((row.cells[places["name"]].text, text))
        elif limit is None and (found := MONEY.match(text)):
            unit = "元" if found[2] == "元" else "万元"
            limit = (to_yuan(Decimal(found[1]), unit), text, addresses(sheet, first)[n][places["target"]])
    return Project(name, sheet.key, tuple(goals), *(limit or ()))

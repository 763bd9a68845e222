"""What taking in a file found out: the tables, differences, suspects, findings and what was not read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from budgets.domain.terms import Term


class Part(Term):
    """What a file can hold; taking it in replaces these parts of a draft and leaves the others."""

    FACTS = "facts", "九张预算表的金额"
    ORGANIZATIONS = "organizations", "机构设置"
    GOALS = "goals", "绩效目标"
    PROJECTS = "projects", "项目"
    PROCUREMENTS = "procurements", "政府采购"
    SERVICES = "services", "政府购买服务"
    UNIT_ROWS = "unit_rows", "各单位支出"
    ASSETS = "assets", "固定资产"
    NARRATIVES = "narratives", "情况说明"
    LAST_YEAR = "last_year", "上年数"


@dataclass(frozen=True, slots=True)
class TableFound:
    """A recognised table: its key, the title as printed, and where it stands."""

    key: str
    title: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the file: the table it belongs to, the sheet's name (in Word the table's title) and its address."""

    table: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that is likely wrong: what the file says there, and the amount that would settle everything.

    `right` is blank where several cells are wrong at once and cannot be told apart. `instead` are the addresses of the cells that may
    be wrong in its stead, since they stand in the same sums.
    """

    table: str
    sheet: str
    cell: str
    row: str
    column: str
    given: str
    right: str = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """An amount of the file that is not what its leaf rows add up to; amounts in the printed unit, blank as blank.

    `follows` when nothing is left of it once the suspects are mended.
    """

    table: str
    sheet: str
    cell: str
    row: str
    column: str
    given: str
    derived: str
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an amount was read: its meaning in words, the amount in the set's unit as printed, sheet and cell."""

    name: str
    amount: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class FoundFault:
    """A finding with its places in the file; `follows` when it is gone once the suspects are mended.

    `quote` are the words of a chapter that it speaks of, which pages of the intake show in the message alone.
    """

    rule: str
    severity: str
    message: str
    cells: tuple[Place, ...] = ()
    follows: bool = False
    quote: str = ""


def as_dict(value: Any) -> dict[str, Any]:
    """One entry of a report as JSON takes it."""
    entry = {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, FoundFault):
        entry["cells"] = [as_dict(cell) for cell in value.cells]
        del entry["quote"]
    if isinstance(value, Suspect):
        entry["instead"] = list(value.instead)
    return entry


def as_dicts(values: Iterable[Any]) -> list[dict[str, Any]]:
    return [as_dict(value) for value in values]

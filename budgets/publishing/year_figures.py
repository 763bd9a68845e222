"""The departments of a year with their key figures as one table, from what is public: for the bureau and for citizens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.key_figures import MONEY, PIECES, KeyFigure, sums
from budgets.domain.money import print_amount
from budgets.domain.terms import Stage

TEXTS = (("code", "编码", 8), ("name", "部门", 24), ("kind", "类别", 8), ("state", "状态", 8), ("approved", "批复日期", 12), ("published", "首次公开日期", 14), ("days", "用时（天）", 8))  # fmt: skip
DESK = (
    ("due", "公开期限", 12),
    ("standing", "期限情况", 14),
    ("revision", "版次", 8),
)  # for the bureau alone
NOTE = "各数取自各部门现行的公开版本；没有公开的部门没有数，也不在合计里。"
FINALS_NOTE = "合计只加部门预算；部门决算另列，不计入合计。"


PUBLIC = "已公开"  # the state of what can be read


@dataclass(frozen=True, slots=True)
class Listed:
    """A department in a year: its state in words, its days, the figures of its public version where it has one.

    `inside` names the department whose document contains this one: its figures stand in the row, not in the sum.
    """

    code: str
    name: str
    state: str
    approved_on: date | None = None
    first_published_on: date | None = None
    figures: Mapping[str, KeyFigure] = field(default_factory=dict)
    inside: str = ""
    stage: str = Stage.BUDGET.value
    desk: tuple[str, ...] = ()  # what the columns of DESK say of it

    @property
    def counted(self) -> bool:
        """Whether the sum has it: a budget that no other document contains."""
        return self.stage == Stage.BUDGET and not self.inside


def year_list(year: int, listed: Sequence[Listed], *, desk: bool = False) -> Sheet:
    """The table, money in yuan: a row a department, what is not public without figures, and the sum of what is public;
    for the bureau's `desk` with the last day, how late each is, and which version stands."""
    texts = (*TEXTS, *DESK) if desk else TEXTS
    columns = [
        Column(key, (label,), ColumnKind.CAPTION if key == "name" else ColumnKind.TEXT, 1, width)
        for key, label, width in texts
    ]
    columns += [Column(key, (f"{label}（元）",), ColumnKind.AMOUNT, 1, 14) for key, label in MONEY.items()]
    columns += [Column(key, (label,), ColumnKind.NUMBER, 1, 8) for key, label in PIECES.items()]
    rows = [_row(each) for each in listed]
    budgets = [each for each in listed if each.stage == Stage.BUDGET]
    public = sum(bool(each.figures) for each in budgets)
    added = sums(each.figures for each in listed if each.counted)
    words = ("", f"合计（已公开 {public} / {len(budgets)}）", *[""] * (len(texts) - 2))
    total = {key: KeyFigure(each.amount) for key, each in added.items()}
    rows.append(Row("total", 0, _cells(words, total), total=True))
    within = [f"{each.name}（在{each.inside}内）" for each in listed if each.inside and each.figures]
    notes = [NOTE]
    if within:
        notes.append(f"已含在主管部门里的单位，不再计入合计：{'、'.join(within)}。")
    if without := [
        each.name for each in budgets if each.state == PUBLIC and each.counted and not each.figures
    ]:
        notes.append(f"照原样收录、没有可以相加的数，不在合计里的：{'、'.join(without)}。")
    if len(budgets) < len(listed):
        notes.append(FINALS_NOTE)
    return Sheet(
        "year",
        None,
        f"{year}年部门预算公开情况",
        (),
        tuple(columns),
        tuple(rows),
        tuple(notes),
        "元",
        wide=True,
    )


def _row(each: Listed) -> Row:
    taken = (
        str((each.first_published_on - each.approved_on).days)
        if each.approved_on and each.first_published_on
        else ""
    )
    days = (f"{day:%Y-%m-%d}" if day else "" for day in (each.approved_on, each.first_published_on))
    return Row(
        each.code,
        1,
        _cells(
            (each.code, each.name, Stage(each.stage).label, each.state, *days, taken, *each.desk),
            each.figures,
        ),
    )


def _cells(words: Iterable[str], figures: Mapping[str, KeyFigure]) -> tuple[Cell, ...]:
    money: list[Decimal | None] = [figures[key].amount if key in figures else None for key in MONEY]
    return (
        *(Cell(text) for text in words),
        *(Cell(print_amount(amount, zero="0.00", grouped=True), amount) for amount in money),
        *(Cell(f"{figures[key].amount:f}" if key in figures else "") for key in PIECES),
    )

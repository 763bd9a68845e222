"""The departments of a year with their key figures as one table, from what is public: a workbook for the bureau."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.money import print_amount, to_yuan
from budgets.domain.snapshots import loads
from budgets.models import Department, Publication

# The figures that every set names, in the order of the list; of the set's own words the list needs one each.
FIGURES = (
    ("total_resources", "收入总计"), ("fiscal_appropriation", "财政拨款收入"), ("current_expenditure", "本年支出"), ("basic", "基本支出"),
    ("personnel", "人员经费"), ("running_costs", "公用经费"), ("project", "项目支出"), ("three_public", "“三公”经费"),
    ("overseas_visits", "因公出国（境）费"), ("vehicles", "公务用车购置及运行维护费"), ("vehicle_purchase", "公务用车购置费"),
    ("vehicle_running", "公务用车运行维护费"), ("official_hospitality", "公务接待费"),
)  # fmt: skip
TEXTS = (("code", "编码", 8), ("name", "部门", 24), ("state", "状态", 8), ("approved", "批复日期", 12), ("published", "首次公开日期", 14), ("days", "用时（天）", 8))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A department in a year: its state in words, its days, and its public version where it has one."""

    department: Department
    state: str
    approved_on: date | None
    first_published_on: date | None
    publication: Publication | None


def year_list(year: int, listed: Sequence[Listed]) -> Sheet:
    """The table, money in yuan: a row a department, what is not public without figures, and the sum of what is public."""
    columns = [
        Column(key, (label,), ColumnKind.CAPTION if key == "name" else ColumnKind.TEXT, 1, width)
        for key, label, width in TEXTS
    ]
    columns += [Column(key, (label,), ColumnKind.AMOUNT, 1, 14) for key, label in FIGURES]
    said = [figures_of(each.publication) for each in listed]
    rows = [_row(each, amounts) for each, amounts in zip(listed, said, strict=True)]
    public = sum(each.publication is not None for each in listed)
    sums = {key: sum((amounts[key] for amounts in said if key in amounts), Decimal(0)) for key, _ in FIGURES}
    words = ("", f"合计（已公开 {public} / {len(listed)}）", "", "", "", "")
    rows.append(Row("total", 0, _cells(words, sums), total=True))
    note = "各数取自各部门现行的公开版本；没有公开的部门没有数，也不在合计里。主管部门的数含不含所属单位，以各自的公开件为准。"
    return Sheet(
        "year", None, f"{year}年部门预算公开情况", (), tuple(columns), tuple(rows), (note,), "元", wide=True
    )


def figures_of(publication: Publication | None) -> dict[str, Decimal]:
    """The named figures of what is public, in yuan; empty for what is not."""
    if publication is None:
        return {}
    _, document = loads(publication.content)
    return {figure.key: to_yuan(figure.amount, figure.unit) for figure in document.figures}


def _row(each: Listed, amounts: dict[str, Decimal]) -> Row:
    taken = (
        str((each.first_published_on - each.approved_on).days)
        if each.approved_on and each.first_published_on
        else ""
    )
    days = (f"{day:%Y-%m-%d}" if day else "" for day in (each.approved_on, each.first_published_on))
    words = (each.department.code, each.department.name, each.state, *days, taken)
    return Row(each.department.code, 1, _cells(words, amounts))


def _cells(words: Iterable[str], amounts: dict[str, Decimal]) -> tuple[Cell, ...]:
    money = (amounts.get(key) for key, _ in FIGURES)
    return (
        *(Cell(text) for text in words),
        *(Cell(print_amount(amount, zero="0.00", grouped=True), amount) for amount in money),
    )

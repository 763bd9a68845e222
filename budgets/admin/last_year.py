"""Last year beside this year on an entry page: what each row was, and which rows of last year are gone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budgets import ledger as ledgers
from budgets.admin.grid_layout import Layout
from budgets.domain.classification import Subjects, ancestors, is_leaf
from budgets.domain.crosswalk import Succession
from budgets.domain.documents import Sheet
from budgets.domain.money import print_amount
from budgets.domain.sheets import Filler
from budgets.domain.tables import Table
from budgets.workflow.drafts import earlier_year


@dataclass(frozen=True, slots=True)
class Gone:
    """A row of last year that this year's list of codes, or this year's table, has not, or that was split."""

    code: str
    name: str
    amount: str
    became: str = ""  # what became of the code, in words; blank where this year's list has it as it was


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether last year's amount compares with this year's, and why, in words."""

    like: bool
    words: str


@dataclass(frozen=True, slots=True)
class YearBeside:
    """`column` is the one whose amounts of last year stand beside each row, by the row's key in the set's unit."""

    year: int
    column: str
    amounts: dict[str, Decimal]
    gone: tuple[Gone, ...] = ()
    likeness: dict[str, Likeness] = field(default_factory=dict)  # of the rows where codes changed

    def of(self, key: str) -> str:
        """Last year's amount as printed; blank when there was none."""
        return print_amount(self.amounts.get(key), grouped=True)


def summing(columns: dict[str, list[str]]) -> str:
    """The column that sums up a row: the first that adds up every typed field; blank when none does."""
    typed = {field for fields in columns.values() for field in fields}
    return next((key for key, fields in columns.items() if typed and set(fields) == typed), "")


def year_beside(layout: Layout, columns: dict[str, list[str]]) -> YearBeside | None:
    """What the rows of a page were last year; None without last year, or where no one column sums up a row.

    `columns` are the typed fields that each column adds up, as `live_sums` tells them.
    """
    if not isinstance(layout.declaration, Table):
        return None
    column = summing(columns)
    previous = earlier_year(layout.disclosure, only="facts") if column else None
    if previous is None:
        return None
    moved = ledgers.crosswalk(previous.year, layout.disclosure.fiscal_year)
    then = Filler(layout.table_set, previous, ledgers.subjects_for(previous.year))
    sheet = then.fill(layout.declaration)
    printed = _amounts(sheet, column)
    if not printed:
        return None
    amounts, scheme = printed, layout.grid.scheme
    if moved and scheme:
        carried = replace(previous, facts=tuple(map(moved.carried, previous.facts)))
        filler = Filler(layout.table_set, carried, then.subjects)
        amounts = _amounts(filler.fill(layout.declaration), column)
    beside = YearBeside(previous.year, column, amounts)
    if not scheme:
        return beside
    present = {getattr(row, layout.grid.row) for row in layout.existing()}
    changes = _Changes(Succession(moved, scheme, printed, then.subjects, layout.subjects), printed)
    return replace(
        beside, gone=tuple(changes.gone(present)), likeness=changes.likeness(present, amounts, previous.year)
    )


def _amounts(sheet: Sheet, column: str) -> dict[str, Decimal]:
    place = [each.key for each in sheet.columns].index(column)
    return {row.key: amount for row in sheet.rows if (amount := row.cells[place].amount)}


class _Changes:
    """What the change of codes means for the rows of one table, which last year printed the amounts `printed`."""

    def __init__(self, codes: Succession, printed: dict[str, Decimal]) -> None:
        self.codes, self.scheme, self.now, self.printed = codes, codes.scheme, codes.now, printed

    def _named(self, codes: Iterable[str], subjects: Subjects) -> str:
        return "、".join(f"{code} {subjects.name(code, self.scheme)}" for code in codes)

    def gone(self, present: set[str]) -> Iterator[Gone]:
        for code, became in self.codes.became.items():
            if len(became) == 1 and became[0] in present:
                continue
            words = ""
            if len(became) > 1:
                words = f"今年分为 {self._named(became, self.now)}，与去年不可比"
            elif became != (code,):
                words = f"今年的编码是 {self._named(became, self.now)}"
            elif self.now.get(code, self.scheme) is None:
                words = "今年的科目里没有这个编码，与去年不可比"
            name = self.codes.then.name(code, self.scheme)
            yield Gone(code, name, print_amount(self.printed[code], grouped=True), words)

    def likeness(self, present: set[str], amounts: dict[str, Decimal], year: int) -> dict[str, Likeness]:
        """Of the rows of this year's codes, and of those above them: what cannot be compared, and what was carried over."""
        found = {}
        for key in {*present, *(above for code in present for above in ancestors(code, self.scheme))}:
            split = self.codes.split_in(key)
            merged = self.codes.origins.get(key, [])
            if split:
                found[key] = Likeness(False, f"不可比（{year}年的 {'、'.join(split)} 已拆分）")
            elif is_leaf(key, self.scheme) and merged not in ([], [key]):
                found[key] = Likeness(True, f"可比（原 {self._named(merged, self.codes.then)}）")
            elif self.codes.is_new(key):
                found[key] = Likeness(False, f"不可比（{year}年没有这个科目）")
            elif amounts.get(key) != self.printed.get(key):
                was = print_amount(self.printed.get(key), grouped=True) or "空"
                found[key] = Likeness(True, f"可比（按今年的编码；{year}年公开为 {was}）")
        return found

"""From a printed cell, a code or an amount to the rows of the entry grids in which it is typed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property

from budgets.admin.economic_grids import key_of as key_of_economic
from budgets.admin.economic_grids import printed_uses
from budgets.admin.entry_grids import FUND_FIELDS
from budgets.admin.last_year_grids import AMOUNT, key_of
from budgets.domain.classification import FUNCTION
from budgets.domain.facts import CODED, ZERO, Fact, where
from budgets.domain.families import FAMILIES
from budgets.domain.places import AmountRow, CellRef, CodePlace
from budgets.domain.tables import Amount, Balance, Beside, Table, TableSet
from budgets.domain.terms import Family, Fund, Origin, ThreePublicItem

type EntryRow = tuple[str, str, str]  # the grid, its row, and a column of it or nothing

GENERAL = f"expenditure-{Fund.GENERAL_PUBLIC.value}"
FUNDS = {fund.value for fund in Fund}
ORIGINS = {origin.value for origin in Origin}
ITEMS = {item.value for item in ThreePublicItem}
EVENTS = ("30215", "30216")
SUMMARIES = ("balance", "fiscal_balance")
SPENT = ("current_expenditure", "total_uses")
CARRIED = ("brought_forward", "carried_forward")
FUND_OF = {f"{fund}_expenditure": fund for fund in FUNDS}  # the printed table of each fund
GRIDS = {  # printed tables with an entry page of the same rows
    "revenue": "revenue",
    "basic_expenditure": "basic_expenditure",
    "three_public": "three_public",
    "organization": "organizations",
    "procurement": "procurement",
    "services": "services",
    "unit_rows": "unit_rows",
    "fixed_assets": "fixed_assets",
}
FAMILY_GRIDS = {
    Family.REVENUE: "revenue",
    Family.BASIC_EXPENDITURE: "basic_expenditure",
    Family.BASIC_BY_CLASS: "basic_by_class",
    Family.THREE_PUBLIC: "three_public",
    Family.FUND: "funds",
    Family.EVENTS: "events",
    Family.THREE_PUBLIC_BUDGETED: "three_public_budgeted",
}
BALANCES = {flow.value for flow in FAMILIES[Family.FUND_ITEM].values}
COLUMNS = {fund: column for column, fund in FUND_FIELDS.items()}


def _beside(table: Table, column: str) -> Beside | None:
    """The column of last year, change or rate of that key."""
    return next((word for word in table.besides() if word.key == column), None)


class EntryRows:
    """Finds the rows for one draft."""

    def __init__(self, table_set: TableSet, facts: Iterable[Fact], grids: Collection[str]) -> None:
        self.table_set, self.facts, self.grids = table_set, facts, grids

    def of_cell(self, cell: CellRef) -> list[EntryRow]:
        """The rows that a printed cell shows or adds up."""
        for table in self.table_set.tables:
            if table.key == cell.table and (word := _beside(table, cell.column)):
                return [(key_of(table.key, word.of), cell.row, AMOUNT)]
        if rows := self._by_economic(cell):
            return rows
        if cell.table in SUMMARIES:
            return self._summary(cell)
        if cell.table == "three_public" and cell.row in EVENTS:
            return [("events", cell.row, FUND_FIELDS.get(cell.column, cell.column))]
        if cell.table == "three_public" and cell.column in ITEMS:  # printed side by side in one row
            return [("three_public", cell.column, "")]
        if cell.table == "three_public" and cell.column.removesuffix("_budgeted") in ITEMS:
            return [("three_public_budgeted", cell.column.removesuffix("_budgeted"), "")]
        if cell.table in FUND_OF and cell.column in BALANCES:
            return [(f"fund_item-{FUND_OF[cell.table]}", cell.row, cell.column)]
        if cell.table in FUND_OF:
            return [(f"expenditure-{FUND_OF[cell.table]}", cell.row, cell.column)]
        if cell.table == "expenditure":
            keys = self._funds_of("" if cell.row == "total" else cell.row)
            return [(key, cell.row, cell.column) for key in keys]
        return [(GRIDS.get(cell.table, ""), cell.row, cell.column)]

    def _by_economic(self, cell: CellRef) -> list[EntryRow]:
        """The rows of each economic item that a cell of such a table adds up; nothing for a cell of another table."""
        table = next((table for table in self.table_set.tables if table.key == cell.table), None)
        words = table.leaves() if table else []
        column = next((leaf.word for leaf in words if leaf.word.key == cell.column), None)
        if table is None or not isinstance(column, Amount):
            return []
        inside = table.where & column.where & where(family=Family.BY_ECONOMIC)
        if not inside.boxes:
            return []
        uses = {use for box in inside.boxes for use in box.get("use")}
        return [
            (key_of_economic(code), cell.row, next(iter(uses)) if len(uses) == 1 else "")
            for code, printed in printed_uses(self.table_set).items()
            if any(
                Fact(Family.BY_ECONOMIC, ZERO, function=cell.row, economic=code, use=use) in inside
                for use in printed
            )
        ]

    def of_code(self, place: CodePlace) -> list[EntryRow]:
        """The rows of a code, else of grids with codes below it."""
        code = place.scheme, place.code
        keys = self._grids_of.get(code) or self._grids_below.get(code, set())
        return [(key, place.code, "") for key in self.grids if key in keys]

    def of_amount(self, place: AmountRow) -> list[EntryRow]:
        """The row of an entered amount."""
        if place.fund:
            return [(f"{place.family}-{place.fund}", place.row, place.column)]
        side_by_side = place.family == Family.THREE_PUBLIC
        column = COLUMNS.get(place.column, place.column) if side_by_side else place.column
        return [(FAMILY_GRIDS[Family(place.family)], place.row, column)]

    def _summary(self, cell: CellRef) -> list[EntryRow]:
        """The rows that a cell of 收支总表 adds up: of one fund in its own column, else of all that are used."""
        row, fund = cell.row, FUND_FIELDS.get(cell.column, "")
        if self._families(cell) == {Family.BASIC_BY_CLASS}:
            return [("basic_by_class", row if row[:3].isdigit() else "total", cell.column)]
        if (told := row.removeprefix("opening_")) in FUNDS:
            column = "current_year" if told == row else "brought_forward"
            by_item = f"fund_item-{told}"
            return [(by_item, "total", column) if by_item in self.grids else ("funds", told, column)]
        if row not in CARRIED and self._families(cell) in (
            {Family.FUND},
            {Family.FUND, Family.FUND_ITEM},
        ):  # 财政拨款收入 by its fund
            return [("funds", fund or "total", "")]
        if row in ORIGINS - {Origin.BROUGHT_FORWARD.value}:
            return [("revenue", "total", row)]
        carried = [("funds", fund or "total", row if row in CARRIED else "")]
        if row in CARRIED:
            return carried
        if row[:3].isdigit() or row in SPENT:
            code = row if row[:3].isdigit() else "total"
            keys = [f"expenditure-{fund}"] if fund else self._funds_of(row if code == row else "")
            spent = [(key, code, "") for key in keys]
            return spent + (carried if row == "total_uses" else [])
        return [("revenue", "total", ""), *(carried if row == "total_resources" else [])]

    def _families(self, cell: CellRef) -> set[str]:
        """The families of amounts that a cell of a balance adds up, as its table declares them."""
        table = next(table for table in self.table_set.tables if table.key == cell.table)
        if not isinstance(table.rows, Balance):
            return set()
        words = [leaf.word for leaf in table.leaves()]
        return {
            str(family)
            for column in words
            if isinstance(column, Amount) and column.key == cell.column
            for line in table.rows.lines(column.side)
            if line.key == cell.row
            for box in (table.where & column.where & line.where).boxes
            for family in box.get("family") or ()
        }

    def _funds_of(self, row: str) -> list[str]:
        """The expenditure grids with amounts under a code, the general one when none has."""
        used = self._grids_below.get((FUNCTION, row), set())
        return [key for fund in Fund if (key := f"expenditure-{fund.value}") in used] or [GENERAL]

    @cached_property
    def _grids_of(self) -> dict[tuple[str, str], set[str]]:
        """The grids with rows of a code, by scheme and code."""
        grids: dict[tuple[str, str], set[str]] = defaultdict(set)
        for fact in self.facts:
            shape = FAMILIES[fact.family]
            if scheme := shape.code:
                page = getattr(fact, shape.page) if shape.page else ""
                key = f"{fact.family}-{page}" if page else FAMILY_GRIDS[fact.family]
                grids[scheme, getattr(fact, scheme)].add(key)
                if shape.page in CODED:
                    grids[shape.page, page].add(key)
        return grids

    @cached_property
    def _grids_below(self) -> dict[tuple[str, str], set[str]]:
        """The grids with rows of a code or of one below it."""
        grids: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (scheme, code), keys in self._grids_of.items():
            for length in range(len(code) + 1):
                grids[scheme, code[:length]] |= keys
        return grids

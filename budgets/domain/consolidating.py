"""Tables of many documents added up, cell by cell as printed: a row is the code or line that names it.

What was printed is added, not what was typed: a document that was taken over as published counts with its own cells.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from budgets.domain.classification import Subjects, ancestors
from budgets.domain.composing import composed
from budgets.domain.documents import Cell, Chapter, Column, ColumnKind, Document, Paragraph, Row, Sheet
from budgets.domain.ledgers import Ledger
from budgets.domain.money import in_unit, to_yuan
from budgets.domain.sheets import Filler
from budgets.domain.tables import Balance, Line, Table, TableSet, Tree
from budgets.domain.year_columns import compared

TOTAL = "total"
BY_DEPARTMENT = "three_public_by_department"
# “三公”经费 and what it is made of, by the names that every set gives its figures.
THREE_PUBLIC = (
    "three_public", "overseas_visits", "vehicles", "vehicle_purchase", "vehicle_running", "official_hospitality",
)  # fmt: skip
MOST_TOLD = 5  # departments named in one note


def consolidated(
    table_set: TableSet,
    documents: Sequence[Document],
    subjects: Subjects,
    *,
    name: str,
    scope: Iterable[str] = (),
) -> Document:
    """One document whose statutory tables are the sums of those of `documents`, all of that set, region and year.

    A cell is blank where all are. A row that one document does not print (a 类 whose 项 it does) counts there as what
    lies under it. Behind the tables stand `scope`, in paragraphs, names that differ for one code, and “三公”经费 by
    department. ValueError without documents.
    """
    if not documents:
        raise ValueError("nothing to add up")
    first = documents[0]
    ledger = Ledger(table_set.key, first.region_code, first.region_name, "", name, first.year, first.stage)
    adding = Added(table_set, ledger, subjects, documents)
    told = [Paragraph(text) for text in (*scope, *adding.differing_names())]
    chapter = Chapter("scope", "", "汇总范围和说明", (*told, three_public(table_set, documents)))
    return replace(composed(adding), narrative_title=f"{name}汇总表说明", lead="", chapters=(chapter,))


class Added(Filler):
    """Fills the tables of a set with sums of printed cells."""

    def __init__(
        self, table_set: TableSet, ledger: Ledger, subjects: Subjects, documents: Iterable[Document]
    ) -> None:
        super().__init__(table_set, ledger, subjects)
        self.sums: dict[tuple[str, str, str], Decimal] = {}  # by table, row and column
        self.names: dict[tuple[str, str], Counter[str]] = {}  # of the codes of a scheme
        self.users: dict[tuple[str, str, str], list[str]] = {}  # who calls a code of a scheme so
        self.codes: dict[str, set[str]] = {}  # with money, by table
        for document in documents:
            sheets = {sheet.key: sheet for sheet in document.tables}
            for table in table_set.tables:
                if table.key in sheets:
                    self._add(table, sheets[table.key], document.unit_name)

    def _add(self, table: Table, sheet: Sheet, unit_name: str) -> None:
        tree = table.rows if isinstance(table.rows, Tree) else None
        printed = {row.key for row in sheet.rows}
        for row in sheet.rows:
            if tree and row.key != TOTAL and not row.blank:
                self.codes.setdefault(table.key, set()).add(row.key)
                self._call(tree, sheet, row, unit_name)
            for column, cell in zip(sheet.columns, row.cells, strict=True):
                if column.kind is ColumnKind.AMOUNT and cell.amount is not None:
                    amount = in_own_unit(cell.amount, sheet.unit, table.unit or self.set.unit)
                    key = row.named(column)
                    for place in (key, *(unprinted(key, tree, printed) if tree else ())):
                        self._count((table.key, place, column.key), amount)

    def _count(self, place: tuple[str, str, str], amount: Decimal) -> None:
        self.sums[place] = self.sums.get(place, Decimal("0.00")) + amount

    def _call(self, tree: Tree, sheet: Sheet, row: Row, unit_name: str) -> None:
        name = next(
            (
                cell.text
                for column, cell in zip(sheet.columns, row.cells, strict=True)
                if column.kind is ColumnKind.CAPTION
            ),
            "",
        )
        self.names.setdefault((tree.scheme, row.key), Counter())[name] += 1
        users = self.users.setdefault((tree.scheme, row.key, name), [])
        if unit_name not in users:
            users.append(unit_name)

    def fill(self, table: Table) -> Sheet:
        """The table with the sums in its cells."""
        sheet = super().fill(table)
        words = [leaf.word for leaf in table.leaves()]
        rows = []
        for row in sheet.rows:
            cells = [
                self.money(self.sums.get((table.key, row.named(column), column.key)), table.blank)
                if column.kind is ColumnKind.AMOUNT
                else cell
                for column, cell in zip(sheet.columns, row.cells, strict=True)
            ]
            rows.append(replace(row, cells=compared(words, cells, self.money)))
        return replace(sheet, rows=tuple(rows))

    def _right(self, table: Table, balance: Balance) -> list[Line]:
        if not balance.sparing:
            return list(balance.right)
        columns = [word.key for leaf in table.leaves() if (word := leaf.word).side]
        spent = [
            line
            for line in balance.right
            if any(self.sums.get((table.key, line.key, column)) for column in columns)
        ]
        return self.counted_off(spent) if balance.counted else spent

    def money_codes(self, table: Table, tree: Tree) -> set[str]:
        codes = self.codes.get(table.key, set())
        return codes | {above for code in codes for above in ancestors(code, tree.scheme)}

    def called(self, code: str, scheme: str) -> str:
        """The name that most documents print, else that of the year's list."""
        names = self.names.get((scheme, code))
        return (
            min(names.most_common(), key=lambda each: (-each[1], each[0]))[0]
            if names
            else super().called(code, scheme)
        )

    def differing_names(self) -> Iterator[str]:
        """A sentence for each code that documents print under more than one name."""
        for scheme, code in sorted(self.names):
            names = sorted(
                self.names[scheme, code], key=lambda name: (name != self.called(code, scheme), name)
            )
            if len(names) > 1:
                others = "；".join(f"{some(self.users[scheme, code, name])}称“{name}”" for name in names[1:])
                yield f"编码 {code} 在各部门的名称不一致：汇总表用“{names[0]}”，{others}。金额按编码相加。"


def in_own_unit(amount: Decimal, unit: str, wanted: str) -> Decimal:
    """A printed amount in the wanted unit: as it stands when it is in that unit, else with two places."""
    return amount if unit in ("", wanted) else in_unit(to_yuan(amount, unit), wanted)


def unprinted(key: str, tree: Tree, printed: set[str]) -> Iterator[str]:
    """The rows above a code that its document does not print, up to the first that it does."""
    if key == TOTAL:
        return
    above = sorted(ancestors(key, tree.scheme), key=len, reverse=True)
    for code in (*above, TOTAL):
        if code in printed:
            return
        yield code


def some(names: Sequence[str]) -> str:
    """Names in a row, a long list cut with its number."""
    more = f"等{len(names)}个部门" if len(names) > MOST_TOLD else ""
    return f"{'、'.join(names[:MOST_TOLD])}{more}"


def three_public(table_set: TableSet, documents: Sequence[Document]) -> Sheet:
    """“三公”经费 by department in the set's unit, with the sum; a department that prints none has blanks."""
    labels = {word.key: word.label for word in table_set.figures}
    keys = [key for key in THREE_PUBLIC if key in labels]
    columns = (
        Column("code", ("编码",), ColumnKind.TEXT, 1, 6),
        Column("name", ("部门",), ColumnKind.CAPTION, 1, 16),
        *(Column(key, (labels[key],), ColumnKind.AMOUNT, 1, 8) for key in keys),
    )
    filler = Filler(table_set, Ledger(table_set.key, "", "", "", "", documents[0].year), Subjects(()))
    sums: dict[str, Decimal] = {}
    rows = []
    for document in documents:
        cells = [Cell(document.unit_code), Cell(document.unit_name, key=document.unit_code)]
        for key in keys:
            figure = document.figure(key)
            amount = in_own_unit(figure.amount, figure.unit, table_set.unit) if figure else None
            if amount is not None:
                sums[key] = sums.get(key, Decimal("0.00")) + amount
            cells.append(filler.money(amount))
        rows.append(Row(document.unit_code, 1, tuple(cells)))
    total = (Cell(), Cell("合计", key=TOTAL), *(filler.money(sums.get(key)) for key in keys))
    rows.append(Row(TOTAL, 0, total, total=True))
    return Sheet(
        BY_DEPARTMENT,
        None,
        "各部门“三公”经费",
        (f"单位：{table_set.unit}",),
        columns,
        tuple(rows),
        unit=table_set.unit,
    )

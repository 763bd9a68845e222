"""Body rows of a recognised statutory table: the amounts and captions in them, and what has no meaning."""

from dataclasses import dataclass, field
from decimal import Decimal

from budgets.domain.documents import ColumnKind
from budgets.domain.money import YUAN_IN, NotAnAmount, parse_amount
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Balance, Beside, Field, Lines, Table
from budgets.importing.captions.meta_lines import is_note
from budgets.importing.reading.grids import GridCell, Unread, column_letter
from budgets.importing.recognising.matches import Match
from budgets.importing.taking.row_keys import (
    CODE_TWICE,
    NO_CODE,
    UNIT_ROW,
    align,
    balance_keys,
    is_unit,
    plain_code,
    split_code,
    tree_keys,
)

NO_LINE = "表样中没有这一行，金额未读取"
TOTAL = {"total": "合计"}  # what a row without a name is called
NO_COLUMN = "表样中没有这一列"


@dataclass(frozen=True, slots=True)
class Given:
    """A money cell of the file: `amount` in its table's unit, None when blank or not an amount; `text` as it stands."""

    ref: CellRef
    address: str
    row: str
    column: str
    amount: Decimal | None
    text: str


@dataclass
class Body:
    """The rows of one table as read: amounts by meaning, captions by row key, and what was not understood."""

    match: Match
    cells: dict[CellRef, Given] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    doubtful: list[Unread] = field(default_factory=list)  # amounts that nothing was done with

    def miss(self, cell: GridCell, why: str, *, money: bool = False) -> None:
        """Report a cell as not read; `money` when an amount is lost by it."""
        entry = Unread(self.match.sheet, cell.address, cell.text, why)
        self.unread.append(entry)
        if money:
            self.doubtful.append(entry)
        self.match.use([cell])


def read_body(match: Match, table: Table, unit: str) -> Body:
    """Read the body of a statutory table. Amounts come back in the table's own unit, else in `unit`, the set's."""
    body = Body(match)
    rows = []
    for number, cells in match.body():
        if is_note(cells[0].text):
            match.notes.append(cells[0].text)
            match.use(cells[:1])
            for cell in cells[1:]:
                body.miss(cell, NO_LINE)
        else:
            rows.append((number, cells))
    reader = _Reader(body, table, table.unit or unit)
    keyed = reader.keys(rows)
    for number, cells in rows:
        reader.read(number, cells, keyed.get(number, ("", "")))
    return body


class _Reader:
    """Reads the rows of one statutory table into its body."""

    def __init__(self, body: Body, table: Table, unit: str) -> None:
        self.body, self.match, self.table = body, body.match, table
        self.units: set[int] = set()  # rows of budget units
        self.words = {leaf.word.key: leaf.word for leaf in self.match.heading.leaves}
        self.rates = {word.key for word in table.besides() if word.kind is ColumnKind.NUMBER}
        self.at = {column: self.words[key] for key, column in self.match.heading.columns.items()}
        self.unit = self.match.unit or unit
        self.factor = YUAN_IN[self.unit] / YUAN_IN[unit]
        self.codes_at = [
            word for word in self.words.values() if isinstance(word, Field) and word.kind is ColumnKind.CODE
        ]
        self.captions_at = {
            word.side: word.key
            for word in self.words.values()
            if isinstance(word, Field) and word.kind is ColumnKind.CAPTION
        }

    def caption(self, number: int, side: int) -> str:
        """The caption that names a row on one side of the table; blank when it has none."""
        cell = self.match.cell(number, self.captions_at.get(side, ""))
        text = cell.text if cell else ""
        if isinstance(self.table.rows, Balance):  # a total stands where the others have their code
            codes = (self.match.cell(number, word.key) for word in self.codes_at if word.side == side)
            text = text or next((code.text for code in codes if code and not code.text.isdecimal()), "")
        return split_code(text)[1] if self.codes_at else text

    def code(self, number: int) -> str:
        """The 科目编码 of a row as written, put together where 类, 款 and 项 stand in columns of their own.

        Blank when a part in between is: it may have been left out, or stand for the one above.
        """
        parts = []
        for word in self.codes_at:
            cell = self.match.cell(number, word.key)
            text = cell.text if cell else ""
            if word.digits and text.isdecimal():  # a spreadsheet keeps 06 as 6
                text = text.zfill(word.digits[1] - word.digits[0])
            parts.append(text)
        written = [part for part in parts if part]
        if parts[: len(written)] != written:
            return ""
        if len(written) == 1 and (code := split_code(written[0])[0]):
            return code
        name = self.match.cell(number, self.captions_at.get(0, ""))
        return "".join(written) or (split_code(name.text)[0] if name else "")

    def keys(self, rows: list[tuple[int, list[GridCell]]]) -> dict[int, tuple[str, str]]:
        """Row number -> what the row is, on both sides: a code, total, or the key of a declared line."""
        captions = [[(number, self.caption(number, side)) for number, _ in rows] for side in (0, 1)]
        if isinstance(self.table.rows, Balance):
            return balance_keys(self.table.rows, captions[0], captions[1])
        if isinstance(self.table.rows, Lines) and not self.captions_at:  # rows without names: by their place
            return {
                n: (line.key, line.key) for (n, _), line in zip(rows, self.table.rows.lines, strict=False)
            }
        if isinstance(self.table.rows, Lines):
            lines = [(line.key, line.caption) for line in self.table.rows.lines]
            return {number: (key, key) for number, key in align(captions[0], lines).items()}
        codes = [(n, self.code(n)) for n, _ in rows]
        own = self.match.said.get("code", "")
        for (n, code), (_, name), (_, cells) in zip(codes, captions[0], rows, strict=True):
            if is_unit(plain_code(code), name, own):
                self.units.add(n)
                self.body.unread.append(
                    Unread(self.match.sheet, cells[0].address, f"{code} {name}".strip(), UNIT_ROW)
                )
                self.match.use(cells)
        named = [pair for pair in zip(codes, captions[0], strict=True) if pair[0][0] not in self.units]
        keyed, lost = tree_keys([code for code, _ in named], [name for _, name in named])
        for number, cells in rows:
            if number in lost:
                self._lose(cells, CODE_TWICE if lost[number] else NO_CODE)
        return {number: (key, key) for number, key in keyed.items()}

    def _lose(self, cells: list[GridCell], why: str) -> None:
        for cell in cells:
            word = self.at.get(cell.column)
            self.body.miss(cell, why, money=isinstance(word, Amount | Beside) and is_money(cell))

    def read(self, number: int, cells: list[GridCell], keys: tuple[str, str]) -> None:
        """Take the amounts and captions of one row and report whatever in it has no meaning."""
        if number in self.units:
            return
        for key, column in self.match.heading.columns.items():
            word = self.words[key]
            if isinstance(word, Amount | Beside) and keys[word.side]:
                self._take(word, number, column, keys[word.side])
        for cell in cells:
            if (cell.row, cell.column) not in self.match.used:
                self._use(cell, keys)

    def _take(self, word: Amount | Beside, number: int, column: int, row_key: str) -> None:
        """Note a money cell, blank ones too, in the set's unit."""
        cell = self.match.grid.cells.get((number, column))
        amount = None
        if cell:
            self.match.use([cell])
            try:
                amount = percent(cell) if word.key in self.rates else cell.amount(self.unit)
            except NotAnAmount as error:
                self.body.miss(cell, str(error), money=True)
        ref = CellRef(self.table.key, row_key, word.key)
        self.body.cells[ref] = Given(
            ref,
            f"{column_letter(column)}{number}",
            self.caption(number, word.side)
            or (row_key if row_key.isdecimal() else TOTAL.get(row_key, f"第{number}行")),
            "".join(self.match.heading.paths[word.key][-1:]),
            None if amount is None else amount if word.key in self.rates else amount * self.factor,
            cell.text if cell else "",
        )

    def _use(self, cell: GridCell, keys: tuple[str, str]) -> None:
        """Take a cell that is no amount: serial, code, caption; or report it."""
        word = self.at.get(cell.column)
        row_key = keys[word.side] if word else ""
        if cell.column in self.match.heading.aside:
            self.body.miss(cell, self.match.heading.aside[cell.column])
        elif word is None:
            self.body.miss(cell, NO_COLUMN, money=is_money(cell))
        elif isinstance(word, Amount | Beside) and is_blank(cell):
            self.match.use([cell])
        elif isinstance(word, Amount | Beside):
            self.body.miss(cell, NO_LINE, money=is_money(cell))
        elif cell.problem:
            self.body.miss(cell, cell.problem)
        elif word.kind is ColumnKind.SERIAL and cell.text.isdecimal():
            self.match.use([cell])
        elif row_key and word.kind is not ColumnKind.SERIAL:
            self.match.use([cell])
            if word.kind is ColumnKind.CAPTION or row_key == "total":
                self.body.captions.setdefault(
                    row_key, split_code(cell.text)[1] if self.codes_at else cell.text
                )
        else:
            self.body.miss(cell, NO_LINE)


def percent(cell: GridCell) -> Decimal | None:
    """A rate in percent, with its sign % or without. Raises NotAnAmount with a reason in Chinese."""
    text = cell.text.strip()
    return parse_amount(text[:-1]) if cell.number is None and text.endswith(("%", "％")) else cell.amount()


def is_money(cell: GridCell) -> bool:
    """True when the cell would count as an amount: a loss of it must not pass unnoticed."""
    try:
        return bool(cell.amount("元"))
    except NotAnAmount:
        return bool(cell.problem)


def is_blank(cell: GridCell) -> bool:
    """True when the cell says that there is no money: a dash, or zero."""
    try:
        return not cell.amount("元")
    except NotAnAmount:
        return False

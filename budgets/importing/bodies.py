"""Body rows of a recognised statutory table: which declared line each one is, and the amounts in it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.domain.documents import ColumnKind
from budgets.domain.findings import CellRef
from budgets.domain.money import YUAN_IN, NotAnAmount
from budgets.domain.tables import Amount, Balance, Field, Lines, Table

from .captions import bare, likeness, norm
from .grids import GridCell, column_letter
from .metalines import is_note
from .recognise import Match
from .reports import Unread

NO_LINE = "表样中没有这一行，金额未读取"
NO_CODE = "没有科目编码，无法确定是哪个科目"
CODE_TWICE = "同一科目编码出现了两次，只读取了第一行"
NO_COLUMN = "表样中没有这一列"
TOTALS = {"合计", "总计"}
CODE = re.compile(r"\d{3,9}")
ALIKE = 0.5  # of a caption that stands where just one line is missing


@dataclass(frozen=True, slots=True)
class Given:
    """A money cell of the file: `amount` in the set's unit, None when blank or not an amount; `text` as it stands."""

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
    """Read the body of a statutory table. `unit` is the set's, for the amounts that come back."""
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
    if isinstance(table.rows, Balance):
        keyed = balance_keys(match, table.rows, rows, body)
    elif isinstance(table.rows, Lines):
        captions = [(n, caption_of(match, table, n, 0)) for n, _ in rows]
        lines = [(line.key, line.caption) for line in table.rows.lines]
        keyed = {n: (key, key) for n, key in align(captions, lines).items()}
    else:
        keyed = tree_keys(match, rows, body)
    for number, cells in rows:
        read_row(body, table, number, cells, keyed.get(number, ("", "")), unit)
    return body


def read_row(
    body: Body, table: Table, number: int, cells: list[GridCell], keys: tuple[str, str], unit: str
) -> None:
    """Take the amounts and captions of one row and report whatever in it has no meaning."""
    match = body.match
    at = {column: key for key, column in match.heading.columns.items()}
    words = {leaf.word.key: leaf for leaf in table.leaves()}
    factor = YUAN_IN[match.unit or unit] / YUAN_IN[unit]
    for key, column in match.heading.columns.items():
        word = words[key].word
        row_key = keys[word.side]
        if not isinstance(word, Amount) or not row_key:
            continue
        cell = match.grid.cells.get((number, column))
        caption = caption_of(match, table, number, word.side)
        ref = CellRef(table.key, row_key, key)
        amount = None
        if cell:
            match.use([cell])
            try:
                amount = cell.amount()
            except NotAnAmount as error:
                body.miss(cell, str(error), money=True)
        body.cells[ref] = Given(
            ref,
            f"{column_letter(column)}{number}",
            caption,
            "".join(match.heading.paths[key][-1:]),
            None if amount is None else amount * factor,
            cell.text if cell else "",
        )
    for cell in cells:
        if (cell.row, cell.column) in match.used:
            continue
        word = words[at[cell.column]].word if cell.column in at else None
        row_key = keys[word.side] if word else ""
        if word is None:
            body.miss(cell, NO_COLUMN, money=is_money(cell))
        elif isinstance(word, Field) and word.kind is ColumnKind.SERIAL and cell.text.isdecimal():
            match.use([cell])
        elif isinstance(word, Field) and row_key and word.kind is not ColumnKind.SERIAL:
            match.use([cell])
            if word.kind is ColumnKind.CAPTION or row_key == "total":
                body.captions.setdefault(row_key, cell.text)
        else:
            body.miss(cell, NO_LINE, money=isinstance(word, Amount) and is_money(cell))


def caption_of(match: Match, table: Table, number: int, side: int) -> str:
    """The caption that names a row on one side of a table; blank when it has none."""
    for leaf in table.leaves():
        word = leaf.word
        if isinstance(word, Field) and word.kind is ColumnKind.CAPTION and word.side == side:
            cell = match.cell(number, word.key)
            return cell.text if cell else ""
    return ""


def tree_keys(
    match: Match, rows: Sequence[tuple[int, list[GridCell]]], body: Body
) -> dict[int, tuple[str, str]]:
    """Row number -> code, or total; rows without either are left out."""
    keyed: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    for number, cells in rows:
        code_cell, name_cell = match.cell(number, "code"), match.cell(number, "name")
        code = plain_code(code_cell.text) if code_cell else ""
        if not code and TOTALS & {bare(cell.text) for cell in (code_cell, name_cell) if cell}:
            code = "total"
        if not code or code in taken:
            for cell in cells:
                money = is_money(cell) and cell not in (code_cell, name_cell)
                body.miss(cell, CODE_TWICE if code else NO_CODE, money=money)
            continue
        taken.add(code)
        keyed[number] = (code, code)
    return keyed


def plain_code(text: str) -> str:
    """The digits of a 科目编码 however it is typed (full width, with blanks or dots); blank when it is none."""
    digits = re.sub(r"[\s.\-|'’]+", "", unicodedata.normalize("NFKC", text))
    return digits if CODE.fullmatch(digits) else ""


def balance_keys(
    match: Match, rows: Balance, body_rows: Sequence[tuple[int, list[GridCell]]], body: Body
) -> dict[int, tuple[str, str]]:
    """Row number -> the line keys of both lists; a side without caption takes the empty line beside the other's."""
    table = match.word
    assert isinstance(table, Table)
    pairs = rows.pairs()
    found: dict[int, list[str]] = {number: ["", ""] for number, _ in body_rows}
    beside: dict[int, int] = {}
    for side in (0, 1):
        captions = [(n, text) for n, _ in body_rows if (text := caption_of(match, table, n, side))]
        lines = [(pair[side].key, pair[side].caption) for pair in pairs if pair[side].caption]
        index = {pair[side].key: i for i, pair in enumerate(pairs)}
        for number, key in align(captions, lines).items():
            found[number][side] = key
            beside.setdefault(number, index[key])
    for number, i in beside.items():
        for side in (0, 1):
            if (
                not found[number][side]
                and not pairs[i][side].caption
                and not caption_of(match, table, number, side)
            ):
                found[number][side] = pairs[i][side].key
    return {number: (left, right) for number, (left, right) in found.items()}


def align(given: Sequence[tuple[int, str]], lines: Sequence[tuple[str, str]]) -> dict[int, str]:
    """Row number -> line key: equal captions in the same order first, then what is left by caption, then by place.

    A caption can stand twice in one list, so order tells such rows apart.
    """
    fit = [[_fit(text, caption) for _, caption in lines] for _, text in given]
    best = [[0] * (len(lines) + 1) for _ in range(len(given) + 1)]
    for i in range(len(given) - 1, -1, -1):
        for j in range(len(lines) - 1, -1, -1):
            both = best[i + 1][j + 1] + fit[i][j] if fit[i][j] else 0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs: dict[int, int] = {}
    i = j = 0
    while i < len(given) and j < len(lines):
        if fit[i][j] and best[i][j] == best[i + 1][j + 1] + fit[i][j]:
            pairs[i], i, j = j, i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    for i in range(len(given)):  # shuffled rows: a caption that only one line is left for
        left = [j for j in range(len(lines)) if fit[i][j] and j not in pairs.values()]
        if i not in pairs and len(left) == 1:
            pairs[i] = left[0]
    for i in range(
        len(given)
    ):  # reworded rows: alike, and between the same neighbours as the one line left there
        if i in pairs or not given[i][1]:
            continue
        before, after = pairs.get(i - 1, -1 if i == 0 else None), pairs.get(i + 1, len(lines))
        if (
            before is not None
            and after - before == 2
            and likeness(given[i][1], lines[before + 1][1]) >= ALIKE
        ):
            pairs[i] = before + 1
    return {given[i][0]: lines[j][0] for i, j in pairs.items()}


def _fit(text: str, caption: str) -> int:
    return 2 if norm(text) == norm(caption) and text else 1 if text and bare(text) == bare(caption) else 0


def is_money(cell: GridCell) -> bool:
    """True when the cell would count as an amount: a loss of it must not pass unnoticed."""
    try:
        return bool(cell.amount())
    except NotAnAmount:
        return bool(cell.problem)

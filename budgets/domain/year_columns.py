"""Columns of last year beside this year's: leaf amounts added up as the rows of their table are, the change and its rate."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.classification import ancestors
from budgets.domain.documents import Cell, Sheet
from budgets.domain.facts import ZERO
from budgets.domain.leaf_cells import leaf_lines
from budgets.domain.ledgers import LastYear
from budgets.domain.money import CENT
from budgets.domain.tables import Amount, Beside, LeafWord, Line, Table, Tree
from budgets.domain.terms import Comparison

type Then = dict[tuple[str, str], Decimal]  # by row and the column that it stands beside, in yuan


def typed_cells(table: Table, codes: Iterable[str] = ()) -> Iterator[tuple[Line, Beside]]:
    """The cells of last year that are no sums of others, for a table of codes those of these codes."""
    columns = typed_columns(table).values()
    for line, side in leaf_lines(table, list(codes)) if columns else ():
        if line.where.boxes:
            yield from ((line, column) for column in columns if column.side == side)


def typed_columns(table: Table) -> dict[str, Beside]:
    """The columns of last year that are no sums of others, by the key of the column that each stands beside."""
    sums = _sums(table)
    return {of: word for of, word in table.beside(Comparison.LAST).items() if of not in sums}


def _sums(table: Table) -> dict[str, tuple[str, ...]]:
    """The columns whose parts all have last year's column, with these: so theirs is a sum, too."""
    last = table.beside(Comparison.LAST)
    words = {word.key: word for leaf in table.leaves() if isinstance(word := leaf.word, Amount)}
    parts = {of: words[of].parts for of in last if of in words}
    return {of: each for of, each in parts.items() if each and last.keys() >= set(each)}


def added(table: Table, cells: Iterable[LastYear]) -> Then:
    """Last year's amount of every row of a table, sums of others included; a row of which nothing is known has none."""
    known = {(cell.row, cell.column): cell.amount for cell in cells if cell.table == table.key}
    if isinstance(table.rows, Tree):
        sums: Then = defaultdict(Decimal)
        for (code, column), amount in known.items():
            for row in ("total", code, *ancestors(code, table.rows.scheme)):
                sums[row, column] += amount
        return _across(table, dict(sums))
    found: Then = {}
    for word in table.beside(Comparison.LAST).values():
        lines = {line.key: line for line in table.lines(word.side)}
        for key in lines:
            if (told := _of_line(key, word.of, lines, known)) is not None:
                found[key, word.of] = told
    return _across(table, found)


def _across(table: Table, found: Then) -> Then:
    """The same with the columns that are sums of others."""
    sums = _sums(table)

    def of(row: str, column: str) -> Decimal | None:
        told = (
            [amount for part in sums[column] if (amount := of(row, part)) is not None]
            if column in sums
            else []
        )
        return sum(told, ZERO) if told else found.get((row, column))

    rows = dict.fromkeys(row for row, _ in found)
    summed = {
        (row, column): amount for column in sums for row in rows if (amount := of(row, column)) is not None
    }
    return found | summed


def _of_line(key: str, column: str, lines: dict[str, Line], known: Then) -> Decimal | None:
    """The amount of a line: its own, or the sum of what is known of its parts."""
    if key not in lines or not lines[key].parts:
        return known.get((key, column))
    parts = [_of_line(part, column, lines, known) for part in lines[key].parts]
    told = [part for part in parts if part is not None]
    return sum(told, ZERO) if told else None


def of_this_year(table: Table, sheet: Sheet) -> Sheet:
    """The sheet without the columns of last year, change and rate."""
    aside = {word.key for word in table.besides()}
    kept = [n for n, column in enumerate(sheet.columns) if column.key not in aside]
    return replace(
        sheet,
        columns=tuple(replace(sheet.columns[n], caption=kept.index(sheet.columns[n].caption)) for n in kept),
        rows=tuple(replace(row, cells=tuple(row.cells[n] for n in kept)) for row in sheet.rows),
    )


def rate(now: Decimal, then: Decimal) -> Decimal | None:
    """The change in percent of last year's amount, two places; None where that is zero: there is no rate."""
    return ((now - then) / then * 100).quantize(CENT, ROUND_HALF_UP) if then else None


def compared(
    words: Sequence[LeafWord], cells: Sequence[Cell], money: Callable[[Decimal | None], Cell]
) -> tuple[Cell, ...]:
    """The cells of a row, with change and rate from this year's and last year's amounts in it; blank where both are."""
    at = {word.key: n for n, word in enumerate(words)}
    last = {w.of: at[w.key] for w in words if isinstance(w, Beside) and w.tells is Comparison.LAST}
    out = list(cells)
    for n, word in enumerate(words):
        if not isinstance(word, Beside) or word.tells is Comparison.LAST:
            continue
        now, then = cells[at[word.of]].amount, cells[last[word.of]].amount
        if now is None and then is None:
            out[n] = Cell()
        elif word.tells is Comparison.CHANGE:
            out[n] = money((now or ZERO) - (then or ZERO))
        else:
            percent = rate(now or ZERO, then or ZERO)
            out[n] = Cell("" if percent is None else f"{percent:f}")
    return tuple(out)

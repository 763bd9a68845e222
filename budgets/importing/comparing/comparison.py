"""Given against derived: every money cell of a file held against what its leaf rows add up to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.documents import ColumnKind, Row, Sheet
from budgets.domain.facts import ZERO
from budgets.domain.identities import Identity, broken, identities
from budgets.domain.money import CENT, print_amount, says_nothing
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.domain.suspects import corrections, instead
from budgets.domain.tables import Table, TableSet
from budgets.importing.comparing.reports import Difference, Suspect
from budgets.importing.recognising.matches import Match
from budgets.importing.taking.table_bodies import TOTAL, Body, Given


def derive(filler: Filler) -> dict[str, Sheet]:
    """Every table of the set by its key, filled from the ledger, whether or not a chapter has a place for it."""
    sheets = [filler.fill(table) for table in filler.set.tables]
    sheets += [sheet for annex in filler.set.annexes for sheet in filler.annex(annex)]
    return {sheet.key: sheet for sheet in sheets}


def differences(
    matches: Iterable[Match], bodies: Mapping[str, Body], sheets: Mapping[str, Sheet]
) -> list[Difference]:
    """Every cell whose given and derived amounts differ as printed, table by table; blank and zero are the same amount.

    What a finer file has beyond the printed places is 尾差: `tails` names it.
    """
    found: list[Difference] = []
    for match in matches:
        if match.key in sheets:
            found += _differences(match, bodies[match.key], sheets[match.key])
    return found


def tails(
    matches: Iterable[Match], bodies: Mapping[str, Body], sheets: Mapping[str, Sheet]
) -> dict[str, list[Given]]:
    """By table the money cells that are what their leaf rows add up to at the printed places, and finer than those."""
    return {
        match.key: [
            given
            for given in bodies[match.key].cells.values()
            if _in_places(given.amount) != (given.amount or ZERO)
            and _in_places(given.amount) == (amounts.get(given.ref) or ZERO)
        ]
        for match in matches
        if match.key in sheets
        for amounts in (derived_amounts(match, sheets[match.key])[0],)
    }


def _in_places(amount: Decimal | None) -> Decimal:
    """An amount of a printed unit with the two places that print, half up."""
    return (amount or ZERO).quantize(CENT, ROUND_HALF_UP)


def _differences(match: Match, body: Body, sheet: Sheet) -> Iterator[Difference]:
    amounts, captions = derived_amounts(match, sheet)
    money = {column.key for column in sheet.columns if column.kind is ColumnKind.AMOUNT}
    for ref, given in body.cells.items():
        amount = amounts.pop(ref, None)
        shown = _in_places(given.amount) if ref.column in money else given.amount or ZERO
        # What could not be read is told as that; what it is not, nobody knows.
        if shown != (amount or ZERO) and not unreadable(given):
            yield _difference(match, given, _printed(given.amount) or given.text, _printed(amount))
    for ref, amount in amounts.items():
        # A row or column that the file does not print, though its leaf rows say it should.
        if amount:
            column = next(column for column in sheet.columns if column.key == ref.column)
            blank = Given(
                ref, "", captions.get(ref.row, "") or TOTAL.get(ref.row, ""), column.path[-1], None, ""
            )
            yield _difference(match, blank, "", _printed(amount))


def _difference(match: Match, given: Given, left: str, right: str) -> Difference:
    return Difference(match.key, match.sheet, given.address, given.row, given.column, left, right)


def derived_amounts(match: Match, sheet: Sheet) -> tuple[dict[CellRef, Decimal | None], dict[str, str]]:
    """The derived numbers of a sheet by meaning, and the captions of its rows."""
    statutory = isinstance(match.word, Table)
    amounts: dict[CellRef, Decimal | None] = {}
    captions: dict[str, str] = {}
    for row in sheet.rows:
        for i, column in enumerate(sheet.columns):
            key = row.named(column) if statutory else row.key
            if column.kind is ColumnKind.CAPTION:
                captions[key] = row.cells[i].text
            elif column.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER):
                amounts[CellRef(sheet.key, key, column.key)] = _number(row, i, column.kind)
    return amounts, captions


def _number(row: Row, i: int, kind: ColumnKind) -> Decimal | None:
    cell = row.cells[i]
    if kind is ColumnKind.AMOUNT:
        return cell.amount
    return Decimal(cell.text) if cell.text else None


def unreadable(given: Given) -> bool:
    """True for a cell that holds something which is no amount."""
    return given.amount is None and not says_nothing(given.text)


def _printed(amount: Decimal | None) -> str:
    return print_amount(amount, zero="0.00")


def find_suspects(
    table_set: TableSet, matches: Iterable[Match], bodies: Mapping[str, Body]
) -> dict[CellRef, Decimal | None]:
    """The smallest set of the file's cells whose change would settle every identity between its tables, each with the
    amount that would, in its table's unit; None where they are not told apart. What prints alike is 尾差, no suspect."""
    held, amounts = _held(table_set, matches, bodies)
    if not broken(held, amounts):
        return {}
    found = corrections(held, amounts)
    if (
        None in found.values()
    ):  # more than can be told apart: what rounding of each part explains is left out of it
        sure = [identity for identity in held if not _rounded(identity, amounts)]
        found = corrections(sure, amounts) if broken(sure, amounts) else {}
    return {
        ref: right
        for ref, right in found.items()
        if ref in amounts and (right is None or _in_places(right) != _in_places(amounts[ref]))
    }


def _held(
    table_set: TableSet, matches: Iterable[Match], bodies: Mapping[str, Body]
) -> tuple[list[Identity], dict[CellRef, Decimal]]:
    """The identities between the tables of a file, and the amounts of its cells."""
    tables = {match.key for match in matches if isinstance(match.word, Table)}
    # A table that the file lacks says nothing, while one with no rows says that there is no money.
    present = replace(table_set, tables=tuple(table for table in table_set.tables if table.key in tables))
    amounts = {ref: given.amount or ZERO for key in tables for ref, given in bodies[key].cells.items()}
    return identities(present, amounts), amounts


def others_alike(
    table_set: TableSet,
    matches: Iterable[Match],
    bodies: Mapping[str, Body],
    right: Mapping[CellRef, Decimal | None],
) -> dict[CellRef, list[CellRef]]:
    """By each suspect the file's cells that may be wrong in its stead; nothing where the suspects are not told apart."""
    told = {ref: amount for ref, amount in right.items() if amount is not None}
    if not told or len(told) < len(right):
        return {}
    held, amounts = _held(table_set, matches, bodies)
    return {
        ref: [each for each in cells if each in amounts]
        for ref, cells in instead(held, amounts, told).items()
    }


def _rounded(identity: Identity, amounts: Mapping[CellRef, Decimal]) -> bool:
    """True for a sum that misses by no more than a printed place for each of its parts."""
    return ZERO < abs(identity.gap(amounts)) <= CENT * (len(identity.left) + len(identity.right) - 1)


def suspects_told(
    right: Mapping[CellRef, Decimal | None],
    alike: Mapping[CellRef, Sequence[CellRef]],
    matches: Iterable[Match],
    bodies: Mapping[str, Body],
) -> list[Suspect]:
    """The suspects as a report names them, in the order of the file's tables, each with those that are `alike`."""
    sheets = {match.key: match.sheet for match in matches}
    out = []
    for ref in sorted(right, key=lambda ref: (list(sheets).index(ref.table), ref)):
        given, amount = bodies[ref.table].cells[ref], right[ref]
        others = ((each, bodies[each.table].cells[each].address) for each in alike.get(ref, ()))
        instead = tuple(
            address if each.table == ref.table else f"{sheets[each.table]} {address}"
            for each, address in others
        )
        was = _printed(given.amount) or given.text
        out.append(
            Suspect(
                ref.table,
                sheets[ref.table],
                given.address,
                given.row,
                given.column,
                was,
                _printed(amount),
                instead,
            )
        )
    return out


def mended(bodies: Mapping[str, Body], right: Mapping[CellRef, Decimal | None]) -> dict[str, Body]:
    """The bodies with the suspects set right."""
    out = dict(bodies)
    for ref, amount in right.items():
        if amount is None or ref not in out[ref.table].cells:
            continue
        body = out[ref.table]
        cell = replace(body.cells[ref], amount=amount, text=_printed(amount))
        out[ref.table] = replace(body, cells=body.cells | {ref: cell})
    return out


def folded(
    found: Iterable[Difference], suspects: Iterable[Suspect], left: Iterable[Difference]
) -> list[Difference]:
    """The differences, marked where they follow from the suspects: `left` are those that stay when these are mended."""
    stay = {(d.table, d.cell, d.row, d.column) for d in left}
    own = {(s.table, s.cell) for s in suspects if s.right}
    if not own:
        return list(found)
    return [
        replace(d, follows=(d.table, d.cell) not in own and (d.table, d.cell, d.row, d.column) not in stay)
        for d in found
    ]

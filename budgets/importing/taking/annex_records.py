"""Records out of matched annex tables: organisations, goals with indicators, procurement, assets."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from budgets.domain.documents import ColumnKind
from budgets.domain.ledgers import (
    Asset,
    Goal,
    Indicator,
    Organization,
    Procurement,
    Project,
    Service,
    UnitRow,
)
from budgets.domain.money import YUAN_IN, NotAnAmount, to_yuan
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Field, Leaf, Listing
from budgets.domain.terms import AssetItem, Comparator
from budgets.forms.form_words import PROJECT
from budgets.importing.captions.caption_norms import bare, norm, title_pattern
from budgets.importing.captions.meta_lines import is_note
from budgets.importing.reading.grids import GridCell, column_letter
from budgets.importing.recognising.blank_forms import is_form
from budgets.importing.recognising.matches import Match
from budgets.importing.taking.row_keys import align
from budgets.importing.taking.table_bodies import Body, Given, is_money

KINDS: dict[str, Any] = {
    "organizations": Organization,
    "goals": Goal,
    "projects": Project,
    "procurements": Procurement,
    "services": Service,
    "unit_rows": UnitRow,
    "assets": Asset,
    "indicators": Indicator,
}
NO_PROJECT = f"请把“{PROJECT}”改成项目的名称"
NOT_IN_FORM = "附表中没有这一行或这一列"
# 指标值: a comparator, a number or range of numbers, and a unit, each of them possibly missing.
TARGET = re.compile(
    rf"(?P<comparator>{'|'.join(map(re.escape, Comparator))})(?P<value>\d+(?:\.\d+)?(?:[-~～—至]\d+(?:\.\d+)?)?)?(?P<unit>\D*)"
)


def split_target(text: str) -> dict[str, Any]:
    """The comparator, value and unit of a 指标值. Joined again they give the same text, word for word.

    A text without a number, or one that does not come apart cleanly, is all value.
    """
    match = TARGET.fullmatch(text)
    if match and match["value"]:
        return {
            "comparator": Comparator(match["comparator"]),
            "value": match["value"],
            "unit": match["unit"],
        }
    return {"comparator": Comparator.NONE, "value": text, "unit": ""}


def read_records(match: Match, listing: Listing, unit: str) -> tuple[list[Any], Body]:
    """The records of one annex table in order, and its cells as given; amounts of records are yuan.

    `unit` is the set's, for the given amounts. A table that prints one record with rows of its own gives one record.
    """
    body = Body(match)
    rows = [(number, cells) for number, cells in match.body() if not _note(match, cells)]
    if listing.lines:
        captions = [(number, text) for number, _ in rows if (text := _text(match, number, _caption(listing)))]
        keyed = align(captions, [(line.key, line.caption) for line in listing.lines])
    else:
        keyed = dict(_record_keys(match, listing, rows))
    reader = _Reader(match, listing, body, unit)
    records = [
        record for number, cells in rows if (record := reader.read(number, cells, keyed.get(number, "")))
    ]
    if listing.each:
        goals = [line.strip() for cell in match.preface for line in cell.raw.splitlines() if line.strip()]
        owner = {"project": _project(match, listing), listing.preface_from: tuple(goals)}
        if is_form(match):
            _name_of_form(match, body)
        return [KINDS[listing.source](**owner, **{listing.each: tuple(records)})], body
    return records, body


class _Reader:
    """Turns the rows of one annex table into records."""

    def __init__(self, match: Match, listing: Listing, body: Body, unit: str) -> None:
        self.match, self.listing, self.body, self.unit = match, listing, body, unit
        self.kind = KINDS[listing.each or listing.source]
        self.attributes = {field.name for field in fields(self.kind)}
        self.above: dict[str, str] = {}

    def read(self, number: int, cells: list[GridCell], row_key: str) -> Any | None:
        """The record of one row; None for a total, a line that adds others up, or a row that says nothing."""
        values: dict[str, Any] = {}
        for leaf in self.listing.leaves():
            word = leaf.word
            cell = self.match.cell(number, word.key)
            if row_key and (isinstance(word, Amount) or word.kind is ColumnKind.NUMBER):
                values[word.key] = self._number(number, leaf, cell, row_key)
            elif row_key:
                self.match.use([cell] if cell else [])
                values[word.key] = cell.text if cell else ""
        self._continue_groups(values)
        for cell in cells:
            if (cell.row, cell.column) not in self.match.used:
                self.body.miss(cell, NOT_IN_FORM, money=is_money(cell))
        if self.listing.lines:
            return self._asset(values, row_key)
        if not row_key or row_key == "total":
            return None
        if "target" in values:
            values |= split_target(values.pop("target"))
        return self.kind(**{name: value for name, value in values.items() if name in self.attributes})

    def _number(self, number: int, leaf: Leaf, cell: GridCell | None, row_key: str) -> Decimal | None:
        """A number or an amount (yuan) of a row, noted as given."""
        amount = None
        key = leaf.word.key
        money = isinstance(leaf.word, Amount)
        if cell:
            self.match.use([cell])
            try:
                amount = cell.amount((self.match.unit or self.unit) if money else "")
            except NotAnAmount as error:
                self.body.miss(cell, str(error), money=True)
        yuan = None if amount is None or not money else to_yuan(amount, self.match.unit or self.unit)
        ref = CellRef(self.match.key, row_key, key)
        self.body.cells[ref] = Given(
            ref,
            f"{column_letter(self.match.heading.columns[key])}{number}"
            if key in self.match.heading.columns
            else "",
            _text(self.match, number, _caption(self.listing)),
            "".join(self.match.heading.paths.get(key, ())[-1:]),
            yuan / YUAN_IN[self.unit] if yuan is not None else amount,
            cell.text if cell else "",
        )
        return yuan if money else amount

    def _continue_groups(self, values: dict[str, Any]) -> None:
        """Give a blank group cell the caption above it, within the same wider group."""
        changed = False
        for leaf in self.listing.leaves():
            word = leaf.word
            if not isinstance(word, Field) or word.kind is not ColumnKind.GROUP or not values:
                continue
            text = values.get(word.key, "")
            if text:
                changed = changed or text != self.above.get(word.key)
                self.above[word.key] = text
            elif not changed and word.key in self.above:
                values[word.key] = self.above[word.key]

    def _asset(self, values: dict[str, Any], row_key: str) -> Asset | None:
        line = next((line for line in self.listing.lines if line.key == row_key), None)
        if line is None:
            return None
        caption = values.pop(_caption(self.listing), "")
        self.body.captions[row_key] = caption
        if len(line.members) != 1 or not any(value is not None for value in values.values()):
            return None
        return Asset(AssetItem(line.members[0]), **values)


def as_of(match: Match) -> date | None:
    """The cut-off date in the lines above an annex table; None when there is none, or no such day."""
    try:
        return date(*(int(match.said[part]) for part in "ymd"))
    except (KeyError, ValueError):
        return None


def _record_keys(
    match: Match, listing: Listing, rows: list[tuple[int, list[GridCell]]]
) -> Iterator[tuple[int, str]]:
    """Row number -> the key that the row has in the filled sheet: 1, 2 … or total."""
    n = 0
    for number, _ in rows:
        if listing.total_caption and bare(_text(match, number, _caption(listing))) == norm(
            listing.total_caption
        ):
            yield number, "total"
        else:
            n += 1
            yield number, str(n)


def _note(match: Match, cells: list[GridCell]) -> bool:
    """Take a row that is a note below the table."""
    if len(cells) == 1 and is_note(cells[0].text):
        match.notes.append(cells[0].text)
        match.use(cells)
        return True
    return False


def _project(match: Match, listing: Listing) -> str:
    """The project that a table's title names, as written; the whole title when it is built otherwise."""
    if not title_pattern(listing.title).fullmatch(norm(match.title)):
        return match.title
    before, after = listing.title.replace("{n}、", "").split("{project}")
    text = re.sub(r"^[（(]?\d+[）)]?\s*[、.．]?\s*", "", match.title)
    return text.removeprefix(before).removesuffix(after).strip()


def _name_of_form(match: Match, body: Body) -> None:
    """Report a form's title that names no project yet; its other words are the form's, not the department's."""
    if norm(PROJECT) in norm(match.title):
        for cell in match.grid.cells.values():
            if cell.row < match.heading.top and cell.text == match.title:
                body.miss(cell, NO_PROJECT)
    match.title = ""


def _caption(listing: Listing) -> str:
    """The key of the column that names the rows."""
    return next(
        leaf.word.key
        for leaf in listing.leaves()
        if isinstance(leaf.word, Field) and leaf.word.kind is ColumnKind.CAPTION
    )


def _text(match: Match, number: int, key: str) -> str:
    cell = match.cell(number, key)
    return cell.text if cell else ""

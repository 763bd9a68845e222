"""The disclosure's own wording: captions of matched tables that differ from the standard ones."""

from collections.abc import Iterable, Mapping

from budgets.domain import wording as places
from budgets.domain.documents import ColumnKind, Sheet
from budgets.domain.money import names_another_unit
from budgets.domain.tables import Field, Table
from budgets.importing.captions.caption_norms import likeness, same
from budgets.importing.reading.grids import Unread
from budgets.importing.recognising.blank_forms import is_form
from budgets.importing.recognising.matches import Match
from budgets.importing.taking.table_bodies import Body

ALIKE = 0.5  # of a note and the declared one
NO_NOTE = "表样中没有这条注"
SHARED = "绩效目标表的表头用语不一致，以第一张表为准"


def own_wording(
    matches: Iterable[Match], bodies: Mapping[str, Body], sheets: Mapping[str, Sheet]
) -> tuple[dict[str, str], list[Unread]]:
    """The wording by place, as `domain.wording` keys it, and what has no place.

    `sheets` are the same facts in standard wording. A caption that differs in blanks only is the same, and one that
    names another unit than the amounts are printed in is not kept.
    """
    found = _Found()
    for match in matches:
        sheet = sheets.get(match.key)
        if sheet is None:
            continue
        found.unit = sheet.unit
        if match.title:
            found.say(places.title_key(match.key), match.title, sheet.title)
        for index, line in match.meta.items():
            found.say(places.meta_key(match.word.key, index), line, sheet.meta[index])
        _columns(found, match, sheet)
        _rows(found, match, bodies[match.key], sheet)
        _notes(found, match, sheet)
    return found.wording, found.unread


class _Found:
    """Wording as it is gathered; places that several tables share keep the first one's words."""

    def __init__(self) -> None:
        self.wording: dict[str, str] = {}
        self.unread: list[Unread] = []
        self.unit = ""  # in which the table at hand prints
        self._said: dict[str, str] = {}

    def say(self, place: str, text: str, standard: str) -> bool:
        """Note what stands at a place; False when a table before said otherwise there."""
        if not same(self._said.setdefault(place, text), text):
            return False
        if not same(text, standard) and not names_another_unit(text, self.unit):
            self.wording[place] = text
        return True


def _columns(found: _Found, match: Match, sheet: Sheet) -> None:
    """Header captions; a group's caption belongs to its first column."""
    printed = {column.key: column.path for column in sheet.columns}
    owners: dict[tuple[str, ...], str] = {}
    for leaf in match.word.leaves():
        key = leaf.word.key
        path, standard = match.heading.paths.get(key, ()), printed[key]
        for level in range(len(leaf.path)):
            above = leaf.path[: level + 1]
            owner = key if level == len(leaf.path) - 1 else owners.setdefault(above, key)
            if len(path) != len(standard) or owner != key:
                continue
            place = places.column_key(match.word.key, key, level)
            if not found.say(place, path[level], standard[level]):
                found.unread.append(Unread(match.sheet, "", path[level], SHARED))


def _rows(found: _Found, match: Match, body: Body, sheet: Sheet) -> None:
    captions = {
        cell.key: cell.text
        for row in sheet.rows
        for column, cell in zip(sheet.columns, row.cells, strict=True)
        if cell.key and (cell.text if row.total else column.kind is ColumnKind.CAPTION)
    }
    if any(
        isinstance(leaf.word, Field) and leaf.word.kind is ColumnKind.GROUP for leaf in match.word.leaves()
    ):
        return
    # A form prints lines that are numbered as they come without their number.
    lines = match.word.lines() if isinstance(match.word, Table) and is_form(match) else ()
    unnumbered = {line.key: line.caption for line in lines}
    for key, text in body.captions.items():
        if key in captions and not same(text, unnumbered.get(key, "")):
            found.say(places.row_key(match.word.key, key), text, captions[key])


def _notes(found: _Found, match: Match, sheet: Sheet) -> None:
    """Notes below the table, each with the declared note that it is most like."""
    left = dict(enumerate(sheet.notes))
    for text in match.notes:
        index = max(left, key=lambda i: likeness(left[i], text), default=-1)
        if index < 0 or likeness(left[index], text) < ALIKE:
            found.unread.append(Unread(match.sheet, "", text, NO_NOTE))
        else:
            found.say(places.note_key(match.word.key, index), text, left.pop(index))

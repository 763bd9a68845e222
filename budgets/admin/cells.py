"""What the page of an entry grid is made of: cells, rows, and the page itself."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField

from budgets.admin.entry_grids import Grid
from budgets.admin.rows import GridFormSet, RowForm
from budgets.domain.documents import Column, ColumnKind, HeadCell, header_grid

MONEY = {ColumnKind.AMOUNT, ColumnKind.NUMBER}


@dataclass(slots=True)
class GridCell:
    """One cell on the page: an input, or a derived text."""

    text: str = ""
    bound: BoundField | None = None
    name: bool = False  # names its row
    number: bool = False
    theirs: str | None = None  # what somebody else saved here meanwhile
    note: str = ""  # beside the text: an unknown code, a code to be checked
    scheme: str = ""  # this cell shows the name of the code typed in its row
    column: str = ""  # the key of its column
    marked: bool = False  # a link pointed it out

    @property
    def invalid(self) -> bool:
        return bool(self.bound and self.bound.errors)


@dataclass(slots=True)
class GridRow:
    """One row on the page; `form` is None for a derived one."""

    cells: list[GridCell]
    level: int = 3
    total: bool = False
    form: RowForm | None = None
    key: str = ""
    mark: str = ""  # why a link pointed it out
    was: str = ""  # last year's amount
    link: dict[str, str] | None = None  # where more of it is typed
    likeness: Any = None  # whether it compares with this year's, where codes changed; see `last_year`

    @property
    def label(self) -> str:
        """What the row is called in a message."""
        names = [cell.text for cell in self.cells if cell.name and cell.text]
        return names[0] if names else self.key


@dataclass(slots=True)
class GridPage:
    """Everything the page of one grid shows."""

    grid: Grid
    title: str
    unit: str
    columns: list[Column]
    formset: GridFormSet
    rows: list[GridRow] = field(default_factory=list)
    absent: list[Any] = field(default_factory=list)  # rows that a link pointed out and that are not there
    blank: GridRow | None = None  # the row that is added by typing on; None where the rows are given
    words: dict[str, list[str]] = field(default_factory=dict)  # offered while typing, by field
    sums: dict[str, Any] = field(default_factory=dict)  # see `live_sums`
    last: Any = None  # see `last_year`
    lead_to: str = ""  # head of the column with the rows' links

    @property
    def sums_as_json(self) -> str:
        return json.dumps(self.sums, ensure_ascii=False)

    @property
    def head(self) -> list[list[tuple[HeadCell, bool]]]:
        """The header rows; with each cell, whether it heads numbers."""
        return [
            [(cell, cell.leaf and self.columns[cell.column].kind in MONEY) for cell in line]
            for line in header_grid(tuple(self.columns))
        ]

    @property
    def wide(self) -> bool:
        """True for so many columns, last year's two among them, that the page gives them all its width."""
        return len(self.columns) + (2 if self.last else 0) > 7

    @property
    def depth(self) -> int:
        return len(self.head)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(label of the input, message) of every refused cell, in page order."""
        found = [("", str(message)) for message in self.formset.non_form_errors()]
        for row in self.rows:
            if row.form:
                found += [(row.label, str(message)) for message in row.form.non_field_errors()]
            for cell in row.cells:
                if cell.bound:
                    found += [
                        (cell.bound.field.widget.attrs["aria-label"], str(m)) for m in cell.bound.errors
                    ]
        return found

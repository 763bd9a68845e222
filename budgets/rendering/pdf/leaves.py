"""A table ready to be set on paper: its plan, its head and body cells with their styles."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from budgets.domain.documents import ColumnKind, HeadCell, Sheet, header_grid
from budgets.rendering.pdf.measure import EMPTY_ROWS, Plan, balance, pad
from budgets.rendering.sheet_layout import Layout, Printed, attributes


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sheet ready to be set. `follows` puts it on the page of the one before it; `marked` are the addresses of the cells, by row
    and column, that the text leads to."""

    sheet: Sheet
    layout: Layout
    plan: Plan
    heading: int
    anchor: str
    follows: bool = False
    marked: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """表1; blank for an annex table."""
        return f"表{self.sheet.number}" if self.sheet.number else ""

    @property
    def bookmark(self) -> str:
        return f"{self.label} {self.sheet.title}".strip()

    @property
    def classes(self) -> str:
        kind = "leaf" if self.sheet.number else "annex"
        size = "single" if self.plan.single else "long"
        return f"{kind} {self.plan.paper.name} {size}{' follows' if self.follows else ''}"

    @property
    def style(self) -> str:
        return f"font-size:{self.plan.size:g}pt;line-height:{self.plan.pitch:g}pt"

    @property
    def widths(self) -> list[str]:
        return [f"{width:g}pt" for width in self.plan.widths]

    @property
    def head(self) -> list[list[tuple[HeadCell, str]]]:
        """The header rows, each cell with its style."""
        return [
            [(cell, self.evened(cell.text, cell.column, cell.colspan, centred=True)) for cell in row]
            for row in header_grid(self.sheet.columns)
        ]

    @property
    def body(self) -> list[tuple[str, list[tuple[Printed, str]]]]:
        """The body rows as (classes, cells), each cell with its style; a cell that one above covers is left out."""
        return [
            (
                line.classes,
                [
                    (
                        self.at(cell, row, column),
                        self.evened(cell.text, column, 1, centred=self.is_group(column)),
                    )
                    for column, cell in enumerate(line.cells)
                    if cell
                ],
            )
            for row, line in enumerate(self.layout.body)
        ]

    def at(self, cell: Printed, row: int, column: int) -> Printed:
        """The cell with its address, if the text leads to it."""
        address = self.marked.get((row, column))
        return replace(cell, attributes=cell.attributes + attributes(id=address)) if address else cell

    def is_group(self, column: int) -> bool:
        return self.sheet.columns[column].kind == ColumnKind.GROUP

    def evened(self, text: str, column: int, span: int, *, centred: bool) -> str:
        """The padding that makes the lines of a wrapped cell equally long; blank when it takes one line."""
        width = sum(self.plan.widths[column : column + span])
        spare = balance(text, self.plan.size, width, pad(self.sheet))
        side = pad(self.sheet) / 2 - 0.5
        if not spare:
            return ""
        if centred:
            return f"padding-left:{side + spare / 2:.1f}pt;padding-right:{side + spare / 2:.1f}pt"
        return f"padding-right:{side + spare:.1f}pt"

    @property
    def blank_rows(self) -> range:
        """The ruled rows of an empty table (空表列示)."""
        return range(0 if self.sheet.rows else EMPTY_ROWS)

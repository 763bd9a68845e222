"""The one django-tables2 table that prints every sheet: its columns come from the layout, its cells are ready."""

from inspect import signature
from typing import Any

import django_tables2 as tables2
from django.utils.safestring import SafeString, mark_safe

from budgets.rendering.html.list_table import ListColumn
from budgets.rendering.sheet_layout import Layout, Line, Printed


class PrintedColumn(ListColumn):
    """Hands a laid-out cell to the template as it is; None where a cell above reaches down."""

    empty_values = ()

    def render(self, value: Printed | None) -> Printed | None:
        return value

    def value(self, value: Printed | None) -> str:
        return value.text if value else ""


# The library asks for it at every cell; found once, a page with thousands of them costs a sixth less.
vars(PrintedColumn.render)["__signature__"] = signature(PrintedColumn.render)


class StatutoryTable(tables2.Table):  # type: ignore[misc] # the library has no types
    """A sheet as django-tables2 sees it; `lines` gives the body rows their classes."""

    class Meta:
        template_name = "tables/statutory.html"
        orderable = False

    def __init__(self, layout: Layout, *, heading: int, anchor: str) -> None:
        self.layout, self.heading, self.anchor = layout, heading, anchor
        columns = [
            (f"c{index}", PrintedColumn(" ".join(column.path), accessor=f"c{index}"))
            for index, column in enumerate(layout.columns)
        ]
        super().__init__([record(line) for line in layout.body], extra_columns=columns)


def record(line: Line) -> dict[str, Any]:
    return {"classes": line.classes} | {f"c{index}": cell for index, cell in enumerate(line.cells)}


def table_html(layout: Layout, *, heading: int = 3, anchor: str = "") -> SafeString:
    """The sheet as a `<table>` whose caption is a heading of that level with the id `anchor`."""
    html: str = StatutoryTable(layout, heading=heading, anchor=anchor).as_html(None)
    return mark_safe(html)  # noqa: S308

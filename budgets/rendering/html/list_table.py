"""Lists that people put in order and leaf through by plain links: django-tables2 sorts, pages and draws them."""

from collections.abc import Iterable
from typing import Any

import django_tables2 as tables2
from django.core.paginator import Paginator
from django.http import HttpRequest

PER_PAGE = 60


class ListColumn(tables2.Column):  # type: ignore[misc] # the library has no types
    """A column whose cells a subclass draws."""


class ListTable(tables2.Table):  # type: ignore[misc] # the library has no types
    """Rows in the order that the query asks for, PER_PAGE of them at a time, or `most` where a subclass says so.

    `?sort=total` orders by the column of that name, `?sort=-total` the other way round; blanks come last in both.
    `?page=2` is the second page. What names no column or no page changes nothing: the order is then the one
    that the rows came in. A subclass names its columns, and a template that draws a row.
    """

    most = 0
    ordinarily = ""  # the order of a list that nobody sorted

    def __init__(self, rows: Iterable[object], request: HttpRequest, kept: str = "", **more: Any) -> None:
        """`kept` is the part of the address that the links of order and pages keep: `only=late`; `more` is the library's."""
        self.kept = f"{kept}&" if kept else ""
        sort = request.GET.get("sort", "").partition(",")[0]
        super().__init__(list(rows), order_by=sort or self.ordinarily, **more)
        for column in self.columns:
            if column.is_ordered:
                accessor = column.accessor
                self.data.data.sort(key=lambda row: accessor.resolve(row, quiet=True) in (None, ""))
        self.paginator = Paginator(self.rows, self.most or PER_PAGE)
        self.page = self.paginator.get_page(request.GET.get("page"))

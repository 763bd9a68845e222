"""Lists that people put in order and leaf through by plain links: django-tables2 sorts, pages and draws them."""

from collections.abc import Iterable

import django_tables2 as tables2
from django.core.paginator import Paginator
from django.http import HttpRequest

PER_PAGE = 60


class ListTable(tables2.Table):  # type: ignore[misc] # the library has no types
    """Rows in the order that the query asks for, PER_PAGE of them at a time, or `most` where a subclass says so.

    `?sort=total` orders by the column of that name, `?sort=-total` the other way round; blanks come last in both.
    `?page=2` is the second page. What names no column or no page changes nothing: the order is then the one
    that the rows came in. A subclass names its columns, and a template that draws a row.
    """

    most = 0

    def __init__(self, rows: Iterable[object], request: HttpRequest, kept: str = "") -> None:
        """`kept` is the part of the address that the links of order and pages keep: `only=late`."""
        self.kept = f"{kept}&" if kept else ""
        super().__init__(list(rows), order_by=request.GET.get("sort", "").partition(",")[0])
        for column in self.columns:
            if column.is_ordered:
                accessor = column.accessor
                self.data.data.sort(key=lambda row: accessor.resolve(row, quiet=True) in (None, ""))
        self.paginator = Paginator(self.rows, self.most or PER_PAGE)
        self.page = self.paginator.get_page(request.GET.get("page"))

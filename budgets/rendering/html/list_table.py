"""Lists that people put in order and leaf through by plain links: django-tables2 sorts, pages and draws them."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import django_tables2 as tables2
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2.utils import signature

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
    place = ""  # where on its page the links of order lead, as #name

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

    @property
    def drawn(self) -> Iterator[tuple[object, Callable[[], SafeString]]]:
        """Each row of this page, and what draws its cells; `name` is the head of its row.

        How a column is drawn is looked up once, not for each cell as the library does: of a page of sixty rows that
        was two thirds of the work.
        """
        columns = []
        for each in self.columns:
            tag, kind = "th" if each.name == "name" else "td", each.attrs["td"].get("class")
            scope, own = ' scope="row"' if tag == "th" else "", f' class="{kind}"' if kind else ""
            asked, _ = signature(each.render)
            columns.append((each, frozenset(asked), f"<{tag}{scope}{own}>", f"</{tag}>"))
        for bound in self.paginated_rows:
            yield bound.record, partial(_cells, bound.record, columns)


def linked(address: str, words: str) -> SafeString:
    """A link, as `format_html` writes it in twice the time: a list has hundreds."""
    return mark_safe(f'<a href="{escape(address)}">{escape(words)}</a>')  # noqa: S308 both are escaped


def _cells(row: object, columns: Iterable[tuple[Any, frozenset[str], str, str]]) -> SafeString:
    out = []
    for column, asked, begin, end in columns:
        if asked == {"record"} and not column.column.empty_values:
            cell = column.render(record=row)  # its value is for the order alone
        else:
            value = column.accessor.resolve(row, quiet=True)
            given = {"record": row, "value": value}
            blank = value in column.column.empty_values
            cell = column.default if blank else column.render(**{name: given[name] for name in asked})
        out.append(f"{begin}{cell if isinstance(cell, SafeString) else conditional_escape(cell)}{end}")
    return mark_safe("".join(out))  # noqa: S308 every cell is escaped

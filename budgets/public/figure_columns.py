"""Columns of the lists of departments and years, drawn from the figures of what is public."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.domain.key_figures import MONEY, PIECES, SPENT, Sum, covered
from budgets.domain.law import DISCLOSURE
from budgets.domain.money import in_unit
from budgets.domain.plain_words import as_rate, percent
from budgets.public.list_rows import Row
from budgets.rendering.html.list_table import ListColumn, linked


def classed(kind: str) -> dict[str, dict[str, str]]:
    """The class of a column's head and cells."""
    own = {"class": kind} if kind else {}
    return {"th": own, "td": own}


def money(yuan: Decimal) -> str:
    return f"{in_unit(yuan, '万元'):,.2f}"


class FigureColumn(ListColumn):
    """A figure in 万元 (or pieces), a link to the cell where it stands; the sum says of how many it is."""

    def __init__(self, key: str, sums: Mapping[str, Sum], public: int, *, minor: bool = False) -> None:
        self.key = key
        added = sums.get(key)
        super().__init__(
            MONEY.get(key) or PIECES[key],
            accessor=f"figures__{key}__amount",
            default="",
            initial_sort_descending=True,
            attrs=classed("n minor" if minor else "n"),
        )
        of = f"（{added.of} 个）" if added and added.of < public else ""
        self.total = f"{self.shown(added.amount)}{of}" if added else ""

    def shown(self, amount: Decimal) -> str:
        return f"{amount:,f}" if self.key in PIECES else money(amount)

    def render(self, record: Row, value: Decimal) -> SafeString:
        assert record.entry is not None  # it has a figure
        return linked(f"{record.entry.href}#{record.figures[self.key].at}", self.shown(value))


class ChangeColumn(ListColumn):
    """By how much it spends more than the year before."""

    def __init__(self, total: str) -> None:
        super().__init__(
            "比上年", accessor="change", default="", initial_sort_descending=True, attrs=classed("n")
        )
        self.total = total

    def render(self, record: Row, value: Decimal) -> str:
        now, before = record.compared or (value, Decimal(0))
        return as_rate(value, now - before)


def coverage(rows: Iterable[Row]) -> tuple[Decimal | None, int, int]:
    """What projects with goals may cost at most, in percent of what is spent on projects, by the departments that print both;
    how many they are, of how many. None of none.
    """
    counted = [row for row in rows if row.figures and not row.inside]
    pairs = [pair for row in counted if (pair := covered(row.figures))]
    costs, whole = (sum((pair[n] for pair in pairs), Decimal(0)) for n in (0, 1))
    return percent(costs, whole), len(pairs), len(counted)


class CoverageColumn(ListColumn):
    """Of what is spent on projects how much those with goals may cost at most, of the departments that print both."""

    def __init__(self, rows: Iterable[Row]) -> None:
        super().__init__(
            "占项目支出", accessor="coverage", default="", initial_sort_descending=True, attrs=classed("n")
        )
        share, of, among = coverage(rows)
        self.total = "" if share is None else f"{share}%（{of} 个）" if of < among else f"{share}%"

    def render(self, value: Decimal) -> str:
        return f"{value}%"


class StateColumn(ListColumn):
    """When it was published, in which version, or that it was not."""

    def __init__(self, *, minor: bool) -> None:
        super().__init__(
            "公开情况",
            accessor="entry__published_on",
            empty_values=(),
            attrs=classed("minor" if minor else ""),
        )

    def render(self, record: Row) -> SafeString:
        one = record.entry
        if one is None:
            return format_html('<span class="state">{}</span>', "尚未公开")
        mark = ("gone", "已撤回") if one.withdrawn else ("done", "已公开")
        again = f" 第 {one.revision} 版（更正）" if one.revision > 1 and not one.withdrawn else ""
        return format_html(
            '<span class="state {}">{}</span><small>{}</small> <time datetime="{}">{}</time>{}',
            *mark, again, one.published_on.isoformat(), one.published_on.isoformat(), "公开" if one.withdrawn else "",
        )  # fmt: skip


class DaysColumn(ListColumn):
    """How many days after its approval it was published, and whether that was in time."""

    def __init__(self, *, minor: bool) -> None:
        super().__init__(
            "批复后公开", accessor="entry__days", empty_values=(), attrs=classed("minor" if minor else "")
        )

    def render(self, record: Row) -> SafeString | str:
        one = record.entry
        if one is None:
            return ""
        if one.withdrawn:
            return f"已撤下 {one.withdrawn_on}" if one.withdrawn_on else "已撤下"
        if one.days is None:
            return "没有批复日期"
        late = f"超过{DISCLOSURE.words}日" if one.late else ""
        return format_html(
            "第 {} 天{}", one.days, format_html(' <small class="late">{}</small>', late) if late else ""
        )


class YearColumn(ListColumn):
    """What a department spends in one year, a link to that disclosure."""

    def __init__(self, year: int, total: str, *, minor: bool) -> None:
        super().__init__(
            f"{year}年",
            accessor=f"spent__{year}",
            empty_values=(),
            initial_sort_descending=True,
            attrs=classed("n minor" if minor else "n"),
        )
        self.year, self.total = year, total

    def render(self, record: Row) -> SafeString | str:
        one = record.years.get(self.year)
        if one is None:
            return ""
        figure = one.figures.get(SPENT)
        words = "已撤回" if one.withdrawn else money(figure.amount) if figure else "已公开"
        return linked(one.href, words)

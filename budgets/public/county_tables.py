"""The lists of departments that citizens sort and leaf through: those of a county, of one year, and one department's years."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import Column

from budgets.domain.key_figures import EVERY, SPENT, THREE_PUBLIC, USES, Sum
from budgets.public.figure_columns import ChangeColumn, CoverageColumn, DaysColumn, FigureColumn, StateColumn
from budgets.public.list_rows import Row
from budgets.public.lists import Entry
from budgets.rendering.html.list_table import ListTable, linked


class DepartmentTable(ListTable):
    """Departments by code, unless a column is asked for."""

    code = Column("编码", attrs={"th": {"class": "code minor"}, "td": {"class": "code minor"}})
    name = Column("部门", order_by="spoken")

    class Meta:
        attrs = {"class": "plain"}
        empty_text = "还没有登记部门。"


def summed(columns: list[tuple[str, Column]]) -> list[tuple[str, str]]:
    """What stands below each column: its class and the sum, blank where nothing adds up; nothing where no column does."""
    found = [(column.attrs["td"].get("class", ""), getattr(column, "total", "")) for _, column in columns]
    return found if any(total for _, total in found) else []


def unadded(one: Entry) -> str:
    """What stands beside a disclosure of which lists know no figure; blank beside every other."""
    return "" if one.figures or one.withdrawn else "没有可以相加的数"


class CountyTable(DepartmentTable):
    """The departments of a county and what each spends, a column a year."""

    caption = "各部门支出（万元）"

    class Meta(DepartmentTable.Meta):
        template_name = "tables/year.html"

    def __init__(self, rows: list[Row], request: HttpRequest, years: list[tuple[str, Column]]) -> None:
        self.sums = summed(years)
        super().__init__(rows, request, extra_columns=years)

    def render_name(self, record: Row) -> SafeString:
        return linked(record.href, record.name)


class YearTable(DepartmentTable):
    """The departments of a county in one year: one look at them (`looks`), and the sum below."""

    place = "#look"

    class Meta(DepartmentTable.Meta):
        template_name = "tables/year.html"
        empty_text = "没有这样的部门。"

    def __init__(
        self,
        rows: list[Row],
        request: HttpRequest,
        kept: str,
        look: "Look",
        columns: list[tuple[str, Column]],
    ) -> None:
        self.caption, self.ordinarily = look.caption, look.sort
        self.sums = summed(columns)
        super().__init__(rows, request, kept, extra_columns=columns)

    def render_name(self, record: Row) -> SafeString:
        """The name leads to what is public, or to the department; what keeps it from the sum stands beside it."""
        one = record.entry
        state = unadded(one) if one and not one.withdrawn else "已撤回" if one else "尚未公开"
        told = state or (f"在{record.inside}内" if record.inside else "")
        link = linked(one.href if one else record.href, record.name)
        return format_html("{} <small>{}</small>", link, told) if told else link


class OwnTable(ListTable):
    """One department's years, the latest first."""

    caption = "历年公开（金额：万元）"
    name = Column("公开内容", orderable=False)

    class Meta:
        attrs = {"class": "plain"}
        template_name = "tables/year.html"

    def render_name(self, record: Row) -> SafeString:
        assert record.entry is not None  # a row for each that was published
        link, told = linked(record.entry.href, record.name), unadded(record.entry)
        return format_html("{} <small>{}</small>", link, told) if told else link


@dataclass(frozen=True)
class Look:
    """One way to look at a year: its name, what the table is called, its columns, and how it is sorted unless asked."""

    label: str
    caption: str
    columns: tuple[str, ...]
    sort: str


LOOKS: dict[str, Look] = {
    "": Look("支出", "各部门支出（万元）", (SPENT, "change", "three_public", "days"), f"-{SPENT}"),
    "parts": Look("人员、公用、项目", "人员、公用和项目（万元）", ("basic", *USES), "-basic"),
    "three_public": Look("“三公”", "“三公”经费（万元）", ("three_public", *THREE_PUBLIC, "cars"), "-three_public"),
    "revenue": Look("收入", "收入（万元）", ("total_resources", "fiscal_appropriation", SPENT), "-total_resources"),
    "holdings": Look("采购和资产", "机关运行、采购和资产（万元）", ("agency_running_costs", "procurement", "assets", "cars"), "-assets"),
    "goals": Look("绩效目标", "项目和绩效目标（万元）", ("project", "goals", "goal_costs", "coverage"), "-project"),
    "time": Look("公开早晚", "公开时间（金额：万元）", ("published", "days", "total_resources"), "days"),
}  # fmt: skip
OWN = (SPENT, "change", "three_public", "days", "published")


def columns(
    keys: tuple[str, ...], rows: list[Row], sums: Mapping[str, Sum], public: int, change: str
) -> list[tuple[str, Column]]:
    """The columns of a look, in order, each with its sum; but for the first, one that no row has a figure for is left out."""
    others = {
        "change": ChangeColumn(change), "coverage": CoverageColumn(rows), "days": DaysColumn(minor=keys[0] != "published"),
        "published": StateColumn(minor=keys[0] != "published"),
    }  # fmt: skip
    # On a phone what stands beside a change has a look, or a picture, of its own.
    return [
        (key, others.get(key) or FigureColumn(key, sums, public, minor="change" in keys and key != SPENT))
        for n, key in enumerate(keys)
        if not n or _told(key, rows)
    ]


def _told(key: str, rows: list[Row]) -> bool:
    if key in EVERY:
        return any(key in row.figures for row in rows)
    return key not in ("change", "coverage") or any(getattr(row, key) is not None for row in rows)

"""The lists of departments that citizens sort and leaf through: those of a county, and those of one year."""

from dataclasses import dataclass, replace

from django_tables2 import Column

from budgets.domain.law import DISCLOSURE
from budgets.domain.name_order import spoken
from budgets.public.lists import Entry
from budgets.rendering.html.list_table import ListTable


@dataclass(frozen=True, slots=True)
class Row:
    """A department with one disclosure of its own, if it has one."""

    href: str
    code: str
    name: str
    entry: Entry | None = None

    @property
    def spoken(self) -> bytes:
        """What the name sorts by."""
        return spoken(self.name)

    def with_each(self, entries: list[Entry]) -> list["Row"]:
        """A row for each disclosure; the row as it is when there is none."""
        return [replace(self, entry=entry) for entry in entries] or [self]


class DepartmentTable(ListTable):
    """Departments by code, unless a column is asked for."""

    code = Column("编码", attrs={"th": {"class": "code minor"}})
    name = Column("部门", order_by="spoken")
    total = Column("收入总计（万元）", accessor="entry__total", attrs={"th": {"class": "n"}})

    class Meta:
        attrs = {"class": "plain"}
        empty_text = "还没有登记部门。"


class CountyTable(DepartmentTable):
    """The departments of a county with what each published for its latest year."""

    caption = "部门"
    year = Column("最近公开", accessor="entry__year")

    class Meta(DepartmentTable.Meta):
        template_name = "tables/county.html"
        sequence = ("code", "name", "year", "total")


class YearTable(DepartmentTable):
    """The departments of a county with when each published in one year."""

    caption = "各部门"
    law = DISCLOSURE
    published = Column("公开情况", accessor="entry__published_on")
    days = Column("批复后公开", accessor="entry__days", attrs={"th": {"class": "minor"}})

    class Meta(DepartmentTable.Meta):
        template_name = "tables/year.html"
        sequence = ("code", "name", "published", "days", "total")

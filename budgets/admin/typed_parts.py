"""What each page of a disclosure types, as rows that can be compared: grids, chapters, basic data, goals, words."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet, TextField

from budgets.admin.editing import Part, Table
from budgets.admin.entry_grids import GOALS
from budgets.admin.grid_layout import Layout
from budgets.admin.rows import fields_of, same
from budgets.domain.row_changes import Row
from budgets.domain.tables import TableSet
from budgets.models import Disclosure, Goal, Indicator
from budgets.models.fields import NumberField, OptionalAmountField

BASICS = ("approved_on", "contact", "narrative_title", "lead", "assets_as_of", "states_no_money")
GOAL = ("project", "goals")
INDICATOR = ("dimension", "aspect", "name", "description", "comparator", "value", "unit", "basis")
CHAPTER = ("title", "text")


def spelled(value: Any) -> str:
    """A value as text, alike for alike: zero and blank are the same, 1.0 and 1 are, and so are line ends."""
    if same(value) is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n")


def row_of(values: dict[str, Any]) -> Row:
    """The fields that are not blank."""
    return {name: text for name, value in values.items() if (text := spelled(value))}


def rows_of(rows: QuerySet[Any], names: Iterable[str]) -> list[Row]:
    """The rows in their order."""
    return [row_of(values) for values in rows.values(*names)]


def grid_rows(layout: Layout, rows: Iterable[Model]) -> list[Row]:
    """The rows of a grid, saved or not: what names its row stands in order; a given row without anything says nothing."""
    grid = layout.grid
    names = dict.fromkeys([*([grid.row] if grid.row else []), *(t.field.name for t in layout.typed.values())])
    told = [row_of({name: getattr(row, name) for name in names}) for row in rows]
    if grid.fixed_rows:
        told = [row for row in told if len(row) > 1]
    return sorted(told, key=lambda row: row.get(grid.row, "")) if grid.row else told


def labelled(model: type[Model], names: Iterable[str], unit: str = "") -> dict[str, tuple[str, str]]:
    """The fields' labels, amounts with the unit they are typed in."""
    fields = {name: fields_of(model)[name] for name in names}
    return {
        name: (str(found.verbose_name), unit if isinstance(found, OptionalAmountField) else "")
        for name, found in fields.items()
    }


def grid_part(layout: Layout, goal: Goal | None) -> Part:
    """The rows of a grid; above the indicators of a goal, what the goal itself says."""
    grid = layout.grid
    if grid.key == GOALS.key:
        return goals_part()
    typed = list(layout.typed.values())
    unit = layout.table_set.unit
    fields = {
        t.field.name: (t.label, unit if isinstance(t.field, OptionalAmountField) else "") for t in typed
    }
    captions = dict(layout.lines())
    telling = [
        t.field.name
        for t in typed
        if not isinstance(t.field, OptionalAmountField | NumberField | TextField) and not t.field.choices
    ][:2]

    def read(disclosure: Disclosure) -> list[Row]:
        owner: dict[str, Any] = {"goal": goal} if goal else {"disclosure": disclosure}
        return grid_rows(layout, grid.model._default_manager.filter(**owner, **dict(grid.fixed)))

    def name(row: Row, place: int) -> str:
        if grid.fixed_rows:
            return captions.get(row[grid.row], row[grid.row])
        if grid.scheme:
            code = row.get(grid.row, "")
            return f"{code} {layout.subjects.name(code, grid.scheme)}" if code else "（无编码）"
        return " ".join([f"第 {place + 1} 行", *(row[n] for n in telling if n in row)])

    if goal is None:
        return Part(grid.key, grid.label, (Table(read, fields, name, grid.row),))

    def itself(disclosure: Disclosure) -> list[Row]:
        return rows_of(Goal.objects.filter(pk=goal.pk), GOAL)

    tables = (Table(read, fields, name), Table(itself, labelled(Goal, GOAL)))
    return Part(f"goal-{goal.pk}", f"绩效指标（{goal.project}）", tables)


def basics_part(table_set: TableSet, *, agency: bool) -> Part:
    """The basic data, in one row."""
    names = (*BASICS, *(("agency_running_costs",) if agency else ()))

    def read(disclosure: Disclosure) -> list[Row]:
        return rows_of(Disclosure.objects.filter(pk=disclosure.pk), names)

    return Part("basics", "基本信息", (Table(read, labelled(Disclosure, names, table_set.unit)),))


def chapter_part(key: str, title: str) -> Part:
    """One chapter, in one row; none while it was never written."""

    def read(disclosure: Disclosure) -> list[Row]:
        return rows_of(disclosure.narratives.filter(key=key), CHAPTER)

    fields = {"title": ("标题", ""), "text": ("正文", "")}
    return Part(f"chapter-{key}", f"情况说明“{title}”", (Table(read, fields),))


def goals_part() -> Part:
    """The projects that have goals, in order; the indicators that went with one are told, too."""

    def projects(disclosure: Disclosure) -> list[Row]:
        return rows_of(disclosure.goals.all(), ("pk", "project"))

    def indicators(disclosure: Disclosure) -> list[Row]:
        rows = Indicator.objects.filter(goal__disclosure=disclosure).order_by(
            "goal__position", "goal", "position"
        )
        return rows_of(rows, ("pk", *INDICATOR))

    def called(row: Row, place: int) -> str:
        return row.get("name", f"第 {place + 1} 行")

    return Part(
        GOALS.key,
        GOALS.label,
        (
            Table(projects, {"project": ("项目", "")}, _place, "pk"),
            Table(indicators, labelled(Indicator, INDICATOR), called, "pk", "绩效指标", guarded=False),
        ),
    )


def wording_part() -> Part:
    """The captions that differ from the standard, by their places."""

    def read(disclosure: Disclosure) -> list[Row]:
        return rows_of(disclosure.wordings.all(), ("place", "caption"))

    return Part("wording", "表中用语", (Table(read, {"caption": ("用语", "")}, key="place"),))


def given_part() -> Part:
    """Whether the tables print as they were published."""

    def read(disclosure: Disclosure) -> list[Row]:
        given = Disclosure.objects.filter(pk=disclosure.pk).exclude(given="").exists()
        return [{"given": "照录原件" if given else "由明细推算"}]

    return Part("given", "照录的报表", (Table(read, {"given": ("报表", "")}),))


def explanations_part() -> Part:
    """The department's words on warnings, by their findings."""

    def read(disclosure: Disclosure) -> list[Row]:
        names = ("finding_key", "message", "text")
        return [
            row_of({name: getattr(row, name) for name in names})
            | {"public": "公布" if row.public else "不公布"}
            for row in disclosure.explanations.all()
        ]

    def name(row: Row, place: int) -> str:
        return f"“{row.get('message', '')}”"

    fields = {"text": ("说明", ""), "public": ("随公开件", "")}
    return Part("explain", "检查说明", (Table(read, fields, name, "finding_key"),))


def _place(row: Row, place: int) -> str:
    return f"第 {place + 1} 行"

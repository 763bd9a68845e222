"""The pages of a disclosure in the order of the work: each leads on to the next, the last to the task list."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import grids_of, has_goals
from budgets.admin.entry_grids import GOALS
from budgets.models import Disclosure
from budgets.models.lines import Line


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page to turn to; `key` is that of the part which is typed there, `measure` what one says of it: 下一张, 下一章."""

    key: str
    measure: str
    title: str
    url: str

    def link(self, way: str) -> dict[str, str]:
        return {"url": self.url, "label": f"{way}一{self.measure}：{self.title}"}


def chapter_titles(disclosure: Disclosure) -> dict[str, str]:
    """Key and title of every chapter in printed order: those of the set first, then others that were taken in."""
    typed = dict(disclosure.narratives.order_by("position", "id").values_list("key", "title"))
    declared = {word.key: word.title for word in tablesets.get(disclosure.table_set).chapters}
    return {**{key: typed.get(key, title) for key, title in declared.items()}, **typed}


def leaves(disclosure: Disclosure) -> Iterator[Leaf]:
    """Basic data, tables, goals, chapters, and the task list, where warnings are explained and 提交 stands.

    Tables that print as they were published are left out: they are not typed.
    """

    def leaf(key: str, measure: str, title: str, page: str, *place: object) -> Leaf:
        address = reverse(f"admin:budgets_disclosure_{page}", args=[disclosure.pk, *place])
        return Leaf(key, measure, title, address)

    table_set = tablesets.get(disclosure.table_set)
    yield leaf("basics", "页", "基本信息", "basics")
    for grid in grids_of(table_set).values():
        if not (disclosure.given and issubclass(grid.model, Line)):
            yield leaf(grid.key, "张", grid.label, "enter", grid.key)
    if has_goals(table_set):
        yield leaf(GOALS.key, "张", GOALS.label, "goals")
        for goal in disclosure.goals.all():
            yield leaf(f"goal-{goal.pk}", "个项目", goal.project, "goal", goal.pk)
    for key, title in chapter_titles(disclosure).items():
        yield leaf(f"chapter-{key}", "章", title, "chapter", key)
    yield leaf("hub", "步", "任务清单", "change")


def turns(disclosure: Disclosure, key: str) -> dict[str, dict[str, str] | None]:
    """Links `before` and `after` the page on which a part is typed; None where there is none, or no such page."""
    before = None
    pages = leaves(disclosure)  # no further than is needed: goals and chapters are asked of the database
    for page in pages:
        if page.key == key:
            after = next(pages, None)
            return {
                "before": before.link("上") if before else None,
                "after": after.link("下") if after else None,
            }
        before = page
    return {"before": None, "after": None}

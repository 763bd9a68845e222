"""The rows of the list of goal tables: each holds indicators that its page does not show, so it is never replaced."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Count, Model
from django.urls import reverse

from budgets.admin.autosave import KEPT
from budgets.admin.cells import GridPage
from budgets.admin.editing import Edit
from budgets.admin.entry import RowKeeping
from budgets.admin.grid_layout import Layout
from budgets.admin.rows import GridFormSet
from budgets.models import Disclosure, Goal
from budgets.workflow.goals_of_projects import make_goals, untouched


class GoalRows(RowKeeping):
    """The goal tables of a disclosure: renamed, put in order, added, removed, made of projects.

    `making` are the names of projects to make tables of besides (None: of all that have none), `undoing` the keys of
    tables to remove again if nobody filled anything in; what was done of it stands in `made`, `undone` and `filled`.
    """

    def __init__(
        self,
        disclosure: Disclosure,
        *,
        make: bool = False,
        making: Sequence[str] | None = None,
        undoing: Sequence[int] = (),
    ) -> None:
        self.disclosure, self.make, self.making, self.undoing = disclosure, make, making, undoing
        self.made: list[Goal] = []
        self.undone: list[str] = []
        self.filled: list[str] = []

    def check(self, formset: GridFormSet, existing: Sequence[Model], *, by_itself: bool) -> None:
        """A table keeps a name; what holds something is not removed by a page that saves by itself."""
        held = {
            goal.pk: goal.n
            for goal in self.disclosure.goals.annotate(n=Count("indicators"))
            if goal.n or goal.goals
        }
        formset.is_valid()
        for form, goal in zip(formset.forms, existing, strict=False):
            data = getattr(form, "cleaned_data", {})
            if data.get("DELETE"):
                if by_itself and goal.pk in held:
                    words = f"“{goal}”的目标表填过内容（{held[goal.pk]} 条指标），没有自动删去；确实不要的，请按“保存”。"
                    form.add_error(None, ValidationError(words, code=KEPT))
            elif not form.errors and not data.get("project"):
                form.add_error("project", f"请填写项目名称（原为“{goal}”）；不要这张目标表的，请删去这一行。")

    def replace(
        self,
        edit: Edit,
        layout: Layout,
        formset: GridFormSet,
        goal: Goal | None,
        saved: Sequence[Model] | None = None,
    ) -> None:
        """The list becomes what was typed; tables that stay keep their goals and indicators."""
        goals = list(edit.disclosure.goals.all())
        for form, one in zip(formset.initial_forms, goals, strict=False):
            if getattr(form, "cleaned_data", {}).get("DELETE") and not form.errors:
                one.delete()
        rows = formset.typed_rows(saved)
        stay = [goals[n] if n is not None and n < len(goals) else None for n in formset.origins(rows)]
        for position, (old, (_, values)) in enumerate(zip(stay, rows, strict=True), 1):
            one = old or Goal(disclosure=edit.disclosure)
            if old is None or (one.position, one.project) != (position, values["project"]):
                one.position, one.project = position, values["project"]
                one.save()
        if self.make:
            self.made = make_goals(edit.disclosure, self.making)
            if self.made:
                edit.message = f"绩效目标：为 {len(self.made)} 个项目建了目标表"
        if self.undoing:
            self._undo(edit)

    def _undo(self, edit: Edit) -> None:
        asked = edit.disclosure.goals.filter(pk__in=self.undoing)
        bare = untouched(edit.disclosure, self.undoing)
        self.filled = [one.project for one in asked if one not in bare]
        self.undone = [one.project for one in bare]
        for one in bare:
            one.delete()
        if bare:
            edit.message = f"绩效目标：撤销了 {'、'.join(f'“{name}”' for name in self.undone)} 的目标表"

    def dress(self, page: GridPage, saved: Sequence[Model]) -> None:
        """Each saved row leads to the page of its goals and indicators."""
        page.lead_to = "目标和指标"
        counts = dict(self.disclosure.goals.annotate(n=Count("indicators")).values_list("pk", "n"))
        typed = [row for row in page.rows if row.form is not None]
        for row, goal in zip(typed, saved, strict=False):
            if goal.pk in counts:
                n = counts[goal.pk]
                row.link = link_to(self.disclosure, goal, f"{n} 条指标" if n else "还没有指标")
                row.link["name"] = f"“{goal}”的目标和指标（{n} 条）"


def link_to(disclosure: Disclosure, goal: Model, label: str) -> dict[str, str]:
    """A link to the page of one goal table."""
    return {"url": reverse("admin:budgets_disclosure_goal", args=[disclosure.pk, goal.pk]), "label": label}

"""The pages of the goal tables: their list, and each with its indicators."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.admin.base import FORM, object_view
from budgets.admin.chapter_pages import ChapterPages
from budgets.admin.declaring import has_goals
from budgets.admin.editing import Edit
from budgets.admin.entry_grids import INDICATORS
from budgets.admin.goal_coverage import coverage
from budgets.admin.typed_parts import GOAL, goals_part
from budgets.admin.word_pages import form_class
from budgets.models import Disclosure, Goal


class GoalRow(forms.Form):
    """One goal table in the list."""

    project = forms.CharField(
        label="项目名称", required=False, max_length=200, widget=forms.TextInput({"list": "project-names"})
    )


class GoalPages(ChapterPages):
    """绩效目标表 of a disclosure."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/goals/", self.goals_view, "goals"),
            self.page("<int:object_id>/goals/<int:goal_id>/", self.goal_view, "goal"),
        ]

    @object_view(*FORM)
    def goals_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """The list of goal tables: add one, put them in order, remove some; 404 when the set prints none."""
        if not has_goals(tablesets.get(disclosure.table_set)):
            raise Http404
        goals = list(disclosure.goals.all())
        kind = forms.formset_factory(
            GoalRow, extra=3, can_delete=True, can_order=True, max_num=200, absolute_max=200
        )
        initial = [{"project": goal.project} for goal in goals]
        formset = kind(request.POST or None, initial=initial, prefix="goals", auto_id="")
        for n, row in enumerate(formset.forms, 1):
            for name, label in (("project", "项目名称"), ("ORDER", "顺序"), ("DELETE", "删除")):
                row.fields[name].widget.attrs |= {"aria-label": f"第{n}行 {label}", "class": name.lower()}
        valid = request.method == "POST" and formset.is_valid()

        def save(edit: Edit) -> None:
            kept = 0
            for row in formset.ordered_forms:
                index = formset.forms.index(row)
                goal = goals[index] if index < len(goals) else Goal(disclosure=disclosure)
                goal.project = row.cleaned_data.get("project", "")
                if goal.project:
                    kept += 1
                    goal.position = kept
                    goal.save()
            for index, row in enumerate(formset.forms[: len(goals)]):
                if row.cleaned_data.get("DELETE"):
                    goals[index].delete()

        return self.save_page(
            request,
            disclosure,
            goals_part(),
            valid,
            save,
            "admin/disclosure/goals.html",
            title="绩效目标",
            coverage=coverage(ledgers.read(disclosure), tablesets.get(disclosure.table_set).unit),
            unit=tablesets.get(disclosure.table_set).unit,
            names=[row.name for row in disclosure.projects.all()],
            formset=formset,
            rows=[(row, goals[n] if n < len(goals) else None) for n, row in enumerate(formset.forms)],
        )

    @object_view(*FORM)
    def goal_view(self, request: HttpRequest, disclosure: Disclosure, goal_id: int) -> HttpResponse:
        """One goal table with its indicators; 404 for a goal of another disclosure."""
        goal = disclosure.goals.filter(pk=goal_id).first()
        if goal is None or not has_goals(tablesets.get(disclosure.table_set)):
            raise Http404
        form = form_class(Goal, GOAL)(request.POST or None, instance=goal)

        return self.grid_view(request, disclosure, INDICATORS, goal, form, title=goal.project)

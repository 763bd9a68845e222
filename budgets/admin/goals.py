"""The pages of the goal tables: their list, and each with its indicators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from budgets import access, tablesets
from budgets import ledger as ledgers
from budgets.admin.base import FORM, object_view
from budgets.admin.beside_pages import found_beside
from budgets.admin.chapter_pages import ChapterPages
from budgets.admin.declaring import has_goals
from budgets.admin.entry_grids import GOALS, INDICATORS
from budgets.admin.goal_coverage import coverage
from budgets.admin.goal_rows import GoalRows, link_to
from budgets.admin.typed_parts import GOAL
from budgets.admin.word_pages import form_class
from budgets.models import Disclosure, Goal
from budgets.workflow.goals_of_projects import projects_without_goals, untouched

MAKE_ALL, MAKE, UNDO = "make-all", "make", "undo"  # names of the buttons besides 保存
MADE = "made"  # in the address: the keys of the tables that were made just before


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
        """The list of goal tables: add one, put them in order, remove some, make those of projects that have none.

        404 when the set prints none. What was made can be undone from the page that follows.
        """
        if not has_goals(tablesets.get(disclosure.table_set)):
            raise Http404
        rows = GoalRows(
            disclosure,
            make=MAKE_ALL in request.POST or MAKE in request.POST,
            making=None if MAKE_ALL in request.POST else request.POST.getlist(MAKE),
            undoing=_keys(request.POST.get(UNDO, "")),
        )
        answer = self.grid_view(
            request,
            disclosure,
            GOALS,
            rows=rows,
            template="admin/disclosure/goals.html",
            title=GOALS.label,
            **self._beside_goals(request, disclosure),
        )
        if rows.made:
            answer["Location"] = f"{request.path}?{MADE}={','.join(str(goal.pk) for goal in rows.made)}"
        if rows.filled:
            messages.warning(
                request, f"{'、'.join(f'“{name}”' for name in rows.filled)} 的目标表已经填过，没有删去。"
            )
        return answer

    def _beside_goals(self, request: HttpRequest, disclosure: Disclosure) -> dict[str, Any]:
        """The projects and their goal tables beside each other, the findings, and what was made just before."""
        unit = tablesets.get(disclosure.table_set).unit
        found = coverage(ledgers.read(disclosure), unit)
        goals = {goal.project: goal for goal in reversed(disclosure.goals.all())}
        writable = access.may(request.user, access.May.EDIT, disclosure)
        links = {
            name: link_to(disclosure, goal, "填写" if writable else "查看") for name, goal in goals.items()
        }
        return {
            "here": found_beside(disclosure, GOALS.key),
            "coverage": found,
            "covered": [(row, links.get(row.name)) for row in found.rows],
            "bare": {project.name for project in projects_without_goals(disclosure)},
            "made": untouched(disclosure, _keys(request.GET.get(MADE, ""))),
            "unit": unit,
        }

    @object_view(*FORM)
    def goal_view(self, request: HttpRequest, disclosure: Disclosure, goal_id: int) -> HttpResponse:
        """One goal table with its indicators; 404 for a goal of another disclosure."""
        goal = disclosure.goals.filter(pk=goal_id).first()
        if goal is None or not has_goals(tablesets.get(disclosure.table_set)):
            raise Http404
        form = form_class(Goal, GOAL)(request.POST or None, instance=goal)
        return self.grid_view(
            request,
            disclosure,
            INDICATORS,
            goal,
            form,
            template="admin/disclosure/goal.html",
            title=goal.project,
            back={
                "url": reverse("admin:budgets_disclosure_goals", args=[disclosure.pk]),
                "label": "回到各项目",
            },
        )


def _keys(text: str) -> list[int]:
    return [int(key) for key in text.split(",") if key.isascii() and key.isdigit() and len(key) < 19]

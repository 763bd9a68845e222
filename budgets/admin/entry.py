"""The pages on which tables are typed: show the grid, check what was typed, save it as one change."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access, tablesets
from budgets.admin import autosave
from budgets.admin.base import FORM, object_view
from budgets.admin.beside_pages import BesidePages
from budgets.admin.cell_helps import helps
from budgets.admin.cells import GridPage
from budgets.admin.comment_notes import remarks_at
from budgets.admin.declaring import grids_of
from budgets.admin.editing import ALREADY, Edit, Stale, editing, posted_part, since
from budgets.admin.entry_grids import GOALS, Grid
from budgets.admin.grid_layout import Layout
from budgets.admin.last_year import year_beside
from budgets.admin.live_sums import live_sums
from budgets.admin.marks import marks, point_out, rows_to_add
from budgets.admin.rows import GridFormSet, build
from budgets.admin.saving_words import told
from budgets.admin.turning import turns
from budgets.admin.typed_parts import grid_part, grid_rows
from budgets.models import Disclosure, Goal
from budgets.models.lines import Line

CONFLICT = 409


def dress(page: GridPage, layout: Layout) -> None:
    """What a page has besides its rows: how they add up, and what they were last year."""
    page.sums = live_sums(layout)
    page.last = year_beside(layout, page.sums["columns"])
    page.sums["beside"] = page.last.column if page.last else ""
    if page.last is None:
        return
    for row in page.rows:
        row.was, row.likeness = page.last.of(row.key), page.last.likeness.get(row.key)
    # Of rows that may yet be typed, or that somebody else deletes meanwhile.
    shown = {row.key for row in page.rows}
    page.sums["was"] = {key: page.last.of(key) for key in page.last.amounts if key not in shown}


def replace(
    edit: Edit, layout: Layout, formset: GridFormSet, goal: Goal | None, saved: Sequence[Model] | None = None
) -> None:
    """The rows of the grid become what was typed, if that is anything new; other grids are not touched.

    With the `saved` rows those that were refused stay as they are.
    """
    grid = layout.grid
    owner: dict[str, Any] = {"goal": goal} if goal else {"disclosure": edit.disclosure}
    present = grid.model._default_manager.filter(**owner, **dict(grid.fixed))
    rows = formset.typed_rows(saved)
    after = build(grid, [values for _, values in rows], **owner)
    if grid_rows(layout, present) == grid_rows(layout, after):
        return
    edit.origins = formset.origins(rows)
    present.delete()
    grid.model._default_manager.bulk_create(after)


class RowKeeping:
    """How a page looks over its rows and saves them; a page whose rows hold more than they show has its own way."""

    def check(self, formset: GridFormSet, existing: Sequence[Model], *, by_itself: bool) -> None:
        """Refuse rows for more than their own cells say."""

    def replace(
        self,
        edit: Edit,
        layout: Layout,
        formset: GridFormSet,
        goal: Goal | None,
        saved: Sequence[Model] | None = None,
    ) -> None:
        """Make the rows what was typed, see `replace`."""
        replace(edit, layout, formset, goal, saved)

    def dress(self, page: GridPage, saved: Sequence[Model]) -> None:
        """Put beside the rows what else a page shows of them."""


class EntryPages(BesidePages):
    """The grids of a disclosure."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/enter/<slug:key>/", self.enter_view, "enter"),
        ]

    @object_view(*FORM)
    def enter_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """One grid of a disclosure; 404 when its table set has no such grid."""
        grids = grids_of(tablesets.get(disclosure.table_set))
        if key not in grids:
            raise Http404
        if disclosure.given and issubclass(grids[key].model, Line):
            messages.info(request, "各表照录以前公开的文件，明细在改由推算之前不能修改。")
            return HttpResponseRedirect(reverse("admin:budgets_disclosure_given", args=[disclosure.pk]))
        return self.grid_view(request, disclosure, grids[key])

    def grid_view(
        self,
        request: HttpRequest,
        disclosure: Disclosure,
        grid: Grid,
        goal: Goal | None = None,
        form: "ModelForm[Goal] | None" = None,
        rows: RowKeeping | None = None,
        **context: Any,
    ) -> HttpResponse:
        """Show or save the rows of a grid, and the form that stands above them, when there is one."""
        rows = rows or RowKeeping()
        layout = Layout(grid, disclosure, goal)
        part = grid_part(layout, goal)
        context["form"] = form
        context["opened"] = posted_part(request) or part.version(disclosure)
        existing = layout.existing()
        if request.method != "POST":
            asked = marks(request)
            writable = access.may_here(request.user, access.May.EDIT, disclosure)
            added = rows_to_add(grid, asked, existing) if writable else []
            existing = [*existing, *added]
            page = layout.page(layout.formset(existing), existing)
            point_out(page, asked, added, layout.subjects)
            rows.dress(page, existing)
            return self.show_grid(request, layout, page, **context)
        formset = layout.formset(existing, request.POST)
        by_itself = autosave.asked(request)
        rows.check(formset, existing, by_itself=by_itself)
        valid = formset.is_valid() and (form is None or form.is_valid())
        try:
            with editing(request, disclosure, part) as edit:
                if by_itself and not formset.non_form_errors():
                    rows.replace(edit, layout, formset, goal, existing)
                elif valid:
                    rows.replace(edit, layout, formset, goal)
                if form is not None and form.changed_data and (valid or by_itself and form.is_valid()):
                    form.save()
        except Stale as stale:
            if by_itself:
                fields = (
                    autosave.shown_now(form, Goal.objects.filter(pk=form.instance.pk).first()) if form else {}
                )
                return autosave.conflict(stale, layout, part, posted_part(request), fields)
            return self.show_conflict(request, stale, grid, goal, rows, **context)
        if by_itself:
            return autosave.answer(layout, part, formset, existing, form)
        if not valid:
            page = layout.page(formset, existing)
            rows.dress(page, existing)
            return self.show_grid(request, layout, page, errors=page.errors, **context)
        done = f"已保存：{edit.message.partition('：')[2]}" if edit.message else ALREADY
        messages.success(request, f"{part.label}{done}。")
        return HttpResponseRedirect(request.path)

    def show_grid(self, request: HttpRequest, layout: Layout, page: GridPage, **context: Any) -> HttpResponse:
        disclosure = layout.disclosure
        dress(page, layout)
        writable = access.may(request.user, access.May.EDIT, disclosure)
        goal = layout.owner if isinstance(layout.owner, Goal) else None
        listed = page.grid.key in grids_of(layout.table_set)
        beside: dict[str, Any] = {
            "listed": listed,
            "remarks": remarks_at(disclosure, page.grid.key if listed else GOALS.key, page=request.path)
            if page.grid.key != GOALS.key
            else [],
            **turns(disclosure, grid_part(layout, goal).key),
        }
        beside["shelf"] = autosave.shelf(request, request.path)
        template = context.pop("template", "admin/disclosure/grid.html")
        return self.render(
            request,
            template,
            disclosure,
            helps=helps(layout.grid, layout.table_set, layout.columns),
            **{"title": page.title, "page": page, "writable": writable, **beside, **context},
        )

    def show_conflict(
        self,
        request: HttpRequest,
        stale: Stale,
        grid: Grid,
        goal: Goal | None,
        rows: RowKeeping,
        **context: Any,
    ) -> HttpResponse:
        """409: the typed rows are kept, cells that somebody else saved otherwise say so, saving again is possible."""
        layout = Layout(grid, stale.current, goal)
        part = grid_part(layout, goal)
        existing = layout.existing()
        formset = layout.formset(existing, request.POST)
        formset.is_valid()
        page = layout.page(formset, existing, conflict=True)
        rows.dress(page, existing)
        response = self.show_grid(
            request,
            layout,
            page,
            conflict=[told(entry) for entry in since(stale.current, part, posted_part(request))],
            errors=page.errors,
            **context | {"opened": part.version(stale.current)},
        )
        response.status_code = CONFLICT
        return response

"""The pages on which tables are typed: show the grid, check what was typed, save it as one change."""

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access, tablesets
from budgets.admin.base import FORM, ScopedAdmin, object_view
from budgets.admin.declaring import grids_of
from budgets.admin.editing import Edit, Stale, editing, posted_part, since
from budgets.admin.entry_grids import Grid
from budgets.admin.grid_layout import Layout
from budgets.admin.marks import marks, point_out, rows_to_add
from budgets.admin.rows import GridFormSet, build
from budgets.admin.saving_words import told
from budgets.admin.typed_parts import grid_part, grid_rows
from budgets.models import Disclosure, Goal
from budgets.models.lines import Line

CONFLICT = 409


def came_from(formset: GridFormSet) -> list[int | None]:
    """For each typed row in its new order the place of the saved row that it was; None for a new one."""
    places = {id(form): n for n, form in enumerate(formset.forms) if n < formset.initial_form_count()}
    ordered = formset.ordered_forms if formset.can_order else formset.forms
    return [places.get(id(form)) for form in ordered if form.values()]


class EntryPages(ScopedAdmin):
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
        **context: Any,
    ) -> HttpResponse:
        """Show or save the rows of a grid, and the form that stands above them, when there is one."""
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
            return self.show_grid(request, disclosure, page, **context)
        formset = layout.formset(existing, request.POST)
        valid = formset.is_valid() and (form is None or form.is_valid())
        try:
            with editing(request, disclosure, part) as edit:
                if valid:
                    self.replace(edit, layout, formset, goal)
                    if form is not None and form.changed_data:
                        form.save()
        except Stale as stale:
            return self.show_conflict(request, stale, grid, goal, **context)
        if not valid:
            page = layout.page(formset, existing)
            return self.show_grid(request, disclosure, page, errors=page.errors, **context)
        done = f"已保存：{edit.message.partition('：')[2]}" if edit.message else "没有改动"
        messages.success(request, f"{part.label}{done}。")
        return HttpResponseRedirect(request.path)

    def replace(self, edit: Edit, layout: Layout, formset: GridFormSet, goal: Goal | None) -> None:
        """The rows of the grid become what was typed, if that is anything new; other grids are not touched."""
        grid = layout.grid
        owner: dict[str, Any] = {"goal": goal} if goal else {"disclosure": edit.disclosure}
        present = grid.model._default_manager.filter(**owner, **dict(grid.fixed))
        after = build(grid, formset.rows(), **owner)
        if grid_rows(layout, present) == grid_rows(layout, after):
            return
        edit.origins = came_from(formset)
        present.delete()
        grid.model._default_manager.bulk_create(after)

    def show_grid(
        self, request: HttpRequest, disclosure: Disclosure, page: Any, **context: Any
    ) -> HttpResponse:
        writable = access.may(request.user, access.May.EDIT, disclosure)
        grids = list(grids_of(tablesets.get(disclosure.table_set)).values())
        beside = {}
        if page.grid in grids:
            position = grids.index(page.grid)
            beside["before"] = grids[position - 1] if position else None
            beside["after"] = grids[position + 1] if position + 1 < len(grids) else None
        return self.render(
            request,
            "admin/disclosure/grid.html",
            disclosure,
            **{"title": page.title, "page": page, "writable": writable, **beside, **context},
        )

    def show_conflict(
        self, request: HttpRequest, stale: Stale, grid: Grid, goal: Goal | None, **context: Any
    ) -> HttpResponse:
        """409: the typed rows are kept, cells that somebody else saved otherwise say so, saving again is possible."""
        layout = Layout(grid, stale.current, goal)
        part = grid_part(layout, goal)
        existing = layout.existing()
        formset = layout.formset(existing, request.POST)
        formset.is_valid()
        page = layout.page(formset, existing, conflict=True)
        response = self.show_grid(
            request,
            stale.current,
            page,
            conflict=[told(entry) for entry in since(stale.current, part, posted_part(request))],
            errors=page.errors,
            **context | {"opened": part.version(stale.current)},
        )
        response.status_code = CONFLICT
        return response

"""The pages on which tables are typed: show the grid, check what was typed, save it as one change."""

from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access, tablesets
from budgets.admin.base import FORM, ScopedAdmin, object_view
from budgets.admin.declaring import grids_of
from budgets.admin.editing import Edit, Stale, editing, posted_version, since
from budgets.admin.entry_grids import Grid
from budgets.admin.grid_layout import Layout
from budgets.admin.marks import marks, point_out, rows_to_add
from budgets.admin.rows import GridFormSet, build, same
from budgets.models import Disclosure, Goal
from budgets.models.lines import Line

CONFLICT = 409


type Said = list[tuple[str, tuple[Any, ...]]]


def said(grid: Grid, rows: list[Model], names: list[str]) -> Said:
    """What rows say, in order, by their first field; zero and blank are the same, and a given blank row says nothing."""
    out = [
        (str(getattr(row, names[0])), tuple(same(getattr(row, name)) for name in names[1:])) for row in rows
    ]
    if grid.fixed_rows:
        out = [(key, values) for key, values in out if any(value is not None for value in values)]
    return sorted(out, key=itemgetter(0)) if grid.row else out


def difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    """How many rows were added, changed and removed, for the history; else only their order was."""
    counts = {
        "增": len(new.keys() - old.keys()),
        "改": sum(old[key] != new[key] for key in old.keys() & new.keys()),
        "删": len(old.keys() - new.keys()),
    }
    return "、".join(f"{word} {n} 行" for word, n in counts.items() if n) or "改动顺序"


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
        form: ModelForm | None = None,
        **context: Any,
    ) -> HttpResponse:
        """Show or save the rows of a grid, and the form that stands above them, when there is one."""
        layout = Layout(grid, disclosure, goal)
        existing = layout.existing()
        context["form"] = form
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
            with editing(request, disclosure) as edit:
                if valid:
                    self.replace(edit, grid, formset, layout, goal)
                    if form is not None and form.changed_data:
                        form.save()
                        edit.message = edit.message or f"{grid.label}：{form.instance}"
        except Stale as stale:
            return self.show_conflict(request, stale, grid, goal, **context)
        if not valid:
            page = layout.page(formset, existing)
            return self.show_grid(request, disclosure, page, errors=page.errors, **context)
        done = f"已保存：{edit.message.partition('：')[2]}" if edit.message else "没有改动"
        messages.success(request, f"{grid.label}{done}。")
        return HttpResponseRedirect(request.path)

    def replace(
        self, edit: Edit, grid: Grid, formset: GridFormSet, layout: Layout, goal: Goal | None
    ) -> None:
        """The rows of the grid become what was typed, if that is anything new; other grids are not touched."""
        owner: dict[str, Any] = {"goal": goal} if goal else {"disclosure": edit.disclosure}
        rows = formset.rows()
        present = grid.model._default_manager.filter(**owner, **dict(grid.fixed))
        before, after = list(present), build(grid, rows, **owner)
        typed = [t.field.name for t in layout.typed.values()]
        names = list(dict.fromkeys([grid.row, *typed] if grid.row else typed))
        old, new = said(grid, before, names), said(grid, after, names)
        if old == new:
            return
        present.delete()
        grid.model._default_manager.bulk_create(after)
        edit.message = f"{grid.label}：{difference(dict(old), dict(new))}"

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
        existing = layout.existing()
        formset = layout.formset(existing, request.POST)
        formset.is_valid()
        page = layout.page(formset, existing, conflict=True)
        response = self.show_grid(
            request,
            stale.current,
            page,
            conflict=since(stale.current, posted_version(request)),
            errors=page.errors,
            **context,
        )
        response.status_code = CONFLICT
        return response

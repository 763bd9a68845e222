"""The pages on which words are typed: basic data and wording; chapters have `chapter_pages`."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from budgets import access, tablesets
from budgets import ledger as ledgers
from budgets.admin import autosave
from budgets.admin.base import FORM, object_view
from budgets.admin.beside_pages import found_beside
from budgets.admin.editing import ALREADY, Edit, Part, Stale, editing, posted_part, since
from budgets.admin.entry import CONFLICT, EntryPages
from budgets.admin.entry_fields import MoneyField, TextArea
from budgets.admin.marks import asked_for
from budgets.admin.saving_words import told
from budgets.admin.turning import turns
from budgets.admin.typed_parts import BASICS, basics_part, given_part, wording_part
from budgets.admin.wordings import worded
from budgets.domain.facts import ZERO
from budgets.domain.terms import Family
from budgets.models import Disclosure, Narrative
from budgets.workflow.starting import lay_out
from budgets.workflow.year_opening import form_of


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Years have four digits: behind the fourth the browser goes on to the month, where the year stands first.
        super().__init__({"max": "9999-12-31", **(attrs or {})}, format="%Y-%m-%d")


def form_class[Row: Model](model: type[Row], fields: tuple[str, ...]) -> "type[forms.ModelForm[Row]]":
    """A plain form over some fields of a model, with plain widgets."""
    widgets = {name: DateInput for name in ("approved_on", "assets_as_of") if name in fields} | {
        "lead": TextArea(attrs={"rows": 3}),
        "goals": TextArea(attrs={"rows": 4}),
        "text": TextArea(),
    }
    return modelform_factory(model, fields=fields, widgets={k: v for k, v in widgets.items() if k in fields})


def begin_in(form: forms.BaseForm, name: str) -> None:
    """The page opens in that field, unless a link or a refusal points elsewhere: nobody walks through the head to type."""
    form.fields[name].widget.attrs["autofocus"] = True


def _saved_now(form: "forms.ModelForm[Any]", disclosure: Disclosure) -> dict[str, str]:
    """The fields of the disclosure itself, or of one of its chapters, as they are saved now."""
    row: Model | None = disclosure
    if isinstance(form.instance, Narrative):
        row = disclosure.narratives.filter(key=form.instance.key).first()
    return autosave.shown_now(form, row)


class TextPages(EntryPages):
    """Everything of a disclosure that is no table."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/basics/", self.basics_view, "basics"),
            self.page("<int:object_id>/wording/", self.wording_view, "wording"),
            self.page("<int:object_id>/given/", self.given_view, "given"),
        ]

    @object_view(*FORM)
    def basics_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Approval date, contact, title and lead of the narrative."""
        form = form_class(Disclosure, BASICS)(request.POST or None, instance=disclosure)
        table_set = tablesets.get(disclosure.table_set)
        if not disclosure.approved_on:
            begin_in(form, "approved_on")
        agency = table_set.prints(Family.AGENCY)
        if agency:
            form.fields["agency_running_costs"] = MoneyField(
                unit=table_set.unit,
                quantum=table_set.quantum,
                label=f"机关运行经费（{table_set.unit}）",
                help_text="印在“三公”经费表中。行政和参公单位一般等于公用经费。",
                initial=disclosure.agency_running_costs or None,
            )

        def save(edit: Edit) -> None:
            accepted = [name for name in form.changed_data if name in form.cleaned_data]
            for name in accepted:
                value = form.cleaned_data[name]
                setattr(
                    edit.disclosure, name, ZERO if name == "agency_running_costs" and value is None else value
                )
            edit.disclosure.save(update_fields=accepted)

        part = basics_part(table_set, agency=agency)
        return self.form_page(request, disclosure, part, form, "基本信息", save)

    @object_view(*FORM)
    def wording_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Captions that were kept as published; a ticked one goes back to the standard wording."""
        rows = worded(disclosure, asked_for(request))
        every = "all" in request.POST
        ticked = [row.wording for n, row in enumerate(rows) if every or f"standard-{n}" in request.POST]

        def save(edit: Edit) -> None:
            for wording in ticked:
                wording.delete()
            edit.message = f"表中用语：{len(ticked)} 处改用标准用语" if ticked else ""

        return self.save_page(
            request,
            disclosure,
            wording_part(),
            request.method == "POST",
            save,
            "admin/disclosure/wording.html",
            title="表中用语",
            rows=rows,
        )

    @object_view(*FORM)
    def given_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """The tables that print as they were published; POST has them derived from the leaf rows from now on."""

        def save(edit: Edit) -> None:
            edit.message = "报表改由明细推算" if edit.disclosure.given else ""
            edit.disclosure.given = edit.disclosure.left_out = ""
            edit.disclosure.table_set = form_of(edit.disclosure)
            edit.disclosure.save(update_fields=["given", "left_out", "table_set"])
            lay_out(edit.disclosure)

        return self.save_page(
            request,
            disclosure,
            given_part(),
            request.method == "POST",
            save,
            "admin/disclosure/given.html",
            title="照录的报表",
            sheets=ledgers.read(disclosure).given,
            undeclared=disclosure.table_set in tablesets.AS_IT_STANDS,
        )

    def form_page(
        self,
        request: HttpRequest,
        disclosure: Disclosure,
        part: Part,
        form: "forms.ModelForm[Any]",
        title: str,
        save: Any,
        **context: Any,
    ) -> HttpResponse:
        """A page with one plain form."""
        valid = request.method == "POST" and form.is_valid()
        template = "admin/disclosure/form.html"
        return self.save_page(
            request, disclosure, part, valid, save, template, title=title, form=form, **context
        )

    def save_page(
        self,
        request: HttpRequest,
        disclosure: Disclosure,
        part: Part,
        valid: bool,
        save: Any,
        template: str,
        **context: Any,
    ) -> HttpResponse:
        """Save a valid form as one change, or show it again with what was typed; 409 when it was stale."""
        conflict = None
        opened = posted_part(request) or part.version(disclosure)
        form: Any = context.get("form")
        by_itself = form is not None and request.method == "POST" and autosave.asked(request)
        if request.method == "POST":
            try:
                with editing(request, disclosure, part) as edit:
                    if valid or (by_itself and part.key == "basics"):  # each of its fields stands for itself
                        save(edit)
            except Stale as stale:
                if by_itself:
                    return autosave.form_conflict(stale, part, opened, _saved_now(form, stale.current))
                disclosure, opened = stale.current, part.version(stale.current)
                conflict = [told(entry) for entry in since(disclosure, part, posted_part(request))]
            else:
                if by_itself:
                    return autosave.form_answer(part, disclosure, form)
                if valid:
                    messages.success(request, f"已保存。{edit.message}。" if edit.message else f"{ALREADY}。")
                    return HttpResponseRedirect(request.path)
        writable = access.may(request.user, access.May.EDIT, disclosure)
        shelf = autosave.shelf(request, request.path)
        frame: dict[str, Any] = {"writable": writable, "conflict": conflict, "opened": opened, "shelf": shelf}
        saved = self.get_object(request, str(disclosure.pk))  # a refused form has written into the other one
        frame |= {"here": found_beside(saved, part.key), **turns(saved, part.key)}
        response = self.render(request, template, disclosure, **frame | context)
        response.status_code = CONFLICT if conflict is not None else 200
        return response

"""The pages on which words are typed: basic data, chapters, wording."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.forms import modelform_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from budgets import access, tablesets
from budgets import ledger as ledgers
from budgets.admin.base import FORM, object_view
from budgets.admin.editing import Edit, Stale, editing, posted_version, since
from budgets.admin.entry import CONFLICT, EntryPages
from budgets.admin.entry_fields import MoneyField, TextArea
from budgets.admin.wordings import worded
from budgets.domain.composing import compose
from budgets.domain.facts import ZERO
from budgets.domain.tables import Amount, ChapterWord, TableSet
from budgets.domain.terms import Family
from budgets.models import Disclosure, Narrative

BASICS = ("approved_on", "contact", "narrative_title", "lead", "assets_as_of", "states_no_money")


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def form_class(model: type[Model], fields: tuple[str, ...]) -> type[forms.ModelForm]:
    """A plain form over some fields of a model, with plain widgets."""
    widgets = {name: DateInput for name in ("approved_on", "assets_as_of") if name in fields} | {
        "lead": TextArea(attrs={"rows": 3}),
        "goals": TextArea(attrs={"rows": 4}),
        "text": TextArea(),
    }
    return modelform_factory(model, fields=fields, widgets={k: v for k, v in widgets.items() if k in fields})


def prints(table_set: TableSet, family: Family) -> bool:
    """True when a table of the set has a column for amounts of the family alone."""
    columns = [leaf.word for table in table_set.tables for leaf in table.leaves()]
    slices = [word.where for word in columns if isinstance(word, Amount) and not word.parts]
    return any(box.get("family") == {family} for inside in slices for box in inside.boxes)


class TextPages(EntryPages):
    """Everything of a disclosure that is no table."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/basics/", self.basics_view, "basics"),
            self.page("<int:object_id>/chapters/<slug:key>/", self.chapter_view, "chapter"),
            self.page("<int:object_id>/wording/", self.wording_view, "wording"),
            self.page("<int:object_id>/given/", self.given_view, "given"),
        ]

    @object_view(*FORM)
    def basics_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Approval date, contact, title and lead of the narrative."""
        form = form_class(Disclosure, BASICS)(request.POST or None, instance=disclosure)
        table_set = tablesets.get(disclosure.table_set)
        if prints(table_set, Family.AGENCY):
            form.fields["agency_running_costs"] = MoneyField(
                unit=table_set.unit,
                quantum=table_set.quantum,
                label=f"机关运行经费（{table_set.unit}）",
                help_text="印在“三公”经费表中。行政和参公单位一般等于公用经费。",
                initial=disclosure.agency_running_costs or None,
            )

        def save(edit: Edit) -> None:
            for name in form.changed_data:
                value = form.cleaned_data[name]
                setattr(
                    edit.disclosure, name, ZERO if name == "agency_running_costs" and value is None else value
                )
            edit.disclosure.save(update_fields=form.changed_data)
            labels = "、".join(str(form.fields[name].label) for name in form.changed_data)
            edit.message = f"基本信息：{labels}" if labels else ""

        return self.form_page(request, disclosure, form, "基本信息", save)

    @object_view(*FORM)
    def chapter_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """One chapter of the narrative; 404 when the set has none of that key and none was taken in."""
        table_set = tablesets.get(disclosure.table_set)
        declared = {word.key: (n, word) for n, word in enumerate(table_set.chapters, 1)}
        chapter = disclosure.narratives.filter(key=key).first()
        if chapter is None:
            if key not in declared:
                raise Http404
            position, word = declared[key]
            chapter = Narrative(disclosure=disclosure, key=key, title=word.title, position=position)
        form = form_class(Narrative, ("title", "text"))(request.POST or None, instance=chapter)
        form.fields["text"].widget.attrs["class"] = "wordy"

        def save(edit: Edit) -> None:
            if not form.changed_data:
                return
            form.save()
            edit.message = f"情况说明“{chapter.title}”：{len(chapter.text)} 字"

        ledger = ledgers.read(disclosure)
        document = compose(table_set, ledger, ledgers.subjects_for(disclosure.fiscal_year))
        annexes = [table_set.annex(name) for name in declared.get(key, (0, ChapterWord("", "")))[1].annexes]
        return self.form_page(
            request, disclosure, form, chapter.title, save, figures=document.figures, annexes=annexes
        )

    @object_view(*FORM)
    def wording_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Captions that were kept as published; a ticked one goes back to the standard wording."""
        rows = worded(disclosure)
        every = "all" in request.POST
        ticked = [row.wording for n, row in enumerate(rows) if every or f"standard-{n}" in request.POST]

        def save(edit: Edit) -> None:
            for wording in ticked:
                wording.delete()
            edit.message = f"表中用语：{len(ticked)} 处改用标准用语" if ticked else ""

        return self.save_page(
            request,
            disclosure,
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
            edit.disclosure.save(update_fields=["given", "left_out"])

        return self.save_page(
            request,
            disclosure,
            request.method == "POST",
            save,
            "admin/disclosure/given.html",
            title="照录的报表",
            sheets=ledgers.read(disclosure).given,
        )

    def form_page(
        self,
        request: HttpRequest,
        disclosure: Disclosure,
        form: forms.ModelForm,
        title: str,
        save: Any,
        **context: Any,
    ) -> HttpResponse:
        """A page with one plain form."""
        valid = request.method == "POST" and form.is_valid()
        template = "admin/disclosure/form.html"
        return self.save_page(request, disclosure, valid, save, template, title=title, form=form, **context)

    def save_page(
        self,
        request: HttpRequest,
        disclosure: Disclosure,
        valid: bool,
        save: Any,
        template: str,
        **context: Any,
    ) -> HttpResponse:
        """Save a valid form as one change, or show it again with what was typed; 409 when it was stale."""
        conflict = None
        if request.method == "POST":
            try:
                with editing(request, disclosure) as edit:
                    if valid:
                        save(edit)
            except Stale as stale:
                conflict, disclosure = since(stale.current, posted_version(request)), stale.current
            else:
                if valid:
                    messages.success(request, f"已保存。{edit.message}。" if edit.message else "没有改动。")
                    return HttpResponseRedirect(request.path)
        writable = access.may(request.user, access.May.EDIT, disclosure)
        response = self.render(request, template, disclosure, writable=writable, conflict=conflict, **context)
        response.status_code = CONFLICT if conflict is not None else 200
        return response

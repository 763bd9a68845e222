"""The department's words on the warnings that stand."""

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access
from budgets.admin import autosave
from budgets.admin.base import FORM, ScopedAdmin, object_view
from budgets.admin.editing import ALREADY, Edit, Stale, editing, posted_part, since
from budgets.admin.entry import CONFLICT
from budgets.admin.saving_words import told
from budgets.admin.typed_parts import explanations_part
from budgets.domain.findings import Severity
from budgets.domain.readable import cleaned
from budgets.models import Disclosure, Explanation
from budgets.workflow.drafts import draft_of
from budgets.workflow.earlier_keys import adopt
from budgets.workflow.explanation_words import refusal

MOST_WORDS = 2000

GONE = "检查结果已有变化，这条说明不再需要，没有保存"

type Unsaved = dict[
    str, tuple[str, bool, str]
]  # by field: what was typed, printed or not, why it was not saved


def said(request: HttpRequest) -> dict[str, str]:
    """What a form says of each finding, by the name of its field."""
    return {name: str(text) for name, text in request.POST.items() if name.startswith("text-")}


def fields_now(disclosure: Disclosure, names: Iterable[str]) -> dict[str, str]:
    """What is saved now in those text fields and in the boxes beside them, as the form shows it."""
    draft = draft_of(disclosure)
    saved = {f"text-{f.short_key}": draft.explanations.get(f.key) for f in draft.findings}
    fields = {}
    for name in names:
        row = saved.get(name)
        fields[name] = row.text if row else ""
        fields[f"public-{name.removeprefix('text-')}"] = "on" if row is None or row.public else ""
    return fields


def is_public(request: HttpRequest, name: str) -> bool:
    """Whether the text of a field is to be printed with what is published."""
    return f"public-{name.removeprefix('text-')}" in request.POST


class ExplainPages(ScopedAdmin):
    """One form for all explanations of a disclosure."""

    show_hub: Callable[..., HttpResponse]  # the page on which the form stands

    def object_urls(self) -> list[URLPattern]:
        return [*super().object_urls(), self.page("<int:object_id>/explain/", self.explain_view, "explain")]

    @object_view(*FORM)
    def explain_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Store the department's words on the warnings that stand now; an emptied one is removed.

        What is not saved, because it is no explanation or somebody saved before, stays in its field.
        """
        hub = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
        if request.method != "POST":
            return HttpResponseRedirect(hub)
        part = explanations_part()
        unsaved: Unsaved = {}
        gone: list[str] = []
        conflict = None
        by_itself = autosave.asked(request)
        try:
            with editing(request, disclosure, part) as edit:
                unsaved, gone = self.explain(edit, request)
        except Stale as stale:
            if by_itself:
                fields = fields_now(stale.current, said(request))
                return autosave.form_conflict(stale, part, posted_part(request), fields)
            unsaved = {name: (text, is_public(request, name), "") for name, text in said(request).items()}
            conflict = [told(entry) for entry in since(stale.current, part, posted_part(request))]
        else:
            if by_itself:
                errors = [[name, f"没有保存：{why}"] for name, (_, _, why) in unsaved.items()]
                return autosave.fields_answer(part, disclosure, errors + [[name, GONE] for name in gone])
            for name in gone:
                messages.warning(request, f"{GONE}：“{said(request)[name].strip()[:MOST_WORDS]}”")
            if edit.message:
                messages.success(request, edit.message)
            elif not unsaved:
                messages.success(request, f"说明{ALREADY}。")
            if not unsaved:
                return HttpResponseRedirect(f"{hub}#todo")
        current = self.get_object(request, str(disclosure.pk))
        response = self.show_hub(request, current, conflict=conflict, unsaved=unsaved)
        response.status_code = 200 if conflict is None else CONFLICT
        return response

    def explain(self, edit: Edit, request: HttpRequest) -> tuple[Unsaved, list[str]]:
        """One explanation a finding. The form names findings by their keys; others are left as they are.

        What comes back are the texts that are no explanation, by their fields, each with the reason, and the fields
        with words on findings that do not stand any more.
        """
        draft = draft_of(edit.disclosure)
        explanations = adopt(draft.explanations)
        standing = {f"text-{finding.short_key}" for finding in draft.findings}
        texts = said(request)
        gone = [name for name, text in texts.items() if text.strip() and name not in standing]
        changed, unsaved = 0, {}
        for finding in draft.findings:
            field = f"text-{finding.short_key}"
            if finding.severity is not Severity.WARNING or field not in texts:
                continue
            text = cleaned(texts[field])[:MOST_WORDS]
            public = is_public(request, field)
            if why := refusal(text):
                unsaved[field] = (text, public, why)
                continue
            old = explanations.get(finding.key)
            if (text, public and bool(text)) == ((old.text, old.public) if old else ("", False)):
                continue
            changed += 1
            rows = Explanation.objects.filter(disclosure=edit.disclosure, finding_key=finding.key)
            rows.delete()
            if text:
                Explanation.objects.create(
                    disclosure=edit.disclosure,
                    finding_key=finding.key,
                    rule=finding.rule,
                    message=finding.message,
                    text=text,
                    public=public,
                    person=access.person_of(request),
                )
        edit.message = f"检查说明：{changed} 条已保存" if changed else ""
        return unsaved, gone

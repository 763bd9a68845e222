"""The department's words on the warnings that stand."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access
from budgets.admin.base import FORM, ScopedAdmin, object_view
from budgets.admin.editing import Edit, Stale, editing, posted_part, since
from budgets.admin.entry import CONFLICT
from budgets.admin.saving_words import told
from budgets.admin.typed_parts import explanations_part
from budgets.domain.findings import Severity
from budgets.models import Disclosure, Explanation
from budgets.workflow.drafts import draft_of
from budgets.workflow.earlier_keys import adopt
from budgets.workflow.explanation_words import cleaned, refusal

MOST_WORDS = 2000


def said(request: HttpRequest) -> dict[str, str]:
    """What a form says of each finding, by the name of its field."""
    return {name: str(text) for name, text in request.POST.items() if name.startswith("text-")}


class ExplainPages(ScopedAdmin):
    """One form for all explanations of a disclosure."""

    show_hub: Callable[..., HttpResponse]  # the page on which the form stands

    def object_urls(self) -> list[URLPattern]:
        return [*super().object_urls(), self.page("<int:object_id>/explain/", self.explain_view, "explain")]

    @object_view(*FORM)
    def explain_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Store the department's words on the warnings that stand now; an emptied one is removed."""
        hub = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
        if request.method != "POST":
            return HttpResponseRedirect(hub)
        part = explanations_part()
        try:
            with editing(request, disclosure, part) as edit:
                self.explain(edit, request)
        except Stale as stale:
            kept = [text for text in said(request).values() if text.strip()]
            conflict = [told(entry) for entry in since(stale.current, part, posted_part(request))]
            response = self.show_hub(
                request, self.get_object(request, str(disclosure.pk)), conflict=conflict, kept=kept
            )
            response.status_code = CONFLICT
            return response
        messages.success(request, edit.message or "说明没有改动。")
        return HttpResponseRedirect(f"{hub}#findings")

    def explain(self, edit: Edit, request: HttpRequest) -> None:
        """One explanation a finding. The form names findings by their keys; others are left as they are."""
        draft = draft_of(edit.disclosure)
        explanations = adopt(draft.explanations)
        standing = {f"text-{finding.short_key}" for finding in draft.findings}
        texts = said(request)
        for name, text in texts.items():
            if text.strip() and name not in standing:
                messages.warning(
                    request, f"检查结果已有变化，这条说明不再需要，没有保存：“{text.strip()[:MOST_WORDS]}”"
                )
        changed = 0
        for finding in draft.findings:
            field = f"text-{finding.short_key}"
            if finding.severity is not Severity.WARNING or field not in texts:
                continue
            text = cleaned(texts[field])[:MOST_WORDS]
            if why := refusal(text):
                messages.error(request, f"“{finding.message[:40]}…”的说明没有保存：{why}")
                continue
            public = f"public-{finding.short_key}" in request.POST
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

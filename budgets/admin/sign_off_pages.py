"""保密审查 and 负责人审签: the page on which the department enters them before it hands in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone

from budgets import access
from budgets.access import May
from budgets.admin.base import FORM, ScopedAdmin, changed_fields, object_view
from budgets.admin.editing import posted_version
from budgets.models import Disclosure, Happening, SignOff
from budgets.workflow.histories import note, said
from budgets.workflow.signing import BEFORE, CHANGED_SINCE, SIGNATURES, missing, outdated, sign_off_of
from budgets.workflow.stepping import Refused, hold, touched

LATER = "不能晚于今天。"


class SignOffForm(forms.ModelForm[SignOff]):
    """Who checked and who signed; of a document published before, where that was. What is typed may be incomplete."""

    class Meta:
        model = SignOff
        fields = [name for names in (SIGNATURES | BEFORE).values() for name in names]
        widgets = {
            "secrecy_basis": forms.Textarea(attrs={"rows": 3}),
            **{name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("secrecy_on", "signed_on", "before_on")},
        }  # fmt: skip
        help_texts = {  # noqa: RUF012
            "secrecy_basis": "例如：依据保密法和本部门的定密事项范围逐项审查，没有涉密内容，同意公开。",
            "signed_post": "例如：局长。",
            "before_at": "网址，或者刊物名称和期号。",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        unused = SIGNATURES if self.instance.disclosure.given else BEFORE
        for name in (name for names in unused.values() for name in names):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """No day lies ahead."""
        given = super().clean() or {}
        for name in ("secrecy_on", "signed_on", "before_on"):
            if (day := given.get(name)) and day > timezone.localdate():
                self.add_error(name, LATER)
        return given


class SignOffPages(ScopedAdmin):
    """One page; everybody who may see the disclosure reads it, its accountant writes it while it may be edited."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/sign-off/", self.sign_off_view, "sign_off"),
        ]

    @object_view(*FORM)
    def sign_off_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Show what is there, and save it; 409 when the disclosure changed meanwhile or may not be edited."""
        person = access.person_of(request)
        form = SignOffForm(request.POST or None, instance=sign_off_of(disclosure))
        refusal, writable = "", access.may_here(person, May.EDIT, disclosure)
        if request.method == "POST" and (form.is_valid() or not writable):
            try:
                with transaction.atomic():
                    locked = hold(disclosure, May.EDIT, person, posted_version(request))
                    if form.has_changed() or outdated(locked):
                        touched(locked, person)
                        form.instance.of_version = locked.version
                        form.save()
                        fields = changed_fields(form)
                        words = f"保密审查和审签：{said(fields) or '内容改动后重新确认'}"
                        note(person, locked, words, action=Happening.SIGN_OFF, fields=fields)
            except Refused as refused:
                refusal = str(refused)
            else:
                left = missing(disclosure)
                messages.success(request, f"已保存，还没有填全：{'、'.join(left)}。" if left else "已保存。")
                return HttpResponseRedirect(request.path)
        return self.render(
            request,
            "admin/disclosure/sign_off.html",
            disclosure,
            title="保密审查和审签",
            form=form,
            refusal=refusal,
            required=disclosure.department.region.sign_offs_required,
            again=CHANGED_SINCE if form.instance.pk and outdated(disclosure, form.instance) else "",
            writable=writable,
            status=409 if refusal else 200,
        )

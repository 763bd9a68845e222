"""Starting a year of the own department, blank or with the structure of an earlier one."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from budgets import access, tablesets
from budgets.admin.base import FORM, ScopedAdmin
from budgets.models import Disclosure, Person
from budgets.workflow.starting import CannotStart, start


def years_to_start(today: date) -> tuple[int, int]:
    """The years that an accountant may start: the calendar year in Beijing, and the next."""
    return today.year, today.year + 1


class StartForm(forms.Form):
    """Which year to start, and from which earlier one its structure is taken."""

    year = forms.TypedChoiceField(
        label="预算年度",
        choices=lambda: [(year, f"{year}年度") for year in years_to_start(timezone.localdate())],
        coerce=int,
        widget=forms.Select(attrs={"autofocus": True}),
        error_messages={"invalid_choice": "只能开始今年或明年的预算公开，请在列出的年度中选择。"},
    )
    table_set = forms.ChoiceField(
        label="表样", choices=tablesets.choices, help_text="沿用以前年度时，以那一年的表样为准。"
    )
    like = forms.ModelChoiceField(
        label="沿用以前年度的结构",
        queryset=Disclosure.objects.none(),
        required=False,
        empty_label="不沿用，从空白开始",
        help_text="沿用科目、机构、项目、绩效目标和说明文字；金额和批复日期一律留空重填。",
    )


class StartPages(ScopedAdmin):
    """The page that starts a year."""

    add_label = "开始一个新年度"

    def may_add(self, user: Person) -> bool:
        return access.may_create(user, user.department)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Start a year of the own department; 403 for everybody who is not its accountant."""
        if request.method not in FORM:
            return HttpResponseNotAllowed(FORM)
        person = access.person_of(request)
        department = person.department
        if department is None or not self.has_add_permission(request):
            raise PermissionDenied
        own = access.disclosures_for(person).filter(department=department).order_by("-fiscal_year")
        latest = own.first()
        years = years_to_start(timezone.localdate())
        begun = set(own.values_list("fiscal_year", flat=True))
        initial = {
            "year": next((year for year in years if year not in begun), years[-1]),
            "like": latest,
            "table_set": latest.table_set
            if latest
            else department.region.table_set or tablesets.choices()[0][0],
        }
        form = StartForm(request.POST or None, initial=initial)
        like = form.fields["like"]
        assert isinstance(like, forms.ModelChoiceField)
        like.queryset = own
        if request.method == "POST" and form.is_valid():
            try:
                disclosure = start(department, by=person, **form.cleaned_data)
            except CannotStart as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已建立{disclosure.title}。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        return self.render(request, "admin/form.html", None, title="开始一个新年度", form=form, button="建立")

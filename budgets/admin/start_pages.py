"""Starting a year of the own department, blank or with the structure of an earlier one."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from budgets import access
from budgets.admin.base import FORM, ScopedAdmin
from budgets.admin.home import asking
from budgets.domain.terms import Stage
from budgets.models import Disclosure, FiscalYear, Person, PublicationStatus
from budgets.workflow.starting import CannotStart, start, years_to_start


class StartForm(forms.Form):
    """Which open year to start, and from which earlier one its structure is taken."""

    year = forms.TypedChoiceField(
        label="预算年度",
        coerce=int,
        widget=forms.Select(attrs={"autofocus": True}),
        help_text="年度、表样和批复日期由财政局设定。",
        error_messages={"invalid_choice": "只能开始财政局已开放的年度，请在列出的年度中选择。"},
    )
    stage = forms.ChoiceField(
        label="编报",
        choices=Stage.choices,
        required=False,
        help_text="决算在年度结束以后编报；“三公”经费等预算数取自已公开的本年预算。",
    )
    like = forms.ModelChoiceField(
        label="沿用以前年度的结构",
        queryset=Disclosure.objects.none(),
        required=False,
        empty_label="不沿用，从空白开始",
        help_text="沿用科目、机构、项目和绩效目标；表样相同的，也沿用说明文字。金额一律留空重填。",
    )

    def __init__(
        self, data: Any, years: Sequence[FiscalYear], like: QuerySet[Disclosure], **options: Any
    ) -> None:
        super().__init__(data, **options)
        year, source = self.fields["year"], self.fields["like"]
        assert isinstance(year, forms.TypedChoiceField) and isinstance(source, forms.ModelChoiceField)
        year.choices = [(each.fiscal_year, f"{each.fiscal_year}年度") for each in years]
        source.queryset = like

    def clean_stage(self) -> str:
        """A budget where nothing is said."""
        return self.cleaned_data["stage"] or Stage.BUDGET.value


def nearest(years: Collection[int], now: int) -> int | None:
    """The year that is most likely meant: this one, else the nearest, the later of two; None of none."""
    return min(years, key=lambda year: (abs(year - now), -year), default=None)


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
        years = years_to_start(department) or years_to_start(department, Stage.FINAL)
        if not years and request.method != "POST":
            return self.render(
                request, "admin/closed_year.html", None, title=self.add_label, closed=asking(department)
            )
        if request.method == "POST":  # what cannot be started any more is refused with its own words
            years = list(FiscalYear.objects.filter(region=department.region_id))
        own = access.disclosures_for(person).filter(department=department).order_by("-fiscal_year")
        public = own.filter(publications__state__status=PublicationStatus.CURRENT)
        initial = {
            "year": nearest([each.fiscal_year for each in years], timezone.localdate().year),
            "like": public.first() or own.first(),
        }
        form = StartForm(request.POST or None, years, own, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                disclosure = start(department, by=person, **form.cleaned_data)
            except CannotStart as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已建立{disclosure.title}。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        return self.render(request, "admin/form.html", None, title=self.add_label, form=form, button="建立")

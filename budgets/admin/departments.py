"""Lists that are kept: regions, their departments, and the subject codes of all."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern

from budgets import access, tablesets
from budgets import ledger as ledgers
from budgets.admin.base import CHOOSE, READING, ScopedAdmin
from budgets.admin.home import sees_region
from budgets.data.initials import initials
from budgets.domain.classification import Confidence
from budgets.models import Department, Person, Region, Scheme, Subject
from budgets.publishing import year_sums


class InUse(ScopedAdmin):
    """A list whose rows are retired instead of deleted."""

    in_words = {"active": "in_use"}  # what who only reads gets in place of Django's icon

    @admin.display(description="在用", ordering="active")
    def in_use(self, row: Any) -> str:
        return "在用" if row.active else "停用"

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Who only reads gets the word, not Django's icon."""
        reads = obj is not None and not self.has_change_permission(request, obj)
        names = map(str, super().get_fields(request, obj))
        return tuple(self.in_words.get(name, name) if reads else name for name in names)


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    """The regions of the portal. A region is never deleted: its code stands in published addresses."""

    list_display = ("name", "code")
    search_fields = ("code", "name")
    search_help_text = "按行政区划代码或名称查找"
    fields = ("code", "name", "table_set")
    ordering = ("code",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "table_set":
            choices = [("", CHOOSE), *tablesets.usual()]
            return forms.ChoiceField(
                label="表样", choices=choices, required=False, help_text=db_field.help_text
            )
        return super().formfield_for_dbfield(db_field, request, **options)

    def scope(self, user: Person) -> QuerySet[Region]:
        """As a page, a region exists for who keeps it; the others meet it as a choice or a word."""
        return access.regions_for(user) if access.keeps_regions(user) else Region.objects.none()

    def may_list(self, user: Person) -> bool:
        return access.keeps_regions(user)

    def may_add(self, user: Person) -> bool:
        return access.keeps_regions(user)

    def may_change(self, user: Person, row: Model | None) -> bool:
        return access.keeps_regions(user)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(Department)
class DepartmentAdmin(InUse):
    """Departments of the person's region."""

    list_display = ("name", "code", "supervising_department", "phone", "in_use")
    list_filter = ("active",)
    list_select_related = ("supervising_department", "region")
    search_fields = ("code", "name")
    search_help_text = "按编码或名称查找"
    fields = (
        "region",
        "code",
        "name",
        "supervising_department",
        "includes_units",
        "phone",
        "address",
        "active",
    )
    ordering = ("region", "code")
    in_words = {**InUse.in_words, "includes_units": "with_units"}

    @admin.display(description=Department._meta.get_field("includes_units").verbose_name)
    def with_units(self, row: Department) -> str:
        return "是" if row.includes_units else "否"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One form at a time in a region, so that two people cannot give one name in the same moment."""
        with transaction.atomic():
            if request.method == "POST":
                list(access.regions_for(access.person_of(request)).select_for_update())
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        """What contains another department, or no longer does, is counted otherwise."""
        super().save_model(request, obj, form, change)
        if {"supervising_department", "includes_units"} & set(form.changed_data):
            year_sums.renew(obj.region_id)

    def may_list(self, user: Person) -> bool:
        return sees_region(user)

    def may_add(self, user: Person) -> bool:
        return access.keeps_departments(user)

    def may_change(self, user: Person, row: Model | None) -> bool:
        return access.keeps_departments(user)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Region and code stand in published addresses: they never change."""
        return ("region", "code") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The person's own region is meant when there is only one; addresses never prefill a form."""
        region = access.person_of(request).home_region
        return {"region": region.pk} if region else {}


@admin.register(Subject)
class SubjectAdmin(InUse):
    """Subject codes by fiscal year. A code is retired, never deleted: older years print it."""

    list_display = ("code", "name", "fiscal_year", "scheme", "level", "confidence", "in_use")
    list_filter = ("fiscal_year", "scheme", "level", "confidence", "active")
    search_fields = ("code", "name")
    search_help_text = "按编码或名称查找"
    fields = (
        "fiscal_year",
        "scheme",
        "code",
        "name",
        "level",
        "parent_code",
        "budget",
        "confidence",
        "basic_group",
        "active",
    )
    ordering = ("-fiscal_year", "scheme", "code")

    def may_list(self, user: Person) -> bool:
        return True

    def may_add(self, user: Person) -> bool:
        return access.keeps_regions(user)

    def may_change(self, user: Person, row: Model | None) -> bool:
        return access.keeps_regions(user)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("fiscal_year", "scheme", "code") if obj else ()

    def object_urls(self) -> list[URLPattern]:
        return [self.page("codes/<int:year>/<slug:scheme>/", self.codes_view, "codes")]

    def codes_view(self, request: HttpRequest, year: int, scheme: str) -> HttpResponse:
        """The codes of a year as JSON {code: [name, to be checked, first letters of its pinyin]}, for suggestions while typing."""
        if scheme not in dict(Scheme.choices()):
            raise Http404
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        subjects = ledgers.subjects_for(year).all(scheme)
        return JsonResponse(
            {s.code: [s.name, s.confidence == Confidence.LOW, initials(s.name)] for s in subjects}
        )

"""The base of every admin page: rows outside a person's scope do not exist, and the role alone decides."""

from collections.abc import Callable
from functools import update_wrapper, wraps
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin, ShowFacets
from django.contrib.admin.models import ADDITION
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BooleanField, Form, PasswordInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from budgets import access
from budgets.models import (
    Department,
    Disclosure,
    Happening,
    LogEntry,
    Person,
    Publication,
    Region,
    Role,
    Subject,
)
from budgets.workflow.histories import BLANK, Fields, note, said

# Django's classes say their model to the type checker only.
if TYPE_CHECKING:
    StockAdmin = ModelAdmin[Any]
else:
    StockAdmin = ModelAdmin


# Every model that an admin page lists or offers as a choice, with the rows of it that exist for a person.
SCOPES: dict[type[Model], Callable[[Person], QuerySet[Any]]] = {
    Region: access.regions_for,
    Department: access.departments_for,
    Disclosure: access.disclosures_for,
    LogEntry: access.log_for,
    Person: access.people_for,
    Publication: access.publications_for,
    Subject: access.subjects_for,
}

CHOOSE = "请选择"
READING = ("GET", "HEAD")
FORM = (*READING, "POST")


def object_view[Answer: HttpResponseBase](
    *methods: str,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer | HttpResponseNotAllowed]]:
    """A view method that takes an object of the person's scope in place of its id.

    Outside the scope the answer is 404 for every method, as if the object did not exist; inside it, 405 for a
    method that the page has no use for.
    """

    def decorate(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponseNotAllowed]:
        @wraps(view)
        def scoped(
            self: "ScopedAdmin", request: HttpRequest, object_id: str | int, *args: Any, **kwargs: Any
        ) -> Answer | HttpResponseNotAllowed:
            found = self.get_object(request, unquote(str(object_id)))
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(self, request, found, *args, **kwargs)

        return scoped

    return decorate


def _shown(form: BaseForm, name: str, value: Any) -> str:
    """A form's value as its page shows it; a secret is not shown at all."""
    field = form.fields[name]
    if isinstance(field.widget, PasswordInput):
        return "（不显示）"
    if isinstance(field, BooleanField):
        return "是" if value else "否"
    key = getattr(value, "pk", value)
    choices = {str(getattr(k, "value", k)): str(label) for k, label in getattr(field, "choices", ())}
    return choices.get(str(key), str(value)) if key not in (None, "") else BLANK


def changed_fields(form: BaseForm, *, new: bool = False) -> Fields:
    """Each field that changed, under its label, with what it was and what it became; of a new row it was blank."""
    return {
        str(form.fields[name].label): [
            BLANK if new else _shown(form, name, form.initial.get(name)),
            _shown(form, name, form.cleaned_data.get(name)),
        ]
        for name in form.changed_data
    }


class ScopedAdmin(StockAdmin):
    """A stock model admin whose every query starts from `scope`, and whose permissions come from `access`.

    Subclasses say what a person may do (`may_list`, `may_add`, `may_change`); nothing can be deleted here, and
    rows of the permission tables give nobody anything.
    """

    actions = None
    view_on_site = False
    save_as = False
    show_facets = ShowFacets.NEVER
    list_per_page = 60
    add_label = "添加"

    def scope(self, user: Person) -> QuerySet[Any]:
        """The rows that exist for this person."""
        return SCOPES[self.model](user)

    def may_list(self, user: Person) -> bool:
        """Whoever works on disclosures, or reads them; who keeps regions and codes sees none."""
        return user.role != Role.CENTRAL_ADMINISTRATOR

    def may_add(self, user: Person) -> bool:
        return False

    def may_change(self, user: Person, row: Model | None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.scope(access.person_of(request))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, or 404: the stock redirect with a message would say that an id is in use."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Choices of a relation: only rows that exist for this person, whatever id a request carries."""
        return SCOPES[db_field.remote_field.model](access.person_of(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **{"empty_label": CHOOSE} | options)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        options.setdefault(
            "choices", db_field.get_choices(include_blank=db_field.blank, blank_choice=[("", CHOOSE)])
        )
        return super().formfield_for_choice_field(db_field, request, **options)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Relations without the stock pop-ups, which open other objects' forms."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def has_module_permission(self, request: HttpRequest) -> bool:
        person = access.person_of(request)
        return person.is_active and self.may_list(person)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        person = access.person_of(request)
        return person.is_active and self.may_add(person)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = access.person_of(request)
        return person.is_active and self.may_change(person, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses behind `get_object`, without deletion and without the old redirecting one."""
        return [
            self.page("", self.changelist_view, "changelist"),
            self.page("add/", self.add_view, "add"),
            *self.object_urls(),
            self.page("<path:object_id>/history/", self.history_view, "history"),
            self.page("<path:object_id>/change/", self.change_view, "change"),
        ]

    def object_urls(self) -> list[URLPattern]:
        """Addresses of this admin's own pages, for subclasses."""
        return []

    def page(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        """An address of this admin, behind the login, never cached."""

        def wrapper(*args: Any, **kwargs: Any) -> HttpResponseBase:
            return self.admin_site.admin_view(view)(*args, **kwargs)

        name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, update_wrapper(wrapper, view), name=name)

    def render(
        self,
        request: HttpRequest,
        template: str,
        row: Model | None,
        *,
        title: str,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """A page of this admin about one row, in the stock frame."""
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "original": row, "title": title}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, frame | context, status=status)

    def construct_change_message(  # type: ignore[override] # what `log_addition` and `log_change` take here
        self, request: HttpRequest, form: Form, formsets: Any, add: bool = False
    ) -> Fields:
        """Each field that changed, under the label that people see, with what it was and what it became."""
        return changed_fields(form, new=add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """A new row, in its history and in the audit trail with every field."""
        person = access.person_of(request)
        note(person, obj, "新建。", action=Happening.ADD, fields=message, flag=ADDITION)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """What a form changed, in the history of the row and in the audit trail; a form sent without changes in neither."""
        if message:
            note(access.person_of(request), obj, said(message), fields=message)

    def _allow(self, request: HttpRequest, object_id: str | None, *methods: str) -> HttpResponse | None:
        if object_id is not None:
            self.get_object(request, unquote(object_id))
        return None if request.method in methods else HttpResponseNotAllowed(methods)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": str(self.opts.verbose_name_plural), **(extra_context or {})}
        return self._allow(request, None, *FORM) or super().changelist_view(request, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        refused = self._allow(request, object_id, *FORM)
        return refused or super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        refused = self._allow(request, object_id, *READING)
        return refused or super().history_view(request, object_id, extra_context)

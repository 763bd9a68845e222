"""The portal's admin site: the stock Django admin in Chinese, whose first page is the person's own tasks."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import BadRequest
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse

from budgets import access
from budgets.admin.own_password import OwnPasswordForm
from budgets.admin.sessions import must_change
from budgets.domain.law import DISCLOSURE
from budgets.models import Person

NAVIGATION = ("disclosure", "publication", "region", "department", "person", "subject", "logentry")


def _position(registered: tuple[Any, Any]) -> int:
    return NAVIGATION.index(registered[0]._meta.model_name)


class PortalAdminSite(AdminSite):
    """Stock pages, less what checks no object permission, and an index of tasks instead of models."""

    site_title = "明账管理端"
    site_header = "明账"
    index_title = "我的年度任务"
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "—"

    login_form = AuthenticationForm  # everybody with a role may come in: there is no second class of accounts
    password_change_template = "admin/own_password.html"  # noqa: S105
    password_change_form = OwnPasswordForm

    def password_change_done(  # type: ignore[override] # a redirect is no page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Back to the first page, with a word."""
        messages.success(request, "密码已修改。")
        return HttpResponseRedirect(reverse("admin:index"))

    def has_permission(self, request: HttpRequest) -> bool:
        """True for an active person with a role, and for a superuser."""
        user = request.user
        return isinstance(user, Person) and user.is_active and bool(user.role or user.is_superuser)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The stock addresses, less `r/…`, which sends anybody to any object, the year overview, the mapping of exports, the help and the audit trail."""
        from budgets.admin import audit_pages, export_pages, help_pages, overview

        stock = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [
            *overview.urls(self),
            *export_pages.urls(self),
            *help_pages.urls(self),
            *audit_pages.urls(self),
            *stock,
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A page behind the login: kept by no cache, and closed while the password is one that somebody else chose.

        A query with a NUL is no query: PostgreSQL would refuse it in the middle of a list.
        """

        @wraps(view)
        def readable_and_ones_own(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in text for name, texts in request.GET.lists() for text in (name, *texts)):
                raise BadRequest("NUL in the query")
            if must_change(request.user) and view not in (self.password_change, self.logout):
                return HttpResponseRedirect(reverse("admin:password_change"))
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer

        return super().admin_view(readable_and_ones_own, cacheable=False)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only the portal's own models: rows of groups and queues would give or show nothing useful."""
        models: list[type[Model]] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        own = [model for model in models if model._meta.app_label == "budgets"]
        super().register(own, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for this person: an accountant's year, the queue of a reviewer or the bureau, who is late."""
        from budgets.admin import home

        context = {
            **self.each_context(request),
            "title": self.index_title,
            **home.context(access.person_of(request)),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/home.html", context | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Nothing: the portal has a navigation of its own, and the stock list asks every model for every right."""
        return []

    def app_index(  # type: ignore[override] # a redirect is no page
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one application: its index is the first page."""
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The stock context and the navigation of this person's role."""
        context = super().each_context(request)
        context["navigation"] = self.navigation(request) if context["has_permission"] else []
        context["law"] = DISCLOSURE
        return context

    def navigation(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The lists this person may open, with the one that is open now marked."""
        from budgets.admin import home

        entries = [("首页", reverse("admin:index"))]
        if home.sees_region(access.person_of(request)):
            entries.append(("年度总览", reverse("admin:overview")))
        in_order = sorted(self._registry.items(), key=_position)
        for model, model_admin in in_order:
            if model_admin.has_module_permission(request):
                name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
                entries.append((str(model._meta.verbose_name_plural), reverse(name)))
        if access.audit_regions(access.person_of(request)):
            entries.append(("审计日志", reverse("admin:audit")))
        first = entries[0][1]
        return [
            {
                "label": label,
                "url": url,
                "current": request.path == url or (url != first and request.path.startswith(url)),
            }
            for label, url in entries
        ]

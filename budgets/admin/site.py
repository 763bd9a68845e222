"""The portal's admin site: the stock Django admin in Chinese, whose first page is the person's own tasks."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse

from budgets import access, factors
from budgets.admin import sessions
from budgets.admin.login_form import LoginForm
from budgets.admin.own_password import OwnPasswordForm
from budgets.domain.law import DISCLOSURE
from budgets.models import LogEntry, Person
from budgets.workflow import first_set_up

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

    login_form = LoginForm  # everybody with a role may come in: there is no second class of accounts
    password_change_template = "admin/own_password.html"  # noqa: S105
    password_change_form = OwnPasswordForm

    def password_change_done(  # type: ignore[override] # a redirect is no page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Back to the first page, with a word."""
        messages.success(request, "密码已修改。")
        return HttpResponseRedirect(reverse("admin:index"))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The login, to which every page sends who is not signed in; before the first set-up there is nobody to sign in."""
        if first_set_up.is_open():
            return HttpResponseRedirect(reverse("admin:set_up"))
        answer = super().login(request, extra_context)
        if request.method == "POST" and answer.status_code == HttpResponseRedirect.status_code:
            request.session.cycle_key()  # who signs in again gets another session, and a copied id is worth nothing
        return answer

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The own password; with a new one every other session is over."""
        answer = super().password_change(request, extra_context)
        if answer.status_code == HttpResponseRedirect.status_code:
            sessions.end_others(request)
        return answer

    def has_permission(self, request: HttpRequest) -> bool:
        """True for an active person with a role, and for a superuser, who showed the second factor if there is one."""
        user = request.user
        known = isinstance(user, Person) and user.is_active and bool(user.role or user.is_superuser)
        return known and not factors.standing(access.person_of(request)).closed

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The stock addresses, less `r/…`, which sends anybody to any object, and those of the portal's own pages."""
        from budgets.admin import (
            audit_pages,
            batch_pages,
            export_pages,
            help_pages,
            inspection_pages,
            operation_pages,
            overview,
            own_factors,
            passkeys,
            password_links,
            question_pages,
            region_settings,
            region_terms_page,
            roster_pages,
            set_up_pages,
            subject_list_pages,
            year_exports,
            year_pages,
        )

        stock = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        pages = (
            overview,
            inspection_pages,
            batch_pages,
            export_pages,
            help_pages,
            set_up_pages,
            subject_list_pages,
            password_links,
            roster_pages,
            question_pages,
            region_settings,
            region_terms_page,
            year_exports,
            year_pages,
            own_factors,
            passkeys,
            audit_pages,
            operation_pages,
        )
        return [*(url for page in pages for url in page.urls(self)), *stock]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A page behind the login: kept by no cache, and closed while a second factor is asked for and not set up.

        A query with a NUL is no query: PostgreSQL would refuse it in the middle of a list.
        """

        @wraps(view)
        def readable(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in text for name, texts in request.GET.lists() for text in (name, *texts)):
                raise BadRequest("NUL in the query")
            if self._must_set_up(request, view):
                return HttpResponseRedirect(reverse("admin:own_factors"))
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer

        return super().admin_view(readable, cacheable=False)

    def _must_set_up(self, request: HttpRequest, view: Any) -> bool:
        """Whether a second factor comes before this page."""
        from budgets.admin.own_factors import SETTING_UP

        if view in (*SETTING_UP, self.password_change, self.logout):
            return False
        return factors.standing(access.person_of(request)).must_set_up

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Sign out, and off the list of one's sessions."""
        if request.method == "POST":
            sessions.end(request)
        return super().logout(request, extra_context)

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
            entries.append(("我的导出", reverse("admin:downloads")))
        audits = bool(access.audit_regions(access.person_of(request)))  # which holds 办理记录, too
        in_order = sorted(self._registry.items(), key=_position)
        for model, model_admin in in_order:
            if audits and model is LogEntry:
                continue
            if model_admin.has_module_permission(request):
                name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
                entries.append((str(model._meta.verbose_name_plural), reverse(name)))
        if access.keeps_settings(request.user):
            entries.append(("办理设置", reverse("admin:region_settings")))
        if access.keeps_regions(request.user):
            entries.append(("运行情况", reverse("admin:operations")))
        if audits:
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

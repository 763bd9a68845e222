"""One-time links with which people set their own password: nobody chooses, types or tells another person's.

While a link is out its account has no password at all. It works once, until it expires, and only for that account;
a newer one ends it. No link is kept: it is shown on one page, to be printed, and never again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from budgets import access
from budgets.models import Happening, Person
from budgets.workflow.histories import note

NO_PASSWORD = "!"  # noqa: S105 - what Django writes before the random text in place of a password
SET_BY_LINK = "本人用链接设了密码。"
ISSUED = "生成设密码的链接，原密码和先前的链接失效。"


@dataclass(frozen=True, slots=True)
class Slip:
    """What one person is given on paper."""

    person: Person
    address: str
    until: datetime

    @property
    def place(self) -> str:
        """Department or region of the person, in words."""
        return str(self.person.department or self.person.region or "")

    @property
    def drawing(self) -> str:
        """The QR code of the address, as an address of an image."""
        return str(segno.make_qr(self.address, error="m").svg_data_uri(scale=3, border=0))


def without_password(user: Person) -> QuerySet[Person]:
    """People whom somebody manages and who have no password yet, or none any more."""
    roles = access.roles_to_give(user)
    found = access.people_for(user).filter(is_active=True, password__startswith=NO_PASSWORD, role__in=roles)
    return (
        found.exclude(pk=user.pk)
        .select_related("department", "region")
        .order_by("department__code", "username")
    )


def with_links(people: Iterable[Person]) -> dict[int, datetime]:
    """Who of these has a link that still works, by key, and until when; nobody may see the link itself again."""
    since = timezone.now() - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    told = LogEntry.objects.filter(
        content_type__app_label="budgets",
        content_type__model="person",
        object_id__in=[str(person.pk) for person in people],
        change_message=ISSUED,
        action_time__gt=since,
    )
    latest = told.values_list("object_id").annotate(Max("action_time")).order_by()
    return {int(key): at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) for key, at in latest}


def issue(request: HttpRequest, people: QuerySet[Person]) -> list[Slip]:
    """A new link for each of them; their password and every earlier link end with it, and so do their sessions."""
    by = access.person_of(request)
    with transaction.atomic():
        chosen = list(people.select_for_update(of=("self",)))
        for person in chosen:
            person.set_unusable_password()
        Person.objects.bulk_update(chosen, ["password"], batch_size=200)
        note(by, chosen, ISSUED, action=Happening.LINK)
    return slips(request, chosen)


def slips(request: HttpRequest, people: Iterable[Person]) -> list[Slip]:
    """The links of people as they now stand."""
    until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return [Slip(person, _address(request, person), until) for person in people]


def _address(request: HttpRequest, person: Person) -> str:
    who = urlsafe_base64_encode(force_bytes(person.pk))
    way = reverse("admin:password_link", args=[who, default_token_generator.make_token(person)])
    return f"{settings.SITE_ADDRESS}{way}" if settings.PRODUCTION else request.build_absolute_uri(way)


class LinkView(PasswordResetConfirmView):
    """What a link opens: the form of a password of one's own. The token leaves the address at once."""

    site: AdminSite | None = None
    template_name = "admin/set_password.html"
    form_class: Any = SetPasswordForm
    reset_url_token = "new"  # noqa: S105
    title = "设置密码"

    def get_user(self, uidb64: str) -> Any:
        """Whose link it is; None for an account that is closed."""
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(*args, **kwargs)
        if not self.validlink and answer.status_code == 200:
            answer.status_code = 410
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.site is not None
        frame = {**self.site.each_context(self.request), "has_permission": False, "navigation": []}
        return frame | super().get_context_data(**kwargs) | {"whose": self.user, "button": "设好密码"}

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            form.save()
            note(form.user, form.user, SET_BY_LINK, action=Happening.PASSWORD)
        self.request.session.flush()  # whoever was signed in here, and the token
        messages.success(self.request, f"密码已设好。请用用户名 {form.user.username} 和新密码登录。")
        return HttpResponseRedirect(reverse("admin:login"))


def urls(site: AdminSite) -> list[URLPattern]:
    """The address of a link."""
    view = LinkView.as_view(site=site)
    return [path("password/<slug:uidb64>/<slug:token>/", view, name="password_link")]

"""Passkeys: adding one on the own page, and signing in with one instead of name and password.

The ceremonies are django-otp-webauthn's; here are the words in Chinese, and what this portal asks on top: a passkey always
proves who holds it (finger, face or PIN), so that it is two factors in one, and it is added only shortly after signing in.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import URLPattern, path
from django.views import View
from django_otp_webauthn import exceptions
from webauthn.helpers.structs import UserVerificationRequirement

from budgets import access
from budgets.admin import sessions
from budgets.models import Happening
from budgets.workflow.histories import note

# The library says no types: to the checker its views are what is used of them here.
if TYPE_CHECKING:

    class CeremonyView(View):
        def _parse_request_data(self, request: HttpRequest) -> Any: ...

        def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase: ...

    class WebAuthnHelper:
        def get_generate_registration_options_kwargs(self, *, user: Any) -> dict[str, Any]: ...

        def authenticate_begin(self, user: Any, require_user_verification: bool) -> Any: ...

        def create_credential(self, *given: Any) -> Any: ...

    RegistrationBegin = CeremonyView
    RegistrationComplete = CeremonyView
    AuthenticationBegin = CeremonyView
    AuthenticationComplete = CeremonyView
else:
    from django_otp_webauthn.helpers import WebAuthnHelper
    from django_otp_webauthn.views import BaseWebAuthnView as CeremonyView
    from django_otp_webauthn.views import BeginCredentialAuthenticationView as AuthenticationBegin
    from django_otp_webauthn.views import BeginCredentialRegistrationView as RegistrationBegin
    from django_otp_webauthn.views import CompleteCredentialAuthenticationView as AuthenticationComplete
    from django_otp_webauthn.views import CompleteCredentialRegistrationView as RegistrationComplete

WORDS = {
    "malformed_request": "请求的内容读不懂，请刷新页面再试。",
    "invalid_state": "等得太久，或者页面已经用过。请刷新页面再试。",
    "user_disabled": "这个账号已停用，请联系财政局管理员。",
    "credential_disabled": "这把通行密钥已停用，请换一把，或用密码登录。",
    "credential_not_found": "这把通行密钥在这里没有登记，可能已经删除。请换一把，或用密码登录。",
    "credential_user_mismatch": "这把通行密钥是另一个账号的。请先退出，再用它登录。",
    "not_authenticated": "登录已过期，请重新登录。",
    "user_not_verified": "这次登录没有用第二步，请退出后重新登录再添加。",
    "not_fresh": "登录已超过 15 分钟，请按“重新登录”，再回来添加。",
}
UNREADABLE = "通行密钥的答复没有通过核对，请再试一次；仍不成功，请用密码和验证码登录。"


class Ceremony(WebAuthnHelper):
    """What is asked of the device: that it knows its owner, always."""

    def get_generate_registration_options_kwargs(self, *, user: Any) -> dict[str, Any]:
        options: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        options["authenticator_selection"].user_verification = UserVerificationRequirement.REQUIRED
        return options

    def authenticate_begin(self, user: Any = None, require_user_verification: bool = True) -> Any:
        return super().authenticate_begin(user, require_user_verification=True)

    def create_credential(self, *given: Any) -> Any:
        """The passkey under the name that its owner gave; `given` ends with what the browser sent."""
        device, original_data = super().create_credential(*given), given[-1]
        name = original_data.get("name")
        device.name = (name.strip() if isinstance(name, str) else "")[:60] or "通行密钥"
        return device


class InChinese(CeremonyView):
    """Answers of the ceremonies in Chinese, and 400 for a body that is no JSON object."""

    def handle_exception(self, exc: Exception) -> HttpResponseBase:
        if not isinstance(exc, exceptions.OTPWebAuthnApiError):
            raise exc
        return JsonResponse(
            {"detail": WORDS.get(exc.code, UNREADABLE), "code": exc.code}, status=exc.status_code
        )

    def _parse_request_data(self, request: HttpRequest) -> Any:
        try:
            data = super()._parse_request_data(request)  # the library says no types
        except ValueError as error:
            raise exceptions.MalformedRequest() from error
        if not isinstance(data, dict):
            raise exceptions.MalformedRequest()
        return data


class Adding(InChinese):
    """A passkey is added only shortly after signing in."""

    request: HttpRequest

    def check_can_register(self) -> None:
        if not sessions.is_fresh(self.request):
            raise exceptions.NotVerified(code="not_fresh")


class AddBegin(Adding, RegistrationBegin):
    """What the browser is to ask of the device."""


class AddComplete(Adding, RegistrationComplete):
    """The device's answer: kept as a passkey of this person."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().post(*args, **kwargs)
        person = access.person_of(self.request)
        note(person, person, "本人添加通行密钥", action=Happening.FACTOR)
        return answer


class SignInBegin(InChinese, AuthenticationBegin):
    """What the browser is to ask of a device that knows this site."""


class SignInComplete(InChinese, AuthenticationComplete):
    """The device's answer: who holds it is signed in."""


add_begin, add_complete = AddBegin.as_view(), AddComplete.as_view()


def urls(site: AdminSite) -> list[URLPattern]:
    """The four addresses, of which the two for signing in are open to who is not signed in."""
    return [
        path("passkeys/add/begin/", site.admin_view(add_begin), name="passkey_add_begin"),
        path("passkeys/add/complete/", site.admin_view(add_complete), name="passkey_add_complete"),
        path("passkeys/sign-in/begin/", SignInBegin.as_view(), name="passkey_sign_in_begin"),
        path("passkeys/sign-in/complete/", SignInComplete.as_view(), name="passkey_sign_in_complete"),
    ]

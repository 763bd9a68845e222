"""The form for signing in: name and password, and the second factor of those who have one."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from budgets import factors
from budgets.models import Person

ASKED = "这个账号设了两步登录：请再填一次密码，并填手机上的 6 位验证码；没有手机的填恢复码，有通行密钥的按“用通行密钥登录”。"
WRONG = "验证码不对，或者已经用过。请等手机上出现下一个验证码，再和密码一起填一次。"
WRONG_RECOVERY = "恢复码不对，或者已经用过。请换一个没有用过的，再和密码一起填一次。"
SLOWER = "刚才的验证码不对，{} 秒内不再核对。请稍后再和密码一起填一次。"


class LoginForm(AuthenticationForm):
    """A password alone is refused once there is a second factor."""

    request: HttpRequest

    otp_token = forms.CharField(
        label="验证码",
        required=False,
        max_length=12,
        help_text="设了两步登录的填手机上的 6 位数，没有设的不填。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    recovery_code = forms.CharField(
        label="恢复码",
        required=False,
        max_length=20,
        help_text="手机不在身边时，用一个没有用过的恢复码代替验证码。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        person = self.get_user()
        if isinstance(person, Person) and factors.factors_of(person):
            self._prove(person)
        return data

    def _prove(self, person: Person) -> None:
        """Ask for the second factor. Only what was looked at and found wrong counts as a guess."""
        token = str(self.cleaned_data.get("otp_token") or "").strip()
        recovery = str(self.cleaned_data.get("recovery_code") or "").strip()
        if not (token or recovery):
            raise forms.ValidationError(ASKED, code="second_factor")
        if not recovery and (seconds := factors.wait(person)):
            raise forms.ValidationError(SLOWER.format(seconds), code="second_factor")
        device = factors.match(person, token=token, recovery=recovery)
        if device is None:
            factors.count_failure(self.request, person.get_username())
            raise forms.ValidationError(WRONG_RECOVERY if recovery else WRONG, code="second_factor")
        signing_in: Any = person
        signing_in.otp_device = device  # django-otp notes it in the session at the login

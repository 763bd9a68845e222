"""The form of a person's own password."""

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction

from budgets.models import Happening, Person
from budgets.workflow import trail


class OwnPasswordForm(PasswordChangeForm):
    """A new password of one's own, another one than before."""

    def clean_new_password1(self) -> str:
        new = str(self.cleaned_data["new_password1"])
        if self.user.check_password(new):
            raise forms.ValidationError("新密码与原来的相同，请换一个只有自己知道的密码。")
        return new

    def save(self, commit: bool = True) -> Person:
        with transaction.atomic():
            trail.tell(Happening.PASSWORD, self.user, self.user, words="改自己的密码")
            return super().save(commit)

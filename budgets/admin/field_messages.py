"""What forms say of a value that does not fit: in the words of this portal, with what to do, for every form alike."""

from django import forms
from django.db import models

OURS = {
    "max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请缩短。",
    "min_length": "至少 %(limit_value)d 个字，现在有 %(show_value)d 个。",
    "min_value": "不能小于 %(limit_value)s，请核对。",
    "max_value": "不能大于 %(limit_value)s，请核对。",
    "null_characters_not_allowed": "含有看不见的控制字符，请删去后重新填写。",
}


def speak() -> None:
    """Put our words in place of Django's own for every field of a form and of a model."""
    forms.Field.default_error_messages |= OURS
    models.Field.default_error_messages |= OURS

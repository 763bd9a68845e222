"""The minute at which something becomes public, on the desk: how it is asked for, said, and waited for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from budgets.models import Disclosure, Region
from budgets.workflow.stepping import BEIJING, in_beijing

WAITED_FOR = 3600  # seconds before its minute from which on a page waits for it
UNDER_WAY = 5  # seconds after which a page that shows a publication under way looks again


class BeijingMinute(forms.DateTimeField):
    """A date and a time of day as people of the bureau mean them, whatever zone the portal is set to; blank is None."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages = {"invalid": "请把日期和时间都填上，写成 2026-12-01 09:00 这样（北京时间）。"}

    def __init__(self, **options: Any) -> None:
        super().__init__(label="公开时间（北京时间）", required=False, **options)

    def to_python(self, value: Any) -> datetime | None:
        if value and ":" not in str(value):  # a day alone would be its midnight
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        with timezone.override(BEIJING):
            return super().to_python(value)


class PublishForm(forms.Form):
    """When it is to become public; without a minute as soon as the region's time to take it back is over."""

    at = BeijingMinute()

    def __init__(self, data: Any, region: Region) -> None:
        super().__init__(data)
        self.fields["at"].help_text = f"不填，{soon(region)}；也可以定在以后的某一分钟。"


def soon(region: Region) -> str:
    """What happens when no minute is given, in words."""
    if not region.recall_minutes:
        return "马上公开"
    return f"按下后约 {region.recall_minutes} 分钟公开，在此之前可以撤回"


def announced(at: datetime) -> str:
    """What is going to happen, in words."""
    return f"将于 {in_beijing(at)}公开，在此之前可以撤回。"


def look_again(disclosures: Iterable[Disclosure | None]) -> int | None:
    """Seconds after which a page that shows these (out of `deadlines.dated`) is to be looked at again; None for never."""
    shown = [each for each in disclosures if each is not None]
    if any(getattr(each, "publishing", False) for each in shown):
        return UNDER_WAY
    now = timezone.now()
    left = [(each.publish_at - now).total_seconds() for each in shown if each.publish_at]
    return max(int(min(left)), 0) + 2 if left and min(left) < WAITED_FOR else None

"""The way to a correction: the department asks, the bureau declines or opens what was published."""

from django.db import transaction

from budgets.access import May
from budgets.models import Action, Disclosure, Person, Status
from budgets.workflow.signing import begin_anew
from budgets.workflow.stepping import UNTOUCHED, hold, reason_given, step


def correct(disclosure: Disclosure, *, by: Person, reason: str, version: int | None = None) -> Disclosure:
    """Open what was published (or withdrawn) for a correction; the public reason goes with the next version.

    The published version stays public until the corrected one takes its place.
    """
    text = reason_given(reason, "更正")
    with transaction.atomic():
        locked = hold(disclosure, May.CORRECT, by, version)
        begin_anew(locked)
        asked = {"correction_reason": text, "correction_asked": ""}
        changes = UNTOUCHED | asked | {"status": Status.DRAFT}
        return step(locked, Action.CORRECT, by, reason=text, **changes)


def ask_correction(
    disclosure: Disclosure, *, by: Person, reason: str, version: int | None = None
) -> Disclosure:
    """The department asks the bureau to open what is public (or was) for a correction, and says why."""
    text = reason_given(reason, "申请更正")
    with transaction.atomic():
        locked = hold(disclosure, May.ASK_CORRECTION, by, version)
        return step(locked, Action.ASK, by, reason=text, correction_asked=text)


def decline_correction(
    disclosure: Disclosure, *, by: Person, reason: str, version: int | None = None
) -> Disclosure:
    """The bureau declines the correction that was asked for, and says why; the department may ask again."""
    text = reason_given(reason, "不予更正")
    with transaction.atomic():
        locked = hold(disclosure, May.DECLINE_CORRECTION, by, version)
        return step(locked, Action.DECLINE, by, reason=text, correction_asked="")

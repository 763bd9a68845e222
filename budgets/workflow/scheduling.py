"""Publication at a set minute (定时公开): set, taken back, and its files built ahead while nothing points at them.

The minute is Beijing's. Until it comes nothing of the version can be fetched, and one press takes it back; returning
or recalling the disclosure voids it as well. What was built ahead counts only for the day whose date it bears.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from budgets.access import May
from budgets.models import Action, Disclosure, Person, Region
from budgets.workflow.renewing import year_before
from budgets.workflow.stepping import UNSCHEDULED, NotAllowed, hold, in_beijing, step
from budgets.workflow.versions import REPLACED, build, day_of, editions_of, next_edition

MOST_AHEAD = timedelta(days=366)  # later is a slip of the pen
MINUTE = timedelta(minutes=1)


def earliest(region: Region) -> datetime:
    """The first whole minute that leaves the region's time to take it back."""
    soon = timezone.now() + timedelta(minutes=region.recall_minutes)
    return soon.replace(second=0, microsecond=0) + (MINUTE if soon.second or soon.microsecond else 0 * MINUTE)


def schedule(
    disclosure: Disclosure, *, by: Person, version: int | None = None, at: datetime | None = None
) -> Disclosure:
    """Set the minute at which what was approved becomes public: `at`, else the earliest there is.

    Raises NotAllowed (also for a minute that is too near or too far), EditedMeanwhile.
    """
    with transaction.atomic():
        locked = hold(disclosure, May.PUBLISH, by, version)
        region = locked.department.region
        first = earliest(region)
        minute = first if at is None else at.replace(second=0, microsecond=0)
        if minute < first:
            left = f"，要留出 {region.recall_minutes} 分钟可以撤回" if region.recall_minutes else ""
            raise NotAllowed(
                f"公开时间 {in_beijing(minute)}太早{left}：最早可以定在 {in_beijing(first)}；不填时间就按最早的公开。"
            )
        if minute > first + MOST_AHEAD:
            raise NotAllowed(f"公开时间 {in_beijing(minute)}在一年以后，请核对年份。")
        changes = {"publish_at": minute, "publish_asked_by": by, "built_release": ""}
        told = f"定于 {in_beijing(minute)}公开"
        return step(locked, Action.SCHEDULE, by, reason=told, content_hash=locked.approved_hash, **changes)


def unschedule(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Disclosure:
    """Take the publication back before its minute; it stays approved. Raises NotAllowed, EditedMeanwhile."""
    with transaction.atomic():
        locked = hold(disclosure, May.UNSCHEDULE, by, version)
        assert locked.publish_at is not None  # what may be taken back was set
        told = f"原定 {in_beijing(locked.publish_at)}公开"
        return step(locked, Action.UNSCHEDULE, by, reason=told, **UNSCHEDULED)


def give_up(disclosure: Disclosure, due: datetime, why: str) -> bool:
    """Void a minute that came and on which it could not be published; False when it is not set any more."""
    with transaction.atomic():
        rows = Disclosure.objects.select_for_update(of=("self",)).select_related("publish_asked_by")
        locked = rows.get(pk=disclosure.pk)
        if locked.publish_at != due or locked.publish_asked_by is None:
            return False
        told = f"原定 {in_beijing(due)}，到时没有公开：{why}"
        step(locked, Action.UNSCHEDULE, locked.publish_asked_by, reason=told, **UNSCHEDULED)
    return True


def build_ahead(disclosure: Disclosure) -> bool:
    """Build the files of what is scheduled, dated the day of its minute; False when nothing is (any more).

    Raises NotAllowed, NotPublishable for what could not be published either.
    """
    with transaction.atomic():
        seen = Disclosure.objects.select_related("department__region").get(pk=disclosure.pk)
        if seen.publish_at is None:
            return False
        _, edition = next_edition(seen, day_of(max(seen.publish_at, timezone.now())))
        earlier, before = editions_of(seen, REPLACED), year_before(seen)
    name, _ = build([*earlier, edition], before, ready=seen.built_release)
    still = Disclosure.objects.filter(pk=seen.pk, publish_at=seen.publish_at)
    return bool(still.update(built_release=name))

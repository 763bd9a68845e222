"""How the portal is running, for whoever runs it: what waits, what failed, how much room there is, when it was last verified."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.models import Export, Job, JobState
from budgets.models.jobs import Work
from budgets.publishing.folders import make_folder, replace
from budgets.workflow import background, making_exports
from budgets.workflow.kept_files import free
from budgets.workflow.queueing import READING, STALE_AFTER, silent

# How long the first in a queue may wait while a worker is at it; then there is none, or too few.
LONGEST = {
    background.PUNCTUAL: timedelta(minutes=1),
    "default": timedelta(minutes=10),
    READING: timedelta(minutes=30),
}
LEAST_ROOM = 2 * 2**30  # bytes
VERIFIED_WITHIN = timedelta(days=8)
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of health. `value` is a number for a graph, `words` say it to a person."""

    name: str
    label: str
    good: bool
    value: float
    words: str


def signs() -> list[Sign]:
    """Each sign: the queues, what died, what failed, room on the disk, the last verification."""
    now = timezone.now()
    return [*_queues(now), _dead(), _failed(now), _room(), _verified(now)]


def _queues(now: datetime) -> list[Sign]:
    ready = DBTaskResult.objects.ready().order_by().values("queue_name")
    # What has no time of its own has waited since it was asked for.
    rows = ready.annotate(
        asked=Min("enqueued_at", filter=Q(run_after__gt=now)),
        timed=Min("run_after", filter=Q(run_after__lte=now)),
    )
    first: dict[str, datetime] = {}
    for row in rows:
        # A publication that has no minute gives way to those that have one, and waits as all that the desks ask for.
        asked_in = "default" if row["queue_name"] == background.PUNCTUAL else row["queue_name"]
        for name, at in ((asked_in, row["asked"]), (row["queue_name"], row["timed"])):
            if at:
                first[name] = min(at, first.get(name, at))
    found = []
    for name, longest in LONGEST.items():
        waited = max(now - first.get(name, now), timedelta(0))
        words = f"最早的一个等了 {_told(waited)}" if name in first else "没有等待的任务"
        found.append(
            Sign(
                f"queue_{name}_seconds",
                f"队列 {name}",
                waited <= longest,
                round(waited.total_seconds()),
                words,
            )
        )
    return found


def _dead() -> Sign:
    rows = [model.objects.filter(silent(4 * STALE_AFTER), state=JobState.RUNNING) for model in (Job, Export)]
    number = sum(each.count() for each in rows)
    words = f"{number} 个任务的进程已经不在，还没有人接手" if number else "没有中断的任务"
    return Sign("dead_jobs", "中断的任务", number == 0, number, words)


def _failed(now: datetime) -> Sign:
    number = sum(rows.count() for rows in failed(now))
    return Sign("failed_jobs", "没有做成的任务", True, number, f"近 {LATELY.days} 天 {number} 个")


def failed(now: datetime) -> tuple[QuerySet[Job], QuerySet[Export]]:
    """What failed lately and can be tried again: what was due at its minute is asked for anew instead."""
    again = Q(state=JobState.FAILED, finished_at__gte=now - LATELY)
    return Job.objects.filter(again, due_at=None), Export.objects.filter(again)


def under_way() -> list[Work]:
    """What waits or is being done, the oldest first."""
    rows = [
        row
        for model in (Job, Export)
        for row in model.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).select_related(
            "person"
        )
    ]
    return sorted(rows, key=lambda row: row.queued_at)


def _room() -> Sign:
    left = min(free(Path(each)) for each in (settings.DATA_DIR, settings.PUBLISHED_ROOT))
    return Sign("free_bytes", "磁盘剩余", left >= LEAST_ROOM, left, f"{left / 2**30:.1f} GB")


def _verified(now: datetime) -> Sign:
    try:
        told = json.loads(verified_file().read_bytes())
        at, good = datetime.fromisoformat(told["at"]), bool(told["good"])
    except (OSError, ValueError, KeyError, TypeError):
        return Sign("verified_seconds", "核验", True, -1, "还没有运行过 verify")
    age = now - at
    words = f"{_told(age)}前，{'全部相符' if good else '发现不符，请运行 verify 查看'}"
    return Sign(
        "verified_seconds", "核验", good and age <= VERIFIED_WITHIN, round(age.total_seconds()), words
    )


def verified_file() -> Path:
    """Where the outcome of the last verification is kept."""
    return Path(settings.DATA_DIR) / "sealed" / "verified.json"


def keep_verified(*, good: bool) -> None:
    """Keep when it was verified, and whether all agreed."""
    make_folder(verified_file().parent)
    replace(verified_file(), json.dumps({"at": timezone.now().isoformat(), "good": good}).encode())


def _told(age: timedelta) -> str:
    seconds = round(age.total_seconds())
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def try_again(work: Work) -> bool:
    """Put something that failed back into the queue, in the name of who asked for it; False where it is not failed any more."""
    rows = type(work)._default_manager.filter(pk=work.pk, state=JobState.FAILED)
    with transaction.atomic():
        if not rows.update(
            state=JobState.QUEUED, attempts=0, message="", started_at=None, beat_at=None, finished_at=None
        ):
            return False
        work.refresh_from_db()
        if isinstance(work, Job):
            background.place(work)
        else:
            making_exports.make.enqueue(work.pk)
    return True

"""How work is taken from the queue: once, told in words how it ended, and put back when its worker died."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.tasks import Task, TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.importing.reading.opening import Unreadable
from budgets.models import JobState
from budgets.models.jobs import Work
from budgets.rendering.pdf.renderer import PdfFailed, PdfUnavailable
from budgets.workflow.stepping import Refused

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=10)  # longer than anything takes
MOST_ATTEMPTS = 3
BROKEN = "系统出错，没有完成。请稍后再试；仍不成功请联系管理员。"


def do_once[W: Work](rows: type[W], number: int, do: Callable[[W], str], *with_: str) -> None:
    """Do a piece of work once: a second worker, and what is done, find nothing to do. `do` gives the outcome in words.

    `with_` names what is read together with it.
    """
    claimed = rows._default_manager.filter(pk=number, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return
    work = rows._default_manager.select_related("person", *with_).get(pk=number)
    try:
        state, message = JobState.DONE, do(work)
    except (Refused, PdfUnavailable, PdfFailed, Unreadable) as refusal:
        state, message = JobState.FAILED, str(refusal)
    except Exception:
        log.exception("%s %s failed", rows.__name__, number)
        state, message = JobState.FAILED, BROKEN
    rows._default_manager.filter(pk=number).update(state=state, message=message, finished_at=timezone.now())


def put_back(rows: type[Work], task: Task[Any, Any], older_than: timedelta) -> int:
    """Put work back into the queue whose worker died, or whose place in the queue was lost; how much.

    What still has its place is left there. After three attempts work counts as failed.
    """
    limit = timezone.now() - older_than
    stale = rows._default_manager.filter(state=JobState.RUNNING, started_at__lt=limit)
    stale.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED, message="多次未能完成，请联系管理员。", finished_at=timezone.now()
    )
    stale.update(state=JobState.QUEUED, started_at=None)
    waiting = rows._default_manager.filter(state=JobState.QUEUED, queued_at__lt=limit)
    lost = sorted(set(waiting.values_list("pk", flat=True)) - _places(task))
    for number in lost:
        task.enqueue(number)
    return len(lost)


def _places(task: Task[Any, Any]) -> set[int]:
    """The numbers of what has a place in the queue."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=task.module_path)
    return {arguments["args"][0] for arguments in ready.values_list("args_kwargs", flat=True)}

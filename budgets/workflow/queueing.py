"""How work is taken from the queue: once, told in words how it ended, and put back when its worker died."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.tasks import Task, TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets import outages
from budgets.importing.reading.opening import Unreadable
from budgets.models import JobState
from budgets.models.jobs import Work
from budgets.rendering.pdf.renderer import PdfFailed, PdfUnavailable
from budgets.workflow import trail
from budgets.workflow.stepping import Refused

log = logging.getLogger(__name__)

# Files are read in a queue of their own: a heavy one holds up nobody's publication.
READING = "reading"
BEAT = timedelta(seconds=3)
STALE_AFTER = timedelta(seconds=13)  # four beats missed
MOST_ATTEMPTS = 3
QUEUED = Q(state=JobState.QUEUED)
BROKEN = "系统出错，没有完成。请稍后再试；仍不成功请联系管理员。"


def ended(work: Work, state: JobState, message: str) -> None:
    """Write how it ended."""
    rows = type(work)._default_manager.filter(pk=work.pk)
    rows.update(state=state, message=message, finished_at=timezone.now())


@contextmanager
def beating(rows: QuerySet[Any]) -> Iterator[None]:
    """Say in the rows, every few seconds while the block runs, that somebody is at work on them.

    `rows` are those of one attempt: whoever was taken for dead and is not says nothing any more.
    """
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT.total_seconds()):
            try:
                rows.update(beat_at=Now())
            except DatabaseError as failure:  # it comes with the next one, or the work is taken over
                log.warning("no beat: %s", failure)
            finally:
                connection.close()

    thread = threading.Thread(target=beat, daemon=True, name="beat")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def silent(older_than: timedelta) -> Q:
    """Rows that nobody has been at work on for so long.

    Beats and their age are told by the database's clock alone: those of machines differ, and one that was set back, or a process
    that ran ahead, must not make the dead look alive. A beat from the future is none, for that one may be set back as well.
    """
    since, until = Now() - older_than, Now() + older_than
    beaten = Q(beat_at__lt=since) | Q(beat_at__gt=until)
    return beaten | Q(beat_at=None, started_at__lt=since) | Q(beat_at=None, started_at=None)


def do_once[W: Work](
    rows: type[W],
    number: int,
    do: Callable[[W], str],
    *with_: str,
    free: Q = QUEUED,
    end: Callable[[W, JobState, str], None] = ended,
) -> None:
    """Do a piece of work once: a second worker, and what is done, find nothing to do. `do` gives the outcome in words.

    `with_` names what is read together with it, `free` says what may be taken up, `end` writes the outcome.
    """
    claimed = rows._default_manager.filter(free, pk=number).update(
        state=JobState.RUNNING, started_at=Now(), beat_at=Now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return
    work = rows._default_manager.select_related("person", *with_).get(pk=number)
    mine = rows._default_manager.filter(pk=number, state=JobState.RUNNING, attempts=work.attempts)
    try:
        with trail.coming_from(work.address), beating(mine):
            state, message = JobState.DONE, do(work)
    except (Refused, PdfUnavailable, PdfFailed, Unreadable) as refusal:
        state, message = JobState.FAILED, str(refusal)
    except Exception as failure:
        log.exception("%s %s failed", rows.__name__, number)
        words = outages.told(failure)
        if words == outages.AWAY:
            return  # whoever asked need not ask again: nobody beats any more, so it is put back once the database answers
        state, message = JobState.FAILED, "。".join(words or ()) or BROKEN
    if mine.exists():  # else it was taken for dead, and somebody else is at it
        end(work, state, message)


def put_back[W: Work](
    rows: type[W],
    task: Task[Any, Any],
    older_than: timedelta,
    *,
    place: Callable[[W], object] | None = None,
    end: Callable[[W, JobState, str], None] = ended,
) -> int:
    """Put work back into the queue whose worker died, or whose place in the queue was lost; how much.

    What still has its place is left there. After three attempts work counts as failed.
    """
    stale = rows._default_manager.filter(silent(older_than), state=JobState.RUNNING)
    for work in stale.filter(attempts__gte=MOST_ATTEMPTS):
        end(work, JobState.FAILED, "多次未能完成，请联系管理员。")
    stale.update(state=JobState.QUEUED, started_at=None, beat_at=None)
    just_asked = Q(queued_at__range=(Now() - older_than, Now() + older_than))
    waiting = rows._default_manager.filter(~just_asked, state=JobState.QUEUED)
    lost = waiting.exclude(pk__in=_places(task)).order_by("pk")
    for work in (found := list(lost)):
        place(work) if place else task.enqueue(work.pk)
    return len(found)


def _places(task: Task[Any, Any]) -> set[int]:
    """The numbers of what has a place in the queue."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=task.module_path)
    return {arguments["args"][0] for arguments in ready.values_list("args_kwargs", flat=True)}

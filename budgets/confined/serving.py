"""The child's side: limits are set, then requests are answered until it has done its share."""

import contextlib
import gc
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from budgets.confined.children import ROOT, Ending
from budgets.confined.frames import Closed, Head, receive, send

type Say = Callable[[int, int], None]  # pages that are done, pages in all
type Answer = tuple[Head, list[bytes]]
type Work = Callable[[Head, list[bytes], Say], Answer]

FORBIDDEN = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.kill"),
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink"),
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Refused(Exception):
    """The content is not wanted; the message says why, to a person."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. Nothing is ever written to a file."""

    address_space: int  # bytes
    cpu_seconds: float  # for one request; the start is not counted
    jobs: int = 1  # requests, then the process is replaced
    resident: int = sys.maxsize  # bytes held after a request, then the process is replaced


class Guard:
    """An audit hook: from now on no socket, no process, no writing, no reading but of Python and of this code."""

    def __init__(self) -> None:
        bases = {sys.prefix, sys.base_prefix, str(ROOT / "budgets")}
        self.readable = tuple(f"{folder}{os.sep}" for folder in bases | {os.path.realpath(b) for b in bases})
        self.trespasses: list[str] = []
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            inside = isinstance(path, str) and os.path.normpath(path).startswith(self.readable)
            if not isinstance(path, int) and (not inside or flags & WRITING):
                self.refuse(f"open {path!r}")
        elif event.startswith(FORBIDDEN):
            self.refuse(event)

    def refuse(self, what: str) -> None:
        self.trespasses.append(what)
        raise PermissionError(what)


def limit(kind: int, value: int) -> None:
    """Lower a soft limit. macOS refuses some of them; the caller's wall clock still holds there."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def limit_cpu(seconds: float) -> None:
    """So many seconds of CPU from now on."""
    limit(resource.RLIMIT_CPU, max(1, round(used() + seconds)))


def used(who: int = resource.RUSAGE_SELF) -> float:
    """CPU seconds of this process so far, or of its children that have ended."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def serve(start: Callable[[], Work], limits: Limits) -> None:
    """Answer what comes on standard input with what `start` gives, within limits; the process may end then.

    Whatever else is printed goes to standard error. `start` may raise Refused: this machine lacks something.
    """
    target = os.dup(1)
    os.dup2(2, 1)
    held = resident()
    limit(resource.RLIMIT_AS, limits.address_space)
    with contextlib.suppress(Closed):
        try:
            work = start()
        except Refused as refusal:
            send(target, {"ended": Ending.REFUSED, "words": str(refusal)})
            return
        guard = Guard()
        limit(resource.RLIMIT_FSIZE, 0)
        sys.dont_write_bytecode = True
        send(target, {})
        for job in range(1, limits.jobs + 1):
            before = used()
            limit_cpu(limits.cpu_seconds)  # waiting for the request takes none
            report, out = answer(work, lambda done, of: send(target, {"done": done, "of": of}))
            if guard.trespasses:  # whatever came of it
                report, out = {"ended": Ending.TRESPASSED, "words": "；".join(guard.trespasses)}, []
                guard.trespasses.clear()
            report |= {"jobs": job, "cpu": used() - before, "rss": held()}
            report["retire"] = report.get("retire", False) or job == limits.jobs or held() > limits.resident
            send(target, report, out)
            del report, out
            gc.collect()


def answer(work: Work, say: Say) -> Answer:
    """What the work gives for the next request, or how it ended. A process that ran out of something is not asked again."""
    try:
        return work(*receive(0), say)
    except Closed:
        raise
    except Refused as refusal:
        return {"ended": Ending.REFUSED, "words": str(refusal)}, []
    except (MemoryError, RecursionError):
        return {"ended": Ending.MEMORY, "words": "", "retire": True}, []
    except TimeoutError:
        return {"ended": Ending.CPU, "words": "", "retire": True}, []
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:2000]
        return {"ended": Ending.CRASHED, "words": words, "retire": True}, []


def resident() -> Callable[[], int]:
    """Tells how many bytes this process holds; its highest mark where /proc does not tell the present one."""
    try:
        file = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return lambda: int(os.pread(file, 200, 0).split()[1]) * resource.getpagesize()

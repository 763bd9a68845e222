"""A confined child process, seen by the process that asks it: started, asked, ended; and one way to say how it ended."""

import contextlib
import logging
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Self

from budgets.confined.frames import Closed, Head, receive, send

type Progress = Callable[[int, int], None]  # pages that are done, pages in all
type Process = subprocess.Popen[bytes]

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
# Nothing of the caller's environment goes along: no secret, no address of the database.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}
START_SECONDS = 60
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGPROF)  # of the whole request, of one step of it


class Ending(StrEnum):
    """Why there is no answer. REFUSED speaks of what the content is; CPU, MEMORY and SLOW of how much it is."""

    REFUSED = "refused"  # the child says why
    TRESPASSED = "trespassed"  # it tried what the guard forbids: a socket, a process, a file
    CPU = "cpu"
    MEMORY = "memory"
    SLOW = "slow"  # by the wall clock: the machine is overloaded, or the child hangs
    CRASHED = "crashed"
    UNSTARTED = "unstarted"  # it was never ready to be asked; what it lacks, if it says so


class Ended(Exception):
    """A child gave no answer; `words` are its own, blank when it had none."""

    def __init__(self, how: Ending, words: str = "") -> None:
        super().__init__(how, words)
        self.how = how
        self.words = words
        self.refused = how == Ending.REFUSED


class Child:
    """One process at a time, started when first needed and replaced when it retires. Safe to share between threads.

    It has a session of its own, so that whatever it might start ends with it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        wall_seconds: float,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.command = command
        self.wall_seconds = wall_seconds  # of each request
        self.environment = ENVIRONMENT | dict(environment or {})
        self.report: Head = {}  # the last answer, with `jobs`, `cpu` seconds and `rss` bytes
        self._process: Process | None = None
        self._errors: IO[bytes] | None = None  # what the process prints
        self._owner = 0
        self._late = False
        self._lock = threading.Lock()

    def ask(
        self, head: Head, blobs: Sequence[bytes] = (), progress: Progress | None = None
    ) -> tuple[Head, list[bytes]]:
        """The answer to one request. `progress` is called in this thread. Raises Ended."""
        with self._lock:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None
            with self._in_time(process, self.wall_seconds, Ending.CRASHED):
                with contextlib.suppress(Closed):  # what it says before it reads all of it counts
                    send(process.stdin.fileno(), head, blobs)
                self.report, out = receive(process.stdout.fileno())
                while "done" in self.report:
                    if progress:
                        progress(self.report["done"], self.report["of"])
                    self.report, out = receive(process.stdout.fileno())
            if self.report.get("retire"):
                self._stop()
        if "ended" in self.report:
            how, words = Ending(self.report["ended"]), str(self.report.get("words", ""))
            if how in (Ending.CRASHED, Ending.TRESPASSED):
                log.warning("a confined child failed (%s): %s", how, words)
            raise Ended(how, words)
        return self.report, out

    def close(self) -> None:
        """End the process; the next request starts a new one."""
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running(self) -> Process:
        if self._owner != os.getpid():  # after a fork the pipes belong to the parent
            self._process = None
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self._owner = os.getpid()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        process = self._process = subprocess.Popen(  # noqa: S603
            list(self.command),
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        assert process.stdout is not None
        with self._in_time(process, START_SECONDS, Ending.UNSTARTED):
            hello, _ = receive(process.stdout.fileno())
        if "ended" in hello:
            self._stop()
            raise Ended(Ending.UNSTARTED, hello["words"])
        return process

    @contextlib.contextmanager
    def _in_time(self, process: Process, seconds: float, otherwise: Ending) -> Iterator[None]:
        """End the process after so many seconds, and when anything fails. Raises Ended in place of Closed."""
        self._late = False
        timer = threading.Timer(seconds, self._too_late, (process,))
        timer.start()
        try:
            yield
        except BaseException as error:  # whatever it is, the rest of the answer is nobody's
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
            status, printed = process.returncode, self._printed()
            self._stop()
            if not isinstance(error, Closed):
                raise
            log.warning("a confined child ended without an answer (status %s): %s", status, printed)
            if self._late and otherwise is not Ending.UNSTARTED:
                otherwise = Ending.SLOW
            raise Ended(Ending.CPU if status in OUT_OF_TIME else otherwise) from None
        finally:
            timer.cancel()

    def _too_late(self, process: Process) -> None:
        self._late = True
        self._kill(process)

    def _printed(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return self._errors.read()[-2000:].decode(errors="replace").strip()

    def _kill(self, process: Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        self._kill(process)  # what it started may live on after itself
        for pipe in (process.stdin, process.stdout, self._errors):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()

"""A child process that reads a file for this one: asked on standard input, it answers in lines of JSON."""

import contextlib
import json
import logging
import os
import resource
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

type Progress = Callable[[int, int], None]  # pages that are done, pages in all
type Say = Callable[[dict[str, Any]], None]

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}  # no secrets


def ask(
    command: Sequence[str],
    message: bytes,
    progress: Progress | None,
    *,
    wall_seconds: float,
    with_children: bool = False,
) -> dict[str, Any]:
    """Start a child, hand over the message and listen: its last answer, or nothing when it ended without one.

    `progress` is called for each page that it tells of, in this thread. It is ended after `wall_seconds`, and so are the
    processes that it started itself, `with_children`.
    """
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
        start_new_session=with_children,
    )

    def end() -> None:
        with contextlib.suppress(ProcessLookupError):
            if with_children:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()

    timer = threading.Timer(wall_seconds, end)
    timer.start()
    try:
        with process:
            try:
                answer = _listen(process, message, progress)
            finally:
                end()
    finally:
        timer.cancel()
    if not answer:
        log.warning("a child that reads a file ended without an answer (status %s)", process.returncode)
    return answer


def _listen(process: subprocess.Popen[bytes], message: bytes, progress: Progress | None) -> dict[str, Any]:
    assert process.stdin is not None and process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(message)
        process.stdin.close()
    for line in process.stdout:
        try:
            answer = json.loads(line)
        except ValueError:
            return {}
        if not isinstance(answer, dict):
            return {}
        if "done" not in answer:
            return answer
        if progress:
            progress(answer["done"], answer["of"])
    return {}


def confine(address_space: int, cpu_seconds: int) -> None:
    """Limit this process, a child, to so many bytes and seconds; it writes no file."""
    for kind, value in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def speaker() -> Say:
    """How a child answers: one line of JSON a message. Whatever else is printed goes elsewhere from now on."""
    target = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.disable()

    def say(message: dict[str, Any]) -> None:
        print(json.dumps(message, ensure_ascii=False), file=target, flush=True)

    return say

"""Taking in a file in a child process with limits of memory and time, so that no file can harm the process that asks."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from budgets.domain.classification import ECONOMIC, FUNCTION, Subjects
from budgets.domain.codec import encode
from budgets.domain.findings import Limits
from budgets.domain.ledgers import Ledger

from .opening import Unreadable
from .pdfs import STOPPED, Progress
from .taken import Taken, loads

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", f"{__package__}.child")
WALL_SECONDS = 330  # longer than a PDF may take; the child's own limits, of CPU, come first


def take_in_apart(
    name: str,
    content: bytes,
    *,
    subjects: Subjects,
    progress: Progress | None = None,
    previous: Ledger | None = None,
    limits: Limits | None = None,
    command: Sequence[str] = COMMAND,
    wall_seconds: float = WALL_SECONDS,
    **asked: Any,
) -> Taken:
    """`intake.take_in` of a file's bytes in a child; `asked` are its plain arguments (region, unit, year …).

    `progress` is called after each page of a PDF, in this thread. Raises Unreadable with one Chinese sentence, for a
    file that is too much for the child, too.
    """
    header = {
        "name": name,
        "size": len(content),
        "subjects": [encode(s) for scheme in (FUNCTION, ECONOMIC) for s in subjects.all(scheme)],
        "previous": encode(previous) if previous else None,
        "limits": encode(limits or Limits()),
        "asked": asked,
    }
    # A group of its own, so that the process that reads a PDF for the child ends with it.
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    timer = threading.Timer(wall_seconds, _end, [process])
    timer.start()
    try:
        with process:
            answer = _ask(
                process, json.dumps(header, ensure_ascii=False).encode() + b"\n" + content, progress
            )
            _end(process)
    finally:
        timer.cancel()
    with contextlib.suppress(KeyError, TypeError, ValueError):
        if "taken" in answer:
            return loads(answer["taken"], content)
    raise Unreadable(answer.get("refused") or f"文件“{name}”{STOPPED}")


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ask(process: subprocess.Popen[bytes], message: bytes, progress: Progress | None) -> dict[str, Any]:
    """Hand over the file and listen; the last message, or nothing when the child ended without one."""
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

"""Taking in a file in a child process with limits of memory and time, so that no file can harm the process that asks."""

import contextlib
import json
import sys
from collections.abc import Sequence
from typing import Any

from budgets.confined.children import Progress, ask
from budgets.domain.classification import ECONOMIC, FUNCTION, Subjects
from budgets.domain.codec import encode
from budgets.domain.findings import Limits
from budgets.domain.ledgers import Ledger
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.pdf_child import STOPPED
from budgets.importing.taken import Taken, loads

COMMAND = (sys.executable, "-m", "budgets.importing.intake_child")
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
    message = json.dumps(header, ensure_ascii=False).encode() + b"\n" + content
    # The process that reads a PDF for the child ends with it.
    answer = ask(command, message, progress, wall_seconds=wall_seconds, with_children=True)
    with contextlib.suppress(KeyError, TypeError, ValueError):
        if "taken" in answer:
            return loads(answer["taken"], content)
    raise Unreadable(answer.get("refused") or f"文件“{name}”{STOPPED}")

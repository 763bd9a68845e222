"""Taking in a file in a child process with limits of memory and time, so that no file can harm the process that asks."""

import sys
from collections.abc import Sequence
from typing import Any

from budgets.confined.children import Child, Ended, Progress
from budgets.confined.frames import Head
from budgets.domain.classification import ECONOMIC, FUNCTION, Subjects
from budgets.domain.codec import decode, encode
from budgets.domain.findings import Limits
from budgets.domain.ledgers import Ledger
from budgets.importing.belonging import Belongs
from budgets.importing.exports.export_layouts import ExportLayout
from budgets.importing.exports.export_surveys import ExportSurvey
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.unfinished import damaged, unfinished
from budgets.importing.rosters.roster_reading import Roster
from budgets.importing.taken import Taken, loads

COMMAND = (sys.executable, "-m", "budgets.importing.intake_child")
WALL_SECONDS = 240  # the child's own limit, of CPU, comes first unless the machine is overloaded


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
    """`pipeline.take_in` of a file's bytes in a child; `asked` are its plain arguments (region, unit, year …).

    `progress` is called after each page of a PDF, in this thread. Raises Unreadable with one Chinese sentence, for a
    file that is too much for the child, too.
    """
    header = {
        "name": name,
        "subjects": [encode(s) for scheme in (FUNCTION, ECONOMIC) for s in subjects.all(scheme)],
        "previous": encode(previous) if previous else None,
        "limits": encode(limits or Limits()),
        "asked": asked,
    }
    try:
        with Child(command, wall_seconds=wall_seconds) as child:
            answer, _ = child.ask(header, [content], progress)
        return loads(answer["taken"], content)
    except Ended as ended:
        raise Unreadable(ended.words if ended.refused else unfinished(name, content, ended.how)) from None
    except (KeyError, TypeError, ValueError):
        raise Unreadable(damaged(name, content)) from None


def survey_apart(
    name: str, content: bytes, *, layout: ExportLayout, subjects: Subjects, wall_seconds: float = 60
) -> ExportSurvey:
    """`export_surveys.survey` of a file's bytes in the child. Raises Unreadable with one Chinese sentence."""
    header = {
        "name": name,
        "subjects": [encode(s) for scheme in (FUNCTION, ECONOMIC) for s in subjects.all(scheme)],
        "survey": encode(layout),
    }
    found: ExportSurvey = _answered("survey", ExportSurvey, header, content, wall_seconds)
    return found


def roster_apart(name: str, content: bytes, *, book: str = "roster", wall_seconds: float = 60) -> Roster:
    """`roster_books.read_book` of a file's bytes in the child. Raises Unreadable with one Chinese sentence."""
    found: Roster = _answered("roster", Roster, {"name": name, "roster": book}, content, wall_seconds)
    return found


def belongs_apart(name: str, content: bytes, *, wall_seconds: float = WALL_SECONDS) -> Belongs:
    """`belonging.belongs` of a file's bytes in the child. Raises Unreadable with one Chinese sentence."""
    found: Belongs = _answered("belongs", Belongs, {"name": name, "belongs": True}, content, wall_seconds)
    return found


def unpack_apart(name: str, content: bytes, *, wall_seconds: float = 60) -> list[tuple[str, bytes]]:
    """`archives.unpack` in the child: the files of an archive by name. Raises Unreadable with one Chinese sentence."""
    answer, files = _asked({"name": name, "unpack": True}, content, wall_seconds)
    return list(zip(answer["names"], files, strict=True))


def _answered(key: str, kind: type, header: Head, content: bytes, wall_seconds: float) -> Any:
    answer, _ = _asked(header, content, wall_seconds)
    try:
        return decode(kind, answer[key])
    except (KeyError, TypeError, ValueError):
        raise Unreadable(damaged(header["name"], content)) from None


def _asked(header: Head, content: bytes, wall_seconds: float) -> tuple[dict[str, Any], list[bytes]]:
    try:
        with Child(COMMAND, wall_seconds=wall_seconds) as child:
            return child.ask(header, [content], None)
    except Ended as ended:
        words = ended.words if ended.refused else unfinished(header["name"], content, ended.how)
        raise Unreadable(words) from None

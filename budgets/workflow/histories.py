"""One way to keep what was done outside the steps of a disclosure: the history that the desks show, and the audit trail.

Nothing else writes either; tests hold it. Passwords, codes and links are never given here.
"""

from collections.abc import Iterable, Sequence

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model

from budgets.models import Happening, Person
from budgets.workflow import trail

type Fields = dict[str, list[str]]  # by label: what it was, what it became

BLANK = "空"


def note(
    by: Person | None,
    rows: Model | Sequence[Model],
    words: str,
    *,
    action: Happening = Happening.CHANGE,
    fields: Fields | None = None,
    about: Model | None = None,
    flag: int = CHANGE,
) -> None:
    """A line in the history of each row, and as many entries of the trail; with `about` one entry, about that.

    What the server's command line does without a person stands in the trail alone: a history names a person.
    """
    found = [rows] if isinstance(rows, Model) else list(rows)
    write(by, found, words, flag)
    for told in [about] if about is not None else found:
        trail.tell(action, by, told, words=words, fields=fields)


def write(by: Person | None, rows: Iterable[Model], words: str, flag: int = CHANGE) -> None:
    """The lines alone, for what one entry tells of many rows in other words."""
    if by is not None and (found := list(rows)):
        LogEntry.objects.log_actions(by.pk, found, flag, change_message=words)


def said(fields: Fields) -> str:
    """Each field with what it was and what it became, in one line; blank for none."""
    return "；".join(f"{label}：{old or BLANK} → {new or BLANK}" for label, (old, new) in fields.items())

"""Saving part of a draft: one transaction under a lock, refused when somebody saved that part in between.

A part is what one page types: a grid, a chapter, the basic data. Its version is a hash of what it holds, so two
people in two parts never stand in each other's way, and a part that was put back as it was is as it was.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from budgets import access
from budgets.domain.row_changes import Change, Row, by_field, compare
from budgets.domain.snapshots import canonical, digest
from budgets.models import Disclosure, Person
from budgets.workflow import trail

VERSION = "version"
MOST_TOLD = 10


class Stale(Exception):
    """Somebody saved this part after the form was opened; `current` is the disclosure as it is now."""

    def __init__(self, current: Disclosure) -> None:
        super().__init__()
        self.current = current


class NotEditable(PermissionDenied):
    """The part may not be changed as things now stand; the page that says so keeps what was typed."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a page types, and how they are called.

    `read` gives them from the database; `fields` has the label and the unit of each field ("" unless money);
    `name` calls a row by name, given its place from 0. `key` names the field that says which row it is; blank when
    its place does. What is not `guarded` is told in the history and stands in nobody's way.
    """

    read: Callable[[Disclosure], list[Row]]
    fields: dict[str, tuple[str, str]]
    name: Callable[[Row, int], str] = lambda row, place: ""
    key: str = ""
    label: str = ""
    guarded: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """What one page types, under the name that links and task list have for it."""

    key: str
    label: str
    tables: tuple[Table, ...] = ()

    def version(self, disclosure: Disclosure) -> str:
        """What a form opened now carries, to be refused once this part holds something else."""
        return self._version([table.read(disclosure) if table.guarded else [] for table in self.tables])

    def _version(self, rows: Sequence[list[Row]]) -> str:
        guarded = [rows[n] for n, table in enumerate(self.tables) if table.guarded]
        return digest(canonical([self.key, guarded]))[:16]


@dataclass(slots=True)
class Edit:
    """What one saving does. `origins` says of the first table's new rows which old ones they were, when a form knows.

    `message` sums it up for the person, once it is done; blank when it did nothing.
    """

    disclosure: Disclosure
    message: str = ""
    origins: list[int | None] | None = None
    tables: list[dict[str, Any]] = field(default_factory=list)


def posted_version(request: HttpRequest) -> int:
    """The version of the disclosure that a step's page was opened at; 0, which never is current, when it says none."""
    text = request.POST.get(VERSION, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def posted_part(request: HttpRequest) -> str:
    """The version of the part that a form was opened at; blank, which never is current, when it says none."""
    return request.POST.get(VERSION, "")


ALREADY = (
    "都已保存，没有新的改动"  # what the page saved by itself before the button was pressed is saved, too
)


@contextmanager
def editing(
    request: HttpRequest, disclosure: Disclosure, part: Part, version: str | None = None
) -> Iterator[Edit]:
    """Hold the disclosure for one saving of a part; when that changed it, its version goes up and the history tells it.

    What is told is the difference between what the database held before and after. Raises NotEditable when the
    person may not edit the disclosure as it now stands, Stale when the form was opened before somebody else's saving
    of this part. Nothing is kept of a block that raises. `version` is that of the part when the form was opened, where
    the form has several parts.
    """
    with transaction.atomic():
        current = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
        if not access.may(request.user, access.May.EDIT, current):
            raise NotEditable(why_not(current))
        before = [table.read(current) for table in part.tables]
        opened = part._version(before)
        if not opened_at(opened, posted_part(request) if version is None else version):
            raise Stale(current)
        edit = Edit(current)
        yield edit
        after = [table.read(current) for table in part.tables]
        edit.tables = list(_told(part, before, after, edit.origins))
        words = summary([one["change"] for one in edit.tables])
        edit.message = edit.message or (f"{part.label}：{words}" if words else "")
        if not edit.message:
            return
        current.version += 1
        current.updated_by = access.person_of(request)
        current.save(update_fields=["version", "updated_by", "updated_at"])
        told = {"part": part.key, "opened": opened, "saved": part._version(after), "words": edit.message}
        record(request, current, json.dumps(told | {"tables": edit.tables}, ensure_ascii=False))
        _tell(access.person_of(request), current, part, before, after, edit)


def why_not(disclosure: Disclosure) -> str:
    """Why a department may not change a disclosure now, and what to do."""
    if lock := disclosure.year_lock:
        return lock.lock_told
    if not disclosure.editable:
        return f"这份内容目前是“{disclosure.get_status_display()}”，不能改动。"
    return "您的角色不能改动这份内容。"


def opened_at(current: str, version: str) -> bool:
    """True while nobody has saved this part since the form was opened."""
    return current == version


def _told(
    part: Part, before: Sequence[list[Row]], after: Sequence[list[Row]], origins: list[int | None] | None
) -> Iterator[dict[str, Any]]:
    """The tables that changed: how, the fields concerned with label and unit, and what the rows are called."""
    for n, (table, old, new) in enumerate(zip(part.tables, before, after, strict=True)):
        known: Sequence[int | None]
        if table.key:
            known = by_field(old, new, table.key)
        else:
            known = origins if n == 0 and origins is not None else range(len(new))
        change = compare(old, new, known)
        if not change:
            continue
        yield {
            "label": table.label,
            "fields": {name: list(table.fields[name]) for name in _fields(change) if name in table.fields},
            "names": {
                "changed": [table.name(old[i], i) for i, _ in change.get("changed", ())],
                "removed": [table.name(row, i) for i, row in change.get("removed", ())],
                "added": [table.name(row, j) for j, row in change.get("added", ())],
            },
            "change": change,
        }


def _tell(
    by: Person, current: Disclosure, part: Part, before: list[list[Row]], after: list[list[Row]], edit: Edit
) -> None:
    """The saving in the audit trail, in one entry with the others of this person, part and quarter hour: the difference
    between what the first of them found and what stands now."""
    row = trail.opened(by, current, part.key)
    held: dict[str, Any] = {"before": before, "origins": edit.origins, "times": 0}
    if row.held:
        held = json.loads(row.held)
        held["origins"] = _since_first(held["origins"], edit.origins, after)
    held["times"] += 1
    row.held = json.dumps(held, ensure_ascii=False)
    tables = list(_told(part, held["before"], after, held["origins"]))
    words = summary([one["change"] for one in tables]) or "改动后又改回"
    told = {"part": part.key, "words": f"{part.label}：{words}", "times": held["times"], "tables": tables}
    trail.save(row, told)


def _since_first(
    first: list[int | None] | None, last: list[int | None] | None, after: list[list[Row]]
) -> list[int | None] | None:
    """Which of the rows before the first saving the present rows of the first table were."""
    if first is None and last is None:
        return None
    earlier = first if first is not None else list(range(len(after[0])))
    later = last if last is not None else list(range(len(after[0])))
    return [earlier[i] if i is not None and i < len(earlier) else None for i in later]


def _fields(change: Change) -> list[str]:
    every = [*change.get("changed", ()), *change.get("removed", ()), *change.get("added", ())]
    return list(dict.fromkeys(name for _, fields in every for name in fields))


def summary(changes: Sequence[Change]) -> str:
    """How many rows were added, changed and removed; else that only their order was."""
    words = (("增", "added"), ("改", "changed"), ("删", "removed"))
    counts = [(word, sum(len(change.get(name, ())) for change in changes)) for word, name in words]
    told = "、".join(f"{word} {n} 行" for word, n in counts if n)
    return told or ("改动顺序" if changes else "")


def record(request: HttpRequest, disclosure: Disclosure, message: str) -> None:
    """A line in the stock history of the disclosure."""
    LogEntry.objects.create(
        user=access.person_of(request),
        content_type=ContentType.objects.get_for_model(Disclosure),
        object_id=str(disclosure.pk),
        object_repr=str(disclosure)[:200],
        action_flag=CHANGE,
        change_message=message,
    )


def changes(disclosure: Disclosure) -> QuerySet[LogEntry]:
    """The savings of a disclosure, latest first; `saving_words.told` reads them."""
    kind = ContentType.objects.get_for_model(Disclosure)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(disclosure.pk))
    return entries.select_related("user").order_by("-action_time", "-id")


def kept(entry: LogEntry) -> dict[str, Any]:
    """What the history keeps of a saving; of one told in words alone, from before fields were kept, these."""
    text = entry.change_message
    return json.loads(text) if text.startswith("{") else {"part": "", "words": text, "tables": []}


def since(disclosure: Disclosure, part: Part, opened: str) -> list[LogEntry]:
    """The savings of a part since a form was opened, latest first, at most ten."""
    out: list[LogEntry] = []
    for entry in changes(disclosure).filter(change_message__startswith="{")[:200]:
        told = kept(entry)
        if told["part"] != part.key:
            continue
        if told["saved"] == opened or len(out) == MOST_TOLD:
            break
        out.append(entry)
    return out

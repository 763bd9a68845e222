"""Rows that stand beside the frozen content, held against what they were made of: standing, figures, text, search, people, log.

The workflow log has no chain of its own: each of its lines is also an entry of the audit trail, which has one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import batched

from django.db.models import Min

from budgets.models import (
    Action,
    AuditEntry,
    LogEntry,
    Person,
    Publication,
    PublicationState,
    PublicationStatus,
    SearchEntry,
)
from budgets.publishing import listing, word_index
from budgets.publishing.editions import BEIJING, Edition, edition_of

CHUNK = 100  # versions read at a time
LATER = timedelta(minutes=1)  # that a line and its entry, written one after the other, may lie apart
STEPS = [action.value for action in Action]

type Fault = tuple[str, str]


def row_faults() -> Iterator[Fault]:
    """Each row that is not what it was made of: its address or disclosure, and what is wrong with it in Chinese."""
    logs: dict[int, list[LogEntry]] = defaultdict(list)
    for step in LogEntry.objects.select_related("person", "disclosure__department").order_by("pk"):
        logs[step.disclosure_id].append(step)
    states = PublicationState.objects.select_related("publication__department__region").order_by(
        "publication_id"
    )
    for chunk in batched(states.iterator(chunk_size=CHUNK), CHUNK):
        entries = SearchEntry.objects.filter(publication__in=[state.publication_id for state in chunk])
        found = {entry.publication_id: entry for entry in entries}
        for state in chunk:
            yield from _of(state, found.get(state.publication_id), logs)
    stray = SearchEntry.objects.filter(publication__state=None).values_list("pk", flat=True)
    yield from (("检索", f"条目 {number} 不属于任何公开版本") for number in stray)
    missing = Publication.objects.filter(state=None).values_list("chain_entry", flat=True)
    yield from ((entry, "公开版本没有列表和检索用的记录") for entry in missing)
    yield from _log(logs)


def _of(
    state: PublicationState, entry: SearchEntry | None, logs: dict[int, list[LogEntry]]
) -> Iterator[Fault]:
    publication = state.publication
    name = f"{publication.department.region.code}/{publication.department.code}/{publication.fiscal_year}/{publication.stage}/r{publication.revision}"
    log = logs.get(publication.disclosure_id, [])
    said = [_listed(state), _searched(state, entry), _withdrawn(state, log), _people(publication, log)]
    yield from ((name, what) for what in said if what)


def readable() -> Iterator[Edition]:
    """The editions of all publications whose standing is one; `row_faults` names the others."""
    for publication in Publication.objects.select_related("state").order_by("pk").iterator():
        with suppress(ValueError, PublicationState.DoesNotExist):
            yield edition_of(publication)


def _listed(state: PublicationState) -> str:
    """What lists and the search show of a version stands in its frozen content."""
    publication = state.publication
    department = publication.department
    try:
        edition = edition_of(publication)
    except ValueError:
        return f"状态“{state.status}”不是本程序会记的"
    if publication.chain_entry != edition.entry:
        return "数据库所记的链值与内容不符"
    try:
        made, place = listing.summary(edition.document), edition.place
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return ""  # told as content that is not what was hashed
    if place != (department.region.code, department.code, publication.fiscal_year, publication.stage):
        return "属于另一个部门、年度或类别的内容"
    fields = (field for field in PublicationState._meta.fields if field.name in made)
    wrong = [str(field.verbose_name) for field in fields if getattr(state, field.name) != made[field.name]]
    return f"列表和检索用的{'、'.join(wrong)}与公开的内容不符" if wrong else ""


def _searched(state: PublicationState, entry: SearchEntry | None) -> str:
    """A version that stands is found by its own words, and no other is."""
    publication = state.publication
    if state.status != PublicationStatus.CURRENT:
        return "不是现行版本，检索却能找到" if entry else ""
    if entry is None:
        return "检索找不到，请运行 reindex"
    words = word_index.entry_words(state.text, publication.department_id, publication.department.region_id)
    same = entry.grams == words and entry.pk == word_index.key_of(publication.fiscal_year, state.pk)
    return "" if same else "检索条目与公开的内容不符，请运行 reindex"


def _withdrawn(state: PublicationState, log: Sequence[LogEntry]) -> str:
    """A withdrawal, its day and its reason stand in the log."""
    if state.status != PublicationStatus.WITHDRAWN:
        return "没有撤回，却有撤回的原因或日期" if state.withdrawn_reason or state.withdrawn_on else ""
    reasons = [
        step.reason
        for step in log
        if step.action == Action.WITHDRAW and step.at.astimezone(BEIJING).date() == state.withdrawn_on
    ]
    own = state.withdrawn_reason
    same = any(
        reason == own or reason.startswith(f"{own}（") for reason in reasons
    )  # which versions, in brackets
    return "" if same else "撤回的原因或日期与办理记录不符"


def _people(publication: Publication, log: Sequence[LogEntry]) -> str:
    """Who submitted, approved and published is who did so by the log; nothing is said of a version without one."""
    steps: dict[str, int] = {}
    published = 0
    for step in log:
        steps[step.action] = step.person_id
        if step.action == Action.PUBLISH:
            published += 1
            if published == publication.revision:
                break
    else:
        return "办理记录中没有这次公开" if log else ""
    by = (publication.submitted_by_id, publication.approved_by_id, publication.published_by_id)
    same = by == tuple(steps.get(action) for action in (Action.SUBMIT, Action.APPROVE, Action.PUBLISH))
    same = (
        same
        and step.content_hash == publication.payload_hash
        and abs(step.at - publication.published_at) < LATER
    )
    return "" if same else "提交、批准或公开的人、时间与办理记录不符"


def _log(logs: dict[int, list[LogEntry]]) -> Iterator[Fault]:
    """Each disclosure's log is what the audit trail tells of it, since there is one."""
    began: datetime | None = AuditEntry.objects.aggregate(first=Min("at"))["first"]
    told: dict[str, list[AuditEntry]] = defaultdict(list)  # by what stands there, which need be no number
    entries = AuditEntry.objects.filter(kind="disclosure", action__in=STEPS).exclude(username="")
    for entry in entries.order_by("number").iterator(chunk_size=2000):
        told[entry.object_id].append(entry)
    names = set(Person.objects.values_list("username", flat=True))
    written = {str(disclosure): lines for disclosure, lines in logs.items()}
    for disclosure in sorted(written.keys() | told.keys()):
        lines, kept = written.get(disclosure, []), told.get(disclosure, [])
        older = lines[: max(len(lines) - len(kept), 0)]
        same = len(lines) - len(older) == len(kept) and all(
            began is None or line.at < began for line in older
        )
        if not same or not all(map(_same, lines[len(older) :], kept, [names] * len(kept))):
            name = str(lines[0].disclosure) if lines else f"部门预算公开 {disclosure}"
            yield name, "办理记录与审计日志不符：有的被改动、删除或添加"


def _same(line: LogEntry, entry: AuditEntry, names: set[str]) -> bool:
    """Whether both tell the same step. A login that nobody has any more was changed since."""
    try:
        data = entry.data
        fields = data.get("fields", {})
        kept = (
            entry.action,
            entry.username if entry.username in names else line.person.username,
            entry.role,
            data.get("words", ""),
            fields.get("修改序号", ["", ""])[1],
            fields.get("内容摘要", ["", ""])[1],
        )
    except (ValueError, AttributeError, TypeError, LookupError):
        return False  # what is kept there is no change that this program wrote
    said = (line.action, line.person.username, line.role, line.reason, str(line.version), line.content_hash)
    return said == kept and abs(line.at - entry.at) < LATER

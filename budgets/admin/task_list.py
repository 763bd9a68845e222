"""The task list of one disclosure: what is to be filled in, how far each part is, what stands against it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import grids_of, has_goals
from budgets.admin.entry_grids import Grid
from budgets.admin.finding_links import Link, Links
from budgets.domain.findings import Finding, Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.places import AmountRow, amount_place
from budgets.models import Disclosure, Explanation
from budgets.models.lines import Line
from budgets.workflow.drafts import Draft

RECORDS = {  # grids of records, and where a ledger keeps them
    "organizations": "organizations",
    "projects": "projects",
    "procurement": "procurements",
    "fixed_assets": "assets",
}
MOST_SHOWN = 200  # findings of a page; whoever has more begins with these
TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.ADVICE: "go"}


@dataclass(slots=True)
class Task:
    """One part to fill in. `state` is (words, tone)."""

    key: str
    label: str
    url: str
    filled: str = ""
    state: tuple[str, str] = ("", "")


@dataclass(slots=True)
class Noted:
    """A finding with its links and its explanation, if one was given."""

    finding: Finding
    at: str  # its place in words
    links: list[Link]
    explanation: Explanation | None = None

    @property
    def tone(self) -> str:
        return TONES[self.finding.severity]

    @property
    def field(self) -> str:
        """What the finding is called in a form."""
        return self.finding.short_key

    @property
    def explainable(self) -> bool:
        return self.finding.severity is Severity.WARNING


@dataclass(slots=True)
class Desk:
    """The groups of tasks and the noted findings of a disclosure."""

    groups: list[tuple[str, list[Task]]]
    notes: list[Noted]
    blockers: frozenset[str]  # the keys of what still keeps the disclosure from being submitted

    @property
    def blocking(self) -> int:
        return len(self.blockers)

    @property
    def shown(self) -> list[Noted]:
        """The findings that the page lists, in order: all, or as many as it may, first of all those that block."""
        first = sorted(self.notes, key=lambda note: note.finding.key not in self.blockers)[:MOST_SHOWN]
        kept = {note.finding.key for note in first}
        return [note for note in self.notes if note.finding.key in kept]

    @property
    def left_out(self) -> int:
        """How many findings the page does not list."""
        return max(0, len(self.notes) - MOST_SHOWN)

    @property
    def explainable(self) -> bool:
        return any(note.explainable for note in self.notes)

    @property
    def progress(self) -> list[tuple[str, int, int]]:
        """(group, parts filled in, parts) of each group."""
        return [(name, sum(bool(task.filled) for task in tasks), len(tasks)) for name, tasks in self.groups]

    def count(self, severity: Severity) -> int:
        return sum(note.finding.severity is severity for note in self.notes)

    @property
    def summary(self) -> list[tuple[str, int, str]]:
        """(severity, number, tone) of the findings, worst first."""
        return [(s.label, n, TONES[s]) for s in Severity if (n := self.count(s))]


def notes_on(disclosure: Disclosure, draft: Draft, findings: Iterable[Finding]) -> list[Noted]:
    """Findings of a draft with their places in words, their links, and what was said on them."""
    links = Links(disclosure, draft)
    return [Noted(f, links.words(f.at), links.of(f), draft.explanations.get(f.key)) for f in findings]


def desk(disclosure: Disclosure, draft: Draft) -> Desk:
    """The task list of a disclosure with the findings at their places."""
    notes = notes_on(disclosure, draft, draft.findings)
    blockers = frozenset(finding.key for finding in draft.blockers)
    open_at: dict[str, Counter[Severity]] = defaultdict(Counter)
    for note in notes:
        if note.finding.key in blockers:
            for key in {link.task for link in note.links}:
                open_at[key][note.finding.severity] += 1
    groups = [
        ("报表", _grids(disclosure, draft.ledger, annex=False)),
        ("附表", [*_grids(disclosure, draft.ledger, annex=True), *_goals(disclosure, draft.ledger)]),
        ("情况说明", _chapters(disclosure, draft.ledger)),
        ("其他", _others(disclosure, draft.ledger)),
    ]
    for _, tasks in groups:
        for task in tasks:
            task.state = _state(task, open_at[task.key])
    return Desk(groups, notes, blockers)


def _state(task: Task, found: Counter[Severity]) -> tuple[str, str]:
    for severity in (Severity.ERROR, Severity.WARNING):
        if found[severity]:
            return f"{found[severity]} 处{severity.label}", TONES[severity]
    return ("已填", "good") if task.filled else ("未填", "")


def _grids(disclosure: Disclosure, ledger: Ledger, *, annex: bool) -> list[Task]:
    out = []
    for grid in grids_of(tablesets.get(disclosure.table_set)).values():
        if issubclass(grid.model, Line) != annex:
            rows = len(_rows(grid, ledger))
            url = reverse("admin:budgets_disclosure_enter", args=[disclosure.pk, grid.key])
            out.append(Task(grid.key, grid.label, url, f"{rows} 行" if rows else ""))
    return out


def _rows(grid: Grid, ledger: Ledger) -> Collection[object]:
    """What the rows of a grid say; a row that was laid out and not yet filled in says nothing."""
    if grid.key in RECORDS:
        records: tuple[object, ...] = getattr(ledger, RECORDS[grid.key])
        return records
    family, _, fund = grid.key.partition("-")
    places = {amount_place(fact) for fact in ledger.facts if (fact.fund or "") == fund or not fund}
    family = "fund" if family == "funds" else family
    return {p.row for p in places if isinstance(p, AmountRow) and p.family == family}


def _goals(disclosure: Disclosure, ledger: Ledger) -> list[Task]:
    if not has_goals(tablesets.get(disclosure.table_set)):
        return []
    goals = len(ledger.goals)
    url = reverse("admin:budgets_disclosure_goals", args=[disclosure.pk])
    return [Task("goals", "绩效目标", url, f"{goals} 个项目" if goals else "")]


def _chapters(disclosure: Disclosure, ledger: Ledger) -> list[Task]:
    written = {n.key: n for n in ledger.narratives}
    declared = {word.key: word.title for word in tablesets.get(disclosure.table_set).chapters}
    titles = {key: n.title for key, n in written.items()}
    return [
        Task(
            f"chapter-{key}",
            title,
            reverse("admin:budgets_disclosure_chapter", args=[disclosure.pk, key]),
            f"{len(written[key].text)} 字" if key in written and written[key].text else "",
        )
        for key, title in (titles | {k: t for k, t in declared.items() if k not in titles}).items()
    ]


def _others(disclosure: Disclosure, ledger: Ledger) -> list[Task]:
    filled = "已填批复日期" if disclosure.approved_on else ""
    out = [
        Task("basics", "基本信息", reverse("admin:budgets_disclosure_basics", args=[disclosure.pk]), filled)
    ]
    if ledger.given:
        url = reverse("admin:budgets_disclosure_given", args=[disclosure.pk])
        out.append(Task("given", "照录的报表", url, "各表与原件相同"))
    if wordings := len(ledger.wording):
        url = reverse("admin:budgets_disclosure_wording", args=[disclosure.pk])
        out.append(Task("wording", "表中用语", url, f"{wordings} 处与标准不同"))
    return out

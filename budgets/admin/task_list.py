"""The task list of one disclosure: what is to be filled in, how far each part is, what stands against it."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import grids_of, has_goals
from budgets.admin.entry_grids import Grid
from budgets.admin.last_year_grids import typed_of
from budgets.admin.noted import Noted, counted, notes_on
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.places import AmountRow, amount_place
from budgets.models import Disclosure, LastYearLine
from budgets.models.lines import Line
from budgets.workflow.commenting import left_unanswered
from budgets.workflow.drafts import Draft
from budgets.workflow.signing import unsigned

RECORDS = {  # grids of records, and where a ledger keeps them
    "organizations": "organizations",
    "projects": "projects",
    "procurement": "procurements",
    "services": "services",
    "unit_rows": "unit_rows",
    "fixed_assets": "assets",
}
MOST_SHOWN = 200  # findings of a page; whoever has more begins with these
REST = "rest"


@dataclass(slots=True)
class Task:
    """One part to fill in. `state` is (words, tone); `notes` are the findings that are mended there."""

    key: str
    label: str
    url: str
    filled: str = ""
    state: tuple[str, str] = ("", "")
    left: str = ""  # what is still to do there, in words; blank when nothing is
    notes: list[Noted] = field(default_factory=list)

    @property
    def summary(self) -> list[tuple[str, int, str]]:
        """(severity, number, tone) of its findings, worst first."""
        return counted(self.notes)

    @property
    def explainable(self) -> bool:
        return any(note.explainable for note in self.notes)

    @property
    def to_explain(self) -> str:
        """The field of the first warning that is not explained yet, else of the first; blank when none can be."""
        fields = sorted(
            (bool(note.explanation), n, note.field) for n, note in enumerate(self.notes) if note.explainable
        )
        return fields[0][2] if fields else ""

    @property
    def unfolded(self) -> bool:
        """True when an explanation typed there was not saved."""
        return any(note.refused for note in self.notes)


@dataclass(slots=True)
class Desk:
    """The groups of tasks in the order of the work, and the noted findings of a disclosure."""

    groups: list[tuple[str, list[Task]]]
    notes: list[Noted]
    blockers: frozenset[str]  # the keys of what still keeps the disclosure from being submitted

    @property
    def blocking(self) -> int:
        return len(self.blockers)

    @property
    def tasks(self) -> list[Task]:
        return [task for _, tasks in self.groups for task in tasks]

    @property
    def explainable(self) -> bool:
        """True when the page has fields for explanations."""
        return any(task.explainable for task in self.tasks)

    @property
    def left(self) -> list[Task]:
        """The tasks that still keep the disclosure from being submitted: 还差几件事."""
        return [task for task in self.tasks if task.left]

    @property
    def left_out(self) -> int:
        """How many findings the page does not list."""
        return max(0, len(self.notes) - MOST_SHOWN)

    @property
    def progress(self) -> list[tuple[str, int, int]]:
        """(group, parts filled in, parts) of each group."""
        return [(name, sum(bool(task.filled) for task in tasks), len(tasks)) for name, tasks in self.groups]

    @property
    def summary(self) -> list[tuple[str, int, str]]:
        """(severity, number, tone) of the findings, worst first."""
        return counted(self.notes)

    def at(self, key: str) -> list[Noted]:
        """The findings that lead to a task, those that block first."""
        here = [note for note in self.notes if key in note.tasks]
        return sorted(here, key=lambda note: note.finding.key not in self.blockers)


def _sign_off(disclosure: Disclosure) -> Task:
    """保密审查 and 负责人审签, where the region asks for them."""
    lacks = unsigned(disclosure)
    url = reverse("admin:budgets_disclosure_sign_off", args=[disclosure.pk])
    state = (lacks, "warn") if lacks else ("已审签", "good")
    return Task("sign_off", "保密审查和审签", url, filled="" if lacks else "有", state=state, left=lacks)


def _comments(disclosure: Disclosure) -> list[Task]:
    """What was said of a disclosure that is mended and nobody answered; nothing where all was."""
    number = left_unanswered(disclosure)
    url = reverse("admin:budgets_disclosure_comments", args=[disclosure.pk])
    left = f"{number} 条意见没有答复"
    return [Task("comments", "审核意见", url, state=(left, "warn"), left=left)] if number else []


def desk(disclosure: Disclosure, draft: Draft) -> Desk:
    """The task list of a disclosure, each finding at the part where it is mended; the page lists at most MOST_SHOWN.

    Until something was typed nobody did anything wrong: what is missing is then said without a warning's colour.
    """
    quiet = disclosure.version == 1 and not draft.ledger.facts
    notes = notes_on(disclosure, draft, draft.findings, quiet=quiet)
    blockers = frozenset(finding.key for finding in draft.blockers)
    groups = [
        ("基本信息", _basics(disclosure)),
        ("报表", _grids(disclosure, draft.ledger, annex=False)),
        ("附表", [*_grids(disclosure, draft.ledger, annex=True), *_goals(disclosure, draft.ledger)]),
        ("情况说明", _chapters(disclosure, draft.ledger)),
        ("其他", _others(disclosure, draft.ledger)),
    ]
    by_key = {task.key: task for _, tasks in groups for task in tasks}
    rest = Task(REST, "整份公开", "")
    shown = {
        note.finding.key
        for note in sorted(notes, key=lambda note: note.finding.key not in blockers)[:MOST_SHOWN]
    }
    open_at: dict[str, Counter[Severity]] = defaultdict(Counter)
    for note in notes:
        home = next((by_key[task] for task in note.tasks if task in by_key), rest)
        if note.finding.key in shown:
            home.notes.append(note)
        if note.finding.key in blockers:
            open_at[home.key][note.finding.severity] += 1
    if rest.notes:
        groups[-1][1].append(rest)
    for task in (*by_key.values(), rest):
        found = open_at[task.key]
        task.state, task.left = _state(task, found, quiet), "要填" if quiet and found else _left(found)
    if disclosure.editable:
        groups.append(("审核意见", _comments(disclosure)))
    if disclosure.department.region.sign_offs_required:
        groups.append(("提交前", [_sign_off(disclosure)]))
    return Desk([(name, tasks) for name, tasks in groups if tasks], notes, blockers)


def _state(task: Task, found: Counter[Severity], quiet: bool) -> tuple[str, str]:
    if quiet and found:
        return "要填", ""
    for severity, tone in ((Severity.ERROR, "bad"), (Severity.WARNING, "warn")):
        if found[severity]:
            return f"{found[severity]} 处{severity.label}", tone
    if task.key == REST:
        return "", ""
    return ("已填", "good") if task.filled else ("未填", "")


def _left(found: Counter[Severity]) -> str:
    words = ((Severity.ERROR, "{} 处要填写或改正"), (Severity.WARNING, "{} 处要改正或说明"))
    return "，".join(said.format(found[severity]) for severity, said in words if found[severity])


def _grids(disclosure: Disclosure, ledger: Ledger, *, annex: bool) -> list[Task]:
    out = []
    for grid in grids_of(tablesets.get(disclosure.table_set)).values():
        if issubclass(grid.model, Line | LastYearLine) != annex:
            rows = len(_rows(grid, ledger))
            url = reverse("admin:budgets_disclosure_enter", args=[disclosure.pk, grid.key])
            out.append(Task(grid.key, grid.label, url, f"{rows} 行" if rows else ""))
    return out


def _rows(grid: Grid, ledger: Ledger) -> Collection[object]:
    """What the rows of a grid say; a row that was laid out and not yet filled in says nothing."""
    if grid.model is LastYearLine:
        return typed_of(grid, ledger)
    if grid.key in RECORDS:
        records: tuple[object, ...] = getattr(ledger, RECORDS[grid.key])
        return records
    family, _, page = grid.key.partition("-")
    family = "fund" if family == "funds" else family
    places = {amount_place(fact) for fact in ledger.facts if fact.family == family}
    return {p.row for p in places if isinstance(p, AmountRow) and page in ("", p.fund)}


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


def _basics(disclosure: Disclosure) -> list[Task]:
    filled = "已填批复日期" if disclosure.approved_on else ""
    url = reverse("admin:budgets_disclosure_basics", args=[disclosure.pk])
    return [Task("basics", "基本信息", url, filled)]


def _others(disclosure: Disclosure, ledger: Ledger) -> list[Task]:
    out = []
    if ledger.given:
        url = reverse("admin:budgets_disclosure_given", args=[disclosure.pk])
        out.append(Task("given", "照录的报表", url, "各表与原件相同"))
    if wordings := len(ledger.wording):
        url = reverse("admin:budgets_disclosure_wording", args=[disclosure.pk])
        out.append(Task("wording", "表中用语", url, f"{wordings} 处与标准不同"))
    return out

"""The registry of rules: what a rule reads, how it is declared, and how it reports what it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from budgets.domain.classification import Subjects
from budgets.domain.documents import Document
from budgets.domain.facts import Filed
from budgets.domain.findings import Finding, Limits, Severity, in_order, key_of
from budgets.domain.ledgers import Ledger
from budgets.domain.places import CellRef, Place
from budgets.domain.sheets import Filler
from budgets.domain.tables import TableSet
from budgets.sentences.writing import Written


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule reads.

    The filler of the ledger, with its set and codes; the document as printed, a test for missing glyphs, the ledger of the latest
    earlier year that is known, what is published of the other stage (of accounts their budget, of a budget the accounts before it),
    the region's thresholds, the day of the first publication when there was one, and the tables that a file lacks.
    """

    filler: Filler
    document: Document
    missing_glyphs: Callable[[str], set[str]] | None = None
    previous: Ledger | None = None
    limits: Limits = Limits()
    published_on: date | None = None
    absent: frozenset[str] = frozenset()  # keys of tables that a file lacks: no amount is held against them
    written: tuple[
        Written, ...
    ] = ()  # the chapters as typed and as they print; the ledger's are the printed ones
    find_other: Callable[[], Ledger | None] = lambda: None  # looked for when a rule asks
    _made: dict[Callable[["Case"], Any], Any] = field(default_factory=dict, compare=False, repr=False)

    def once[T](self, make: "Callable[[Case], T]") -> T:
        """What `make` reads from this case, made once however many rules ask."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @property
    def last_year(self) -> Ledger | None:
        """The ledger of the year directly before, of which texts speak as 上年; None when it is not known."""
        known = self.previous
        return known if known is not None and known.year == self.ledger.year - 1 else None

    @property
    def other_stage(self) -> Ledger | None:
        """What is published of the other stage; None where nothing is."""
        return self.once(_other)

    @property
    def table_set(self) -> TableSet:
        return self.filler.set

    @property
    def ledger(self) -> Ledger:
        return self.filler.ledger

    @property
    def subjects(self) -> Subjects:
        return self.filler.subjects

    @property
    def facts(self) -> Filed:
        """The ledger's facts, filed once for the tables and for every rule."""
        return self.filler.filed


def _other(case: Case) -> Ledger | None:
    return case.find_other()


@dataclass(frozen=True, slots=True)
class Declared:
    """What a rule is to people: its id, default severity, source, and the formula in words."""

    id: str
    severity: Severity
    source: str
    formula: str


@dataclass(frozen=True, slots=True)
class Rule(Declared):
    """A registered rule, with its function."""

    find: Callable[[Case], Iterable[Finding]]


@dataclass
class Registry:
    """The rules in the order they were declared."""

    rules: dict[str, Rule] = field(default_factory=dict)

    def add(self, rule: Rule) -> None:
        if rule.id in self.rules:
            raise ValueError(f"rule {rule.id} is declared twice")
        self.rules[rule.id] = rule

    def check(self, case: Case) -> list[Finding]:
        """Every finding, errors first, no two with one key."""
        return in_order(finding for rule in self.rules.values() for finding in _told_apart(rule.find(case)))


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings with keys of their own, whatever a rule says twice of one place."""
    times: dict[str, int] = {}
    for finding in findings:
        n = times[finding.key] = times.get(finding.key, 0) + 1
        yield (
            finding
            if n == 1
            else replace(finding, key=key_of(finding.rule, finding.at, f"{finding.key}#{n}"))
        )


REGISTRY = Registry()

type Found = Iterator[Finding]


def rule(
    id: str, severity: Severity, *, source: str, formula: str
) -> Callable[[Callable[[Case, "Report"], Found]], Callable[[Case, "Report"], Found]]:
    """Register a rule. Its function yields `report(message, at=…, cells=…)` for each fault."""

    def register(find: Callable[[Case, "Report"], Found]) -> Callable[[Case, "Report"], Found]:
        report = Report(id, severity)
        REGISTRY.add(Rule(id, severity, source, formula, lambda case: find(case, report)))
        return find

    return register


@dataclass(frozen=True, slots=True)
class Report:
    """Makes the findings of one rule; `severity` is given where a finding weighs less than its rule usually does.

    The place is that of the first cell unless another is given; `apart` is what tells two findings of one place apart;
    `meant` are the places to mend where the place is a general one. The key knows of the place and `apart` alone.
    """

    rule: str
    severity: Severity

    def __call__(
        self,
        message: str,
        *,
        at: Place | None = None,
        cells: Iterable[CellRef] = (),
        apart: str = "",
        severity: Severity | None = None,
        meant: Iterable[Place] = (),
    ) -> Finding:
        cells = tuple(cells)
        place = cells[0] if at is None else at
        return Finding(
            self.rule,
            severity or self.severity,
            message,
            place,
            cells,
            key_of(self.rule, place, apart),
            tuple(meant),
        )

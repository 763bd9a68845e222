"""Findings and the registry of rules that make them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from budgets.domain.classification import Subjects
from budgets.domain.documents import Document
from budgets.domain.facts import Filed
from budgets.domain.ledgers import Ledger
from budgets.domain.tables import TableSet
from budgets.domain.terms import Term


class Severity(Term):
    """ERROR blocks publication, WARNING needs an explanation, ADVICE informs."""

    ERROR = "error", "错误"
    WARNING = "warning", "警告"
    ADVICE = "advice", "提示"


class CellRef(NamedTuple):
    """A cell by meaning: table key, caption key of its row (code or line key), column key."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, in Chinese, with its place.

    `at` is the place in words; `cells` the cells concerned. `key` stays the same while the fault is the same (rule and
    place, not the amounts), so that an explanation stays with it.
    """

    rule: str
    severity: Severity
    message: str
    at: str = ""
    cells: tuple[CellRef, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds that a region may set, in yuan."""

    per_vehicle: Decimal = Decimal(60_000)  # yearly running cost of one vehicle that asks for a word


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule reads.

    The ledger, its set and codes, the document as printed, a test for missing glyphs, last year's ledger when it is
    known, the region's thresholds, and the day of the first publication when there was one.
    """

    table_set: TableSet
    ledger: Ledger
    subjects: Subjects
    document: Document
    missing_glyphs: Callable[[str], set[str]] | None = None
    previous: Ledger | None = None
    limits: Limits = Limits()
    published_on: date | None = None
    _made: dict[Callable[["Case"], Any], Any] = field(default_factory=dict, compare=False, repr=False)

    def once[T](self, make: "Callable[[Case], T]") -> T:
        """What `make` reads from this case, made once however many rules ask."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @property
    def facts(self) -> Filed:
        """The ledger's facts, filed once for every rule."""
        return self.once(_filed)


def _filed(case: Case) -> Filed:
    return Filed(case.ledger.facts)


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule: its id, default severity, source, the formula in words, and the function."""

    id: str
    severity: Severity
    source: str
    formula: str
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
        """Every finding, errors first, each with its key filled in."""
        return in_order(_keyed(finding) for rule in self.rules.values() for finding in rule.find(case))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by severity, errors first, else as they came."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _keyed(finding: Finding) -> Finding:
    place = "|".join("/".join(cell) for cell in finding.cells) or finding.at
    key = finding.key or f"{finding.rule}:{place}"
    return replace(finding, key=key)


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
    """Makes the findings of one rule; `severity` is given where a finding weighs less than its rule usually does."""

    rule: str
    severity: Severity

    def __call__(
        self,
        message: str,
        *,
        at: str = "",
        cells: Iterable[CellRef] = (),
        key: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        key = key and f"{self.rule}:{key}"
        return Finding(self.rule, severity or self.severity, message, at, tuple(cells), key)

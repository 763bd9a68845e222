"""Findings as values: what is wrong, how much it weighs, where it is. What makes them is `rules.registry`."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from budgets.domain.law import PER_VEHICLE
from budgets.domain.places import CellRef, Place, serialised
from budgets.domain.terms import Term

KEY_DIGITS = 16


class Severity(Term):
    """ERROR blocks publication, WARNING needs an explanation, ADVICE informs."""

    ERROR = "error", "错误"
    WARNING = "warning", "警告"
    ADVICE = "advice", "提示"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, in Chinese, with its place.

    `at` is the place, `cells` further cells concerned. `key` stays the same while the fault is the same (rule and
    place, not the amounts), so that an explanation stays with it; no two findings of a check share it. `meant` are the
    places to mend, where `at` says only generally what they are; links lead to them in its stead.
    """

    rule: str
    severity: Severity
    message: str
    at: Place
    cells: tuple[CellRef, ...] = ()
    key: str = ""
    meant: tuple[Place, ...] = ()

    @property
    def short_key(self) -> str:
        """The key as forms and anchors take it."""
        return self.key.rpartition(":")[2]


def key_of(rule: str, at: Place, apart: str = "") -> str:
    """The key of a finding: its rule and a hash of rule and place; `apart` tells two findings of one place apart."""
    text = "\n".join((rule, serialised(at), apart))
    return f"{rule}:{sha256(text.encode()).hexdigest()[:KEY_DIGITS]}"


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by severity, errors first, else as they came."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds that a region may set, in yuan."""

    per_vehicle: Decimal = PER_VEHICLE  # yearly running cost of one vehicle that asks for a word

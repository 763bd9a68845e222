"""A checker's findings against the truth: which faults are named, which findings name nothing that is wrong."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from benchmark.truths import Fault, Truth

# What drawn budgets are measured by: words against tables and against each other, and cells that do not add up. Drawn amounts are not
# plausible (a pension fund without pensioners), so rules on what is plausible say true things that nobody planted.
MEASURED = re.compile(r"text-|class-amount|said-nothing|reason-given|item-named|procurement-parts|cell-")
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
LAST_WORDS = 30  # characters of a finding's words that must stand in the sentence; before them others may
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Found:
    """One finding of a checker: its rule, its words in the document or its cell, and its message."""

    rule: str
    message: str
    quote: str = ""
    table: str = ""
    cell: str = ""


@dataclass
class Score:
    """Counts of one checker over some documents."""

    named: Counter[str] = field(default_factory=Counter)  # faults named, by kind
    planted: Counter[str] = field(default_factory=Counter)  # faults there are, by kind
    right: Counter[str] = field(default_factory=Counter)  # findings that name a fault or its place, by rule
    wrong: Counter[str] = field(default_factory=Counter)  # findings that name nothing wrong, by rule
    missed: list[tuple[str, Fault]] = field(default_factory=list)
    alarms: list[tuple[str, Found]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return ratio(self.named.total(), self.planted.total())

    @property
    def precision(self) -> float:
        return ratio(self.right.total(), self.right.total() + self.wrong.total())

    def add(self, truth: Truth, findings: Iterable[Found]) -> None:
        """Count one document. A finding beside a fault, in its sentence or cell, is no false alarm even if it tells less."""
        measured = [one for one in findings if MEASURED.match(one.rule)]
        for fault in truth.faults:
            self.planted[fault.kind] += 1
            if any(names(one, fault) for one in measured):
                self.named[fault.kind] += 1
            else:
                self.missed.append((truth.document, fault))
        for one in measured:
            if any(stands_in(one, fault) for fault in truth.faults):
                self.right[one.rule] += 1
            else:
                self.wrong[one.rule] += 1
                self.alarms.append((truth.document, one))


def ratio(part: int, whole: int) -> float:
    """1.0 of nothing: who says nothing says nothing wrong."""
    return part / whole if whole else 1.0


def stands_in(one: Found, fault: Fault) -> bool:
    """True when a finding points at the sentence or the cell of a fault."""
    if fault.cell:
        return (one.table, one.cell) == (fault.table, fault.cell)
    quote, sentence = BLANKS.sub("", one.quote), BLANKS.sub("", fault.sentence)
    return bool(quote) and bool(sentence) and (quote[-LAST_WORDS:] in sentence or sentence in quote)


def names(one: Found, fault: Fault) -> bool:
    """True when it also tells every number of the fault, in any of its forms."""
    message = BLANKS.sub("", one.message)
    numbers = {Decimal(match[0].replace(",", "")) for match in NUMBER.finditer(one.message)}
    return stands_in(one, fault) and all(
        any(_told(each, message, numbers) for each in forms) for forms in fault.numbers
    )


def _told(form: str, message: str, numbers: set[Decimal]) -> bool:
    found = NUMBER.match(form)
    if not found:
        return form in message
    value = Decimal(found[0].replace(",", ""))
    return value in numbers or -value in numbers


def of_json(data: dict[str, Any]) -> Sequence[Found]:
    """The findings of a checker's JSON: `findings` with rule, message and quote or cells, `suspects` with table and cell; advice is none."""
    found = [
        Found(each["rule"], each["message"], each.get("quote", ""), *_cell(each.get("cells", ())))
        for each in data.get("findings", ())
        if each.get("severity") != "advice"
    ]
    suspects = [
        Found("cell-suspect", f"{each['given']} {each.get('right', '')}", "", each["table"], each["cell"])
        for each in data.get("suspects", ())
    ]
    return [*found, *suspects]


def _cell(cells: Sequence[dict[str, str]]) -> tuple[str, str]:
    return (cells[0]["table"], cells[0]["cell"]) if cells else ("", "")


def by_rule(score: Score) -> dict[str, tuple[int, int]]:
    """Right and wrong findings of each rule, in the order of their names."""
    rules = sorted({*score.right, *score.wrong})
    return {rule: (score.right[rule], score.wrong[rule]) for rule in rules}


def by_group(truths: Iterable[tuple[Truth, Score]], key: str) -> dict[str, list[Score]]:
    """The scores of documents by an attribute of their truth."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for truth, score in truths:
        groups[getattr(truth, key)].append(score)
    return groups

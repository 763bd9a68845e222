"""What the chapters say in figures: each amount with what it can mean, and last year's figures as far as known."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from budgets import tablesets
from budgets.domain.classification import FUNCTION, LENGTHS
from budgets.domain.composing import compose
from budgets.domain.figures import Figures, Known, rounded
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.paragraphs import LONGEST_TEXT, too_long
from budgets.rules.given_cells import doubtful_cells
from budgets.rules.registry import Case
from budgets.rules.typed_units import mistyped_cells
from budgets.sentences.comparisons import UNCHANGED
from budgets.sentences.statements import QUOTED_TEXTS, Said, stated

__all__ = [
    "UNCHANGED",
    "Said",
    "amounts_of",
    "earlier",
    "figures_of",
    "last_year",
    "said",
    "speaking",
    "told_wrong",
]

WIDEST = LENGTHS[FUNCTION][0]


def figures_of(case: Case) -> Figures:
    """The figures that the text may quote."""
    return Figures(case.document, case.absent)


def speaking(case: Case) -> Iterator[Narrative]:
    """The chapters whose amounts are held against the tables; one that is too long to print is not read first."""
    read = 0
    for narrative in case.ledger.narratives:
        read += len(narrative.text)
        if narrative.key not in QUOTED_TEXTS and not too_long(narrative.text) and read <= LONGEST_TEXT:
            yield narrative


def said(case: Case) -> list[Said]:
    """The amounts of the chapters that speak of the tables, in order."""
    return case.once(_said)


def _said(case: Case) -> list[Said]:
    return list(_each(case, case.once(figures_of)))


def amounts_of(case: Case) -> dict[str, list[Said]]:
    """The amounts of each chapter by its key, in order; an empty list for a chapter without."""
    return case.once(_amounts_of)


def _amounts_of(case: Case) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for one in said(case):
        found[one.narrative.key].append(one)
    return found


def told_wrong(one: Said) -> bool:
    """True for an amount that is not what its cell says: that is told by itself."""
    cells = one.figures if one.own else ()
    return bool(cells) and not any(rounded(one.quantity, f) or f.yuan == one.quantity.yuan for f in cells)


def _each(case: Case, figures: Figures) -> Iterator[Said]:
    doubtful = doubtful_cells(case) | mistyped_cells(case)  # told once, as wrong cells
    lists = {one.typed.key: one.lists for one in case.written}
    for narrative in speaking(case):
        for one in stated(narrative, case.ledger.year, figures, doubtful):
            # An item of a list that was worked out is called by its row alone: 公务接待费 there is no “三公” total.
            listed = any(start <= one.where[1] < end for start, end in lists.get(narrative.key, ()))
            yield replace(one, figures=()) if listed else one


def earlier(case: Case, narrative: Narrative) -> tuple[int, dict[str, Decimal]] | None:
    """Last year's figures as a chapter quotes them: (year, yuan by figure key); None when it quotes none."""
    year, found = case.once(_earlier).get(narrative.key, (0, {}))
    return (year, found) if found else None


def _earlier(case: Case) -> dict[str, tuple[int, dict[str, Decimal]]]:
    quoted: dict[str, tuple[int, dict[str, Decimal]]] = {}
    for one in said(case):
        if one.quantity.year is not None and not one.quantity.change:
            _, found = quoted.get(one.narrative.key, (0, {}))
            for figure in one.figures[:1]:
                found.setdefault(figure.key, one.quantity.yuan)
            quoted[one.narrative.key] = one.quantity.year, found
    return quoted


def last_year(case: Case) -> Mapping[str, Known]:
    """The figures of last year's disclosure by key; empty when it is not in the system."""
    return case.once(_last_year)


def _last_year(case: Case) -> Mapping[str, Known]:
    return known_of(case, case.last_year) if case.last_year else {}


def known_of(case: Case, before: Ledger) -> Mapping[str, Known]:
    """The figures of another disclosure of the same department by key, as its tables print them."""
    previous = tablesets.get(before.table_set)
    # No figure is of a narrower code than a 类: so last year's tables print no more rows than that.
    facts = (replace(f, function=f.function[:WIDEST], economic=f.economic[:WIDEST]) for f in before.facts)
    return Figures(compose(previous, replace(before, facts=tuple(facts)), case.subjects)).known

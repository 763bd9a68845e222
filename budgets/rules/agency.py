"""Rules on 机关运行经费: what it is, and what the words say it is for (domain rule R42)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.domain.callings import word_for
from budgets.domain.classification import ECONOMIC
from budgets.domain.facts import where
from budgets.domain.figures import Known, same, shown, wrong_unit
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.money import in_unit, money
from budgets.domain.place_words import cell_words
from budgets.domain.places import CellRef, Passage, Place
from budgets.domain.terms import BasicKind, Family
from budgets.rules.given_cells import doubtful_cells
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import figures_of, said
from budgets.rules.typed_units import mistyped, mistyped_cells

RUNNING = where(family=Family.BASIC_EXPENDITURE, kind=BasicKind.RUNNING_COSTS)
RULE = "agency-costs-are-running-costs"
LIKE_CIVIL_SERVICE = re.compile(r"参公|参照公务员")
OTHER_UNITS = re.compile(r"事业单位(?P<count>\d+)[家个]")


def has_institutions(case: Case) -> bool:
    """True when the department has 事业单位 that are not run like the civil service: their 公用经费 is not 机关运行经费."""
    listed = any(
        "事业" in unit.nature and not LIKE_CIVIL_SERVICE.search(unit.nature)
        for unit in case.ledger.organizations
    )
    told = (int(m["count"]) for n in case.ledger.narratives for m in OTHER_UNITS.finditer(n.text))
    return listed or any(told)


@rule(
    RULE,
    Severity.WARNING,
    source=f"{CATALOGUE}：机关运行经费",
    formula="机关运行经费＝一般公共预算基本支出的公用经费（有事业单位的部门除外）",
)
def agency_costs_are_running_costs(case: Case, report: Report) -> Found:
    """Without 事业单位, 机关运行经费 is 公用经费, in the table that prints it or in the words (R42)."""
    figures = case.once(figures_of).known
    running = figures.get("running_costs")
    if running is None or running.cell in doubtful_cells(case) | mistyped_cells(case):
        return
    # Of a department with 事业单位 it is only a part: pointed out, nothing to explain.
    weight = Severity.ADVICE if has_institutions(case) else None
    unit = case.table_set.unit
    for words, yuan, cells, at in _told(case, running):
        yield report(
            f"{words}与{cell_words(case.document, running.cell)}的公用经费 {shown(running, unit)}不同，"
            f"相差 {money(yuan - running.yuan, unit)}。请核对；口径不同的，请说明。",
            at=at,
            cells=[*cells, running.cell],
            severity=weight,
        )


def _told(case: Case, running: Known) -> Iterator[tuple[str, Decimal, list[CellRef], Place]]:
    """The statements that differ from 公用经费: words, yuan, cells, place."""
    named = [
        one
        for one in said(case)
        if one.own and (word := word_for(one.quantity.called)) and word.told_by == RULE
    ]
    if (printed := case.once(figures_of).known.get("agency_running_costs")) is not None:
        # Where the words say another amount than the table, that is told, and which of them is wrong is open.
        agreed = all(same(one.quantity, printed) for one in named) and printed.cell not in doubtful_cells(
            case
        )
        if agreed and in_unit(running.yuan, printed.unit) != in_unit(printed.yuan, printed.unit):
            yield f"机关运行经费 {shown(printed, printed.unit)}", printed.yuan, [printed.cell], printed.cell
        return
    for one in named:
        if not same(one.quantity, running):
            meant = wrong_unit(one.quantity, running)
            words = one.quote + (f"（“{one.quantity.unit}”似应为“{meant}”）" if meant else "")
            yield words, one.quantity.yuan, [], one.place


@rule(
    "running-costs-told",
    Severity.WARNING,
    source=CATALOGUE,
    formula="机关运行经费说明提到公用经费中最大的一项",
)
def running_costs_told(case: Case, report: Report) -> Found:
    """The chapter on 机关运行经费 names the largest item of it."""
    items, whole = list(case.facts.within(RUNNING)), case.facts.total(RUNNING)
    chapter = next(
        (n for n in case.ledger.narratives if n.key == "agency_running_costs" and n.text.strip()), None
    )
    if any(fact in RUNNING for each in mistyped(case) for fact in each.facts):
        return  # of which item is the largest nothing can be said
    if not whole or chapter is None or not re.search(r"主要用于|用于", chapter.text):
        return
    largest = max(items, key=lambda fact: fact.amount)
    name = case.subjects.name(largest.economic, ECONOMIC)
    if name not in chapter.text and name.removesuffix("费") not in chapter.text:
        yield report(
            f"机关运行经费的用途没有提到最大的一项：{name} {money(largest.amount, case.table_set.unit)}，"
            f"占 {largest.amount / whole:.0%}。请补充用途或说明。",
            at=Passage(chapter.key),
            apart=largest.economic,
        )

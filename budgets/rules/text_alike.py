"""Rule on sentences held against each other: one thing has one amount, one change one difference, wherever they are told."""

import re
from collections.abc import Hashable

from budgets.domain.callings import word_for
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.money import money
from budgets.domain.quantities import told_in
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import Said, amounts_of, speaking
from budgets.sentences.comparisons import COMPARING, subject_of
from budgets.sentences.directions import quoted
from budgets.sentences.moves import now_of, spoken_lines
from budgets.sentences.percentages import essence
from budgets.sentences.printed_terms import term_of
from budgets.sentences.spoken import Spoken, place_in_line

# Figures that a document has once, whoever spends them; a 基本支出 may be told of one fund or of one unit.
WHOLE = {
    "three_public", "procurement", "fixed_assets", "fiscal_appropriation", "fiscal_expenditure", "general_public_spent",
    "government_fund_spent", "state_capital_spent", "general_public_received", "government_fund_received",
    "state_capital_received", "special_account", "service",
}  # fmt: skip
BARE = {"收入", "支出", "预算"}  # whose, the words before say
NEAR_BASE = 60  # characters before a change in which its base is named
SPENT = re.compile("决算|执行")


@rule(
    "text-told-alike",
    Severity.WARNING,
    source=CATALOGUE,
    formula="同一指标、同一增减在各处写的金额相同",
)
def text_told_alike(case: Case, report: Report) -> Found:
    """What no table prints, and what a thing changed by from one base, is the same wherever the words tell it."""
    unit = case.table_set.unit
    first: dict[Hashable, Said] = {}
    for narrative in speaking(case):
        for spoken in spoken_lines(narrative, amounts_of(case)[narrative.key]):
            for one in spoken.amounts:
                key = _of_amount(one) or _of_change(spoken, one)
                if key is None:
                    continue
                other = first.setdefault(key, one)
                sides = [term_of(each).times(each.quantity.change or 1) for each in (other, one)]
                gap = sides[1] - sides[0]
                if abs(gap.yuan) > gap.slack:
                    elsewhere = other.narrative.key != one.narrative.key
                    where = f"“{other.narrative.title}”中的" if elsewhere else "前面的"
                    yield report(
                        f"{quoted(one)}与{where}{quoted(other)}说的是同一个数，相差 {money(gap.yuan, unit)}。请核对，改成一致。",
                        at=one.place,
                        apart="alike",
                    )


def _of_amount(one: Said) -> Hashable | None:
    """The figure of which an amount is told, where no table has it: its words name one of the field's whole figures."""
    quantity = one.quantity
    word = word_for(quantity.called) if one.own and not one.figures and quantity.item is None else None
    if word is None or word.told_by or not word.figures or word.figures[0] not in WHOLE:
        return None
    spent = told_in(SPENT, quantity.sentence)  # a final account tells planned and spent side by side
    return (
        (word.figures[0], "预算" in quantity.called, "决算" in quantity.called) if spent else word.figures[0]
    )


def _of_change(spoken: Spoken, one: Said) -> Hashable | None:
    """Whose change is told, and from which base; None where either is not said."""
    quantity = one.quantity
    near = quantity.sentence[max(0, quantity.at - NEAR_BASE) : quantity.at]
    bases = COMPARING.findall(near) if quantity.change else ()
    if not bases:
        return None
    base = bases[-1][1:]
    named = subject_of(quantity.called.rpartition(base)[2])
    if named and word_for(named) is None:
        return "subject", named, base
    if one.figures and one.figures[0].key:
        return "figure", one.figures[0].key, base
    now = now_of(spoken, place_in_line(one), one)
    name = named or (essence(now.quantity.called) if now else "")
    return ("subject", name, base) if name and name not in BARE else None

"""Rule on lists in words: what stands behind 其中 adds up to what stands before it."""

import re
from collections.abc import Callable
from functools import partial

from budgets.domain.facts import ZERO
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.ledgers import Narrative
from budgets.domain.money import money
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import Passage
from budgets.domain.quantities import plain_digits
from budgets.rules.naming import told_goals, told_procurement
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import amounts_of, speaking, told_wrong
from budgets.sentences.directions import quoted
from budgets.sentences.divisions import Division, divisions
from budgets.sentences.printed_terms import off, term_of

VEHICLES = re.compile(
    r"(?:车辆|公务用车)[^，,。；;\d]{0,8}(?P<whole>\d+)\s*辆(?P<parts>[，,（(]\s*其中[^。；;]*)?"
)
KIND_OF_VEHICLE = re.compile(r"[^，,、：:。；;（(]{2,20}?(?P<count>\d+)\s*辆")
OTHERS = "其他用车"


@rule(
    "text-parts-add-up",
    Severity.WARNING,
    source=CATALOGUE,
    formula="其中各项之和 ≤ 总数，列全的＝总数；增减的各部分之和＝增减额；各类车辆之和＝车辆总数",
)
def text_parts_add_up(case: Case, report: Report) -> Found:
    """What stands behind 其中 is part of what stands before it, and all of it where nothing is left out."""
    unit, goals = case.table_set.unit, told_goals(case)
    elsewhere = {whole.where for whole, _ in told_procurement(case)} | (
        {goals.whole.where} if goals else set()
    )
    for narrative in speaking(case):
        for each in divisions(narrative, amounts_of(case)[narrative.key]):
            if each.whole.where not in elsewhere and not any(map(told_wrong, (each.whole, *each.parts))):
                yield from _of_division(each, unit, report)
        for start, line in lines_of(narrative):
            yield from _of_vehicles(plain_digits(line), partial(_within, narrative, start), report)


def _of_division(each: Division, unit: str, report: Report) -> Found:
    signs = [one.quantity.change or 1 for one in (each.whole, *each.parts)]
    terms = [term_of(one).times(sign) for one, sign in zip((each.whole, *each.parts), signs, strict=True)]
    parts, whole = sum((term.yuan for term in terms[1:]), ZERO), terms[0].yuan
    gap = parts - whole
    if gap > off(terms) and not each.whole.quantity.change or each.exact and abs(gap) > off(terms):
        told = "、".join(one.quantity.called.removeprefix("其中") + one.quantity.text for one in each.parts)
        yield report(
            f"{quoted(each.whole)}与其中各项不符：{told}，合计 {money(parts, unit)}，"
            f"{'多' if gap > 0 else '少'} {money(abs(gap), unit)}。请核对总数和各项。",
            at=each.whole.place,
            apart="parts",
        )


def _within(narrative: Narrative, line: int, start: int, end: int) -> Passage:
    return passage(narrative, line + start, line + end)


def _of_vehicles(text: str, place: Callable[[int, int], Passage], report: Report) -> Found:
    for match in VEHICLES.finditer(text):
        counts = [int(kind["count"]) for kind in KIND_OF_VEHICLE.finditer(match["parts"] or "")]
        whole, parts = int(match["whole"]), sum(counts)
        if counts and (parts > whole or (parts != whole and OTHERS in match["parts"])):
            yield report(
                f"“{match[0][: match.start('parts') - match.start()]}”与其中各类车辆之和 {parts} 辆不符，相差 {whole - parts} 辆。请核对。",
                at=place(match.start(), match.start("parts")),
            )

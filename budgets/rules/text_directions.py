"""Rules on what sentences say without tables: directions that fit amounts and reasons, reasons that are written, slips of the pen."""

from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.passages import lines_of, passage
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import amounts_of, speaking
from budgets.sentences.directions import contradictions
from budgets.sentences.slips import slips, unwritten_reasons


@rule(
    "text-direction-fits",
    Severity.WARNING,
    source=CATALOGUE,
    formula="增、减、持平、大于、小于与所列金额、比率和原因的方向一致",
)
def text_direction_fits(case: Case, report: Report) -> Found:
    """A rise is no fall: not beside its rate, not beside its amounts, not in its reason."""
    for narrative in speaking(case):
        for each in contradictions(narrative, amounts_of(case)[narrative.key]):
            yield report(
                f"{each.one}与{each.other}互相矛盾。请核对方向、金额和原因。",
                at=passage(narrative, each.start, each.end),
            )


@rule("reason-given", Severity.WARNING, source=CATALOGUE, formula="写了“主要原因是”的，后面有原因")
def reason_given(case: Case, report: Report) -> Found:
    """主要原因是。 says nothing: the reason of a change is part of what is to be published."""
    for narrative in speaking(case):
        lines = [(start, line) for start, line in lines_of(narrative) if line.strip()]
        for n, (start, line) in enumerate(lines, 1):
            for slip in unwritten_reasons(line, last=n == len(lines)):
                yield report(f"{slip.words}。", at=passage(narrative, start + slip.start, start + slip.end))


@rule("text-slip", Severity.WARNING, source=CATALOGUE, formula="单位不重复，百分比有百分号，增减只写一个方向")
def text_slip(case: Case, report: Report) -> Found:
    """A doubled unit, a rate without its %, a choice that nobody made."""
    for narrative in speaking(case):
        for start, line in lines_of(narrative):
            for slip in slips(line):
                yield report(f"{slip.words}。", at=passage(narrative, start + slip.start, start + slip.end))

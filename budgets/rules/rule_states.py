"""How every rule stands to one document: what was found, and what nobody looked at, with the reason."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from budgets.domain.captioned_sums import is_without_sums
from budgets.domain.certificates import Checked, State, Told
from budgets.domain.documents import UNDECLARED_NOTE, Explanation
from budgets.domain.findings import Finding, Limits, Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.places import serialised
from budgets.domain.sheets import Filler
from budgets.domain.terms import Stage
from budgets.rules import REGISTRY, Examined, examine
from budgets.rules.between_documents import BETWEEN
from budgets.rules.criteria import (
    HELD_AGAINST,
    OF_ANNEX,
    OF_ANY_FORM,
    OF_ENTERED,
    OF_STAGE,
    SPARING,
    without_object,
)

ANNEXES = {
    "goals": "绩效目标",
    "procurements": "政府采购",
    "services": "政府购买服务",
    "unit_rows": "各单位支出",
    "assets": "固定资产",
}


@dataclass(frozen=True, slots=True)
class Between:
    """How a document stands to those of others by one rule: what was found, or why there was nothing to look at (`idle`) or
    nothing to compare with (`lacking`)."""

    rule: str
    findings: Sequence[Finding] = ()
    idle: str = ""
    lacking: str = ""


def certified(
    filler: Filler,
    glyphs: Callable[[str], Iterable[str]] | None = None,
    *,
    previous: Ledger | None = None,
    limits: Limits | None = None,
    published_on: date | None = None,
    other_stage: Ledger | None = None,
    words: Collection[Explanation] = (),
    explained: Collection[str] = (),
    between: Collection[Between] = (),
) -> tuple[Checked, ...]:
    """Every registered rule in its order, then what was found `between` documents. The arguments are those of `examine`.

    `words` are the explanations that the document prints, matched by rule and message; `explained` the keys of findings
    that were explained without publishing the words.
    """
    examined = examine(  # as the desk does
        filler,
        glyphs,
        previous=previous,
        limits=limits,
        published_on=published_on,
        other_stage=lambda: other_stage,
    )
    said = {(one.rule, one.message): one.text for one in words}
    told: dict[str, list[Told]] = {}
    heavy: dict[str, list[Told]] = {}
    for finding in [*examined.findings, *(finding for each in between for finding in each.findings)]:
        one = _told(finding, said.get((finding.rule, finding.message), ""), finding.key in explained)
        told.setdefault(finding.rule, []).append(one)
        if finding.severity is not Severity.ADVICE:
            heavy.setdefault(finding.rule, []).append(one)
    last_year = previous if previous is not None and previous.year == filler.ledger.year - 1 else None
    unknown = {
        "last_year": "" if last_year else f"没有公开的{filler.ledger.year - 1}年数，与上年有关的没有核对",
        "previous": "" if previous else "没有公开的以前年度的数，只与总额和其他各表比过",
        "other_stage": "" if other_stage else _no_other(filler.set.stage),
        "published_on": _no_term(filler.ledger, published_on),
        "missing_glyphs": "" if glyphs else "没有字体可查，没有核对",
    }
    lacks = {rule: unknown[need] for need, rules in HELD_AGAINST.items() for rule in rules}
    lacks |= {"given-cells-tie": _no_sums(filler.ledger)}
    registered = [
        _checked(rule, told.get(rule, []), heavy.get(rule, []), filler, examined, lacks.get(rule, ""))
        for rule in REGISTRY.rules
    ]
    return (*registered, *(_between(each, told.get(each.rule, []), filler) for each in between))


def _no_sums(ledger: Ledger) -> str:
    """Which undeclared tables have money and no caption that names a sum; blank for none."""
    bare = [sheet.title for sheet in ledger.given if sheet.undeclared and is_without_sums(sheet)]
    return f"没有合计、小计或上下级科目可核对的表：{'、'.join(bare)}" if bare else ""


def _told(finding: Finding, text: str, explained: bool) -> Told:
    cells = tuple(serialised(cell) for cell in finding.cells if cell != finding.at)
    return Told(finding.key, finding.message, serialised(finding.at), cells, text, bool(text) or explained)


def _no_other(stage: Stage) -> str:
    return "没有公开的当年预算" if stage is Stage.FINAL else "没有公开的上年决算"


def _no_term(ledger: Ledger, published_on: date | None) -> str:
    if ledger.approved_on is None:
        return "没有批复日期，期限没有核对"
    return "" if published_on else "还没有公开，期限没有核对"


def _checked(
    rule: str, told: list[Told], heavy: list[Told], filler: Filler, examined: Examined, lacking: str
) -> Checked:
    declared = REGISTRY.rules[rule]
    unheld = _unheld(rule, examined)
    if told:
        state = _found(heavy)
        why = unheld or lacking
    elif not filler.set.tables and rule not in OF_ANY_FORM:
        state, why = State.NOT_CHECKED, UNDECLARED_NOTE.removesuffix("。")
    elif why := _no_object(rule, filler):
        state = State.NOT_APPLICABLE
    elif why := unheld:
        state = State.NOT_CHECKED
    elif why := lacking:
        state = State.NOT_CHECKED if rule in HELD_AGAINST["missing_glyphs"] else State.MISSING
    else:
        state = State.HOLDS
    return Checked(rule, declared.severity, declared.source, declared.formula, state, why, tuple(told))


def _between(each: Between, told: list[Told], filler: Filler) -> Checked:
    declared = BETWEEN[each.rule]
    why = each.idle or each.lacking
    if told:
        state = _found(told)
    elif not filler.set.tables:
        state, why = State.NOT_CHECKED, UNDECLARED_NOTE.removesuffix("。")
    elif each.idle:
        state = State.NOT_APPLICABLE
    else:
        state = State.MISSING if each.lacking else State.HOLDS
    return Checked(each.rule, declared.severity, declared.source, declared.formula, state, why, tuple(told))


def _found(heavy: list[Told]) -> State:
    return State.EXPLAINED if heavy and all(one.explained for one in heavy) else State.FINDING


def _unheld(rule: str, examined: Examined) -> str:
    """Why a rule did not hold everything against everything; blank when it did."""
    if rule in examined.withheld:
        return "另一条规则的提示已指出原因，这里没有再核对"
    if rule in SPARING and examined.doubtful:
        return f"表中有 {len(examined.doubtful)} 格可能有误，没有用它们核对"
    return ""


def _no_object(rule: str, filler: Filler) -> str:
    """Why there is nothing that a rule could look at; blank when there is."""
    ledger = filler.ledger
    if ledger.given and rule in OF_ENTERED:
        return "照录以前公开的文件，各表按印出的数逐格核对，期限以当时公开的为准"
    if rule in without_object(filler.set, transcribed=bool(ledger.given)):
        annex = next((ANNEXES[source] for source, rules in OF_ANNEX.items() if rule in rules), "")
        of_stage = rule in {one for rules in OF_STAGE.values() for one in rules}
        other = (
            f"只核对{'决算' if filler.set.stage is Stage.BUDGET else '预算'}"
            if of_stage
            else "不是照录的文件"
        )
        return f"这套表样没有{annex}附表" if annex else other
    empty = (
        ANNEXES[source] for source, rules in OF_ANNEX.items() if rule in rules and not getattr(ledger, source)
    )
    return next((f"没有填{annex}" for annex in empty), "")

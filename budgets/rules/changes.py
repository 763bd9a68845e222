"""Rules on claims about last year: changes, their reasons, what is compared, what stayed the same (R43–R45)."""

import re
from dataclasses import replace
from decimal import Decimal

from budgets.domain.facts import ZERO
from budgets.domain.figures import Known, same, shown, written
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.money import CENT, YUAN_IN, money
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import Passage
from budgets.domain.quantities import UNITS, told_in
from budgets.domain.terms import Stage
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import (
    UNCHANGED,
    Said,
    amounts_of,
    earlier,
    figures_of,
    last_year,
    said,
    speaking,
    told_wrong,
)
from budgets.sentences.comparisons import ACTUAL, REASON
from budgets.sentences.moves import moves
from budgets.sentences.printed_terms import term_of

COMPARED = re.compile(r"与(?P<year>\d{4})年(?:度)?(?:预算|决算)?(?:数)?相比")
SPENT_BASE = re.compile(r"(?:比|较|与|同)(?:上年|去年|上一年|\d{4}年)(?:度)?(?:预算)?(?:决算|执行数?)")
NEAR_BASE = 60  # characters before a change in which its base is named
PARTS = (("人员", "personnel"), ("公用", "running_costs"), ("项目", "project"))


def _before(case: Case, one: Said) -> dict[str, Decimal]:
    """Last year's figures in yuan: what the chapter quotes, and behind it what last year's disclosure says."""
    quoted = earlier(case, one.narrative)
    at = one.quantity.at
    if SPENT_BASE.search(one.quantity.sentence[max(0, at - NEAR_BASE) : at]):
        return (
            quoted[1] if quoted else {}
        )  # from what was spent: last year's disclosure says what was planned
    known = {key: figure.yuan for key, figure in last_year(case).items()}
    about_last_year = one.quantity.year in (None, case.ledger.year - 1)
    return (known if about_last_year else {}) | (quoted[1] if quoted else {})


@rule(
    "text-change-adds-up",
    Severity.ERROR,
    source=CATALOGUE,
    formula="增减额＝本年数－上年数；上年各项之和＝上年合计",
)
def text_change_adds_up(case: Case, report: Report) -> Found:
    """A stated rise or fall is this year less last year, and last year's parts add up (R44)."""
    unit = case.table_set.unit
    for one in (one for one in said(case) if one.quantity.change):
        before = _before(case, one)
        told = [figure for figure in one.figures if figure.key in before]
        if not told or any(_is_change(one, figure, before[figure.key]) for figure in told):
            continue
        figure = told[0]
        change = figure.yuan - before[figure.key]
        tail = abs(one.quantity.yuan * one.quantity.change - change) <= CENT * UNITS[one.quantity.unit]
        rounds = tail and UNITS[one.quantity.unit] > YUAN_IN[figure.unit]
        yield report(
            f"{one.quote}与两年数字{'有尾差' if rounds else '不符'}：{case.ledger.year}年{figure.label} "
            f"{shown(figure, unit)}，上年 {money(before[figure.key], unit)}，差额为 {money(change, unit)}，"
            f"相差 {money(one.quantity.yuan * one.quantity.change - change, unit)}。请核对。",
            at=one.place,
            cells=[figure.cell],
            severity=Severity.WARNING if rounds else None,
        )
    yield from _of_words_alone(case, report)
    for narrative in case.ledger.narratives:
        quoted = earlier(case, narrative)
        year, figures = quoted or (0, {})
        parts = [figures[key] for _, key in PARTS if key in figures]
        whole = figures.get("current_expenditure")
        if len(parts) == len(PARTS) and whole is not None and sum(parts, ZERO) != whole:
            gap = sum(parts, ZERO) - whole
            tail = (
                abs(gap) <= CENT * YUAN_IN[unit] * (len(parts) + 1) / 2
            )  # each may be rounded by half a cent
            yield report(
                f"{year}年人员、公用、项目支出之和 {money(sum(parts, ZERO), unit)}，与支出合计 {money(whole, unit)}"
                f"{'有尾差' if tail else '不符'}，相差 {money(gap, unit)}。请核对。",
                at=Passage(narrative.key),
                apart="parts",
                severity=Severity.WARNING if tail else None,
            )


def _of_words_alone(case: Case, report: Report) -> Found:
    """Changes whose three amounts stand in one sentence and are held against no table."""
    unit = case.table_set.unit
    for narrative in speaking(case):
        for move in moves(narrative, amounts_of(case)[narrative.key]):
            before = _before(case, move.change)
            if any(figure.key in before for figure in move.change.figures) or told_wrong(move.now):
                continue
            change = term_of(move.now) - term_of(move.before)
            gap = term_of(move.change).times(move.change.quantity.change) - change
            if abs(gap.yuan) > gap.slack:
                yield report(
                    f"{move.change.quote}与两数之差不符：{move.now.quote}，{move.before.quote}，差额为 {money(change.yuan, unit)}，"
                    f"相差 {money(gap.yuan, unit)}。请核对。",
                    at=move.change.place,
                    severity=Severity.WARNING,
                )


def _is_change(one: Said, figure: Known, before: Decimal) -> bool:
    change = replace(figure, yuan=(figure.yuan - before) * one.quantity.change)
    return written(one.quantity.number, one.quantity.unit, change)


@rule("reason-fits-change", Severity.WARNING, source=CATALOGUE, formula="增减原因说到增减最大的一项")
def reason_fits_change(case: Case, report: Report) -> Found:
    """The stated reason names the part that changed most in the direction of the whole."""
    known, unit = case.once(figures_of).known, case.table_set.unit
    for one in (one for one in said(case) if one.quantity.change):
        reason = told_in(REASON, one.quantity.sentence)
        before = _before(case, one) if reason else {}
        changes = {
            word: known[key].yuan - before[key] for word, key in PARTS if key in known and key in before
        }
        if reason is None or len(changes) < len(PARTS):
            continue
        main = max(changes, key=lambda word: changes[word] * one.quantity.change)
        if main not in reason["reason"]:
            told = "，".join(f"{word} {changes[word] / YUAN_IN[unit]:+.2f}" for word, _ in PARTS)
            yield report(
                f"{one.quote}的原因写作“{reason['reason'].strip()}”，"
                f"实际变化为：{told}（{unit}），变化最大的是{main}。请补充原因或说明。",
                at=one.place,
            )


@rule("compared-with-budget", Severity.WARNING, source=CATALOGUE, formula="预算与上年预算比较")
def compared_with_budget(case: Case, report: Report) -> Found:
    """A budget is compared with last year's budget, not with its final account (R45)."""
    if case.table_set.stage is not Stage.BUDGET:
        return
    for narrative in case.ledger.narratives:
        for start, line in lines_of(narrative):
            if (match := COMPARED.search(line)) and re.search(rf"{match['year']}年(?:度)?决算", line):
                yield report(
                    f"{case.ledger.year}年预算与{match['year']}年决算相比较。"
                    f"预算应与上年预算比较，请改为上年预算数，或说明原因。",
                    at=passage(narrative, start + match.start(), start + match.end()),
                )


@rule(
    "unchanged-verified",
    Severity.WARNING,
    source=CATALOGUE,
    formula="与上年比较的金额有上年数字可核对，持平的两年相等，写出的上年数＝上年公开的数",
)
def unchanged_verified(case: Case, report: Report) -> Found:
    """与上年持平 is checked against last year's disclosure, and so are its amounts where the text quotes them.

    Without that disclosure neither a claim nor a stated change can be verified.
    """
    then = last_year(case)
    yield from _misquoted(case, report)
    for narrative in case.ledger.narratives:
        here = [one for one in said(case) if one.narrative is narrative and one.figures]
        claims = [one for one in here if one.own and told_in(UNCHANGED, one.quantity.sentence)]
        changes = [one for one in here if one.quantity.change and not _has_base(case, one)]
        if not then and (claims or changes):
            yield report(
                f"{_claimed(claims, changes)}，系统中没有{case.ledger.year - 1}年的{'决算' if case.table_set.stage is Stage.FINAL else '预算'}，无法核对。请说明上年金额。",
                at=Passage(narrative.key),
                meant=[one.place for one in (*claims, *changes)],
            )
        for one in claims:
            now = one.figures[0]
            before = then.get(now.key)
            if before is not None and before.yuan != now.yuan and not same(one.quantity, before):
                unit = case.table_set.unit
                yield report(
                    f"“{one.quantity.called}”写作与上年持平，上年为 {shown(before, unit)}，"
                    f"本年为 {shown(now, unit)}，相差 {money(now.yuan - before.yuan, unit)}。请改正。",
                    at=one.place,
                    cells=[now.cell],
                    apart="claim",
                )


def _misquoted(case: Case, report: Report) -> Found:
    """Amounts of last year's budget that are others than last year's disclosure printed."""
    then, unit = last_year(case), case.table_set.unit
    for one in said(case):
        of_budget = one.quantity.year == case.ledger.year - 1 and not told_in(ACTUAL, one.quantity.sentence)
        known = [then[figure.key] for figure in one.figures if figure.key in then]
        if of_budget and not one.quantity.change and known and not any(same(one.quantity, f) for f in known):
            yield report(
                f"{one.quote}与上年公开的{known[0].label} {shown(known[0], unit)}不符，"
                f"相差 {money(one.quantity.yuan - known[0].yuan, unit)}。请核对上年数，口径不同的请说明。",
                at=one.place,
                apart="quoted",
            )


def _has_base(case: Case, one: Said) -> bool:
    before = _before(case, one)
    return any(figure.key in before for figure in one.figures)


def _claimed(claims: list[Said], changes: list[Said]) -> str:
    same_as = "、".join(dict.fromkeys(one.figures[0].label for one in claims))
    moved = "、".join(f"{one.figures[0].label}{one.quote}" for one in changes)
    return "；".join(filter(None, (same_as and f"{same_as}写作与上年持平", moved)))

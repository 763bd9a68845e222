"""Rules on words against tables: amounts, changes and their reasons, claims about last year (R40–R45, R53)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from ..domain.classification import ECONOMIC
from ..domain.composing import compose
from ..domain.facts import ZERO, total, where
from ..domain.figures import Known, known_figures, meanings, rounded, same, shown, wrong_unit
from ..domain.findings import Case, Found, Report, Severity, rule
from ..domain.ledgers import Narrative
from ..domain.money import YUAN_IN
from ..domain.places import money
from ..domain.quantities import Quantity, quantities
from ..domain.terms import BasicKind, Family

CATALOGUE = "《财政预决算领域基层政务公开标准目录》部门预算"
QUOTED_TEXTS = ("performance", "term_definitions")  # goals and definitions speak of other amounts
UNCHANGED = re.compile(r"与(?:上年|去年|上一年)(?:度)?(?:预算)?(?:相比)?[，,]?持平|无增减变化")
REASON = re.compile(r"(?:主要是|主要原因(?:是|为)?|主要由于|原因是|是由于)(?P<reason>[^。]+)")
COMPARED = re.compile(r"与(?P<year>\d{4})年(?:度)?(?:预算|决算)?(?:数)?相比")
PARTS = (("人员", "personnel"), ("公用", "running_costs"), ("项目", "project"))


def said(case: Case) -> Iterator[tuple[Narrative, Quantity]]:
    """The amounts of the chapters that speak of the tables."""
    for narrative in case.ledger.narratives:
        if narrative.key not in QUOTED_TEXTS:
            for line in narrative.text.splitlines():
                for quantity in quantities(line, case.ledger.year):
                    yield narrative, quantity


def of_this_year(case: Case) -> Iterator[tuple[Narrative, Quantity, list[Known]]]:
    """The amounts of this year that have a counterpart, with the figures they can mean."""
    known = known_figures(case.document)
    for narrative, quantity in said(case):
        if quantity.year is None and not quantity.change:
            keys = meanings(quantity) or ()
            figures = [known[key] for key in keys if key in known]
            if figures:
                yield narrative, quantity, figures


@rule("text-amount-agrees", Severity.ERROR, source=CATALOGUE, formula="情况说明中的金额＝公开表中的同一数字")
def text_amount_agrees(case: Case, report: Report) -> Found:
    """An amount in the words is the figure of the tables that it is called by (R40–R43, R49, R50)."""
    for narrative, quantity, figures in of_this_year(case):
        if any(same(quantity, f) or wrong_unit(quantity, f) or rounded(quantity, f) for f in figures):
            continue
        figure = figures[0]
        unit = case.table_set.unit
        yield report(
            f"“{quantity.called}{quantity.text}”与表中{figure.label} {shown(figure, unit)}不符，"
            f"相差 {money(quantity.yuan - figure.yuan, unit)}。请核对文字与报表，或用 [[{figure.label}]] 引用。",
            at=narrative.title,
            cells=[figure.cell],
            key=f"{narrative.key}:{quantity.called}",
        )


@rule("text-unit", Severity.WARNING, source=CATALOGUE, formula="情况说明中金额的计量单位与数字相符")
def text_unit(case: Case, report: Report) -> Found:
    """The number is right and its unit is not (R53): 721.19元 where 721.19万元 is meant."""
    for narrative, quantity, figures in of_this_year(case):
        if any(same(quantity, figure) for figure in figures):
            continue
        for figure in figures:
            if unit := wrong_unit(quantity, figure):
                yield report(
                    f"“{quantity.called}{quantity.text}”的单位有误：表中{figure.label}为 "
                    f"{shown(figure, unit)}，“{quantity.unit}”应为“{unit}”。请改正，已公开的请说明。",
                    at=narrative.title,
                    cells=[figure.cell],
                    key=f"{narrative.key}:{quantity.called}",
                )
                break


@rule(
    "text-amount-rounded",
    Severity.WARNING,
    source=CATALOGUE,
    formula="情况说明中的金额与报表相差不超过省略的位数（尾差）",
)
def text_amount_rounded(case: Case, report: Report) -> Found:
    """The words leave places out; the difference is only 尾差."""
    for narrative, quantity, figures in of_this_year(case):
        if not any(same(quantity, f) or wrong_unit(quantity, f) for f in figures):
            for figure in filter(lambda f: rounded(quantity, f), figures):
                unit = case.table_set.unit
                yield report(
                    f"“{quantity.called}{quantity.text}”与表中{figure.label} {shown(figure, unit)}有尾差 "
                    f"{money(quantity.yuan - figure.yuan, unit)}。请写全小数，或说明取整。",
                    at=narrative.title,
                    cells=[figure.cell],
                    key=f"{narrative.key}:{quantity.called}",
                )
                break


@rule("text-amount-untied", Severity.ADVICE, source=CATALOGUE, formula="情况说明中的金额能对应到公开表")
def text_amount_untied(case: Case, report: Report) -> Found:
    """Amounts that no figure of the tables answers are listed, for a person to look at."""
    untied = [
        f"“{quantity.called}{quantity.text}”"
        for _, quantity in said(case)
        if quantity.year is None and not quantity.change and meanings(quantity) in (None, ())
    ]
    if untied:
        yield report(
            f"{len(untied)} 处金额没有对应的报表数字，请人工核对：{'、'.join(untied)}。", at="情况说明"
        )


def earlier(case: Case, narrative: Narrative) -> tuple[int, dict[str, Decimal]] | None:
    """Last year's figures as a chapter quotes them: (year, yuan by figure key), the total as `current_revenue`."""
    found: dict[str, Decimal] = {}
    year = None
    for _, quantity in (
        (n, q) for n, q in said(case) if n is narrative and q.year is not None and not q.change
    ):
        year = quantity.year
        for key in (meanings(quantity) or ())[:1]:
            found.setdefault(key, quantity.yuan)
    return (year, found) if year is not None and found else None


@rule(
    "text-change-adds-up",
    Severity.ERROR,
    source=CATALOGUE,
    formula="增减额＝本年数－上年数；上年各项之和＝上年合计",
)
def text_change_adds_up(case: Case, report: Report) -> Found:
    """A stated rise or fall is this year less last year, and last year's parts add up (R44)."""
    known, unit = known_figures(case.document), case.table_set.unit
    for narrative in case.ledger.narratives:
        if (before := earlier(case, narrative)) is None:
            continue
        year, figures = before
        for quantity in (q for n, q in said(case) if n is narrative and q.change):
            for key in meanings(quantity) or ():
                if key in known and key in figures:
                    change = known[key].yuan - figures[key]
                    if quantity.yuan * quantity.change != change:
                        yield report(
                            f"“{quantity.called}{quantity.text}”与两年数字不符：{case.ledger.year}年 "
                            f"{shown(known[key], unit)}，{year}年 {money(figures[key], unit)}，"
                            f"差额为 {money(change, unit)}。请核对。",
                            at=narrative.title,
                            cells=[known[key].cell],
                            key=f"{narrative.key}:{quantity.called}",
                        )
        parts = [figures[key] for _, key in PARTS if key in figures]
        whole = figures.get("current_expenditure")
        if len(parts) == len(PARTS) and whole is not None and sum(parts, ZERO) != whole:
            yield report(
                f"{year}年人员、公用、项目支出之和 {money(sum(parts, ZERO), unit)}，"
                f"与支出合计 {money(whole, unit)}不符。请核对。",
                at=narrative.title,
                key=f"{narrative.key}:parts",
            )


@rule("reason-fits-change", Severity.WARNING, source=CATALOGUE, formula="增减原因说到增减最大的一项")
def reason_fits_change(case: Case, report: Report) -> Found:
    """The stated reason names the part that changed most in the direction of the whole."""
    known, unit = known_figures(case.document), case.table_set.unit
    for narrative in case.ledger.narratives:
        before = earlier(case, narrative)
        for _, quantity in ((n, q) for n, q in said(case) if n is narrative and q.change):
            if before is None or (reason := REASON.search(quantity.sentence)) is None:
                continue
            changes = {
                word: known[key].yuan - before[1][key]
                for word, key in PARTS
                if key in known and key in before[1]
            }
            if len(changes) < len(PARTS):
                continue
            main = max(changes, key=lambda word: changes[word] * quantity.change)
            if main not in reason["reason"]:
                told = "，".join(f"{word} {changes[word] / YUAN_IN[unit]:+.2f}" for word, _ in PARTS)
                yield report(
                    f"“{quantity.called}{quantity.text}”的原因写作“{reason['reason'].strip()}”，"
                    f"实际变化为：{told}（{unit}），变化最大的是{main}。请补充原因或说明。",
                    at=narrative.title,
                    key=f"{narrative.key}:{quantity.called}",
                )


@rule("compared-with-budget", Severity.WARNING, source=CATALOGUE, formula="预算与上年预算比较")
def compared_with_budget(case: Case, report: Report) -> Found:
    """A budget is compared with last year's budget, not with its final account (R45)."""
    for narrative in case.ledger.narratives:
        for line in narrative.text.splitlines():
            if (match := COMPARED.search(line)) and re.search(rf"{match['year']}年(?:度)?决算", line):
                yield report(
                    f"{case.ledger.year}年预算与{match['year']}年决算相比较。"
                    f"预算应与上年预算比较，请改为上年预算数，或说明原因。",
                    at=narrative.title,
                    key=narrative.key,
                )


@rule("unchanged-verified", Severity.WARNING, source=CATALOGUE, formula="与上年持平的，上年数字＝本年数字")
def unchanged_verified(case: Case, report: Report) -> Found:
    """与上年持平 is checked against last year's disclosure; without one it cannot be."""
    now = known_figures(case.document)
    then = (
        known_figures(compose(case.table_set, case.previous, case.subjects))
        if case.previous is not None and case.previous.table_set == case.ledger.table_set
        else None
    )
    for narrative in case.ledger.narratives:
        claims = [
            (quantity, key)
            for n, quantity in said(case)
            if n is narrative and quantity.year is None and UNCHANGED.search(quantity.sentence)
            for key in (meanings(quantity) or ())[:1]
            if key in now
        ]
        if claims and then is None:
            named = "、".join(now[key].label for _, key in claims)
            yield report(
                f"{named}写作与上年持平，系统中没有{case.ledger.year - 1}年的预算，无法核对。请说明上年金额。",
                at=narrative.title,
                key=narrative.key,
            )
        for quantity, key in claims:
            if then is not None and key in then and then[key].yuan != now[key].yuan:
                unit = case.table_set.unit
                yield report(
                    f"“{quantity.called}”写作与上年持平，上年为 {shown(then[key], unit)}，"
                    f"本年为 {shown(now[key], unit)}。请改正。",
                    at=narrative.title,
                    cells=[now[key].cell],
                    key=f"{narrative.key}:{key}",
                )


@rule(
    "running-costs-told",
    Severity.WARNING,
    source=CATALOGUE,
    formula="机关运行经费说明提到公用经费中最大的一项",
)
def running_costs_told(case: Case, report: Report) -> Found:
    """The chapter on 机关运行经费 names the largest item of it."""
    running = where(family=Family.BASIC_EXPENDITURE, kind=BasicKind.RUNNING_COSTS)
    items = [fact for fact in case.ledger.facts if fact in running]
    whole = total(items, running)
    chapter = next(
        (n for n in case.ledger.narratives if n.key == "agency_running_costs" and n.text.strip()), None
    )
    if not whole or chapter is None or not re.search(r"主要用于|用于", chapter.text):
        return
    largest = max(items, key=lambda fact: fact.amount)
    name = case.subjects.name(largest.economic, ECONOMIC)
    if name not in chapter.text and name.removesuffix("费") not in chapter.text:
        yield report(
            f"机关运行经费的用途没有提到最大的一项：{name} {money(largest.amount, case.table_set.unit)}，"
            f"占 {largest.amount / whole:.0%}。请补充用途或说明。",
            at=chapter.title,
            key=largest.economic,
        )

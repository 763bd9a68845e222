"""Rules of final accounts: numbers said in words alone, and the chain from the budget to the accounts to the next budget."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from budgets.domain.account_words import (
    COUNTED,
    FULL_SCORE,
    MAY_BE_FREE,
    SPOKEN,
    SUMS,
    WITHIN,
    Heard,
    heard,
)
from budgets.domain.facts import ZERO, Fact
from budgets.domain.figures import Known, same, shown
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.money import money
from budgets.domain.passages import lines_of, passage
from budgets.domain.place_words import fact_words
from budgets.domain.places import Passage, amount_place
from budgets.domain.plans import planned
from budgets.domain.quantities import PLANNED, SPENT, Quantity, quantities, told_in
from budgets.domain.terms import Family, Fund, Measure, Stage, ThreePublicItem
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import figures_of, known_of, said
from budgets.sentences.comparisons import ACTUAL

ACCOUNTS = CATALOGUE.replace("部门预算", "部门决算")
PLANS = (Family.BUDGETED, Family.THREE_PUBLIC_BUDGETED)

type Meaning = tuple[Family, str, str]


def numbers(case: Case) -> dict[str, Heard]:
    """What accounts state in words alone; nothing for a budget."""
    return case.once(_numbers)


def _numbers(case: Case) -> dict[str, Heard]:
    return heard(case.ledger.narratives) if case.table_set.stage is Stage.FINAL else {}


def _place(case: Case, one: Heard) -> Passage:
    narrative = next(n for n in case.ledger.narratives if n.key == one.chapter)
    return passage(narrative, one.start, one.end)


def _words(key: str, one: Heard) -> str:
    return f"{SPOKEN[key].label}{one.number}{SPOKEN[key].unit}"


@rule(
    "counts-fit-money",
    Severity.WARNING,
    source=ACCOUNTS,
    formula="“三公”有支出的有团组、批次、车辆，没有支出的没有",
)
def counts_fit_money(case: Case, report: Report) -> Found:
    """Whoever spent on visits, receptions or cars says how many, and whoever says how many spent."""
    told, known = numbers(case), case.once(figures_of).known
    for figure, count in COUNTED:
        if figure not in known or count not in told:
            continue
        spent, number = known[figure], told[count]
        if bool(spent.yuan) == bool(number.number) or (count in MAY_BE_FREE and not spent.yuan):
            continue
        yield report(
            f"{spent.label} {shown(spent, case.table_set.unit)}，文字写{_words(count, number)}。请核对金额和数量。",
            at=_place(case, number),
            cells=[spent.cell],
        )


@rule(
    "stated-numbers-agree",
    Severity.WARNING,
    source=ACCOUNTS,
    formula="自评项目＝各评级之和；跟踪、自评 ≤ 编报；小微 ≤ 中小 ≤ 采购金额；得分 ≤ 100",
)
def stated_numbers_agree(case: Case, report: Report) -> Found:
    """Projects, scores, visits and reserved procurement that accounts state agree with each other."""
    told = numbers(case)
    for part, whole in WITHIN:
        if part in told and whole in told and told[part].number > told[whole].number:
            yield report(
                f"{_words(part, told[part])}，多于{_words(whole, told[whole])}。请核对。",
                at=_place(case, told[part]),
                apart=whole,
            )
    for whole, parts in SUMS:
        if whole in told and all(part in told for part in parts):
            added = sum((told[part].number for part in parts), Decimal(0))
            if added != told[whole].number:
                listed = "、".join(_words(part, told[part]) for part in parts)
                yield report(
                    f"{_words(whole, told[whole])}，与{listed}之和 {added} 不符，相差 {told[whole].number - added}。请核对。",
                    at=_place(case, told[whole]),
                    apart="sum",
                )
    if "score" in told and told["score"].number > FULL_SCORE:
        yield report(
            f"{_words('score', told['score'])}，超过满分 {FULL_SCORE} 分。请核对。",
            at=_place(case, told["score"]),
        )


@rule("plan-as-published", Severity.WARNING, source=ACCOUNTS, formula="决算的年初预算数＝当年公开的部门预算")
def plan_as_published(case: Case, report: Report) -> Found:
    """年初预算数 of accounts is what the published budget of the year says, item by item, in tables and in words."""
    if case.table_set.stage is not Stage.FINAL or (budget := case.other_stage) is None:
        return
    unit, plan = case.table_set.unit, {_meaning(fact): fact.amount for fact in planned(budget)}
    own = {_meaning(f): f for f in case.ledger.facts if f.family in PLANS and f.measure is Measure.INITIAL}
    for meaning in sorted({*plan, *own}, key=str):
        if case.table_set.prints(meaning[0]):
            fact = own.get(meaning) or _blank(meaning)
            if fact.amount != plan.get(meaning, ZERO):
                yield report(
                    f"{fact_words(case.subjects, fact)} {money(fact.amount, unit)}，公开的{_named(budget)}为 "
                    f"{money(plan.get(meaning, ZERO), unit)}，相差 {money(fact.amount - plan.get(meaning, ZERO), unit)}。"
                    f"本件 {address(case.ledger)}，预算 {address(budget)}。请核对，口径不同的请说明。",
                    at=amount_place(fact),
                )
    for narrative, start, end, code, said_yuan in _planned_in_words(case):
        published = plan.get((Family.BUDGETED, code, Fund.GENERAL_PUBLIC), ZERO)
        if said_yuan != published:
            yield report(
                f"{code} {case.subjects.name(code, 'function')}写作年初预算 {money(said_yuan, unit)}，公开的{_named(budget)}为 "
                f"{money(published, unit)}，相差 {money(said_yuan - published, unit)}。"
                f"本件 {address(case.ledger)}，预算 {address(budget)}。请核对，口径不同的请说明。",
                at=passage(narrative, start, end),
                apart=code,
            )


def _planned_in_words(case: Case) -> Iterator[tuple[Narrative, int, int, str, Decimal]]:
    """年初预算为… of an item of which the same sentence says 支出决算为…: chapter, start, end, code, yuan."""
    items = case.once(figures_of).items
    for narrative in case.ledger.narratives:
        for start, line in lines_of(narrative):
            plan: Quantity | None = None
            for quantity in quantities(line, case.ledger.year):
                if PLANNED.match(quantity.called):
                    plan = quantity
                elif plan and plan.begin == quantity.begin and quantity.item and SPENT.match(quantity.called):
                    found = items.find(quantity.item)
                    if found and len(found.codes) == 1:
                        at = start + plan.begin + plan.at
                        yield narrative, at, at + len(plan.text), found.codes[0], plan.yuan


@rule(
    "accounts-as-published",
    Severity.WARNING,
    source=ACCOUNTS,
    formula="预算说明中的上年决算数＝公开的上年部门决算",
)
def accounts_as_published(case: Case, report: Report) -> Found:
    """What a budget says was spent the year before is what the published accounts of that year say."""
    last = case.ledger.year - 1
    spoken = [
        one for one in said(case) if one.quantity.year == last and told_in(ACTUAL, one.quantity.sentence)
    ]
    if case.table_set.stage is not Stage.BUDGET or not spoken or (accounts := case.other_stage) is None:
        return
    then, unit = case.once(_accounts), case.table_set.unit
    for one in spoken:
        known = [then[figure.key] for figure in one.figures if figure.key in then]
        if not one.quantity.change and known and not any(same(one.quantity, f) for f in known):
            yield report(
                f"{one.quote}与公开的{_named(accounts)}{known[0].label} {shown(known[0], unit)}不符，相差 "
                f"{money(one.quantity.yuan - known[0].yuan, unit)}。本件 {address(case.ledger)}，决算 {address(accounts)}。"
                "请核对，口径不同的请说明。",
                at=one.place,
            )


def _accounts(case: Case) -> Mapping[str, Known]:
    return known_of(case, case.other_stage) if case.other_stage else {}


def _meaning(fact: Fact) -> Meaning:
    return fact.family, str(fact.function or fact.item or ""), str(fact.fund or "")


def _blank(meaning: Meaning) -> Fact:
    """The amount that is not entered."""
    family, name, fund = meaning
    if fund:
        return Fact(family, ZERO, function=name, fund=Fund(fund), measure=Measure.INITIAL)
    return Fact(family, ZERO, item=ThreePublicItem(name), measure=Measure.INITIAL)


def address(ledger: Ledger) -> str:
    """The address at which a disclosure is public."""
    return f"/{ledger.region_code}/{ledger.unit_code}/{ledger.year}/{ledger.stage}/"


def _named(ledger: Ledger) -> str:
    return f"{ledger.year}年{Stage(ledger.stage).label}"

"""Two disclosures rolled forward: last year's text bound, printed with other figures; and the figures of those years."""

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import composed
from budgets.domain.facts import Fact
from budgets.domain.ledgers import Ledger, Project
from budgets.domain.passages import lines_of
from budgets.domain.quantities import SENTENCES, plain_digits, quantities
from budgets.domain.sheets import Filler
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use
from budgets.sentences.binding import Binder, Bound
from budgets.sentences.live_documents import Composed, composed_words
from tests.makers.published_ledgers import laoting, putuo

D = Decimal
# As a department types them on the page of projects; the PDF has them in its words alone.
PROJECTS = (
    ("中介机构服务费", "4188000"), ("财政业务费", "100000"), ("信息化系统日常维护费", "1666600"),
    ("援滇干部工作经费", "30000"),
)  # fmt: skip


def filler_of(ledger: Ledger) -> Filler:
    return Filler(tablesets.get(ledger.table_set), ledger, subjects_of(ledger.year))


@cache
def shanghai_2025() -> Ledger:
    """The published disclosure, with the projects as its department would have typed them."""
    projects = tuple(Project(name, D(f"{yuan}.00"), ("目标",)) for name, yuan in PROJECTS)
    return replace(putuo(), projects=projects)


@cache
def bound(ledger: Callable[[], Ledger]) -> dict[str, Bound]:
    """Every chapter of a disclosure, bound; nothing is known of the year before it."""
    filler = filler_of(ledger())
    binder = Binder(filler, composed(filler))
    return {narrative.key: binder.bind(narrative) for narrative in ledger().narratives}


def next_year(ledger: Callable[[], Ledger], facts: tuple[Fact, ...], **more: object) -> Composed:
    """The disclosure of the following year: last year's words bound, these facts, printed."""
    chapters = bound(ledger)
    narratives = tuple(replace(n, text=chapters[n.key].text) for n in ledger().narratives)
    new = replace(ledger(), year=ledger().year + 1, facts=facts, narratives=narratives, given=(), **more)
    return composed_words(filler_of(new), ledger())


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, its headings among them."""
    return [
        found[0].strip()
        for line in text.splitlines()
        for found in SENTENCES.finditer(line)
        if found[0].strip()
    ]


def with_money(ledger: Ledger, skip: tuple[str, ...]) -> list[tuple[str, str]]:
    """Chapter and sentence of all that say an amount of money."""
    found: dict[tuple[str, str], None] = {}
    for narrative in (n for n in ledger.narratives if n.key not in skip):
        for _, line in lines_of(narrative):
            for match in SENTENCES.finditer(line):
                if any(True for _ in quantities(plain_digits(match[0]), ledger.year)):
                    found[narrative.key, match[0].strip()] = None
    return list(found)


def at_random(ledger: Ledger, seed: int) -> tuple[Fact, ...]:
    """Other amounts for every fact, of the set's quantum; no amount stays as it was."""
    drawn = random.Random(seed)
    quantum = tablesets.get(ledger.table_set).quantum
    return tuple(
        replace(fact, amount=fact.amount + quantum * drawn.choice((-1, 1)) * drawn.randint(100, 4000))
        for fact in ledger.facts
    )


def expenditure(function: str, yuan: str, use: Use, fund: Fund = Fund.GENERAL_PUBLIC) -> Fact:
    return Fact(Family.EXPENDITURE, D(yuan), fund=fund, function=function, use=use)


def shanghai_2026() -> tuple[Fact, ...]:
    """The figures of the year that `shanghai_2026.txt` was written for by hand, in yuan."""
    basic = {
        "2010601": "16243326", "2080501": "901234", "2080505": "1800000", "2080506": "900000",
        "2101101": "812345", "2210201": "2100000", "2210203": "2687760",
    }  # fmt: skip
    project = {"2010602": "120000", "2010607": "1580000", "2010608": "4500000"}
    spent = [expenditure(code, yuan, Use.BASIC) for code, yuan in basic.items()]
    spent += [expenditure(code, yuan, Use.PROJECT) for code, yuan in project.items()]
    received = [
        Fact(Family.REVENUE, fact.amount, function=fact.function, origin=Origin.FISCAL_APPROPRIATION)
        for fact in spent
    ]
    return (
        *spent,
        expenditure("2120803", "500000", Use.PROJECT, Fund.GOVERNMENT_FUND),
        expenditure("2010601", "30000", Use.PROJECT, Fund.NON_FISCAL),
        *received,
        Fact(Family.REVENUE, D("500000"), function="2120803", origin=Origin.FISCAL_APPROPRIATION),
        Fact(Family.REVENUE, D("30000"), function="2010601", origin=Origin.OTHER),
        Fact(Family.FUND, D("31644665"), fund=Fund.GENERAL_PUBLIC, flow=Flow.REVENUE),
        Fact(Family.FUND, D("500000"), fund=Fund.GOVERNMENT_FUND, flow=Flow.REVENUE),
        Fact(Family.BASIC_EXPENDITURE, D("23094665"), economic="30101", kind=BasicKind.PERSONNEL),
        Fact(Family.BASIC_EXPENDITURE, D("2350000"), economic="30201", kind=BasicKind.RUNNING_COSTS),
        Fact(
            Family.THREE_PUBLIC,
            D("9500"),
            fund=Fund.GENERAL_PUBLIC,
            item=ThreePublicItem.OFFICIAL_HOSPITALITY,
        ),
        Fact(Family.THREE_PUBLIC, D("20000"), fund=Fund.GENERAL_PUBLIC, item=ThreePublicItem.OVERSEAS_OTHER),
        Fact(Family.AGENCY, D("2350000")),
    )


def projects_2026() -> tuple[Project, ...]:
    money = {"中介机构服务费": "4500000", "财政业务费": "120000", "信息化系统日常维护费": "1580000"}
    return tuple(Project(name, D(money.get(name, yuan)), ("目标",)) for name, yuan in PROJECTS)


def laoting_2024() -> tuple[Fact, ...]:
    """The figures of the year that `laoting_2024.txt` was written for by hand: some rise, some fall, some stay."""
    changes = {
        (Family.BASIC_EXPENDITURE, "30101"): "100000",  # 221.03 to 231.03
        (Family.BASIC_EXPENDITURE, "30208"): "-10600",  # 41.06 to 40.00
        (Family.EXPENDITURE, "2010301"): "100000",
        (Family.REVENUE, "2010301"): "200000",
        (Family.FUND, "general_public"): "200000",
        (Family.THREE_PUBLIC, "vehicle_running"): "-4300",  # 10.43 to 10.00
    }
    done: set[tuple[Family, str]] = set()
    facts = []
    for fact in laoting().facts:
        key = (fact.family, str(fact.function or fact.economic or fact.item or fact.fund))
        add = D(changes.get(key, "0")) if key not in done else D(0)
        done |= {key} if add else set()
        facts.append(replace(fact, amount=fact.amount + add))
    return tuple(facts)

"""Facts and the small budget made of them; amounts are 万元, as a table prints them."""

from decimal import Decimal

from budgets.domain.facts import Fact
from budgets.domain.money import to_yuan
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use


def yuan(amount: str) -> Decimal:
    """万元 as printed, in yuan."""
    return to_yuan(Decimal(amount), "万元")


def revenue(function: str, amount: str, origin: Origin = Origin.FISCAL_APPROPRIATION) -> Fact:
    return Fact(Family.REVENUE, yuan(amount), function=function, origin=origin)


def spent(function: str, amount: str, use: Use, fund: Fund = Fund.GENERAL_PUBLIC) -> Fact:
    return Fact(Family.EXPENDITURE, yuan(amount), fund=fund, function=function, use=use)


def basic(function: str, amount: str, fund: Fund = Fund.GENERAL_PUBLIC) -> Fact:
    return spent(function, amount, Use.BASIC, fund)


def project(function: str, amount: str, fund: Fund = Fund.GENERAL_PUBLIC) -> Fact:
    return spent(function, amount, Use.PROJECT, fund)


def personnel(economic: str, amount: str) -> Fact:
    return Fact(Family.BASIC_EXPENDITURE, yuan(amount), economic=economic, kind=BasicKind.PERSONNEL)


def running_costs(economic: str, amount: str) -> Fact:
    return Fact(Family.BASIC_EXPENDITURE, yuan(amount), economic=economic, kind=BasicKind.RUNNING_COSTS)


def by_class(function: str, amount: str, kind: BasicKind) -> Fact:
    """Basic expenditure of a 类, as the summary of a unit prints it."""
    return Fact(Family.BASIC_BY_CLASS, yuan(amount), function=function, kind=kind)


def three_public(item: ThreePublicItem, amount: str, fund: Fund = Fund.GENERAL_PUBLIC) -> Fact:
    return Fact(Family.THREE_PUBLIC, yuan(amount), item=item, fund=fund)


def events(economic: str, amount: str, fund: Fund = Fund.GENERAL_PUBLIC) -> Fact:
    return Fact(Family.EVENTS, yuan(amount), economic=economic, fund=fund)


def funded(amount: str, flow: Flow = Flow.REVENUE, fund: Fund = Fund.GENERAL_PUBLIC) -> Fact:
    return Fact(Family.FUND, yuan(amount), fund=fund, flow=flow)


def small_budget() -> tuple[Fact, ...]:
    """Twelve million yuan that tie in every table: 1,200.00 in and out, 900.00 of it basic expenditure."""
    return (
        funded("1200.00"),
        revenue("2010301", "1120.00"),
        revenue("2080505", "80.00"),
        basic("2010301", "820.00"),
        project("2010301", "300.00"),
        basic("2080505", "80.00"),
        personnel("30101", "720.00"),
        personnel("30108", "80.00"),
        running_costs("30201", "97.00"),
        running_costs("30217", "1.00"),
        running_costs("30231", "2.00"),
        three_public(ThreePublicItem.VEHICLE_RUNNING, "2.00"),
        three_public(ThreePublicItem.OFFICIAL_HOSPITALITY, "1.00"),
    )

"""Rules on the printed tables as a whole: nothing that does not add up, no amount without a name, no table left out."""

from collections.abc import Iterator

from budgets.domain.fact_cells import holding
from budgets.domain.facts import Fact
from budgets.domain.families import FAMILIES
from budgets.domain.findings import Severity
from budgets.domain.identities import Identity, Kind, broken
from budgets.domain.law import BUDGET_LAW_32, CATALOGUE
from budgets.domain.money import money
from budgets.domain.place_words import fact_words
from budgets.domain.places import CellRef, FieldPlace, Record, Whole, amount_place
from budgets.domain.record_amounts import MONEY, PLACED_AS
from budgets.domain.tables import Tree
from budgets.domain.terms import Family
from budgets.rules.amounts import codes_on_two_levels, unprinted
from budgets.rules.given_cells import open_identities, printed_cells, suspect_cells, told_of
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.subject_codes import unprinted_classes

NAMED = (  # records with money: how they are called, and the two words that name a row
    ("procurements", "政府采购", "project", "item", "项目和品目"),
    ("services", "政府购买服务", "project", "item", "项目和品目"),
    ("unit_rows", "各单位支出", "code", "name", "单位代码和"),
)


@rule("amount-names-its-row", Severity.ERROR, source=CATALOGUE, formula="有金额的每一行都有科目、项目或品目")
def amount_names_its_row(case: Case, report: Report) -> Found:
    """Money without what names its row would be in the totals and in no row."""
    unit = case.table_set.unit
    for fact in unnamed(case):
        what = fact_words(case.subjects, fact)
        yield report(
            f"{what} {money(fact.amount, unit)}没有科目编码，合计里有它，各行里没有它。请填写科目编码或删去金额。",
            at=amount_place(fact),
        )
    for source, label, first, second, what in NAMED:
        rows = getattr(case.ledger, source)
        for n, row in enumerate(rows, 1):
            money_of = any(getattr(row, field) for field in MONEY[source])
            if not getattr(row, first).strip() and not getattr(row, second).strip() and money_of:
                nth = n - sum(1 for each in rows[:n] if getattr(each, first) or getattr(each, second))
                yield report(
                    f"{label}第{n}行有金额，没有{what}名称。请填写名称或删去金额。",
                    at=Record(PLACED_AS[source], "", nth=nth),
                )
    for n, project in enumerate(case.ledger.projects, 1):
        if not project.name.strip() and project.amount:
            yield report(
                f"项目第{n}行有金额，没有项目名称。请填写名称或删去金额。",
                at=Record("project", "", nth=n - sum(1 for p in case.ledger.projects[:n] if p.name)),
            )


def unnamed(case: Case) -> list[Fact]:
    """The amounts without a code, of families that a table of the set prints by code."""
    coded = {
        family
        for table in case.table_set.tables
        if isinstance(table.rows, Tree)
        for box in table.where.boxes
        for family in box.get("family")
    }
    return [
        fact
        for fact in case.ledger.facts
        if fact.amount
        and fact.family in coded
        and (code := FAMILIES[fact.family].code)
        and not getattr(fact, code)
    ]


@rule(
    "printed-tables-tie",
    Severity.ERROR,
    source=CATALOGUE,
    formula="公开表印出的合计、各行、各列和各表相互勾稽",
)
def printed_tables_tie(case: Case, report: Report) -> Found:
    """Whatever way the amounts came: what is printed adds up, and every sum that does not is told with its cells.

    Of a transcribed document these are the sums that no likely wrong cell explains. Silent are sums that other rules
    tell by their cause.
    """
    _, cells = printed_cells(case)
    for identity in _untold(case):
        yield report(
            f"{identity.kind.label}：{told_of(case, identity, cells)}。请核对，合计与各行、各表须一致。",
            cells=(*identity.left, *identity.right),
            apart=_key(identity),
        )


def _untold(case: Case) -> Iterator[Identity]:
    among, cells = printed_cells(case)
    if case.ledger.given:
        suspects = set(suspect_cells(case))
        yield from (identity for identity in open_identities(case) if not suspects & _cells(identity))
        return
    open_ = [i for i in broken(among, cells) if i.kind is not Kind.MEETS]
    told = holding(case.table_set, case.document.tables, _told_facts(case)) if open_ else frozenset()
    yield from (identity for identity in open_ if not told & _cells(identity))


def _key(identity: Identity) -> str:
    """The place of a sum: a total of many rows is not named by all of them."""
    ends = (*identity.left[:1], *identity.right[:1])
    return f"{identity.kind}:{'|'.join('/'.join(cell) for cell in ends)}"


def _cells(identity: Identity) -> set[CellRef]:
    return {*identity.left, *identity.right}


def _told_facts(case: Case) -> list[Fact]:
    """The amounts that other rules name, each as a fault of its own."""
    two_levels, classes = codes_on_two_levels(case), unprinted_classes(case)
    return [
        *unnamed(case),
        *unprinted(case),
        *(
            fact
            for fact in case.ledger.facts
            if fact.amount % case.table_set.quantum
            or (fact.family, fact.function or fact.economic) in two_levels
            or (fact.use and fact.function[:3] in classes)
        ),
    ]


@rule("money-budgeted", Severity.ERROR, source=BUDGET_LAW_32, formula="有收入和支出，或者部门声明没有")
def money_budgeted(case: Case, report: Report) -> Found:
    """A budget without any money is one only if the department says so, and one with money does not say so."""
    families = {Family.REVENUE, Family.FUND, Family.EXPENDITURE}
    budgeted = any(fact.amount and fact.family in families for fact in case.ledger.facts) or _printed(case)
    if not budgeted and not case.ledger.states_no_money:
        yield report(
            "收入和支出都没有填。请填写；本部门本年度确实没有收入和支出的，请在“基本信息”中声明。",
            at=FieldPlace("states_no_money"),
        )
    elif budgeted and case.ledger.states_no_money:
        yield report(
            "“基本信息”中声明本年度没有收入和支出，各表却有金额。请取消声明或核对金额。",
            at=FieldPlace("states_no_money"),
        )


def _printed(case: Case) -> bool:
    return any(not row.blank for sheet in case.ledger.given for row in sheet.rows)


@rule("taken-over-whole", Severity.WARNING, source=CATALOGUE, formula="照录的文件各表各栏都已录入")
def taken_over_whole(case: Case, report: Report) -> Found:
    """Tables and amounts that a file lacked or that were not taken over stay told until somebody explains them."""
    for entry in case.ledger.left_out if case.ledger.given else ():
        yield report(f"照录时{entry}。请核对原文件，补录或说明。", at=Whole(), apart=entry)

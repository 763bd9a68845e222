"""Rules on amounts: families that meet, signs, the smallest amount, codes entered on two levels."""

from collections import defaultdict

from budgets.domain.facts import Slice, starting
from budgets.domain.findings import Severity
from budgets.domain.identities import Kind, amounts, broken, identities
from budgets.domain.money import money
from budgets.domain.place_words import cell_words, fact_words
from budgets.domain.places import AmountRow, CellRef, amount_place, scheme_of
from budgets.domain.tables import Amount, Balance, Table, Tree
from budgets.domain.terms import Family, Fund
from budgets.rules.registry import Case, Found, Report, rule

CATALOGUE = "《财政预决算领域基层政务公开标准目录》部门预算"


@rule(
    "families-meet",
    Severity.ERROR,
    source=f"《预算法》第三十二条；{CATALOGUE}",
    formula="不同明细表填报的同一笔钱合计相等；各项资金本年收入＋年初结转＝本年支出＋年末结转；收入总计＝支出总计",
)
def families_meet(case: Case, report: Report) -> Found:
    """The base tables agree where their totals meet."""
    if case.ledger.given:
        return  # printed as published: `given.py` tells what does not tie there
    cells = amounts(case.document.tables)
    unit = case.table_set.unit
    meets = [i for i in identities(case.table_set, cells) if i.kind is Kind.MEETS]
    gaps = {identity.label: identity.gap(cells) for identity in meets}
    labels = {meet.key: meet.label for meet in case.table_set.meets}
    keys = {label: key for key, label in labels.items()}
    covered = {
        meet.label: sum(gaps.get(labels[key], 0) for key in meet.covers)
        for meet in case.table_set.meets
        if meet.covers
    }
    for identity in broken(meets, cells):
        if covered.get(identity.label) == gaps[identity.label]:
            continue  # the parts say it
        left = sum(cells.get(cell, 0) for cell in identity.left)
        right = sum(cells.get(cell, 0) for cell in identity.right)
        yield report(
            f"{identity.label}不符：{_named(case, identity.left)}为 {left:.2f}{unit}，"
            f"{_named(case, identity.right)}为 {right:.2f}{unit}，相差 {left - right:.2f}{unit}。{identity.remedy}。",
            cells=(*identity.left, *identity.right),
            apart=keys[identity.label],
        )


def _named(case: Case, cells: tuple[CellRef, ...]) -> str:
    return "加".join(cell_words(case.document, cell) for cell in cells) or "空表"


@rule("amount-not-negative", Severity.ERROR, source=CATALOGUE, formula="预算金额不小于零")
def amount_not_negative(case: Case, report: Report) -> Found:
    """No entered amount is negative."""
    for fact in case.ledger.facts:
        if fact.amount < 0:
            yield report(
                f"{fact_words(case.subjects, fact)}填了负数 {money(fact.amount, case.table_set.unit)}，请核对正负号。",
                at=amount_place(fact),
            )


@rule(
    "amount-fits-unit",
    Severity.ERROR,
    source="公开表计量单位",
    formula="金额是公开表最小计量的整数倍（万元两位小数即 100 元）",
)
def amount_fits_unit(case: Case, report: Report) -> Found:
    """Amounts are multiples of what the tables can print, so printed sums never drift."""
    quantum = case.table_set.quantum
    for fact in case.ledger.facts:
        if fact.amount % quantum:
            yield report(
                f"{fact_words(case.subjects, fact)}为 {fact.amount:.2f}元，细于公开表能印出的 {quantum} 元，请按{quantum}元取整。",
                at=amount_place(fact),
            )


@rule(
    "one-level-of-codes",
    Severity.ERROR,
    source=CATALOGUE,
    formula="金额填在最细一级科目，上级科目由下级相加得出",
)
def one_level_of_codes(case: Case, report: Report) -> Found:
    """No amount is entered both for a code and for one below it: the parent would count twice in the eyes of a reader."""
    entered: dict[tuple[Family, Fund | None], set[str]] = defaultdict(set)
    for fact in case.ledger.facts:
        if code := fact.function or fact.economic:
            entered[fact.family, fact.fund].add(code)
    for (family, fund), codes in entered.items():
        in_order = sorted(codes)
        for code in in_order:
            below = starting(in_order, code)[1:]
            if below:
                name = case.subjects.name(code, scheme_of(family))
                yield report(
                    f"{code} {name}填了金额，它的下级科目 {'、'.join(below)} 也填了金额。"
                    "请把上级科目的金额改填到下级科目。",
                    at=AmountRow(family, code, fund or ""),
                )


@rule("amount-printed", Severity.ERROR, source=CATALOGUE, formula="每笔金额都印在某张公开表中")
def amount_printed(case: Case, report: Report) -> Found:
    """Money that no table of the set has a cell for would vanish from the public eye."""
    # Tables of codes first: nearly all money stands there, and of each they have few columns.
    tables = sorted(case.table_set.tables, key=lambda table: not isinstance(table.rows, Tree))
    inside = [table.where & slice_ for table in tables for slice_ in _row_slices(table)]
    for fact in case.ledger.facts:
        if fact.amount and not any(fact in slice_ for slice_ in inside):
            yield report(
                f"{fact_words(case.subjects, fact)} {money(fact.amount, case.table_set.unit)}没有公开表可以列示。"
                f"请核对是否填错栏目（{case.table_set.label}）。",
                at=amount_place(fact),
            )


def _row_slices(table: Table) -> list[Slice]:
    """What the narrowest columns of a table print, over all its lines."""
    columns = [leaf.word for leaf in table.leaves() if isinstance(leaf.word, Amount) and not leaf.word.parts]
    if isinstance(table.rows, Tree):
        return [column.where for column in columns]
    lines = (
        (*table.rows.lines(0), *table.rows.lines(1)) if isinstance(table.rows, Balance) else table.rows.lines
    )
    return [line.where & column.where for line in lines if not line.total for column in columns]

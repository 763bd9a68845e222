"""Rules on amounts: families that meet, signs, the smallest amount, codes entered on two levels."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from budgets.domain.facts import ZERO, Fact, Slice, starting
from budgets.domain.families import FAMILIES
from budgets.domain.findings import Severity
from budgets.domain.identities import Identity, Kind, broken
from budgets.domain.law import BUDGET_LAW_32, CATALOGUE
from budgets.domain.money import money
from budgets.domain.place_words import cell_words, fact_words
from budgets.domain.places import AmountRow, CellRef, amount_place
from budgets.domain.tables import Amount, Table, Tree
from budgets.domain.terms import Family
from budgets.rules.given_cells import is_rounding, printed_cells
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.typed_units import mistyped


@rule(
    "families-meet",
    Severity.ERROR,
    source=f"{BUDGET_LAW_32}；{CATALOGUE}",
    formula="不同明细表填报的同一笔钱合计相等；各项资金本年收入＋年初结转＝本年支出＋年末结转；收入总计＝支出总计",
)
def families_meet(case: Case, report: Report) -> Found:
    """The base tables agree where their totals meet."""
    if case.ledger.given:
        return  # printed as published: `given_cells` tells what does not tie there
    among, cells = printed_cells(case)
    unit = case.table_set.unit
    meets = [i for i in among if i.kind is Kind.MEETS]
    gaps: dict[str, Decimal] = defaultdict(Decimal)
    for each in meets:
        gaps[each.label] += each.gap(cells)
    labels = {meet.key: meet.label for meet in case.table_set.meets}
    keys = {label: key for key, label in labels.items()}
    covered = {
        meet.label: sum(gaps.get(labels[key], 0) for key in meet.covers)
        for meet in case.table_set.meets
        if meet.covers
    }
    told = {key for each in mistyped(case) for key in each.meets}
    silent = {meet.label for meet in case.table_set.meets if meet.key in told}
    for identity in broken(meets, cells):
        if identity.label in silent:
            continue  # an amount in another unit, told as that
        if case.absent and _of_absent_table(case, identity, keys[identity.label]):
            continue  # that the table is missing is told once
        if covered.get(identity.label) == gaps[identity.label]:
            continue  # the parts say it
        left = sum((cells.get(cell, ZERO) for cell in identity.left), ZERO)
        right = sum((cells.get(cell, ZERO) for cell in identity.right), ZERO)
        one, _, other = identity.label.partition("与")
        # Tables in whole 元 miss by 1; where places are printed, every 0.01 is a slip of somebody.
        tail = is_rounding(case, identity, left - right) and abs(left - right) >= 1
        yield report(
            f"{identity.label}{'有尾差' if tail else '不符'}：{_named(case, identity.left, one)}为 {left:.2f}{unit}，"
            f"{_named(case, identity.right, other)}为 {right:.2f}{unit}，相差 {left - right:.2f}{unit}。{identity.remedy}{'，或说明取整口径' if tail else ''}。",
            cells=(*identity.left, *identity.right),
            apart=keys[identity.label],
            severity=Severity.WARNING if tail else None,
        )


def _of_absent_table(case: Case, identity: Identity, key: str) -> bool:
    """True when a side of a tie has no cell because a table that prints its family is not in the file."""
    meet = next(meet for meet in case.table_set.meets if meet.key == key)
    families = {
        family
        for cells, inside in ((identity.left, meet.left), (identity.right, meet.right))
        for each in (inside if not cells else ())
        for box in each.boxes
        for family in box.get("family") or ()
    }
    return any(
        families & (box.get("family") or frozenset())
        for table in case.table_set.tables
        if table.key in case.absent
        for box in table.where.boxes
    )


def _named(case: Case, cells: tuple[CellRef, ...], what: str) -> str:
    """The cells of one side in words; `what` it is where no row of it is filled in."""
    return "加".join(cell_words(case.document, cell) for cell in cells) or f"没有填的{what}"


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
    "one-level-of-codes",
    Severity.ERROR,
    source=CATALOGUE,
    formula="金额填在最细一级科目，上级科目由下级相加得出",
)
def one_level_of_codes(case: Case, report: Report) -> Found:
    """No amount is entered both for a code and for one below it: the parent would count twice in the eyes of a reader."""
    for (family, code), below in codes_on_two_levels(case).items():
        facts = (f for f in case.ledger.facts if f.family is family and code in (f.function, f.economic))
        at = amount_place(next(facts))
        assert isinstance(at, AmountRow)  # it has a code
        yield report(
            f"{code} {case.subjects.name(code, FAMILIES[family].code)}填了金额，它的下级科目 {'、'.join(below)} 也填了金额。"
            "请把上级科目的金额改填到下级科目。",
            at=replace(at, column=""),
        )


def codes_on_two_levels(case: Case) -> dict[tuple[Family, str], list[str]]:
    """The codes of each family that hold an amount beside codes below them, with those; one row prints all funds."""
    return case.once(_codes_on_two_levels)


def _codes_on_two_levels(case: Case) -> dict[tuple[Family, str], list[str]]:
    entered: dict[Family, set[str]] = defaultdict(set)
    for fact in case.ledger.facts:
        if code := fact.function or fact.economic:
            entered[fact.family].add(code)
    return {
        (family, code): below
        for family, codes in entered.items()
        for in_order in (sorted(codes),)
        for code in in_order
        if (below := list(starting(in_order, code)[1:]))
    }


@rule("amount-printed", Severity.ERROR, source=CATALOGUE, formula="每笔金额都印在某张公开表中")
def amount_printed(case: Case, report: Report) -> Found:
    """Money that no table of the set has a cell for would vanish from the public eye."""
    for fact in unprinted(case):
        yield report(
            f"{fact_words(case.subjects, fact)} {money(fact.amount, case.table_set.unit)}没有公开表可以列示。"
            f"请核对是否填错栏目（{case.table_set.label}）。",
            at=amount_place(fact),
        )


def unprinted(case: Case) -> list[Fact]:
    """The amounts that no cell of the set's tables holds."""
    return case.once(_unprinted)


def _unprinted(case: Case) -> list[Fact]:
    # Tables of codes first: nearly all money stands there, and of each they have few columns.
    tables = sorted(case.table_set.tables, key=lambda table: not isinstance(table.rows, Tree))
    inside = [table.where & slice_ for table in tables for slice_ in _row_slices(table)]
    missing = case.table_set.no_column_for
    return [
        f
        for f in case.ledger.facts
        if f.amount and (f in missing or not any(f in slice_ for slice_ in inside))
    ]


def _row_slices(table: Table) -> list[Slice]:
    """What the narrowest columns of a table print, over all its lines."""
    columns = [leaf.word for leaf in table.leaves() if isinstance(leaf.word, Amount) and not leaf.word.parts]
    if isinstance(table.rows, Tree):
        return [column.where for column in columns]
    return [line.where & column.where for line in table.lines() if not line.total for column in columns]

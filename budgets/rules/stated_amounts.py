"""Rules on amounts in words against the tables: the figure, its unit, its places, its item (R40–R43, R49, R50, R53)."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.callings import word_for
from budgets.domain.classification import FUNCTION
from budgets.domain.figures import Known, rounded, same, shown, wrong_unit
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE, SCHEME
from budgets.domain.money import in_unit, money
from budgets.domain.place_words import cell_words
from budgets.domain.quantities import UNITS, Quantity
from budgets.rules import shares
from budgets.rules.naming import tied_by_name
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_against_tables import class_of
from budgets.rules.text_amounts import Said, figures_of, said
from budgets.sentences.percentages import Ratio
from budgets.sentences.spoken import is_plan


def of_this_year(case: Case) -> Iterator[Said]:
    """The amounts of this year that have a counterpart."""
    yield from (one for one in said(case) if one.own and one.figures)


def _agrees(one: Said) -> bool:
    return any(same(one.quantity, figure) for figure in one.figures)


def _unit_of(one: Said) -> tuple[Known, str] | None:
    """The figure that the number is, and the unit it should have."""
    for figure in () if _agrees(one) else one.figures:
        if unit := wrong_unit(one.quantity, figure):
            return figure, unit
    return None


def _rounded_whole(one: Said) -> bool:
    return any(_in_whole(one.quantity, figure) for figure in one.figures)


def _in_whole(quantity: Quantity, figure: Known) -> bool:
    """True for a figure that the text gives in whole 万元 or 亿元, rounded as it should be: 991万元 for 990.62万元."""
    places = quantity.number.as_tuple().exponent
    if not isinstance(places, int) or places < 0 or UNITS[quantity.unit] <= UNITS["元"]:
        return False
    return (
        bool(quantity.number)
        and in_unit(figure.yuan, quantity.unit).quantize(Decimal(1), ROUND_HALF_UP) == quantity.number
    )


def _tail_of(one: Said) -> Known | None:
    """The figure that the amount misses by places left out."""
    if _agrees(one) or _unit_of(one) or _rounded_whole(one):
        return None
    return next((figure for figure in one.figures if rounded(one.quantity, figure)), None)


@rule("text-amount-agrees", Severity.ERROR, source=CATALOGUE, formula="情况说明中的金额＝公开表中的同一数字")
def text_amount_agrees(case: Case, report: Report) -> Found:
    """An amount in the words is the figure of the tables that it is called by (R40–R43, R49, R50)."""
    known = case.once(figures_of).known
    for one in of_this_year(case):
        if _agrees(one) or _unit_of(one) or _tail_of(one) or _rounded_whole(one):
            continue
        figure, unit = one.figures[0], case.table_set.unit
        name = figure.label if figure.key in known else figure.cell.row  # an item is named by its code
        yield report(
            f"{one.quote}与{cell_words(case.document, figure.cell)}的 {figure.label} {shown(figure, unit)}不符，"
            f"相差 {money(one.quantity.yuan - figure.yuan, unit)}。请核对文字与报表，或用 [[{name}]] 引用。",
            at=one.place,
            cells=[figure.cell],
        )


@rule("text-unit", Severity.WARNING, source=CATALOGUE, formula="情况说明中金额的计量单位与数字相符")
def text_unit(case: Case, report: Report) -> Found:
    """The number is right and its unit is not (R53): 721.19元 where 721.19万元 is meant."""
    for one in of_this_year(case):
        if wrong := _unit_of(one):
            figure, unit = wrong
            yield report(
                f"{one.quote}的单位有误：表中{figure.label}为 {shown(figure, unit)}，"
                f"“{one.quantity.unit}”应为“{unit}”。请改正，已公开的请说明。",
                at=one.place,
                cells=[figure.cell],
            )


@rule(
    "text-amount-rounded",
    Severity.WARNING,
    source=CATALOGUE,
    formula="情况说明中的金额与报表相差不超过省略的位数（尾差）",
)
def text_amount_rounded(case: Case, report: Report) -> Found:
    """The words leave places out or cut them off: only 尾差, told once for a chapter."""
    for narrative in case.ledger.narratives:
        tails = [
            (one, figure)
            for one in of_this_year(case)
            if one.narrative is narrative and (figure := _tail_of(one))
        ]
        if tails:
            told = "；".join(
                f"{one.quote}，表中{figure.label} {shown(figure, figure.unit)}，"
                f"四舍五入为 {in_unit(figure.yuan, one.quantity.unit)}{one.quantity.unit}，"
                f"尾差 {one.quantity.yuan - figure.yuan:.2f}元"
                for one, figure in tails
            )
            yield report(
                f"{len(tails)} 处金额与报表有尾差：{told}。请写全小数或四舍五入，否则说明取整口径。",
                at=tails[0][0].place,
                cells=[figure.cell for _, figure in tails],
            )


@rule(
    "item-named-as-printed",
    Severity.WARNING,
    source=SCHEME,
    formula="文字中的科目名称＝公开表中的科目名称",
)
def item_named_as_printed(case: Case, report: Report) -> Found:
    """The 类, 款 and 项 that the words name stand in the tables under the same names; else the nearest row is offered."""
    figures = case.once(figures_of)
    for one in said(case):
        item = one.quantity.item
        if item is None or one.quantity.part or not one.own or not figures.items.names or is_plan(one):
            continue  # without a table of items nothing can be said
        found = figures.items.find(item)
        if not item.names:
            subject = case.subjects.get(item.code, FUNCTION)
            if subject and found is None and one.quantity.yuan:
                yield report(
                    f"“{item.code}”{one.quantity.text}在支出表中没有这个科目（{subject.name}）。请核对科目编码或报表。",
                    at=one.place,
                )
            continue
        if found is None and one.quantity.yuan:
            yield report(
                f"“{item}”{one.quantity.text}在支出表中没有这个科目。请核对科目名称或报表。",
                at=one.place,
            )
        elif found and not found.exact:
            code = found.codes[0]
            yield report(
                f"“{item}”与表中科目名称不同：应为 {code} {'／'.join(figures.items.paths[code])}。请改正名称。",
                at=one.place,
                cells=[figure.cell for figure in one.figures[:1]],
            )


@rule("text-amount-untied", Severity.ADVICE, source=CATALOGUE, formula="情况说明中的金额能对应到公开表")
def text_amount_untied(case: Case, report: Report) -> Found:
    """Amounts that no figure of the tables answers are listed, for a person to look at."""
    named = tied_by_name(case)
    untied: list[Said | Ratio] = [
        one
        for one in said(case)
        if one.own and not one.figures and not _told_elsewhere(case, one) and one.where not in named
    ]
    untied += shares.untied(case)
    if untied:
        told = "、".join(one.quote for one in untied)
        yield report(f"{len(untied)} 处金额没有对应的报表数字，请人工核对：{told}。", at=untied[0].place)


def _told_elsewhere(case: Case, one: Said) -> bool:
    word = word_for(one.quantity.called)
    if class_of(case, one):
        return True
    return bool(word and word.told_by) or (one.quantity.item is not None and not one.quantity.part)

"""Which cell an amount of last year's text is tied to: by the words that it is called by and by its value, never by a guess."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.figures import Known, rounded, same, wrong_unit
from budgets.domain.ledgers import Ledger
from budgets.domain.money import YUAN_IN
from budgets.domain.quantities import UNITS
from budgets.sentences.cell_names import CellNames, plain
from budgets.sentences.record_figures import GOAL_MONEY, RECORDS, with_goals
from budgets.sentences.statements import Said
from budgets.sentences.unusual_words import standard_form

NO_CELL = "“{0}”在公开表里没有对应的一格，请按今年的情况填写"
OTHER = "“{0}”与去年公开表的{1} {2}不符，请核对后改写"
SEVERAL = "“{0}”可指{1}，请写明是哪一个"
FULL_UNIT = {"万": "万元", "亿": "亿元"}


def full_unit(one: Said) -> str:
    """The unit of an amount, with its 元."""
    return FULL_UNIT.get(one.quantity.unit, one.quantity.unit)


@dataclass(frozen=True, slots=True)
class Tie:
    """What an amount is tied to, the unit and the places that it prints in, and what a person must know of it.

    Without a figure it stays as typed, and `why` says why.
    """

    figure: Known | None
    unit: str = ""
    places: str = ""
    why: str = ""


def settled(one: Said, equal: list[Known]) -> Known | str | None:
    """The one cell of those that have the value: by the words around where there are several; a why where they do not tell."""
    cells = {figure.cell: figure for figure in equal}
    if len(cells) <= 1 or all(figure.key.startswith("item:") for figure in equal):
        return equal[0] if equal else None
    called = plain(standard_form(one.quantity.called))
    if "支出" in called and "收入" not in called:
        cells = {cell: figure for cell, figure in cells.items() if "收入" not in figure.label}
    if len(cells) == 1:
        return next(iter(cells.values()))
    named = [figure for figure in cells.values() if plain(figure.label) in called]
    if named:
        return max(named, key=lambda figure: len(figure.label))
    told = "或".join(dict.fromkeys(figure.label for figure in cells.values()))
    return SEVERAL.format(f"{one.quantity.called}{one.quantity.text}", told)


def of_agency(known: Mapping[str, Known], called: str) -> Known | None:
    """The figure for 机关运行经费: of its own table, else 公用经费; None for other words."""
    keys = ("agency_running_costs", "running_costs") if "机关运行" in called else ()
    return next((known[key] for key in keys if key in known), None)


class AmountTies:
    """Ties the amounts of one disclosure to its cells; `unit` is that of amounts in its words."""

    def __init__(self, names: CellNames, ledger: Ledger, unit: str) -> None:
        self.names, self.ledger, self.unit = names, ledger, unit
        self.figures = names.figures

    def tie(self, one: Said) -> Tie:
        """The cell of an amount of the document's own year."""
        quantity = one.quantity
        shown, unit = quantity.text, full_unit(one)
        if not shown[:1].isdigit():
            return Tie(None, why=NO_CELL.format(shown))
        figures = one.figures or tuple(self._called(one))
        found = settled(one, [f for f in figures if same(quantity, f)])
        if isinstance(found, str):
            return Tie(None, why=found)
        if found is not None:
            return Tie(found, unit)
        if near := self._near(one, figures):
            return near
        if figures and quantity.item and not quantity.part and self._exact(one):
            # The words name the very item, the number was wrong.
            told = OTHER.format(shown, figures[0].label, self.shown(figures[0]))
            return Tie(figures[0], unit, why=f"{told}；已改为引用表中的数")
        if figures:
            return Tie(None, why=OTHER.format(shown, figures[0].label, self.shown(figures[0])))
        return Tie(None, why=NO_CELL.format(shown))

    def shown(self, figure: Known) -> str:
        """A figure as messages print it."""
        unit = self.unit
        return f"{figure.yuan / YUAN_IN[unit]:.2f}{unit}"

    def _exact(self, one: Said) -> bool:
        found = self.figures.named_item(one.quantity)
        return found is not None and found.exact and len(found.codes) == 1

    def _near(self, one: Said, figures: Iterable[Known]) -> Tie | None:
        """The figure that the number is but for its unit or the places left out."""
        quantity = one.quantity
        wrong = {f.cell: (f, right) for f in figures if (right := wrong_unit(quantity, f))}
        if len(wrong) == 1:
            ((figure, right),) = wrong.values()
            return Tie(figure, right, why=f"单位原写作“{quantity.unit}”，已改为“{right}”")
        places = max(0, -int(quantity.number.as_tuple().exponent))
        step, size = Decimal(1).scaleb(-places), UNITS[quantity.unit]
        short = [f for f in figures if (f.yuan / size).quantize(step, ROUND_HALF_UP) == quantity.number]
        cut = [f for f in figures if rounded(quantity, f) and places >= 2]
        found = settled(one, (short if quantity.number else []) or cut)
        if isinstance(found, str):
            return Tie(None, why=found)
        return (
            Tie(found, full_unit(one), f"·{places}位小数" if short and places < 2 else "") if found else None
        )

    def _called(self, one: Said) -> Iterator[Known]:
        """Figures for words that no table's figure is called by: 机关运行经费, a project, the projects with goals, a subject."""
        known = self.figures.known
        called = plain(one.quantity.called)
        if agency := of_agency(known, called):
            yield agency
            return
        labels = self.names.labels
        if re.search(r"绩效目标.*项目.*|涉及项目", called) and GOAL_MONEY in labels:
            yield from [labels[GOAL_MONEY]] * bool(with_goals(self.ledger))
            return
        for project in self.ledger.projects:
            if project.amount is not None and called.endswith(plain(project.name)):
                yield labels[plain(f"项目/{project.name}")]
                return
        for kind in ("货物", "工程", "服务"):
            if "采购" in called and kind in called and self.ledger.procurements:
                yield labels[f"政府采购{kind}"]
                return
        if "政府采购" in called and self.ledger.procurements:
            yield labels["政府采购预算合计"]
            return
        found = self.names.find((re.sub(r"(?:预算|安排|支出|为|共|计)+$", "", called) or "无",))
        whole = self.names.find((called or "无",))
        yield from (
            f for f in (whole, found) if isinstance(f, Known) and not f.key and f.cell.table != RECORDS
        )

"""Facts out of the rows of an export, by the layout that the bureau mapped."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from budgets.domain.classification import ECONOMIC, FUNCTION, LENGTHS, Subjects
from budgets.domain.facts import ZERO, Fact, order_of
from budgets.domain.families import FAMILIES as SHAPES
from budgets.domain.families import FISCAL
from budgets.domain.money import NotAnAmount, to_yuan
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use
from budgets.importing.exports.export_layouts import (
    AMOUNT,
    FAMILIES,
    SKIPPED,
    UNIT,
    ExportColumn,
    ExportLayout,
    ExportSheet,
    Tells,
    meaning,
)
from budgets.importing.exports.export_sheets import ListSheet, same_headings
from budgets.importing.reading.grids import GridCell, Unread
from budgets.importing.taking.row_keys import plain_code, split_code

TOTAL = re.compile(r"(?:合|小|总)\s*计|累计")
CODE = re.compile(r"\d{3,7}")
THREE_PUBLIC = {  # 部门预算支出经济分类 of “三公”经费
    "30212": ThreePublicItem.OVERSEAS_OTHER,
    "30217": ThreePublicItem.OFFICIAL_HOSPITALITY,
    "30231": ThreePublicItem.VEHICLE_RUNNING,
    "31013": ThreePublicItem.VEHICLE_PURCHASE,
}
RUNNING_CLASSES = ("302", "307", "309", "310")  # 款 of other classes are 人员经费
NO_CODE = "这一行没有科目编码，金额没有读取"
NOT_SAID = "“{value}”的含义没有对应，这一行的金额没有读取；请财政局在“导出表对应”中补充"
LACKING = "这一行没有写明{what}，金额没有读取"
WORDS = {"function": "功能分类科目", "economic": "经济分类科目", "fund": "资金性质", "use": "支出类别", "origin": "收入来源",
         "kind": "人员经费或公用经费", "item": "“三公”经费项目", "flow": "收支或结转"}  # fmt: skip


@dataclass
class Exported:
    """What an export says of one unit. `totals` are rows of its own that add up, with what the rows add up to."""

    facts: dict[Fact, list[tuple[str, str]]] = field(default_factory=dict)  # with sheet and cell of each part
    families: set[Family] = field(default_factory=set)
    sheets: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    totals: list[tuple[str, GridCell, Decimal, Decimal]] = field(default_factory=list)
    others: int = 0  # rows of other units

    @property
    def found(self) -> bool:
        return bool(self.sheets)


def exported(
    sheets: Iterable[ListSheet],
    layout: ExportLayout,
    subjects: Subjects,
    *,
    unit: str = "",
    unit_name: str = "",
) -> Exported:
    """The facts of a unit, of all rows when no unit is given; amounts in yuan, one fact for each meaning."""
    out = Exported()
    words = {(holds, value): meant for holds, value, meant in layout.words}
    sums: dict[Fact, tuple[Decimal, list[tuple[str, str]]]] = {}
    for sheet in sheets:
        known = next((each for each in layout.sheets if same_headings(sheet, each.headings)), None)
        if known is None or not known.holding(AMOUNT):
            continue
        out.sheets.append(sheet.name)
        reader = _SheetReader(sheet, known, words, subjects, out, (unit, unit_name))
        for fact, cell in reader.facts():
            meant = Fact(fact.family, ZERO, *(getattr(fact, name) for name in
                         ("fund", "function", "economic", "origin", "use", "kind", "item", "flow")))  # fmt: skip
            amount, places = sums.get(meant, (ZERO, []))
            sums[meant] = (amount + fact.amount, [*places, (sheet.name, cell.address)])
    for meant, (amount, places) in sums.items():
        if amount:
            fact = Fact(meant.family, amount, meant.fund, meant.function, meant.economic, meant.origin, meant.use,
                        meant.kind, meant.item, meant.flow)  # fmt: skip
            out.facts[fact] = places
    out.facts = dict(sorted(out.facts.items(), key=lambda entry: order_of(entry[0])))
    return out


class _SheetReader:
    """Reads the rows of one sheet."""

    def __init__(
        self,
        sheet: ListSheet,
        known: ExportSheet,
        words: dict[tuple[str, str], str],
        subjects: Subjects,
        out: Exported,
        own: tuple[str, str],
    ) -> None:
        self.sheet, self.words, self.subjects, self.out, self.own = sheet, words, subjects, out, own
        self.columns = dict(zip(sheet.headings, known.columns, strict=True))
        self.amounts = {c: word for c, word in self.columns.items() if word.holds == AMOUNT}
        self.schemes = [s for s in (FUNCTION, ECONOMIC) if known.holding(s)]
        for word in self.amounts.values():
            out.families |= set(_told(word, known))

    def facts(self) -> Iterator[tuple[Fact, GridCell]]:
        rows = [(n, cells) for n, cells in self.sheet.rows if self._counts(cells)]
        codes = {s: {code for _, cells in rows if (code := self._code(cells, s))} for s in self.schemes}
        added = dict.fromkeys(self.amounts, ZERO)
        for _, cells in rows:
            if self._is_sum(cells, codes):
                continue
            yield from self._row(cells, added)
        self._hold_totals(rows, added)

    def _counts(self, cells: dict[int, GridCell]) -> bool:
        """Whether a row is the unit's own; rows of other units are counted, not read."""
        named = [cells[c].text for c, word in self.columns.items() if word.holds == UNIT and c in cells]
        if not named or not any(self.own):
            return True
        if any(_names(text, *self.own) for text in named) or any(TOTAL.search(text) for text in named):
            return True
        self.out.others += 1
        return False

    def _code(self, cells: dict[int, GridCell], scheme: str) -> str:
        for column, word in self.columns.items():
            if word.holds == scheme and column in cells:
                text = cells[column].text
                code = split_code(text)[0] or plain_code(text)
                return code if CODE.fullmatch(code) else ""
        return ""

    def _is_sum(self, cells: dict[int, GridCell], codes: dict[str, set[str]]) -> bool:
        """True for a row that other rows add up to: a total, or a code above others of the sheet."""
        if self._is_total(cells):
            return True
        for scheme, there in codes.items():
            code = self._code(cells, scheme)
            if (
                code
                and len(code) < LENGTHS[scheme][-1]
                and any(c != code and c.startswith(code) for c in there)
            ):
                return True
        return False

    def _is_total(self, cells: dict[int, GridCell]) -> bool:
        named = [cell.text for c, cell in cells.items() if c not in self.amounts]
        return not any(self._code(cells, s) for s in self.schemes) and any(TOTAL.search(t) for t in named)

    def _row(self, cells: dict[int, GridCell], added: dict[int, Decimal]) -> Iterator[tuple[Fact, GridCell]]:
        filled = {c: cell for c, cell in cells.items() if c in self.amounts and self._yuan(c, cell)}
        if not filled:
            return
        said: dict[str, Any] = {
            scheme: code for scheme in self.schemes if (code := self._code(cells, scheme))
        }
        for column, word in self.columns.items():
            if word.holds in WORDS and word.holds not in self.schemes and column in cells:
                meant = self.words.get((word.holds, cells[column].text), "")
                if meant == SKIPPED:
                    return
                if not meant:
                    why = NOT_SAID.format(value=cells[column].text)
                    self._miss(filled.values(), why)
                    return
                said |= meaning(meant)
        for column, cell in filled.items():
            word = self.amounts[column]
            amount = self._yuan(column, cell)
            facts = list(_facts_of(word.tells, said | meaning(word.means), amount, self.subjects))
            if not facts:
                family = FAMILIES[word.tells][0]
                lacks = [
                    WORDS[name]
                    for name in SHAPES[family].dimensions
                    if name not in said | meaning(word.means)
                ]
                self._miss([cell], NO_CODE if lacks and not said else LACKING.format(what="、".join(lacks)))
                continue
            added[column] += amount
            yield from ((fact, cell) for fact in facts)

    def _yuan(self, column: int, cell: GridCell) -> Decimal:
        """An amount in yuan; 0 for a blank one and for one that is not read, which is told once."""
        unit = self.amounts[column].unit
        try:
            return to_yuan(cell.amount(unit) or ZERO, unit)
        except NotAnAmount as error:
            entry = Unread(self.sheet.name, cell.address, cell.text, str(error))
            if entry not in self.out.unread:
                self.out.unread.append(entry)
            return ZERO

    def _miss(self, cells: Iterable[GridCell], why: str) -> None:
        self.out.unread += [Unread(self.sheet.name, cell.address, cell.text, why) for cell in cells]

    def _hold_totals(self, rows: list[tuple[int, dict[int, GridCell]]], added: dict[int, Decimal]) -> None:
        """The one total row of a sheet beside what its rows add up to; of several each adds up other rows."""
        totals = [cells for _, cells in rows if self._is_total(cells)]
        if len(totals) == 1 and not self.out.others:
            for column, cell in totals[0].items():
                if column in self.amounts:
                    self.out.totals.append((self.sheet.name, cell, self._yuan(column, cell), added[column]))


def _names(text: str, code: str, name: str) -> bool:
    """True for a unit's code or name, alone or one beside the other."""
    left, right = split_code(text)
    return bool((code and code in (text, left)) or (name and name in (text, right)) or (code and name and text in
                (f"{code}{name}", f"{code} {name}", f"{code}-{name}")))  # fmt: skip


def _told(word: ExportColumn, known: ExportSheet) -> Iterator[Family]:
    """The families that a column of amounts tells: those whose dimensions the sheet has."""
    there = {column.holds for column in known.columns} | set(meaning(word.means))
    for n, family in enumerate(FAMILIES[word.tells]):
        needed = {Family.BASIC_EXPENDITURE: "economic", Family.THREE_PUBLIC: "economic"}.get(family, "")
        if n == 0 or (needed and needed in there) or (family is Family.FUND and {"fund", "origin"} & there):
            yield family


def _facts_of(tells: Tells, said: dict[str, Any], amount: Decimal, subjects: Subjects) -> Iterator[Fact]:
    """The facts that an amount is: of its first family, and of those that follow from the same words."""
    first, *more = FAMILIES[tells]
    fund, economic = said.get("fund"), said.get("economic", "")
    if tells is Tells.REVENUE:
        origin = said.setdefault("origin", Origin.FISCAL_APPROPRIATION if fund in FISCAL else None)
        brought = origin is Origin.BROUGHT_FORWARD
        said.setdefault("flow", Flow.OPENING if brought else Flow.REVENUE)
    if economic and first is not Family.THREE_PUBLIC:
        said.setdefault("kind", _kind(economic, subjects))
    if economic in THREE_PUBLIC:
        said.setdefault("item", THREE_PUBLIC[economic])
    fact = _fact(first, said, amount)
    if fact is None:
        return
    yield fact
    general_basic = fund is Fund.GENERAL_PUBLIC and said.get("use") is Use.BASIC
    holds = {
        Family.BASIC_EXPENDITURE: general_basic and bool(economic),
        Family.THREE_PUBLIC: economic in THREE_PUBLIC and fund in FISCAL,
        Family.FUND: fund in FISCAL or (fund is not None and said.get("flow") is Flow.OPENING),
    }
    for family in more:
        if holds[family] and (other := _fact(family, said, amount)):
            yield other


def _fact(family: Family, said: dict[str, Any], amount: Decimal) -> Fact | None:
    names = SHAPES[family].dimensions
    if any(not said.get(name) for name in names):
        return None
    return Fact(family, amount, **{name: said[name] for name in names})


def _kind(economic: str, subjects: Subjects) -> BasicKind:
    """人员经费 or 公用经费 of an economic code, as the year's list says, else by its class."""
    subject = subjects.get(economic, ECONOMIC)
    group = subject.basic_group if subject else ""
    if group:
        return next(
            (kind for kind in BasicKind if kind.label == group or kind.value == group), BasicKind.PERSONNEL
        )
    return BasicKind.RUNNING_COSTS if economic.startswith(RUNNING_CLASSES) else BasicKind.PERSONNEL

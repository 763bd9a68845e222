"""A disclosure beside that of the year before: its figures, its money by function and by economic item, what can be compared.

Both sides are printed cells with their places. What one year does not print has no change; what codes that moved, were split
or merged make unlike says so.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from budgets.domain.addresses import addresses
from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.crosswalk import Crosswalk, Move
from budgets.domain.documents import ColumnKind, Document, Sheet
from budgets.domain.key_figures import (
    MONEY,
    PIECES,
    SPENT,
    THREE_PUBLIC,
    KeyFigure,
    key_figures,
    part_changes,
    parts,
)
from budgets.domain.money import percentage, to_yuan
from budgets.domain.shared_meaning import EVERY_FIGURE, Shared

# Figures in the order of the page, each with its level below the one before.
LINES = (("total_resources", 0), ("fiscal_appropriation", 1), (SPENT, 0), ("basic", 1), ("personnel", 2), ("running_costs", 2), ("project", 1), ("agency_running_costs", 0), ("procurement", 0), ("assets", 0), ("cars", 0), ("goals", 0))  # fmt: skip
OF_THREE = (("three_public", 0), *((key, 1) for key in THREE_PUBLIC))
# The table that a figure stands in is divided by codes of that scheme.
DIVIDED = {"project": ("按功能分类", FUNCTION), "personnel": ("基本支出按经济分类", ECONOMIC)}


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure in two years, in yuan (or pieces), each with its place; None where that year prints none.

    `unlike` says why the two cannot be compared; `key` is a figure's or a code, `was` the code that it had before.
    """

    key: str
    label: str
    level: int
    now: KeyFigure | None
    before: KeyFigure | None
    unlike: str = ""
    was: str = ""

    @property
    def change(self) -> Decimal | None:
        """By how much it is more than before; None where it cannot be compared. A code that one year lacks counts as nothing there."""
        if self.unlike or self.now is self.before is None:
            return None
        return (self.now.amount if self.now else Decimal(0)) - (
            self.before.amount if self.before else Decimal(0)
        )

    @property
    def rate(self) -> Decimal | None:
        """The change in percent; None of nothing or less."""
        if self.change is None or self.before is None or self.before.amount <= 0:
            return None
        return percentage(self.change, self.before.amount)


@dataclass(frozen=True, slots=True)
class Division:
    """Money by code in two years: rows in the order of codes, the total last. `unit` is that of this year's table."""

    title: str
    unit: str
    rows: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What the department itself says of a change: a sentence and its chapter; `otherwise` where a budget compares itself
    with what was spent (决算)."""

    chapter: str
    title: str
    words: str
    otherwise: bool


@dataclass(frozen=True, slots=True)
class YearsCompared:
    """Everything of two years side by side; `alike` where both are of one form. `remarks` say what is and what is not comparable."""

    alike: bool
    figures: tuple[Compared, ...]
    three_public: tuple[Compared, ...]
    divisions: tuple[Division, ...]
    remarks: tuple[str, ...]

    def of(self, key: str) -> Compared | None:
        """The figure of that key; None where neither year prints it."""
        return next((each for each in (*self.figures, *self.three_public) if each.key == key), None)

    @property
    def comparable(self) -> dict[str, Decimal]:
        """Last year's amounts of the figures that this year's may be held against, by key."""
        both = (line for line in (*self.figures, *self.three_public) if line.now and not line.unlike)
        return {line.key: line.before.amount for line in both if line.before}

    @property
    def verdict(self) -> str:
        """可比, 部分可比 or 不可比."""
        return "可比" if self.alike else "部分可比" if self.comparable else "不可比"

    @property
    def uses(self) -> dict[str, Decimal]:
        """By how much each use changed, what its own table leaves out of basic expenditure as `other`; empty where one year
        cannot be divided."""
        figures = [line for line in self.figures if line.change is not None]
        now, before = (
            parts({line.key: figure.amount for line in figures if (figure := side(line))})
            for side in (attrgetter("now"), attrgetter("before"))
        )
        return part_changes(now, before)


def years_compared(
    now: Document, before: Document, moves: Iterable[Move] = (), shared: Shared = EVERY_FIGURE
) -> YearsCompared:
    """This year's document beside that of the year before; `moves` are those of codes between the two.

    `shared` is what means the same in the forms of both; all else is shown side by side without a change.
    """
    alike = shared == EVERY_FIGURE
    ours, theirs = key_figures(now), key_figures(before)
    labels = MONEY | PIECES | {figure.key: figure.label for figure in now.figures}

    def lines(keys: Iterable[tuple[str, int]]) -> tuple[Compared, ...]:
        return tuple(
            Compared(
                key, labels[key], level, ours.get(key), theirs.get(key), _absent(ours, theirs, key, shared)
            )
            for key, level in keys
            if key in ours or key in theirs
        )

    moved = tuple(moves)
    divisions = []
    for key, (title, scheme) in DIVIDED.items():
        here, there = _table_of(now, key), _table_of(before, key)
        if key in shared.divided and here and there:
            own = [move for move in moved if move.scheme == scheme]
            divisions.append(Division(title, here.unit, tuple(_by_code(here, there, scheme, own))))
    told = YearsCompared(alike, lines(LINES), lines(OF_THREE), tuple(divisions), ())
    return replace(told, remarks=tuple(_remarks(now, before, moved, told)))


def _absent(ours: dict[str, KeyFigure], theirs: dict[str, KeyFigure], key: str, shared: Shared) -> str:
    if key not in shared.figures:
        return "表样不同"
    return "" if key in ours and key in theirs else "上年没有这个数" if key in ours else "今年没有这个数"


def _table_of(document: Document, figure: str) -> Sheet | None:
    found = document.figure(figure)
    return next((sheet for sheet in document.tables if found and sheet.key == found.sheet), None)


def coded(sheet: Sheet) -> dict[str, tuple[str, int, KeyFigure]]:
    """Name, level and amount in yuan by code, the total under a blank one, from the first column of money.

    Of a table in two blocks from the first column of each; their totals are added up, and that sum, which no cell prints, has the
    address of the table.
    """
    money = [n for n, each in enumerate(sheet.columns) if each.kind == ColumnKind.AMOUNT]
    firsts = {sheet.columns[n].caption: n for n in reversed(money)}  # by what names the rows of a block
    named = addresses(sheet)
    out: dict[str, tuple[str, int, KeyFigure]] = {}
    for n, row in enumerate(sheet.rows):
        for caption, column in sorted(firsts.items()):
            key = "" if row.total else row.named(sheet.columns[column])
            if row.total or key.isdecimal():
                amount, at = to_yuan(row.cells[column].amount or Decimal(0), sheet.unit), named[n][column]
                name = "合计" if row.total else row.cells[caption].text
                if key in out and row.total and len(firsts) > 1:
                    amount, at = amount + out.pop(key)[2].amount, sheet.key
                out.setdefault(key, (name, row.level, KeyFigure(amount, at)))
    return out


def _by_code(here: Sheet, there: Sheet, scheme: str, moves: list[Move]) -> Iterator[Compared]:
    """The codes of both tables, the total last: what one code alone became stands beside it, other moves say so."""
    ours, theirs = coded(here), coded(there)
    crosswalk = Crosswalk(moves)
    became = {code: crosswalk.successors(code, scheme) for code in theirs if code}
    origins = {new: [old for old, into in became.items() if new in into] for new in ours}
    renamed = {
        new: of[0] for new, of in origins.items() if len(of) == 1 and of[0] != new and len(became[of[0]]) == 1
    }
    why = _unlike(became)
    for code in sorted({*ours, *theirs} - set(renamed.values()), key=_totals_last):
        was = renamed.get(code, "")
        mine, other = ours.get(code), theirs.get(was or code)
        name, level, _ = mine or theirs[code]
        now, before = (side[2] if side else None for side in (mine, other))
        yield Compared(code, name, level, now, before, "" if was else why(code), was)


def _totals_last(code: str) -> tuple[bool, str]:
    return code == "", code


def _unlike(became: dict[str, tuple[str, ...]]) -> Callable[[str], str]:
    """Why a code holds other things in the two years: one that moved stands in it in one year alone, or in part."""
    changed = [(old, new) for old, new in became.items() if new != (old,)]

    def why(code: str) -> str:
        for old, new in changed:
            within = [each.startswith(code) for each in new]
            if old.startswith(code) != all(within) or any(within) != all(within):
                return f"{old} 已改为 {'、'.join(new)}"
        return ""

    return why


def _remarks(now: Document, before: Document, moves: tuple[Move, ...], told: YearsCompared) -> Iterable[str]:
    named = "、".join(
        line.label for line in (*told.figures, *told.three_public) if line.key in told.comparable
    )
    if told.alike:
        yield "两年用的是同一套表，同一类文件。"
    elif now.undeclared or before.undeclared:
        yield "照原样收录的文件用未声明的表样。"
        yield (
            f"表中写明、加得起来的照常相比：{named}。" if named else "各数的口径无从对应，只并列，不算增减。"
        )
    else:
        yield "两年用的表样不同。"
        yield f"口径相同的照常相比：{named}。" if named else "同名的数口径未必相同，只并列，不算增减。"
    if named and not told.alike:
        yield "其余口径未必相同，只并列，不算增减。"
    if moves:
        moved_codes = "、".join(
            f"{move.old}→{move.new}" for move in sorted(set(moves), key=attrgetter("scheme", "old", "new"))
        )
        yield f"科目有调整（{moved_codes}），改了编码的按科目对照相比，拆分或合并的不可比。"
    elif told.divisions:
        yield "两年的科目之间没有登记过调整，同一编码直接相比。"
    if now.unit_name != before.unit_name:
        yield f"部门名称由“{before.unit_name}”变为“{now.unit_name}”，职能或所含单位可能有变化。"
    if now.unit_code != before.unit_code:
        yield f"部门预算编码由 {before.unit_code} 变为 {now.unit_code}。"
    if now.region_name != before.region_name:
        yield f"地区名称由“{before.region_name}”变为“{now.region_name}”。"

"""Tables of a form that no set declares, as sheets with their own heads, captions and cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.domain.caption_readings import OF_WHICH, SUBTOTAL, TOTAL, numbered_level
from budgets.domain.documents import UNDECLARED, UNDECLARED_NOTE, Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.money import YUAN_IN, NotAnAmount, says_nothing, units_named
from budgets.domain.places import CellRef
from budgets.importing.captions.caption_norms import FORM_NUMBER
from budgets.importing.captions.meta_lines import is_note, kinds
from budgets.importing.reading.grids import Grid, GridCell, Text, Unread
from budgets.importing.recognising.headings import Headings

TITLE = re.compile(r"表(?:[（(].*[)）])?$")
LONGEST_TITLE = 60
LINE = re.compile(r"[:：]|^\s*[（(]?20\d\d\s*年度?[)）]?$")  # 编制单位：…, 2023年度
SERIAL = re.compile(r"^(?:序号|行次)$")
CODE = re.compile(r"编码|代码|编号|^[类款项]$")
NAMING = re.compile(r"编码|代码|名称")
COUNT = re.compile(r"率|[%％]|数量|人数|个数|次数|面积|占比|比例|（[辆台人个次套]）|单价")
NAMES = re.compile(r"项目|科目|名称|指标|单位|内容|支出|收入|事项|类别")
MONEY = re.compile(r"金额|数$|合计|小计|总计|支出|收入|经费|预算|决算|拨款|基金|资金|结[转余]|费")
SAID = ("code", "name", "year", "before")
WIDE = 7  # columns: more are set landscape
DEEPEST = 4  # rows of a head
PLACES = 6  # of a number in a worksheet; more are what adding up binary fractions leaves


@dataclass(slots=True)
class Undeclared:
    """One table of a file as it stands: what prints it, the name of its worksheet (else its title), what its lines say of
    department and year, the address of each cell in the file, and the amounts that could not be read as numbers.
    """

    printed: Sheet
    sheet: str
    said: dict[str, str] = field(default_factory=dict)
    places: dict[CellRef, str] = field(default_factory=dict)
    doubtful: list[Unread] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.printed.key


def undeclared_tables(grid: Grid, before: Sequence[str], first: int) -> list[Undeclared]:
    """The tables of a grid, numbered from `first`; none where it is words. `before` are the lines above it, nearest last."""
    found: list[Undeclared] = []
    for piece in _pieces(grid):
        table = _Table(piece, before if not found else ())
        if table.bottom:
            found.append(table.read(first + len(found)))
    return found


def _pieces(grid: Grid) -> Iterator[Grid]:
    """A worksheet cut where a title stands alone in its row behind amounts: several tables one below the other."""
    cuts, amounts = [min((row for row, _ in grid.cells), default=0)], False
    for number, cells in grid.rows():
        alone = len(cells) == 1 and TITLE.search(cells[0].text) and not is_note(cells[0].text)
        if alone and amounts and len(cells[0].text) <= LONGEST_TITLE:
            cuts.append(number)
            amounts = False
        amounts = amounts or any(_is_amount(cell) for cell in cells)
    for top, end in zip(cuts, [*cuts[1:], grid.height + 1], strict=True):
        piece = Grid(grid.name, merges=[m for m in grid.merges if top <= m.top < end])
        for (row, _), cell in grid.cells.items():
            if top <= row < end:
                piece.put(cell)
        yield piece


def _is_amount(cell: GridCell) -> bool:
    try:
        return cell.amount("元") is not None
    except NotAnAmount:
        return False


class _Table:
    """One table of a grid: the lines above it, its head from `top` to `bottom`, its body and the notes below."""

    def __init__(self, grid: Grid, before: Sequence[str]) -> None:
        self.grid = grid
        self.rows = list(grid.rows())
        self.lines = [text for text in before if len(text) <= LONGEST_TITLE]
        self.top = self.bottom = 0
        for number, cells in self.rows:
            if len(cells) > 1 and not all(map(_is_line, (cell.text for cell in cells))):
                self.top, self.bottom = number, self._bottom(number)
                break
            self.lines += [cell.text for cell in cells]
        self.headings = Headings(grid, ())
        last = self.bottom + 1
        there = dict(self.rows)
        self.numbered = last in there and self.headings.numbered(last) and there[last][0].text == "栏次"
        self.body = [(n, cells) for n, cells in self.rows if n > self.bottom + self.numbered]
        numbers = (cell.number for _, cells in self.body for cell in cells if cell.number is not None)
        self.whole = all(number == number.to_integral_value() for number in numbers)
        self.notes: list[str] = []
        while self.body and len(self.body[-1][1]) == 1 and not _is_amount(self.body[-1][1][0]):
            cell = self.body[-1][1][0]
            if not (is_note(cell.text) or len(cell.text) > LONGEST_TITLE // 2):
                break
            self.notes.insert(0, cell.text)
            self.body.pop()

    def _bottom(self, top: int) -> int:
        """The last row of the head: merges say it, or words below a merged caption, or below a blank of a merge that was lost."""
        bottom, rows, shown = top, dict(self.rows), self.grid.shown()
        while bottom - top < DEEPEST - 1:
            deep = max([bottom, *(m.bottom for m in self.grid.merges if top <= m.top <= bottom)])
            below = rows.get(bottom + 1, [])
            wide = [m for m in self.grid.merges if m.bottom == bottom and m.top >= top and m.right > m.left]
            under = any(sum(m.left <= cell.column <= m.right for cell in below) > 1 for m in wide)
            lost = any(not shown.get((bottom, cell.column)) for cell in below)
            if deep > bottom:
                bottom = min(deep, top + DEEPEST - 1)
            elif (under or lost) and not any(map(_is_amount, below)):
                bottom += 1
            else:
                break
        return bottom

    def read(self, number: int) -> Undeclared:
        paths = self.headings.paths(self.top, self.bottom)
        used = {cell.column for _, cells in self.body for cell in cells}
        places = [n for n in range(1, self.grid.width + 1) if n in paths or n in used]
        kinds_of = self._kinds(places, paths)
        unit = self._unit(paths)
        doubtful: list[Unread] = []
        title = next((line for line in reversed(self.lines) if TITLE.search(line)), "")
        title = title or next((t for t in reversed(self.lines) if not _is_line(t)), "") or self.grid.name
        if not title or title.startswith("第"):  # the page of a PDF
            title = next((line for line in reversed(self.lines) if not units_named(line)), f"表{number}")
        shown = [
            self._row(n, row, places, kinds_of, unit, doubtful) for n, (row, _) in enumerate(self.body, 1)
        ]
        columns = tuple(self._columns(places, paths, kinds_of, shown))
        sheet = Sheet(
            key=f"{UNDECLARED}{number}",
            number=number,
            title=title or f"表{number}",
            meta=tuple(line for line in dict.fromkeys(self.lines) if line != title),
            columns=columns,
            rows=tuple(self._levelled(shown, columns)),
            notes=(*self.notes, UNDECLARED_NOTE),
            unit=unit,
            numbered=bool(self.numbered),
            wide=len(columns) > WIDE,
        )
        said: dict[str, str] = {}
        for line in self.lines:
            for match in kinds(line).values():
                told = {key: text for key, text in match.groupdict().items() if text and key in SAID}
                said = told | said
        at = {
            CellRef(sheet.key, f"r{n}", columns[c].key): self.grid.cells[row, place].address
            for n, (row, _) in enumerate(self.body, 1)
            for c, place in enumerate(places)
            if (row, place) in self.grid.cells
        }
        return Undeclared(sheet, self.grid.name or sheet.title, said, at, doubtful)

    def _unit(self, paths: dict[int, tuple[str, ...]]) -> str:
        """The unit that the lines or else the heads name; blank where they name none, or several."""
        for texts in (self.lines, [text for path in paths.values() for text in path], self.notes):
            units = set().union(*map(units_named, texts)) & YUAN_IN.keys()
            if units:
                return units.pop() if len(units) == 1 else ""
        return ""

    def _kinds(self, places: Sequence[int], paths: dict[int, tuple[str, ...]]) -> dict[int, ColumnKind]:
        found: dict[int, ColumnKind] = {}
        named = False
        for place in places:
            path = paths.get(place, ("",))
            if len(path) > 1 and TOTAL.search(path[-1]) and NAMING.search(path[-2]):
                path = path[:-1]  # 合计 in the last row of the head, beside the lowest captions
            caption, whole = ("".join("".join(words).split()) for words in (path[-1:], path))
            cells = [cell for _, row in self.body for cell in row if cell.column == place]
            told = [cell for cell in cells if not says_nothing(cell.raw) or cell.number is not None]
            numbers = sum(map(_is_amount, told))
            if not caption:  # no head says that its numbers are money
                found[place] = ColumnKind.TEXT
            elif SERIAL.search(caption):
                found[place] = ColumnKind.SERIAL
            elif CODE.search(caption) and not any(cell.text.count(".") for cell in told):
                found[place] = ColumnKind.CODE
            elif not told and NAMING.search(caption):
                found[place] = ColumnKind.CAPTION
                named = True
            elif numbers * 2 > len(told) or (not told and place != places[0] and MONEY.search(whole)):
                found[place] = ColumnKind.NUMBER if COUNT.search(caption) else ColumnKind.AMOUNT
            elif not named or (NAMES.search(whole) and ColumnKind.AMOUNT in found.values()):
                found[place] = ColumnKind.CAPTION
                named = True
            else:
                found[place] = ColumnKind.TEXT
        return found

    def _columns(
        self,
        places: Sequence[int],
        paths: dict[int, tuple[str, ...]],
        kinds_of: dict[int, ColumnKind],
        shown: Sequence[Sequence[Cell]],
    ) -> Iterator[Column]:
        caption = next((n for n, place in enumerate(places) if kinds_of[place] is ColumnKind.CAPTION), 0)
        for n, place in enumerate(places):
            kind = kinds_of[place]
            if kind is ColumnKind.CAPTION:
                caption = n
            longest = max((len(row[n].text) for row in shown), default=0)
            width = (
                6
                if kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.SERIAL)
                else max(6, min(24, longest))
            )
            yield Column(f"c{n + 1}", paths.get(place, ("",)), kind, caption, width)

    def _row(
        self,
        n: int,
        row: int,
        places: Sequence[int],
        kinds_of: dict[int, ColumnKind],
        unit: str,
        doubtful: list[Unread],
    ) -> tuple[Cell, ...]:
        return tuple(
            self._cell(self.grid.cells.get((row, place)), kinds_of[place], unit, doubtful) for place in places
        )

    def _cell(self, cell: GridCell | None, kind: ColumnKind, unit: str, doubtful: list[Unread]) -> Cell:
        if cell is None:
            return Cell()
        if kind not in (ColumnKind.AMOUNT, ColumnKind.NUMBER):
            return Cell(cell.text)
        try:
            amount = cell.amount(unit or "元")
        except NotAnAmount as error:
            if any(char.isdigit() for char in cell.text):
                doubtful.append(Unread(self.grid.name, cell.address, cell.text, str(error)))
            return Cell(cell.text)
        if cell.number is None or amount is None:
            return Cell(cell.text, amount)
        amount = round(amount, PLACES).normalize()
        return Cell(self._printed(amount, kind), amount)

    def _printed(self, amount: Decimal, kind: ColumnKind) -> str:
        """A number of a worksheet has no form of its own: whole where the table has whole ones alone, else two places or more."""
        own = max(0, -int(amount.as_tuple().exponent))
        places = own if kind is ColumnKind.NUMBER or self.whole else max(2, own)
        return f"{amount:.{places}f}"

    def _levelled(self, shown: Sequence[tuple[Cell, ...]], columns: Sequence[Column]) -> Iterator[Row]:
        """Rows with how deep they are, by the digits of their codes or the numbers of their captions."""
        codes = [n for n, column in enumerate(columns) if column.kind is ColumnKind.CODE]
        captions = [n for n, column in enumerate(columns) if column.kind is ColumnKind.CAPTION]
        for n, cells in enumerate(shown, 1):
            words = ["".join(cells[each].text.split()) for each in (*captions, *codes)]
            total = any(TOTAL.search(word) or SUBTOTAL.search(word) for word in words)
            code = "".join(cells[each].text for each in codes)
            nested = max([numbered_level(word) or 0 for word in words] or [0])
            level = 0 if total else max(1, (len(code) - 1) // 2) if code.isdecimal() else 1 + nested
            level += any(OF_WHICH.match(word) for word in words)
            yield Row(f"r{n}", min(level, 4), cells, total)


def _is_line(text: str) -> bool:
    """True for what stands above a table: 编制单位：…, 单位：万元, 公开01表, 2023年度."""
    return bool(LINE.search(text) or kinds(text) or FORM_NUMBER.fullmatch(text))


def lines_before(blocks: Sequence[Text], near: int) -> list[str]:
    """The paragraphs above a table of a Word file or PDF that are its title and lines; what is longer ends them."""
    found: list[str] = []
    for block in reversed(blocks[-near:]):
        if not block.body or len(block.text) > LONGEST_TITLE or block.text.endswith(("。", "；")):
            break
        if not (TITLE.search(block.text) or _is_line(block.text)):
            break
        found.insert(0, block.text)
        if TITLE.search(block.text):
            break
    return found

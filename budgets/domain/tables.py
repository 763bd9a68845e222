"""The words that table declarations are written in: values only, no callables, nothing to be evaluated.

In captions `{year}`, `{last_year}`, `{unit}`, `{unit_code}`, `{unit_name}`, `{as_of}` and `{n}`, and the attribute that names a record (`{project}`) stand for the disclosure's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.documents import ColumnKind
from budgets.domain.facts import EVERYTHING, NOTHING, Slice
from budgets.domain.terms import Comparison, Stage

STANDARD_META = ("{unit_code}{unit_name}", "预算年度：{year}", "单位：{unit}")


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf column that holds no fact: serial, code, caption, or an attribute of a record."""

    key: str
    caption: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 10
    side: int = 0  # 0 the table's own or the left list, 1 the right list
    digits: tuple[int, int] | None = (
        None  # which digits of the code, where 类, 款 and 项 stand in columns of their own
    )


@dataclass(frozen=True, slots=True)
class Amount:
    """A leaf column of money: its slice is added to the row's. `parts` are the columns that add up to it; a column
    其中 is `of_which` another one, whose other parts may not be printed.

    A column of prices does not add up: no total of records has one.
    """

    key: str
    caption: str
    where: Slice = EVERYTHING
    parts: tuple[str, ...] = ()
    width: int = 6
    side: int = 0
    adds_up: bool = True
    of_which: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A leaf column beside a column of money of the same table, `of`: last year's amount there, the change since, or its rate
    in percent. No fact lies in it; a column of change or rate stands beside one that has last year's column, too.
    """

    key: str
    caption: str
    of: str
    tells: Comparison
    width: int = 6
    side: int = 0

    @property
    def kind(self) -> ColumnKind:
        return ColumnKind.NUMBER if self.tells is Comparison.RATE else ColumnKind.AMOUNT


@dataclass(frozen=True, slots=True)
class Group:
    """A header over several columns."""

    caption: str
    columns: "tuple[Field | Amount | Beside | Group, ...]"


type LeafWord = Field | Amount | Beside
type ColumnWord = LeafWord | Group


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf column with its header path, as declared."""

    word: LeafWord
    path: tuple[str, ...]


def leaves(columns: tuple[ColumnWord, ...], above: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """The leaf columns from left to right."""
    for column in columns:
        if isinstance(column, Group):
            yield from leaves(column.columns, (*above, column.caption))
        else:
            yield Leaf(column, (*above, column.caption))


@dataclass(frozen=True, slots=True)
class Line:
    """A fixed caption. `parts` are the keys of the lines of the same list that add up to it; 其中 is `of_which` one."""

    key: str
    caption: str
    where: Slice = NOTHING
    level: int = 1
    total: bool = False
    parts: tuple[str, ...] = ()
    always_blank: bool = False  # the form prints it though no fact can lie there
    of_which: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """类/款/项 rows for every code with money, and a 合计 row, above them or below, and where said even without them."""

    scheme: str
    total_caption: str = "合计"
    total_last: bool = False
    total_always: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Fixed captions, one below the other."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """Two lists side by side; the shorter body is padded, the foot lines stand in one row pair by pair.

    With `sparing` only the right lines that have money are printed, numbered 一、二、 as they come unless the form prints
    classes without numbers (`counted=False`).
    """

    left: tuple[Line, ...]
    right: tuple[Line, ...]
    foot: tuple[tuple[Line | None, Line | None], ...]
    sparing: bool = False
    counted: bool = True

    def lines(self, side: int) -> tuple[Line, ...]:
        """The declared lines of one side, body and foot."""
        foot = (pair[side] for pair in self.foot)
        return (*(self.left, self.right)[side], *(line for line in foot if line))

    def pairs(self, printed: Sequence[Line] | None = None) -> list[tuple[Line, Line]]:
        """The rows for the printed right lines (all unless given), with a line of its own key where a side has none."""
        right = self.right if printed is None else printed
        height = max(len(self.left), len(right))
        body: list[tuple[Line | None, Line | None]] = [
            (self.left[i] if i < len(self.left) else None, right[i] if i < len(right) else None)
            for i in range(height)
        ]
        return [
            (left or Line(f"left.{n}", ""), right or Line(f"right.{n}", ""))
            for n, (left, right) in enumerate((*body, *self.foot), 1)
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """A statutory table: which facts it covers, its rows and columns, and the words around it."""

    number: int
    key: str
    title: str
    rows: Tree | Lines | Balance
    columns: tuple[ColumnWord, ...]
    where: Slice = EVERYTHING
    meta: tuple[str, ...] = STANDARD_META
    notes: tuple[str, ...] = ()  # below the table, with amounts or without
    empty_note: str = ""
    wide: bool = False
    unit: str = ""  # blank: the set's
    blank: str = ""  # how a blank amount prints
    entered_as: Slice = EVERYTHING  # how its cells are taken in, where they leave a dimension open
    numbered: bool = True  # a 栏次 row stands under the header

    def leaves(self) -> list[Leaf]:
        return list(leaves(self.columns))

    def besides(self) -> list[Beside]:
        """The columns of last year, change and rate."""
        return [leaf.word for leaf in self.leaves() if isinstance(leaf.word, Beside)]

    def beside(self, tells: Comparison) -> dict[str, Beside]:
        """The columns that tell that, by the key of the column that each stands beside."""
        return {word.of: word for word in self.besides() if word.tells is tells}

    def lines(self, *sides: int) -> tuple[Line, ...]:
        """The declared lines, of a balance those of the given sides or of both; none for a table of codes."""
        if isinstance(self.rows, Balance):
            return tuple(line for side in sides or (0, 1) for line in self.rows.lines(side))
        return self.rows.lines if isinstance(self.rows, Lines) else ()


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A fixed row over records: the sum of those whose key attribute is among `members`."""

    key: str
    caption: str
    members: tuple[str, ...]
    level: int = 1
    total: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """An annex table of records: one row each, or fixed rows when `lines` are given, or one table per record.

    `source` names the ledger's records; a field's key names the record's attribute; `each` names the attribute that
    holds a record's own rows, when every record prints as a table of its own, and `called` the one that its title says.
    `lined_by` names the attribute that says to which of the fixed rows a record belongs.
    """

    key: str
    title: str
    source: str
    columns: tuple[ColumnWord, ...]
    lines: tuple[RecordLine, ...] = ()
    each: str = ""
    called: str = ""
    lined_by: str = ""
    preface: str = ""
    preface_from: str = ""
    total_caption: str = ""
    meta: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    empty_note: str = ""
    wide: bool = False

    def leaves(self) -> list[Leaf]:
        return list(leaves(self.columns))


@dataclass(frozen=True, slots=True)
class ChapterWord:
    """A chapter of the narrative, with the annex tables that stand in it by default."""

    key: str
    title: str
    annexes: tuple[str, ...] = ()
    of_departments: bool = False  # a 单位 does not write it
    numbered: bool = True  # False: the one chapter without a number among numbered ones
    model: str = ""  # 范文: sentences with live references that an empty chapter may start from


@dataclass(frozen=True, slots=True)
class FigureWord:
    """A named figure: the cell (table, caption key, column key) that narrative texts and pages quote."""

    key: str
    label: str
    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Meet:
    """A rule that holds two families of facts together: the left slices add up to the right ones; with `by`, a scheme, under
    each code of it that the left ones print, which may be wider than those of the right ones."""

    key: str
    label: str
    left: tuple[Slice, ...]
    right: tuple[Slice, ...]
    source: str
    remedy: str
    covers: tuple[str, ...] = ()  # keys of the rules that it adds up: what those say is not said again
    by: str = ""


@dataclass(frozen=True, slots=True)
class OfUnits:
    """How a set's forms for a 单位 differ from those for a 部门. `words` are put in place of others, in order, wherever
    the set has them; tables, chapters and meets stand for those of the same key, new meets behind the others."""

    label: str
    words: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...] = ()
    chapters: tuple[ChapterWord, ...] = ()
    meets: tuple[Meet, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSet:
    """The tables of one region from one year on. `quantum` is the smallest amount that may be entered, in yuan."""

    key: str
    label: str
    unit: str
    quantum: Decimal
    tables: tuple[Table, ...]
    annexes: tuple[Listing, ...]
    chapters: tuple[ChapterWord, ...]
    figures: tuple[FigureWord, ...]
    meets: tuple[Meet, ...]
    narrative_title: str
    lead: str
    zero: str = ""  # how a zero amount prints
    grouped: bool = False  # amounts print with thousands separators
    assets_counted: tuple[int, int] | None = (
        None  # month and day of the year before on which assets are counted too
    )
    before_tables: int = 0  # how many chapters stand before the tables
    text_unit: str = ""  # of amounts in words; blank: that of the tables
    numbered_chapters: bool = True  # chapters are headed 一、二、
    prints_signatures: bool = False  # 保密审查 and 负责人审签 stand on the cover
    stage: Stage = Stage.BUDGET  # which account of the year it is the form of
    closes: tuple[str, ...] = ()  # of accounts: the sets of budgets whose year they end
    no_column_for: Slice = NOTHING  # money that no column of the forms is for: an ERROR where it is entered
    units: OfUnits | None = None  # what a 单位 prints otherwise; None where it prints the same

    def year_counted(self, year: int) -> int:
        """The year at whose end assets are counted: of accounts their own, of a budget the one before."""
        return year if self.stage is Stage.FINAL else year - 1

    def lists(self, source: str) -> bool:
        """True when an annex of the set prints those records of the ledger."""
        return any(annex.source == source for annex in self.annexes)

    @property
    def prints_last_year(self) -> bool:
        """True when a table has a column of last year's amounts."""
        return any(table.beside(Comparison.LAST) for table in self.tables)

    def prints(self, family: str) -> bool:
        """True when a table of the set has cells of amounts of that family."""
        return any(family in box.get("family") for inside in self.slices() for box in inside.boxes)

    def slices(self) -> Iterator[Slice]:
        """The slices that the tables, lines and columns name."""
        for table in self.tables:
            yield table.where
            yield from (line.where for line in table.lines())
            yield from (leaf.word.where for leaf in table.leaves() if isinstance(leaf.word, Amount))

    def table(self, key: str) -> Table:
        """The statutory table of that key; KeyError when the set has none."""
        return {table.key: table for table in self.tables}[key]

    def annex(self, key: str) -> Listing:
        """The annex of that key; KeyError when the set has none."""
        return {annex.key: annex for annex in self.annexes}[key]

"""One document held against another: which cells, rows, sentences and lines of the head differ, each with both sides."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from budgets.domain.documents import Cell, Chapter, Column, Document, Paragraph, Row, Sheet
from budgets.domain.same_rows import COUNTS, same_rows, same_sheets
from budgets.domain.sentence_changes import How, SentenceChange, compared


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as it stands now, or stood where it was dropped. `before` has by column key what a changed cell held."""

    how: How
    row: Row
    before: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class SheetChange:
    """A table with what became of its rows, in order. `was` is the title that a table had before, blank when the same;
    `how` tells a table that came or went. `lines` are notes and lines above it that came (增) or went (删)."""

    sheet: Sheet
    how: How
    rows: tuple[RowChange, ...]
    lines: tuple[tuple[str, str], ...] = ()

    @property
    def cells(self) -> int:
        """How many cells differ; those of new and dropped rows that print something count."""
        return sum(_count(self.sheet.columns, row) for row in self.rows)

    @property
    def changed(self) -> bool:
        return bool(self.cells or self.lines)


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """A chapter with what became of its sentences; `before` is the number and title it had, blank when the same."""

    chapter: Chapter
    sentences: tuple[SentenceChange, ...]
    before: str = ""

    @property
    def count(self) -> int:
        """How many sentences differ; one that stands elsewhere counts, too."""
        return sum(change.how is not How.KEPT for change in self.sentences)

    @property
    def changed(self) -> bool:
        return bool(self.count or self.before)


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """What differs between two documents, all tables and chapters in their order, changed or not."""

    sheets: tuple[SheetChange, ...]
    chapters: tuple[ChapterChange, ...]
    head: tuple[tuple[str, str, str], ...]  # (what, before, now): the unit's name, the day of approval …

    @property
    def cells(self) -> int:
        return sum(sheet.cells for sheet in self.sheets)

    @property
    def sentences(self) -> int:
        return sum(chapter.count for chapter in self.chapters)

    @property
    def none(self) -> bool:
        """True where nothing at all differs."""
        return not self.head and not self._parts

    @property
    def _parts(self) -> int:
        """How many tables and chapters differ."""
        return sum(s.changed for s in self.sheets) + sum(c.changed for c in self.chapters)

    @property
    def words(self) -> str:
        """How much differs: 改 5 格、2 句; without any difference 没有改动."""
        head = f"首页 {len(self.head)} 处" if self.head else ""
        told = [f"{self.cells} 格" * bool(self.cells), f"{self.sentences} 句" * bool(self.sentences), head]
        words = "、".join(filter(None, told)) or f"{self._parts} 处标题或表头" * bool(self._parts)
        return f"改了 {words}" if words else "没有改动"


def document_changes(before: Document, after: Document) -> DocumentChanges:
    """Everything in which `after` differs from `before`; cells are known by the keys of their rows and columns."""
    old, new = list(before.sheets()), list(after.sheets())
    pairs = same_sheets(old, new)
    was = {n: old[m] for m, n in pairs}
    met = {m for m, _ in pairs}
    sheets = [_sheet(was.get(n), sheet) for n, sheet in enumerate(new)]
    sheets += [_gone(sheet) for m, sheet in enumerate(old) if m not in met]
    return DocumentChanges(tuple(sheets), tuple(_chapters(before, after)), tuple(_head(before, after)))


def _head(before: Document, after: Document) -> Iterator[tuple[str, str, str]]:
    places = {
        "部门名称": "unit_name",
        "批复日期": "approved_on",
        "联系方式": "contact",
        "说明的标题": "narrative_title",
        "开头的话": "lead",
    }
    for label, name in places.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield label, was, now
    told = [{f"{e.message} {e.text}" for e in document.explanations} for document in (before, after)]
    yield from (("公开的说明", text, "") for text in sorted(told[0] - told[1]))
    yield from (("公开的说明", "", text) for text in sorted(told[1] - told[0]))


def _sheet(before: Sheet | None, after: Sheet) -> SheetChange:
    if before is None:
        return SheetChange(after, How.NEW, tuple(RowChange(How.NEW, row, {}) for row in after.rows))
    lines = tuple(_lines(before, after))
    rows = tuple(_rows(before, after))
    how = How.CHANGED if lines or any(row.how is not How.KEPT for row in rows) else How.KEPT
    return SheetChange(after, how, rows, lines)


def _gone(before: Sheet) -> SheetChange:
    return SheetChange(before, How.DROPPED, tuple(RowChange(How.DROPPED, row, {}) for row in before.rows))


def _lines(before: Sheet, after: Sheet) -> Iterator[tuple[str, str]]:
    was, now = _said(before), _said(after)
    yield from (("删", line) for line in was if line not in now)
    yield from (("增", line) for line in now if line not in was)


def _said(sheet: Sheet) -> list[str]:
    preface = [line for title, lines in sheet.preface for line in (title, *lines)]
    heads = ["　".join(column.path) for column in sheet.columns]
    return [sheet.title, *sheet.meta, sheet.unit, *preface, *heads, *sheet.notes]


def _rows(before: Sheet, after: Sheet) -> Iterator[RowChange]:
    """The rows now, and dropped ones behind the row that they followed."""
    columns = {column.key: n for n, column in enumerate(before.columns)}
    met = dict(same_rows(before, after))
    was = {new: old for old, new in met.items()}
    behind: dict[int, list[Row]] = defaultdict(list)
    last = -1
    for n, row in enumerate(before.rows):
        last = met.get(n, last)
        if n not in met:
            behind[last].append(row)
    yield from (RowChange(How.DROPPED, row, {}) for row in behind[-1])
    for n, row in enumerate(after.rows):
        if n not in was:
            yield RowChange(How.NEW, row, {})
        else:
            changed = dict(_cells(before.rows[was[n]], row, columns, after.columns))
            yield RowChange(How.CHANGED if changed else How.KEPT, row, changed)
        yield from (RowChange(How.DROPPED, gone, {}) for gone in behind[n])


def _cells(
    was: Row, now: Row, columns: dict[str, int], present: tuple[Column, ...]
) -> Iterator[tuple[str, Cell]]:
    for column, cell in zip(present, now.cells, strict=True):
        if column.kind in COUNTS or column.key not in columns:
            continue
        old = was.cells[columns[column.key]]
        if (old.text, old.amount or None) != (cell.text, cell.amount or None):
            yield column.key, old


def _count(columns: tuple[Column, ...], change: RowChange) -> int:
    if change.how is How.CHANGED:
        return len(change.before)
    if change.how is How.KEPT:
        return 0
    cells = zip(columns, change.row.cells, strict=True)
    return sum(bool(cell.text) and column.kind not in COUNTS for column, cell in cells) or 1


def _chapters(before: Document, after: Document) -> Iterator[ChapterChange]:
    said = [{c.key: _text(c) for c in document.chapters} for document in (before, after)]
    old = {chapter.key: chapter for chapter in before.chapters}
    gone = {key: "" for key in said[0] if key not in said[1]}
    found = compared(said[0], said[1] | gone)
    for chapter in after.chapters:
        was = old.get(chapter.key)
        heads = [f"{c.number}、{c.title}" if c.number else c.title for c in (was, chapter) if c]
        before_words = heads[0] if was and heads[0] != heads[-1] else ""
        yield ChapterChange(chapter, tuple(found[chapter.key]), before_words)
    for key in gone:
        yield ChapterChange(old[key], tuple(found[key]))


def _text(chapter: Chapter) -> str:
    return "\n".join(block.text for block in chapter.blocks if isinstance(block, Paragraph))

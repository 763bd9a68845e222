"""What stands in the flow of a page: tables and the paragraphs of chapters, ready for the templates."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from budgets.domain.documents import Chapter, ColumnKind, Sheet
from budgets.rendering.chapter_headings import CHAPTER_HEADING, with_headings
from budgets.rendering.excerpts import filled_rows
from budgets.rendering.html.html_table import table_html
from budgets.rendering.html.prose import Prose
from budgets.rendering.html.reading import Reading, readings
from budgets.rendering.sheet_layout import lay_out


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`heading` 0 for body text) or a sheet with its table."""

    text: str = ""
    heading: int = 0
    sheet: Sheet | None = None
    table: SafeString = SafeString("")
    shortened: bool = False
    readings: tuple[Reading, ...] = ()


def shortened(sheet: Sheet) -> bool:
    """Whether there is something to leave out, and something left."""
    return 0 < len(filled_rows(sheet)) < len(sheet.rows)


def sheet_block(sheet: Sheet, heading: int, answers: str, prose: Prose) -> Block:
    anchor = f"{sheet.key}-title"
    layout = lay_out(sheet, answers=answers, first=prose.heads[sheet.key], marks=prose.cell_marks)
    return Block(
        heading=heading,
        sheet=sheet,
        table=table_html(layout, heading=heading, anchor=anchor),
        shortened=shortened(sheet),
        readings=tuple(readings(sheet, range(len(sheet.rows)), prose.heads[sheet.key], prose.cell_marks)),
    )


def chapter_blocks(chapter: Chapter, prose: Prose, answers: str, above: int = CHAPTER_HEADING) -> list[Block]:
    """The chapter's paragraphs and tables with their headings; `above` is the level of the chapter's own."""
    blocks, told = list[Block](), set[str]()
    for part, heading in with_headings(chapter):
        level = heading and heading - CHAPTER_HEADING + above
        if isinstance(part, Sheet):
            blocks.append(sheet_block(part, level, answers, prose))
        else:
            blocks.append(
                Block(part.text if heading else prose.paragraph(chapter.key, part.text, told), level)
            )
    return blocks


def captions(sheet: Sheet) -> Iterator[str]:
    """The heads of the columns, and the names of the rows that say something."""
    for column in sheet.columns:
        yield from column.path
    for row in filled_rows(sheet):
        for cell, column in zip(sheet.rows[row].cells, sheet.columns, strict=True):
            if column.kind is ColumnKind.CAPTION:
                yield cell.text

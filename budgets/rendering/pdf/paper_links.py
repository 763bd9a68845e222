"""Amounts of the words on paper as links to the cells that they state, within the one document."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.domain.addresses import Addressed
from budgets.domain.documents import Document, Paragraph, Sheet
from budgets.rendering.html.prose import Piece, joined
from budgets.sentences.cited_cells import Cited, CitedCells

# A line that ended at a blank would lose it, and the text copied from the page with it.
BLANK_IN_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


class PaperLinks:
    """The amounts in the chapters of a document, each with the cell that it states; the document's own year alone."""

    def __init__(self, document: Document) -> None:
        reader, self.cells = CitedCells(document), Addressed(document.sheets())
        self.names = {
            sheet.key: f"表{sheet.number} {sheet.title}" if sheet.number else sheet.title
            for sheet in document.sheets()
        }
        self.cited = {
            (chapter.key, part.text): tuple(reader.of(chapter.key, part.text))
            for chapter in document.chapters
            for part in chapter.blocks
            if isinstance(part, Paragraph)
        }
        led_to = {self.cells.of(one.cell) for found in self.cited.values() for one in found}
        self.led_to = {name: cell for name, cell in self.cells.cells.items() if name in led_to}

    def marked(self, sheet: Sheet) -> dict[tuple[int, int], str]:
        """The addresses of those cells of a table that an amount leads to, by row and column."""
        return {
            (cell.row, cell.column): name for name, cell in self.led_to.items() if cell.sheet.key == sheet.key
        }

    def words(self, chapter: str, text: str) -> SafeString:
        """A paragraph with its links; an amount whose table prints no row for it leads to the table."""
        shown = BLANK_IN_CHINESE.sub("\xa0", text)
        return joined(shown, [self.link(one, shown) for one in self.cited[chapter, text]])

    def link(self, one: Cited, text: str) -> Piece:
        """An amount; its title says for a screen reader where it leads."""
        table = one.cell.table
        anchor = self.cells.of(one.cell) or f"table-{table}"
        words = text[one.start : one.end]
        link = format_html(
            '<a class="amount" href="#{}" title="{}，见{}">{}</a>', anchor, words, self.names[table], words
        )
        return one.start, one.end, link

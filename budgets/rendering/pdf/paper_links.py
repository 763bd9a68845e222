"""Amounts of the words on paper as links to the cells that they state, within the one document."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.domain.addresses import Addressed
from budgets.domain.documents import Document, Paragraph, Sheet
from budgets.rendering.html.prose import joined
from budgets.sentences.cited_cells import CitedCells

# A line that ended at a blank would lose it, and the text copied from the page with it.
BLANK_IN_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


class PaperLinks:
    """The amounts in the chapters of a document, each with the cell that it states; the document's own year alone."""

    def __init__(self, document: Document) -> None:
        reader, self.cells = CitedCells(document), Addressed(document.sheets())
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
        return joined(
            shown,
            [
                (one.start, one.end, format_html(
                    '<a class="amount" href="#{}">{}</a>',
                    self.cells.of(one.cell) or f"table-{one.cell.table}", shown[one.start : one.end],
                ))
                for one in self.cited[chapter, text]
            ],
        )  # fmt: skip

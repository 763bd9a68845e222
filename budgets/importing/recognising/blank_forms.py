"""Forms that the portal gives out: what their sheets say, and which of their tables nobody filled in.

A table of a form says in a line above it that its blank cells are the portal's to fill; the line goes wherever the
table is copied to.
"""

from budgets.domain.documents import ColumnKind
from budgets.domain.tables import Field, Listing
from budgets.forms.form_words import GUIDE, PROJECT
from budgets.importing.captions.caption_norms import norm
from budgets.importing.captions.meta_lines import is_note
from budgets.importing.reading.grids import Grid
from budgets.importing.recognising.matches import Match


def is_guide(grid: Grid) -> bool:
    """True for a sheet of instructions: headed 填表说明, and without a number that could be an amount."""
    cells = [grid.cells[place] for place in sorted(grid.cells)]
    return bool(cells) and cells[0].text == GUIDE and all(cell.number is None for cell in cells)


def is_form(match: Match) -> bool:
    """True for a table whose blank cells are left to the portal."""
    return "form" in match.said


def unfilled(match: Match) -> bool:
    """True for an annex table of a form in which nothing was typed: it says nothing, not even that there is nothing."""
    word = match.word
    if not is_form(match) or not isinstance(word, Listing) or match.preface:
        return False
    if word.each and norm(PROJECT) not in norm(match.title):
        return False
    fixed = {
        match.heading.columns.get(leaf.word.key)
        for leaf in word.leaves()
        if word.lines and isinstance(leaf.word, Field) and leaf.word.kind is ColumnKind.CAPTION
    }
    typed = (cell for _, cells in match.body() for cell in cells if not is_note(cell.text))
    return all(cell.column in fixed for cell in typed)

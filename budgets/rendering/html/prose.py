"""Running text as HTML: an amount leads to the cell that it states, a term opens its explanation where it stands."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from budgets.domain.addresses import Addressed, heads
from budgets.domain.documents import Document
from budgets.domain.glossary import DEFINITIONS, Glossary, Term, localised
from budgets.domain.plain_terms import TERMS
from budgets.rendering.imprint import Marks, path_of
from budgets.sentences.cited_cells import Cited, CitedCells

type Piece = tuple[int, int, SafeString]  # start, end, what stands there instead


class Prose:
    """The texts of one page; `used` are the terms that it explains. `root` leads to the disclosure's page, `marks` are the
    findings that stand beside cells and words, `words` what the region explains itself, `before` last year's document
    where the two may be compared."""

    def __init__(
        self,
        document: Document,
        root: str,
        marks: Marks,
        words: tuple[Term, ...] = (),
        before: Document | None = None,
    ) -> None:
        self.document, self.root, self.marks, self.before = document, root, marks, before
        self.cell_marks = {cell: self.finding(anchor) for cell, anchor in marks.cells.items()}
        self._quoted = Counter[tuple[str, str, int]]()
        self.glossary = Glossary(localised(TERMS, words), document)
        self.used: dict[str, Term] = {}

    @cached_property
    def heads(self) -> dict[str, str]:
        return heads(self.document.sheets())

    @cached_property
    def cells(self) -> Addressed:
        return Addressed(self.document.sheets())

    @cached_property
    def cited(self) -> CitedCells:
        return CitedCells(self.document, self.before)

    @cached_property
    def cells_before(self) -> Addressed:
        return Addressed(self.before.sheets() if self.before else ())

    def paragraph(self, chapter: str, text: str, told: set[str]) -> SafeString:
        """A paragraph of a chapter; terms that were `told` in it before are left plain."""
        pieces = [
            (one.start, one.end, self.amount(one, text[one.start : one.end]))
            for one in self.cited.of(chapter, text)
        ]
        taken = {at for start, end, _ in pieces for at in range(start, end)}
        for start, end, term in self.glossary.find(text) if chapter != DEFINITIONS else ():
            if term.key not in told and not taken & set(range(start, end)):
                told.add(term.key)
                pieces.append((start, end, self.button(term, text[start:end])))
        for start, end, html in self.faults(chapter, text):
            inside = next((e for s, e, _ in pieces if s < start < e), start)
            pieces.append((inside, max(end, inside), html))
        return joined(text, sorted(pieces))

    def faults(self, chapter: str, text: str) -> Iterator[Piece]:
        """A mark behind each words of a chapter that a finding quotes; paragraphs are to come in their order."""
        for quote, nth, anchor in self.marks.words.get(chapter, ()):
            ends = [found.end() for found in re.finditer(re.escape(quote), text)]
            before = self._quoted[chapter, quote, nth]
            self._quoted[chapter, quote, nth] += len(ends)
            if 0 <= (here := nth - 1 - before) < len(ends):
                mark = format_html(
                    '<a href="{}" class="fault" aria-label="这里有核对提示"></a>', self.finding(anchor)
                )
                yield ends[here], ends[here], mark

    def finding(self, anchor: str) -> str:
        """Where a finding is told."""
        return f"{self.root}checks/#{anchor}"

    def amount(self, one: Cited, words: str) -> SafeString:
        """An amount as a link to its cell, that of last year in last year's document; to the table where an empty one prints no row for it."""
        cells = self.cells_before if one.earlier else self.cells
        root = path_of(self.before) if one.earlier and self.before else self.root
        anchor = cells.of(one.cell) or one.cell.table
        return format_html('<a href="{}#{}" class="amount">{}</a>', root, anchor, words)

    def words(self, text: str) -> SafeString:
        """A label with the terms in it."""
        found = {term.key: (start, end, term) for start, end, term in reversed([*self.glossary.find(text)])}
        return joined(text, sorted((s, e, self.button(term, text[s:e])) for s, e, term in found.values()))

    def listed(self, texts: Iterable[str]) -> list[SafeString]:
        """The terms that some captions use, each once, to be opened beside them."""
        return [self.button(term, term.name) for term in self.glossary.used_in(texts)]

    def button(self, term: Term, words: str) -> SafeString:
        """What opens the explanation; the page must hold those of `used`."""
        self.used[term.key] = term
        return format_html(
            '<button type="button" class="term" popovertarget="term-{}">{}</button>', term.key, words
        )


def joined(text: str, pieces: list[Piece]) -> SafeString:
    """The text as HTML, with the pieces in their places; they are in order and none reaches into another."""
    out, last = [], 0
    for start, end, html in pieces:
        out += [conditional_escape(text[last:start]), html]
        last = end
    return mark_safe("".join([*out, conditional_escape(text[last:])]))  # noqa: S308 every part is escaped

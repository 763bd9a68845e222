"""Compose the printed document of a ledger: tables filled, chapters set, figures named."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from budgets.domain.captioned_figures import captioned_figures
from budgets.domain.classification import Subjects
from budgets.domain.documents import Chapter, Document, Explanation, Figure, Sheet
from budgets.domain.facts import ZERO
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.numerals import numeral
from budgets.domain.paragraphs import anchors, blocks, paragraphs
from budgets.domain.sheets import Filler
from budgets.domain.tables import FigureWord, TableSet


def locate(word: FigureWord, sheets: dict[str, Sheet]) -> Figure | None:
    """The cell of a named figure; None when its row is not printed (an empty table)."""
    sheet = sheets.get(word.table)
    if sheet is None:
        return None
    for c, column in enumerate(sheet.columns):
        if column.key != word.column:
            continue
        for r, row in enumerate(sheet.rows):
            if row.named(column) == word.row:
                return Figure(word.key, word.label, row.cells[c].amount or ZERO, sheet.unit, sheet.key, r, c)
    return None


def compose(
    table_set: TableSet,
    ledger: Ledger,
    subjects: Subjects,
    explanations: Iterable[Explanation] = (),
) -> Document:
    """The document of a ledger, for those who need its tables for nothing else. See `composed`."""
    return replace(composed(Filler(table_set, ledger, subjects)), explanations=tuple(explanations))


def composed(filler: Filler) -> Document:
    """The document as printed.

    Statutory tables come first in their order, then the chapters in the ledger's order with their annex tables; an
    annex that no text places stands at the end of its declared chapter. A given sheet stands for the derived one of
    its table; those that the set does not declare stand behind the others.
    """
    table_set, ledger = filler.set, filler.ledger
    given = {sheet.key: sheet for sheet in ledger.given}
    tables = tuple(given.get(table.key) or filler.fill(table) for table in table_set.tables)
    tables += tuple(sheet for sheet in ledger.given if sheet.undeclared)
    figures = tuple(
        figure
        for word in table_set.figures
        if (figure := locate(word, {sheet.key: sheet for sheet in tables}))
    )
    if not table_set.tables:
        figures = captioned_figures(tables, ledger.stage)
    return Document(
        table_set=ledger.table_set,
        region_code=ledger.region_code,
        region_name=ledger.region_name,
        unit_code=ledger.unit_code,
        unit_name=ledger.unit_name,
        year=ledger.year,
        stage=ledger.stage,
        tables=tables,
        narrative_title=ledger.narrative_title or filler.phrase(table_set.narrative_title),
        lead=ledger.lead or filler.phrase(table_set.lead),
        chapters=_chapters(filler, figures, ledger.narratives),
        figures=figures,
        approved_on=ledger.approved_on.isoformat() if ledger.approved_on else "",
        contact=ledger.contact,
        before_tables=table_set.before_tables,
        transcribed=bool(given),
    )


def reworded(filler: Filler, document: Document, narratives: Sequence[Narrative]) -> Document:
    """The document of that filler with these chapters in place of the typed ones: its tables are not filled again."""
    return replace(document, chapters=_chapters(filler, document.figures, narratives))


def _chapters(
    filler: Filler, figures: Iterable[Figure], narratives: Sequence[Narrative]
) -> tuple[Chapter, ...]:
    """The chapters in order with their annex tables; a bare [[name]] prints its figure."""
    table_set = filler.set
    by_label = {figure.label: figure for figure in figures}

    def quote(name: str) -> str | None:
        figure = by_label.get(name)
        return f"{figure.amount:.2f}{figure.unit}" if figure else None

    sheets = {annex.key: list(filler.annex(annex)) for annex in table_set.annexes}
    placed = {key for narrative in narratives for key in anchors(narrative.text)}
    homes = {word.key: [key for key in word.annexes if key not in placed] for word in table_set.chapters}
    unnumbered = {word.key for word in table_set.chapters if not word.numbered}

    def number(n: int, key: str) -> str:
        """一、二、 before the tables, and anew behind them."""
        if not table_set.numbered_chapters or key in unnumbered:
            return ""
        return numeral(n if n <= table_set.before_tables else n - table_set.before_tables)

    return tuple(
        Chapter(
            key=narrative.key,
            number=number(n, narrative.key),
            title=narrative.title,
            blocks=tuple(blocks(paragraphs(narrative.text, quote), sheets, homes.get(narrative.key, []))),
        )
        for n, narrative in enumerate(narratives, 1)
    )

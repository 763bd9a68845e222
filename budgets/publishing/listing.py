"""What lists and the search need of a publication: a few columns, written once when it is published."""

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.domain.documents import Document, Paragraph, Sheet
from budgets.domain.money import to_yuan
from budgets.domain.terms import Stage

# One passage a line: its anchor on the page, its heading, its words.
FIELD, PASSAGE = "\t", "\n"


def summary(document: Document) -> dict[str, Any]:
    """The fields of PublicationState that are read from the document: text, approved_on, total (yuan, or None)."""
    total = next((figure for figure in document.figures if figure.key == "total_resources"), None)
    return {
        "text": searchable(document),
        "approved_on": date.fromisoformat(document.approved_on) if document.approved_on else None,
        "total": to_yuan(total.amount, total.unit) if total else None,
    }


def searchable(document: Document) -> str:
    """The document's words, a passage a line, each with the anchor where it stands on the disclosure page."""
    stage = Stage(document.stage).label
    passages = [
        ("", f"{document.unit_name}{document.title}", f"{document.unit_code} {document.year} {stage}")
    ]
    passages += [(sheet.key, sheet.title, sheet_words(sheet)) for sheet in document.tables]
    for chapter in document.chapters:
        anchor = f"chapter-{chapter.key}"
        for block in chapter.blocks:
            if isinstance(block, Paragraph):
                passages.append((anchor, chapter.title, block.text))
            else:
                passages.append((block.key, block.title, sheet_words(block)))
    return PASSAGE.join(FIELD.join(" ".join(part.split()) for part in passage) for passage in passages)


def sheet_words(sheet: Sheet) -> str:
    """Captions and texts of the rows that say something, amounts beside them; blank fixed lines are left out."""
    goals = [line for _, lines in sheet.preface for line in lines]
    rows = [row for row in sheet.rows if any(cell.amount for cell in row.cells) or not has_amounts(sheet)]
    cells = [cell.text for row in rows for cell in row.cells if cell.text]
    return " ".join([*goals, *cells, *sheet.notes])


def has_amounts(sheet: Sheet) -> bool:
    return any(cell.where is not None or cell.amount is not None for row in sheet.rows for cell in row.cells)


def passages(text: str) -> list[tuple[str, str, str]]:
    """The stored passages as (anchor, heading, words)."""
    return [
        (anchor, heading, words)
        for line in text.split(PASSAGE)
        if line
        for anchor, heading, words in [line.split(FIELD, 2)]
    ]


def total_in(total: Decimal | None, unit_yuan: int = 10_000) -> str:
    """A stored total in 万元 with two places; blank when there is none."""
    return "" if total is None else f"{total / unit_yuan:.2f}"

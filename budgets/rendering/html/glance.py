"""What the top of a disclosure answers: how much, and on what, every figure with the cell that it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.documents import ColumnKind, Document, Figure, Sheet

TENTH = Decimal("0.1")
SHOWN_PARTS = 5  # more would not be told apart; the rest is summed


@dataclass(frozen=True, slots=True)
class Mention:
    """A few words with an amount and the cell it stands in; `amount` and `cell` blank when there are only words."""

    label: str
    amount: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the large figures."""

    label: str
    amount: str
    unit: str
    cell: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the whole; `share` is a percentage with one place."""

    label: str
    amount: Decimal
    share: Decimal
    text: str  # the amount as its table prints it
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of a whole in falling order; they add up to it."""

    whole: Decimal
    unit: str
    parts: tuple[Part, ...]


# A headline and the figures that stand under it, by key.
HEADLINES = (
    ("total_resources", ()),
    ("basic", ("personnel", "running_costs")),
    ("project", ()),
    ("three_public", ("overseas_visits", "vehicles", "official_hospitality")),
)


def headlines(document: Document) -> list[Headline]:
    """The large figures that this document has, in order."""
    figures = {figure.key: figure for figure in document.figures}
    found = []
    for key, below in HEADLINES:
        if figure := figures.get(key):
            named = [figures[name] for name in below if name in figures]
            mentions = [mention(document, other) for other in named if other.amount]
            if key == "total_resources":
                mentions = list(origins(document, figures))
            elif key == "project":
                mentions = list(goals(document))
            found.append(
                Headline(
                    figure.label, printed(document, figure), figure.unit, figure.cell_id, tuple(mentions)
                )
            )
    return found


def printed(document: Document, figure: Figure) -> str:
    """The amount as its cell prints it; 0.00 where that is blank."""
    sheet = next(sheet for sheet in document.tables if sheet.key == figure.sheet)
    return sheet.rows[figure.row].cells[figure.column].text if figure.amount else "0.00"


def mention(document: Document, figure: Figure) -> Mention:
    return Mention(figure.label, printed(document, figure), figure.cell_id)


def origins(document: Document, figures: dict[str, Figure]) -> Iterator[Mention]:
    """Whether the money is all fiscal appropriation (财政拨款), else how much of it is."""
    fiscal = figures.get("fiscal_appropriation")
    if fiscal is None:
        return
    if fiscal.amount == figures["total_resources"].amount:
        yield Mention("全部为财政拨款", "", fiscal.cell_id)
    else:
        yield Mention("其中财政拨款", printed(document, fiscal), fiscal.cell_id)


def goals(document: Document) -> Iterator[Mention]:
    """How many projects have a table of performance goals, with the first of them."""
    tables = [sheet for sheet in document.sheets() if sheet.preface]
    if tables:
        yield Mention(f"{len(tables)} 个项目设绩效目标", "", tables[0].key)


def breakdown(document: Document) -> Breakdown | None:
    """Expenditure by class (类) from the table that basic and project expenditure stand in.

    None when the document has no such table, or its classes do not add up to the total (a given sheet may not).
    """
    figure = next((figure for figure in document.figures if figure.key == "project"), None)
    if figure is None:
        return None
    sheet = next(sheet for sheet in document.tables if sheet.key == figure.sheet)
    column = next(i for i, column in enumerate(sheet.columns) if column.kind == ColumnKind.AMOUNT)
    whole = sheet.rows[figure.row].cells[column].amount
    parts = sorted(classes(sheet, column), key=by_amount, reverse=True)
    if not whole or any(part.amount < 0 for part in parts) or sum(part.amount for part in parts) != whole:
        return None
    shown, rest = parts[:SHOWN_PARTS], parts[SHOWN_PARTS:]
    if rest:
        left = sum((part.amount for part in rest), Decimal(0))
        shown.append(Part(f"其余 {len(rest)} 类", left, TENTH, f"{left:.2f}"))
    return Breakdown(
        whole,
        sheet.unit,
        tuple(replace(part, share=percentage(part.amount, whole)) for part in shown),
    )


def by_amount(part: Part) -> Decimal:
    return part.amount


def percentage(amount: Decimal, whole: Decimal) -> Decimal:
    return (amount * 100 / whole).quantize(TENTH, ROUND_HALF_UP)


def classes(sheet: Sheet, column: int) -> Iterator[Part]:
    """The rows of the first level with an amount in that column."""
    for index, row in enumerate(sheet.rows):
        amount = row.cells[column].amount
        if row.level == 1 and not row.total and amount:
            caption = row.cells[sheet.columns[column].caption].text
            yield Part(caption, amount, Decimal(0), row.cells[column].text, sheet.cell_id(index, column))

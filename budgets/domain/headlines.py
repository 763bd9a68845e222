"""The large figures of a disclosure, defined once for page, desk and lists, every one with the cell that it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass

from budgets.domain.addresses import address_of
from budgets.domain.documents import Document, Figure
from budgets.domain.money import in_unit, separated, to_yuan

WHOLE = "total_resources"
PROJECTS = "project"
SAID_IN = "万元"
# A headline and the figures that stand under it, by key.
HEADLINES = (
    (WHOLE, ()),
    ("basic", ("personnel", "running_costs")),
    (PROJECTS, ()),
    ("three_public", ("overseas_visits", "vehicles", "official_hospitality")),
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A few words with an amount and the cell it stands in; `amount` and `cell` blank when there are only words."""

    label: str
    amount: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the large figures."""

    key: str
    label: str
    amount: str
    unit: str
    cell: str
    mentions: tuple[Mention, ...] = ()


def headlines(document: Document) -> list[Headline]:
    """The large figures that this document has, in order."""
    found = []
    for key, below in HEADLINES:
        if figure := document.figure(key):
            named = filter(None, map(document.figure, below))
            mentions = [mention(document, other) for other in named if other.amount]
            if key == WHOLE:
                mentions = list(origins(document, figure))
            elif key == PROJECTS:
                mentions = list(goals(document))
            found.append(
                Headline(
                    key,
                    figure.label,
                    printed(document, figure),
                    unit_of(figure),
                    address_of(document, figure),
                    tuple(mentions),
                )
            )
    return found


def printed(document: Document, figure: Figure) -> str:
    """The amount as its cell prints it, with separators; 0.00 where that is blank. What is printed in 元 in `SAID_IN`, with two places."""
    if unit_of(figure) != figure.unit:
        return f"{in_unit(to_yuan(figure.amount, figure.unit), SAID_IN):,.2f}"
    sheet = next(sheet for sheet in document.tables if sheet.key == figure.sheet)
    return separated(sheet.rows[figure.row].cells[figure.column].text) if figure.amount else "0.00"


def unit_of(figure: Figure) -> str:
    """The unit in which a large figure is said: figures beside each other have one, whatever their tables have."""
    return SAID_IN if figure.unit == "元" else figure.unit


def mention(document: Document, figure: Figure) -> Mention:
    return Mention(figure.label, printed(document, figure), address_of(document, figure))


def origins(document: Document, whole: Figure) -> Iterator[Mention]:
    """Whether the money is all fiscal appropriation (财政拨款), else how much of it is."""
    fiscal = document.figure("fiscal_appropriation")
    if fiscal is None:
        return
    if fiscal.amount == whole.amount:
        yield Mention("全部为财政拨款", "", address_of(document, fiscal))
    else:
        yield Mention("其中财政拨款", printed(document, fiscal), address_of(document, fiscal))


def goals(document: Document) -> Iterator[Mention]:
    """How many projects have a table of performance goals, with the first of them."""
    tables = [sheet for sheet in document.sheets() if sheet.preface]
    if tables:
        yield Mention(f"{len(tables)} 个项目设绩效目标", "", tables[0].key)

"""The page of a version's certificate (核对清单): what nobody checked first, then what was found, then what holds."""

import re
from dataclasses import dataclass

from budgets.domain.addresses import Addressed
from budgets.domain.certificates import Certificate, Checked, State, Told
from budgets.domain.documents import Document
from budgets.domain.place_words import cell_words
from budgets.domain.places import CellRef, Passage
from budgets.rendering.html.disclosure_pages import crumbs, render
from budgets.rendering.html.fault_marks import page_anchor, places_of
from budgets.rendering.imprint import Imprint

# What no rule looks at, whatever the document.
BEYOND = (
    "这些数与人大批准、财政批复的预算是否一致",
    "钱该不该花、价格合不合理、项目办得怎样",
    "文字里没有写成数的说法是否属实",
)
MEANINGS = {
    State.NOT_CHECKED: "规则没有看，或没有看全",
    State.MISSING: "要比较的另一份数没有公开",
    State.FINDING: "对不上或不常见，没有公布说明",
    State.EXPLAINED: "对不上或不常见，部门已说明原因",
    State.HOLDS: "看过，没有提示",
    State.NOT_APPLICABLE: "这份文件没有可看的内容",
}
REMEDY = re.compile(r"(?:(?<=。)|[，；])请[^。]*。$")
FOLDED = (State.HOLDS, State.NOT_APPLICABLE)
CELLS = 6  # that a finding names with their amounts


@dataclass(frozen=True, slots=True)
class Line:
    """A finding: the cells that it is about as (anchor, words, amount as printed), and how many more there are."""

    told: Told
    words: str  # its message without what it asks of the department
    cells: tuple[tuple[str, str, str], ...]
    more: int
    chapter: str  # the anchor of a chapter or table that it is about; blank where a cell says it


def certificate_page(certificate: Certificate, document: Document, imprint: Imprint, *, frozen: bool) -> str:
    """The page; `frozen` says that it was kept with the version, else it is by today's rules."""
    printed = {
        address: found.sheet.rows[found.row].cells[found.column].text
        for address, found in Addressed(document.sheets()).cells.items()
    }
    groups = [
        (state, MEANINGS[state], [(each, _lines(each, document, printed)) for each in among], state in FOLDED)
        for state in State
        if (among := certificate.among(state))
    ]
    found = {(each.rule, told.message) for each in certificate.checked for told in each.told}
    return render(
        "public/checks.html",
        document,
        imprint,
        "checks/",
        root="../",
        certificate=certificate,
        frozen=frozen,
        groups=groups,
        verdict=verdict(certificate),
        beyond=BEYOND,
        # Explanations that were published on what today's rules say in other words, or not at all.
        earlier=[one for one in document.explanations if (one.rule, one.message) not in found],
        crumbs=crumbs(document, "../"),
        here="核对清单",
    )


def without_remedy(message: str) -> str:
    """What was found, without what it asks of the department at its end."""
    found = REMEDY.sub("", message)
    return found if found.endswith("。") else f"{found}。"


def verdict(certificate: Certificate) -> str:
    """What it all comes to, in a sentence or two: what was found first."""
    number = {state: len(certificate.among(state)) for state in State}
    looked = (
        len(certificate.checked)
        - number[State.NOT_APPLICABLE]
        - number[State.NOT_CHECKED]
        - number[State.MISSING]
    )
    said = f"看过的 {looked} 条规则里，{number[State.HOLDS]} 条没有提示"
    if number[State.EXPLAINED]:
        said += f"，{number[State.EXPLAINED]} 条有提示、部门作了说明"
    if number[State.FINDING]:
        said += f"，{number[State.FINDING]} 条对不上或不常见、没有公布说明"
    rest = number[State.NOT_CHECKED] + number[State.MISSING]
    return f"{said}。" + (f"另有 {rest} 条没有核对或缺数据，下面先说这些。" if rest else "")


def _lines(checked: Checked, document: Document, printed: dict[str, str]) -> list[Line]:
    return [_line(told, document, printed) for told in checked.told]


def _line(told: Told, document: Document, printed: dict[str, str]) -> Line:
    places = places_of(told)
    cells = [
        (anchor, cell_words(document, place), printed[anchor])
        for place in places
        if isinstance(place, CellRef) and (anchor := page_anchor(document, place))
    ]
    words = places[0] if not isinstance(places[0], CellRef) else Passage("")
    return Line(
        told,
        without_remedy(told.message),
        tuple(cells[:CELLS]),
        max(0, len(cells) - CELLS),
        page_anchor(document, words),
    )

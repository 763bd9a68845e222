"""Draw the synthetic documents and their truth: `uv run python -m benchmark.make`, then freeze. Nothing of what is frozen is overwritten.

Each style is one place's way: its tables, its numbers, its codes. The sentences are those of `tests/makers/drawn_sentences.py` and
`tied_sentences.py`, the budgets those of `budgets.synthetic`; every fault is one that was seen in print.
"""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgets.settings")
django.setup()

from benchmark.truths import HERE, ROOT, TRUTH, Fault, Truth, digest, freeze, written  # noqa: E402
from benchmark.word_files import word_file  # noqa: E402
from budgets import tablesets  # noqa: E402
from budgets.data.subject_lists import subjects_of  # noqa: E402
from budgets.domain.composing import compose  # noqa: E402
from budgets.domain.documents import Document, Sheet  # noqa: E402
from budgets.domain.ledgers import Ledger, Narrative  # noqa: E402
from budgets.importing.reading.grids import column_letter  # noqa: E402
from tests.makers import drawn_sentences as alone  # noqa: E402
from tests.makers import tied_sentences as tied  # noqa: E402
from tests.makers.sentence_ground import YEAR, Pen, Sentence, ground  # noqa: E402

DOCUMENTS = HERE / "documents"
CHECKED_ALONE = (  # what a document says without the year before
    tied.own, tied.own_share, tied.own_share_bare, tied.item_by_levels, tied.item_by_code, tied.class_by_name, tied.nothing,
    tied.three_public_parts,
)  # fmt: skip
BUDGET_WORDS = (
    alone.three_amounts, alone.difference_and_rate, alone.two_years, alone.from_to, alone.next_period, alone.headed_reason,
    alone.own_year, alone.flat_amounts, alone.from_nothing, alone.shares_of_whole, alone.share_inside, alone.parts_within,
    alone.parts_in_brackets, alone.vehicles, alone.slips,
)  # fmt: skip
FINAL_WORDS = (
    alone.carried_out, alone.carried_out_period, alone.carried_out_rate, alone.carried_out_inside, alone.against_plan, alone.as_planned,
    alone.plan_of_nothing, alone.next_period, alone.shares_of_whole, alone.basic_and_project, alone.procurement, alone.slips,
)  # fmt: skip
EACH = 3  # of three sentences one is false


@dataclass(frozen=True)
class Style:
    """How one place writes: its tables, separators, blanks before units, digits, and what kind of document it is."""

    name: str
    region: str
    table_set: str
    kind: str = "budget"
    grouped: bool = False
    blank: str = ""
    full_width: bool = False
    codes: bool = False  # items by 201类03款01项


STYLES = (
    Style("county-plain", "仿冀县", "hebei_2023"),
    Style("county-codes", "仿晋县", "hebei_2023", codes=True),
    Style("district-grouped", "仿沪区", "shanghai_2023", grouped=True),
    Style("district-blanks", "仿渝区", "shanghai_2023", blank=" "),
    Style("county-full-width", "仿皖县", "hebei_2023", full_width=True),
    Style("final-plain", "仿沪区决算", "shanghai_2023", kind="final", blank=" "),
    Style("final-grouped", "仿苏县决算", "hebei_2023", kind="final", grouped=True),
)
FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")


def sentences(style: Style, seed: int) -> tuple[str, list[Fault]]:
    """The paragraphs of one document, and the faults in them; no two sentences speak of one thing."""
    chance = random.Random(f"benchmark {style.name} {seed}")  # noqa: S311
    on = ground(seed, style.table_set)
    pool: list[Any] = (
        [*FINAL_WORDS]
        if style.kind == "final"
        else [*BUDGET_WORDS, *CHECKED_ALONE, *([tied.item_by_digits] if style.codes else [])]
    )
    lines: list[str] = []
    faults: list[Fault] = []
    used: set[str] = set()
    for pattern in chance.sample(pool, len(pool)):
        pen = Pen(chance)
        pen.grouped, pen.blank = style.grouped, style.blank
        drawn: Sentence | None = pattern(pen, on) if pattern in tied.TIED else pattern(pen)
        things = {thing for thing in alone.THINGS if drawn and thing in drawn.text}
        if drawn is None or things & used:
            continue
        used |= things
        text = drawn.text
        if drawn.faults and len(lines) % EACH == 0:
            wrong = chance.choice(drawn.faults)
            text = wrong.text
            numbers = tuple(_forms(one) for one in wrong.told)
            faults.append(Fault(f"{pattern.__name__}: {wrong.kind}", "", _hand(style, text), numbers=numbers))
        lines.append(_hand(style, text))
    return "\n".join(lines), faults


def _hand(style: Style, text: str) -> str:
    return text.translate(FULL_WIDTH) if style.full_width else text


def _forms(one: "Decimal | str | tuple[Decimal, ...]") -> tuple[str, ...]:
    """An amount of yuan or 万元, a percentage or a word, as a message may print it."""
    if isinstance(one, str):
        return (one,)
    values = one if isinstance(one, tuple) else (one,)
    return tuple(
        f"{form.normalize():f}" for value in values for form in (value, value * 10_000, value / 10_000)
    )


def words_alone(style: Style, seed: int) -> None:
    text, faults = sentences(style, seed)
    keep(f"{style.name}-{seed}.txt", (text + "\n").encode(), style, faults)


def whole(style: Style, seed: int) -> None:
    """A Word file with its tables and faults in words."""
    text, faults = sentences(style, seed)
    on = ground(seed, style.table_set)
    keep(f"{style.name}-{seed}.docx", word_file(_document(style, on.ledger, text)), style, faults)


def _document(style: Style, ledger: Ledger, overview: str = "无。") -> Document:
    """The document of a ledger whose chapter of explanations says that, and every other one 无."""
    declared = tablesets.get(style.table_set)
    chapters = tuple(
        Narrative(c.key, c.title, overview if c.key == "overview" else "无。") for c in declared.chapters
    )
    return compose(declared, replace(ledger, narratives=chapters), subjects_of(YEAR))


def wrong_cell(style: Style, seed: int) -> None:
    """A Word file with one amount of one table changed, and sentences that say nothing of it."""
    chance = random.Random(f"cell {style.name} {seed}")  # noqa: S311
    document = _document(style, ground(seed, style.table_set).ledger)
    sheet = next(sheet for sheet in document.tables if sheet.key == "expenditure")
    places = [
        (r, c)
        for r, row in enumerate(sheet.rows)
        for c, cell in enumerate(row.cells)
        if cell.amount and len(row.key) == 7
    ]
    r, c = chance.choice(places)
    right = sheet.rows[r].cells[c].amount or Decimal(0)
    wrong = right + Decimal(chance.randint(100, 99_900)) / 100
    tables = tuple(_with_cell(each, r, c, wrong) if each is sheet else each for each in document.tables)
    deep = max(len(column.path) for column in sheet.columns)
    fault = Fault(
        "cell: one amount", "cell-suspect", table="expenditure", cell=f"{column_letter(c + 1)}{deep + r + 1}",
        numbers=((f"{wrong:.2f}",), (f"{right:.2f}",)),
    )  # fmt: skip
    keep(f"{style.name}-cell-{seed}.docx", word_file(replace(document, tables=tables)), style, [fault])


def _with_cell(sheet: Sheet, r: int, c: int, amount: Decimal) -> Sheet:
    row = sheet.rows[r]
    cell = replace(row.cells[c], amount=amount, text=f"{amount:.2f}")
    row = replace(row, cells=(*row.cells[:c], cell, *row.cells[c + 1 :]))
    return replace(sheet, rows=(*sheet.rows[:r], row, *sheet.rows[r + 1 :]))


def keep(name: str, content: bytes, style: Style, faults: Sequence[Fault]) -> None:
    """Write a document and its truth unless they are there."""
    file, truth = DOCUMENTS / name, TRUTH / f"{name}.json"
    if truth.exists():
        return
    file.write_bytes(content)
    known = Truth(
        file.relative_to(ROOT).as_posix(),
        digest(content),
        style.region,
        style.kind,
        "drawn",
        style.table_set,
        YEAR,
        tuple(faults),
    )
    truth.write_bytes(written(known))


def main() -> None:
    DOCUMENTS.mkdir(exist_ok=True)
    for style in STYLES:
        for seed in (1, 2):
            (words_alone if style.kind == "final" else whole)(style, seed)
        if style.kind == "budget":
            wrong_cell(style, 3)
    print(freeze())


if __name__ == "__main__":
    main()

"""Paragraphs around the tables of a Word file: lines that belong to a table, and lists of contents."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from budgets.importing.captions.caption_norms import FORM_NUMBER, norm
from budgets.importing.captions.meta_lines import kinds
from budgets.importing.reading.grids import Block, GridCell, Text

GOES_ON = re.compile(r"[（(【]?(?:续表?|接上[表页])[）)】]?")
ONCE_MORE = re.compile(r"[（(【]续表?[）)】]$")
LEADER = re.compile(r"(?:[.．…·]{3,}|\t)\s*\d+$")
GAP = re.compile(r"\t+|[ \u3000]{2,}")
CONTENTS = "目录"
FEWEST_ENTRIES = 3  # of a list of contents
NEAR = 3  # paragraphs above a table in which the lines may stand that belong to it
LONGEST_LINE = 60
SENTENCE = re.compile(r"[。；;！？]|，.*，")


def says_it_goes_on(text: str) -> bool:
    """True for 续表, （续） and a title with that behind it."""
    return len(text) <= LONGEST_LINE and bool(GOES_ON.fullmatch(text) or ONCE_MORE.search(text))


def with_lines_above(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, lines of department, year and unit above a table put into the table, in rows above its first."""
    near: list[Text] = []
    for block in blocks:
        if isinstance(block, Text):
            near.append(block)
            continue
        own = lines_above(near)
        yield from (text for text in near if text not in own)
        for row, text in enumerate(own, 1 - len(own)):
            for column, piece in enumerate(pieces(text.text), 1):
                block.put(GridCell(row, column, piece))
        yield block
        near = []
    yield from near


def lines_above(texts: list[Text]) -> list[Text]:
    """Those of the last paragraphs that belong to the table below them, its title left out."""
    own: list[Text] = []
    for text in reversed(texts[-NEAR:]):
        if text.level or len(text.text) > LONGEST_LINE or SENTENCE.search(text.text):
            break
        if all(kinds(piece) or is_form_number(piece) for piece in GAP.split(text.text)):
            own.insert(0, text)
    return own


def pieces(text: str) -> list[str]:
    """What a line above a table says, side by side; a form number (表1) only counts the tables."""
    return [piece for piece in GAP.split(text) if not is_form_number(piece)]


def is_form_number(text: str) -> bool:
    return bool(FORM_NUMBER.fullmatch(norm(text)))


def without_contents(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without a typed list of contents, which says nothing of its own."""
    for led, run in groupby(blocks, key=lambda b: isinstance(b, Text) and bool(LEADER.search(b.text))):
        entries = list(run)
        if not led or len(entries) < FEWEST_ENTRIES:
            yield from (b for b in entries if not (isinstance(b, Text) and norm(b.text) == CONTENTS))

"""What a reader sees on a page: characters, rules and pictures, without what is clipped away or invisible.

PDFium (native code, in the confined child only) interprets the page; what it would leave out, guess or take from
elsewhere than the page itself is put right here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2_raw as pdfium

from budgets.importing.reading.pdf.pdfium_objects import (
    STRAIGHT,
    address_of,
    bounds,
    box_of,
    clip_point,
    edges_of,
    is_painted,
    letter,
    matrix_of,
    measured,
)
from budgets.importing.reading.pdf.places_on_page import (
    EVERYTHING,
    Area,
    Matrix,
    around,
    common,
    laid,
    meet,
    multiplied,
)

INVISIBLE = (3, 7)  # text rendering modes that paint nothing, as a scanner lays its guesses under a picture
MAX_MARKS = 30_000  # of a page, clipped ones too: a full one shows some thousand
DEEPEST = 12  # forms in forms
DESCENT = 0.12  # of the size: what Chinese characters reach below the line they stand on


class TooMuch(Exception):
    """A page holds more than any printed one."""


@dataclass(slots=True)
class Character:
    """One visible character; `size` in points; `text` is LOST where the font does not say which it is."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    upright: bool
    across: float  # its middle
    middle: float

    def inside(self, area: Area) -> bool:
        left, top, right, bottom = area
        return left <= self.across <= right and top <= self.middle <= bottom


@dataclass(slots=True)
class Marks:
    """The marks of a page; `rules` are straight edges of lines and filled areas, `pictures` their areas."""

    characters: list[Character] = field(default_factory=list)
    rules: list[Area] = field(default_factory=list)
    pictures: list[Area] = field(default_factory=list)


@dataclass(slots=True)
class Words:
    """What the characters of one text object have in common; `clip` is what of them may show."""

    thing: Any
    clip: Area
    measured: tuple[float, float, bool] | None = None  # baseline, size, upright


class Opened:
    """A document as PDFium has it. None of its methods says why something failed: the structure was vouched for."""

    def __init__(self, content: bytes) -> None:
        self.content = content  # PDFium reads from these bytes as long as it is open
        self.handle = pdfium.FPDF_LoadMemDocument64(content, len(content), None)

    @property
    def pages(self) -> int:
        return int(pdfium.FPDF_GetPageCount(self.handle)) if self.handle else 0

    def marks(self, index: int, matrix: Matrix) -> Marks:
        """The marks of a page; `matrix` leads from its own coordinates to points from the top left as it is seen.

        Raises TooMuch; ValueError when PDFium cannot make out the page.
        """
        page = pdfium.FPDF_LoadPage(self.handle, index)
        if not page:
            raise ValueError(f"no page {index}")
        try:
            return Reading(page, matrix).marks
        finally:
            pdfium.FPDF_ClosePage(page)


class Reading:
    """The marks of one page under way."""

    def __init__(self, page: Any, matrix: Matrix) -> None:
        self.page, self.matrix = page, matrix
        self.marks = Marks()
        self.count = 0
        self.texts: dict[int, Words] = {}  # visible text objects by address
        self.boxes: dict[tuple[Any, ...], Area] = {}  # of clipping paths that were met
        objects = (pdfium.FPDFPage_GetObject(page, i) for i in range(pdfium.FPDFPage_CountObjects(page)))
        self.walk(objects, matrix, EVERYTHING)
        while self.texts and self.read_characters():
            for address, words in list(self.texts.items()):
                if words.measured:
                    pdfium.FPDFPageObj_SetIsActive(words.thing, False)
                    del self.texts[address]

    def counted(self, more: int = 1) -> None:
        self.count += more
        if self.count > MAX_MARKS:
            raise TooMuch

    def walk(self, objects: Iterator[Any], matrix: Matrix, clip: Area, depth: int = 0) -> None:
        """Gather what objects show and make inactive the text that does not, so that it hides no other."""
        if depth > DEEPEST:
            raise TooMuch
        for thing in objects:
            self.counted()
            kind = pdfium.FPDFPageObj_GetType(thing)
            shown = common(clip, self.clip_of(thing, matrix))
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self.take_text(thing, shown)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.take_path(thing, matrix, shown)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                if meet(area := laid(bounds(thing), matrix), shown):
                    self.marks.pictures.append(common(area, shown))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM:
                inner = (
                    pdfium.FPDFFormObj_GetObject(thing, i)
                    for i in range(pdfium.FPDFFormObj_CountObjects(thing))
                )
                self.walk(inner, multiplied(matrix_of(thing), matrix), shown, depth + 1)

    def clip_of(self, thing: Any, matrix: Matrix) -> Area:
        """The box around what an object's own clipping paths leave."""
        clip = pdfium.FPDFPageObj_GetClipPath(thing)
        shown = EVERYTHING
        for i in range(pdfium.FPDFClipPath_CountPaths(clip) if clip else 0):
            number = pdfium.FPDFClipPath_CountPathSegments(clip, i)
            if number < 1:
                continue
            # Most are rectangles that many marks have in common: two opposite corners tell which.
            known = (number, clip_point(clip, i, 0), clip_point(clip, i, min(2, number - 1)), matrix)
            if known not in self.boxes:
                self.boxes[known] = laid(around(clip_point(clip, i, j) for j in range(number)), matrix)
            shown = common(shown, self.boxes[known])
        return shown

    def take_text(self, thing: Any, clip: Area) -> None:
        # PDFium would give what a mark says the text is (ActualText) in place of what is drawn.
        while (mark := pdfium.FPDFPageObj_GetMark(thing, 0)) and pdfium.FPDFPageObj_RemoveMark(thing, mark):
            pass
        if pdfium.FPDFTextObj_GetTextRenderMode(thing) in INVISIBLE:
            pdfium.FPDFPageObj_SetIsActive(thing, False)
            return
        left, _, right, _ = bounds(thing)
        if right - left < STRAIGHT:
            # PDFium passes over what has no shape: blanks, and what the font of this machine does not have.
            pdfium.FPDFTextObj_SetTextRenderMode(thing, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE)
            pdfium.FPDFPageObj_SetStrokeWidth(thing, 1)
            pdfium.FPDFPageObj_Transform(thing, 1, 0, 0, 1, 0, 0)
        self.texts[address_of(thing)] = Words(thing, clip)

    def take_path(self, thing: Any, matrix: Matrix, clip: Area) -> None:
        if not is_painted(thing):
            return
        for edge in edges_of(thing, multiplied(matrix_of(thing), matrix)):
            if meet(edge, clip):
                self.marks.rules.append(edge)

    def read_characters(self) -> bool:
        """Take the characters of the text that is active; True when there are more to come.

        PDFium takes the same words at one place for a shadow, also where a clip shows another part of each: what it
        leaves out comes in the next round. Blanks after blanks it leaves out as well, and nobody misses them.
        """
        text = pdfium.FPDFText_LoadPage(self.page)
        if not text:
            raise ValueError("no text")
        try:
            number = pdfium.FPDFText_CountChars(text)
            self.counted(number)
            letters = sum(self.take_character(text, i) for i in range(number))
        finally:
            pdfium.FPDFText_ClosePage(text)
        return letters > 0 and not all(words.measured for words in self.texts.values())

    def take_character(self, text: Any, index: int) -> bool:
        """Take one character, which is no blank; those that PDFium puts in belong to no text object."""
        thing = pdfium.FPDFText_GetTextObject(text, index)
        words = self.texts.get(address_of(thing)) if thing else None
        if words is None:
            return False
        x0, y0, x1, y1 = laid(box_of(text, index), self.matrix)
        if words.measured is None:
            words.measured = measured(text, index, self.matrix)
        baseline, size, upright = words.measured
        if upright:
            y0, y1 = baseline + (DESCENT - 1) * size, baseline + DESCENT * size
        character = Character(
            letter(text, index), x0, y0, x1, y1, size, upright, (x0 + x1) / 2, (y0 + y1) / 2
        )
        if character.inside(words.clip):
            self.marks.characters.append(character)
        return not character.text.isspace()

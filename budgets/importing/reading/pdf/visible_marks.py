"""What a reader sees on a page: characters, rules and pictures, without what is clipped away or invisible.

PDFium (native code, in the confined child only) interprets the page; what it would leave out, guess or take from
elsewhere than the page itself is put right here.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import pypdfium2_raw as pdfium

from budgets.importing.reading.pdf.places_on_page import (
    EVERYTHING,
    Area,
    Matrix,
    Point,
    around,
    common,
    laid,
    meet,
    moved,
    multiplied,
)

INVISIBLE = (3, 7)  # text rendering modes that paint nothing, as a scanner lays its guesses under a picture
WHITE = (255, 255, 255)
MAX_MARKS = 30_000  # of a page, clipped ones too: a full one shows some thousand
DEEPEST = 12  # forms in forms
DESCENT = 0.12  # of the size: what Chinese characters reach below the line they stand on
HYPHEN = 2  # what PDFium makes of a hyphen at the end of a line
LOST = "\ufffd"
STRAIGHT = 0.01  # points
NUMBERS = [ctypes.c_float() for _ in range(4)]  # where PDFium puts what it tells: made once, for it is asked often
INTO = [ctypes.byref(number) for number in NUMBERS]


class TooMuch(Exception):
    """A page holds more than any printed one."""


@dataclass(frozen=True, slots=True)
class Character:
    """One visible character; `size` in points; `text` is LOST where the font does not say which it is."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    upright: bool

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def inside(self, area: Area) -> bool:
        return area[0] <= (self.x0 + self.x1) / 2 <= area[2] and area[1] <= self.middle <= area[3]


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


@cache
def make_ready() -> None:
    """Start PDFium, without the fonts of the system: what a document does not bring is not guessed from them."""
    no_folders = (ctypes.POINTER(ctypes.c_char) * 1)()
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=no_folders))


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
            known = (number, point(clip, i, 0), point(clip, i, min(2, number - 1)), matrix)
            if known not in self.boxes:
                self.boxes[known] = laid(around(point(clip, i, j) for j in range(number)), matrix)
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
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
        if not (fill.value or stroke.value) or (not stroke.value and is_white(thing)):
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
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        x0, y0, x1, y1 = laid((box.left, box.bottom, box.right, box.top), self.matrix)
        if words.measured is None:
            words.measured = measured(text, index, self.matrix)
        baseline, size, upright = words.measured
        if upright:
            y0, y1 = baseline + (DESCENT - 1) * size, baseline + DESCENT * size
        middle = (x0 + x1) / 2, (y0 + y1) / 2
        character = letter(text, index)
        if meet((*middle, *middle), words.clip):
            self.marks.characters.append(Character(character, x0, y0, x1, y1, size, upright))
        return not character.isspace()


def letter(text: Any, index: int) -> str:
    if pdfium.FPDFText_HasUnicodeMapError(text, index):
        return LOST
    code = pdfium.FPDFText_GetUnicode(text, index)
    return "-" if code == HYPHEN else chr(code)


def measured(text: Any, index: int, matrix: Matrix) -> tuple[float, float, bool]:
    """Where the line of a character lies, its size, and whether it stands upright."""
    x, y, own = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(text, index, x, y)
    pdfium.FPDFText_GetMatrix(text, index, own)
    a, b, c, d, _, _ = multiplied((own.a, own.b, own.c, own.d, 0, 0), matrix)
    size = pdfium.FPDFText_GetFontSize(text, index) * (c * c + d * d) ** 0.5
    return moved((x.value, y.value), matrix)[1], size, a * d < 0 and b * c >= 0


def address_of(thing: Any) -> int:
    return int(ctypes.cast(thing, ctypes.c_void_p).value or 0)


def bounds(thing: Any) -> Area:
    pdfium.FPDFPageObj_GetBounds(thing, *INTO)
    left, low, right, high = NUMBERS
    return left.value, low.value, right.value, high.value


def matrix_of(thing: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def is_white(path: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        return False
    return (red.value, green.value, blue.value) == WHITE or not alpha.value


def point(clip: Any, path: int, index: int) -> Point:
    return point_of(pdfium.FPDFClipPath_GetPathSegment(clip, path, index))


def point_of(segment: Any) -> Point:
    pdfium.FPDFPathSegment_GetPoint(segment, INTO[0], INTO[1])
    return NUMBERS[0].value, NUMBERS[1].value


def edges_of(path: Any, matrix: Matrix) -> Iterator[Area]:
    """The level and upright edges of a path."""
    line: list[Point] = []
    for i in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield from straight(line)
            line = []
        line.append(moved(point_of(segment), matrix))
        if pdfium.FPDFPathSegment_GetClose(segment):
            line.append(line[0])
    yield from straight(line)


def straight(line: list[Point]) -> Iterator[Area]:
    for (x0, y0), (x1, y1) in pairwise(line):
        if abs(x0 - x1) < STRAIGHT or abs(y0 - y1) < STRAIGHT:
            yield around([(x0, y0), (x1, y1)])


"""What PDFium tells of one object or one character of a page: native code, asked one thing at a time."""

import ctypes
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pypdfium2_raw as pdfium

from budgets.importing.reading.pdf.places_on_page import Area, Matrix, Point, around, moved, multiplied

WHITE = (255, 255, 255)
HYPHEN = 2  # what PDFium makes of a hyphen at the end of a line
LOST = "\ufffd"
STRAIGHT = 0.01  # points
# Where PDFium puts what it tells: made once, for it is asked often.
NUMBERS = [ctypes.c_float() for _ in range(4)]
BOX = pdfium.FS_RECTF()
INTO = [ctypes.byref(number) for number in NUMBERS]


@cache
def make_ready() -> None:
    """Start PDFium, without the fonts of the system: what a document does not bring is not guessed from them."""
    no_folders = (ctypes.POINTER(ctypes.c_char) * 1)()
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=no_folders))


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


def box_of(text: Any, index: int) -> Area:
    """Where a character stands, by the width that its font gives it."""
    pdfium.FPDFText_GetLooseCharBox(text, index, BOX)
    return BOX.left, BOX.bottom, BOX.right, BOX.top


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


def is_painted(path: Any) -> bool:
    """True for a path that leaves something on white paper."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if stroke.value or not fill.value:
        return bool(stroke.value)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        return True
    return alpha.value > 0 and (red.value, green.value, blue.value) != WHITE


def clip_point(clip: Any, path: int, index: int) -> Point:
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

"""What a reader sees on a page: characters and rules, without those that are clipped away or invisible."""

from typing import Any

from pdfminer.cmapdb import IdentityUnicodeMap
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTComponent
from pdfminer.pdfinterp import PDFInterpreterError, PDFPageInterpreter
from pdfminer.psparser import literal_name
from pdfminer.utils import apply_matrix_pt
from pdfplumber.page import Page as PlumbedPage
from pdfplumber.utils.exceptions import PdfminerException

INVISIBLE = (3, 7)  # text rendering modes that paint nothing, as a scanner lays its guesses under a picture
WHITE = {(1.0,), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0, 0.0)}

MAX_MARKS = 30_000  # of a page, clipped ones too: a full one shows some thousand

type Area = tuple[float, float, float, float]


class TooMuch(Exception):
    """A page holds more than any printed one."""


class Canvas(PDFPageAggregator):
    """Gathers the marks of a page that lie inside the clipping area of the moment."""

    clip: Area | None = None
    silent = False
    marks = 0

    def render_string(self, textstate: Any, *rest: Any) -> None:
        self.silent = textstate.render in INVISIBLE
        super().render_string(textstate, *rest)

    def render_char(self, *arguments: Any) -> float:
        before = len(self.cur_item._objs)
        advance = super().render_char(*arguments)
        self._keep(before)
        return advance

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        self.silent = fill and not stroke and _colour(gstate.ncolor) in WHITE
        before = len(self.cur_item._objs)
        super().paint_path(gstate, stroke, fill, evenodd, path)
        self._keep(before)

    def _keep(self, before: int) -> None:
        """Drop what was just added unless it shows. Raises TooMuch when the page never ends."""
        self.marks += 1
        if self.marks > MAX_MARKS:
            raise TooMuch
        added = self.cur_item._objs[before:]
        self.cur_item._objs[before:] = [item for item in added if not self.silent and self._shows(item)]

    def _shows(self, item: LTComponent) -> bool:
        if self.clip is None:
            return True
        left, low, right, high = self.clip
        x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
        if not item.width or not item.height or item.width > 50 or item.height > 50:
            return item.x0 <= right and item.x1 >= left and item.y0 <= high and item.y1 >= low
        return left <= x <= right and low <= y <= high


def _colour(value: Any) -> tuple[float, ...]:
    values = value if isinstance(value, tuple | list) else (value,)
    return tuple(float(v) for v in values if isinstance(v, int | float))


class Interpreter(PDFPageInterpreter):
    """Follows the clipping path, which pdfminer leaves aside; kept as the box around it.

    A sheet that is printed over two pages is often drawn whole on both, and cut by its clip.
    """

    def __init__(self, manager: Any, canvas: Canvas) -> None:
        super().__init__(manager, canvas)
        self.canvas = canvas
        self.clip: Area | None = None
        self.kept: list[Area | None] = []

    def subinterp(self) -> "Interpreter":
        inner = super().subinterp()
        assert isinstance(inner, Interpreter)
        inner.clip = self.clip
        return inner

    def _set(self, clip: Area | None) -> None:
        self.clip = self.canvas.clip = clip

    def do_q(self) -> None:
        super().do_q()
        self.kept.append(self.clip)

    def do_Q(self) -> None:
        super().do_Q()
        if self.kept:
            self._set(self.kept.pop())

    def do_Do(self, name: Any) -> None:
        if literal_name(name) not in self.xobjmap:
            raise PDFInterpreterError(f"no form or picture {name!r}")
        super().do_Do(name)
        self._set(self.clip)

    def do_Tf(self, name: Any, size: Any) -> None:
        # pdfminer would go on with the font before, and read every character as another one.
        if literal_name(name) not in self.fontmap:
            raise PDFInterpreterError(f"no font {name!r}")
        super().do_Tf(name, size)
        font: Any = self.textstate.font
        if isinstance(getattr(font, "unicode_map", None), IdentityUnicodeMap):
            font.unicode_map = None  # numbers of glyphs taken for characters: a guess

    def do_W(self) -> None:
        points = [
            apply_matrix_pt(self.ctm, (float(segment[at]), float(segment[at + 1])))
            for segment in self.curpath
            for at in range(1, len(segment) - 1, 2)
        ]
        if not points:
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, low, right, high = self.clip or (min(xs), min(ys), max(xs), max(ys))
        self._set((max(left, min(xs)), max(low, min(ys)), min(right, max(xs)), min(high, max(ys))))

    def do_W_a(self) -> None:
        self.do_W()


class Page(PlumbedPage):
    """A page of pdfplumber that holds only what shows."""

    @property
    def layout(self) -> Any:
        if not hasattr(self, "_layout"):
            canvas = Canvas(self.pdf.rsrcmgr, pageno=self.page_number, laparams=None)
            try:
                Interpreter(self.pdf.rsrcmgr, canvas).process_page(self.page_obj)
            except (MemoryError, RecursionError):
                raise
            except Exception as error:
                raise PdfminerException(error) from error
            self._layout = canvas.get_result()
        return self._layout

"""The number of each page in the book, printed at its head. Binder process only."""

import re
from typing import Any

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from budgets.rendering.book.book_binding import FIGURES, STAMPED

SIZE, GREY = 7.5, 0.35
FROM_EDGE, FROM_TOP = 40.0, 26.0  # points
RANGES = re.compile(r"begin(bfchar|bfrange)(.*?)endbf", re.S)
HEX = re.compile(r"<([0-9a-fA-F]+)>")


class Stamps:
    """Prints the numbers with the glyphs of `specimen`. Raises LookupError when no face there holds figures and words."""

    def __init__(self, book: Pdf, specimen: Pdf) -> None:
        self.book = book
        wanted = set(STAMPED.format(FIGURES))
        for font in _fonts(specimen):
            glyphs = glyphs_of(font)
            if wanted <= glyphs.keys():
                self.font, self.glyphs = book.copy_foreign(font), glyphs
                self.q = book.make_stream(b"q")
                return
        raise LookupError("no face of the specimen holds the page numbers")

    def number(self) -> None:
        """Every page but the cover: odd numbers on the right, even ones on the left; an artifact, for the eye alone."""
        for n, page in enumerate(self.book.pages, 1):
            if n > 1:
                self._stamp(page, n)

    def _stamp(self, page: Page, n: int) -> None:
        left, _, right, top = (float(side) for side in page.mediabox)
        text = STAMPED.format(n)
        width = SIZE * sum(1.0 if ord(letter) > 0x7F else 0.56 for letter in text)
        x = right - FROM_EDGE - width if n % 2 else left + FROM_EDGE
        shown = "".join(self.glyphs[letter] for letter in text)
        content = f"BT /F {SIZE} Tf {GREY} g {x:.2f} {top - FROM_TOP:.2f} Td <{shown}> Tj ET"
        form = Stream(self.book, content.encode())
        form.stream_dict = Dictionary(
            Type=Name.XObject, Subtype=Name.Form, BBox=Array([left, 0, right, top]),
            Resources=Dictionary(Font=Dictionary(F=self.font)),
        )  # fmt: skip
        name = page.add_resource(self.book.make_indirect(form), Name.XObject, name=Name("/PageOfBook"))
        after = self.book.make_stream(f"Q /Artifact BMC {name} Do EMC".encode())
        held = page.obj.Contents
        page.obj.Contents = Array([self.q, *(held if isinstance(held, Array) else [held]), after])


def _fonts(book: Pdf) -> Any:
    seen = set()
    for page in book.pages:
        for font in page.resources.get("/Font", Dictionary()).values():
            if font.objgen not in seen and "/ToUnicode" in font:
                seen.add(font.objgen)
                yield font


def glyphs_of(font: Any) -> dict[str, str]:
    """Letter -> code in hexadecimal, from a font's ToUnicode."""
    out: dict[str, str] = {}
    for kind, body in RANGES.findall(font.ToUnicode.read_bytes().decode("ascii")):
        codes = HEX.findall(body)
        if kind == "bfchar":
            pairs = [(code, text) for code, text in zip(codes[::2], codes[1::2], strict=True)]
        else:
            pairs = [
                (f"{int(first, 16) + i:04x}", f"{int(text, 16) + i:04x}")
                for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=True)
                for i in range(int(last, 16) - int(first, 16) + 1)
            ]
        for code, text in pairs:
            letter = bytes.fromhex(text).decode("utf-16-be")
            out.setdefault(letter, code)
    return out

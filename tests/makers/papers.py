"""Small PDFs made by the tests: pages of text and ruled tables, drawn with a font that is not embedded."""

import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

A4 = (595, 842)


@dataclass
class Paper:
    """One page. Coordinates are points from the top left, as people measure."""

    width: float = A4[0]
    height: float = A4[1]
    drawn: list[bytes] = field(default_factory=list)

    def draw(self, operators: str) -> "Paper":
        self.drawn.append(operators.encode())
        return self

    def text(self, x: float, top: float, words: str, size: float = 12, mode: int = 0) -> "Paper":
        """A line of text whose upper edge is at `top`."""
        letters = words.encode("utf-16-be").hex()
        y = self.height - top - size * 0.88
        return self.draw(f"BT {mode} Tr /F1 {size} Tf {x} {y} Td <{letters}> Tj ET")

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> "Paper":
        return self.draw(f"0.5 w {x0} {self.height - top} m {x1} {self.height - bottom} l S")

    def table(
        self,
        x: float,
        top: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        height: float = 20,
        sides: bool = True,
    ) -> float:
        """A ruled table; gives where it ends. A cell that is `None` goes on with the one to its left."""
        edges = [x + sum(widths[:i]) for i in range(len(widths) + 1)]
        for n in range(len(rows) + 1):
            self.rule(edges[0], top + n * height, edges[-1], top + n * height)
        for n, row in enumerate(rows):
            for i, cell in enumerate(row):
                outer = i == 0
                if cell is not None and (sides or not outer):
                    self.rule(edges[i], top + n * height, edges[i], top + (n + 1) * height)
                for k, line in enumerate((cell or "").split("\n")):
                    if line:
                        self.text(edges[i] + 3, top + n * height + 4 + k * 12, line, 10)
            if sides:
                self.rule(edges[-1], top + n * height, edges[-1], top + (n + 1) * height)
        return top + len(rows) * height


def font(ordering: str = "GB1", encoding: str = "/UniGB-UCS2-H") -> Dictionary:
    """Simplified Chinese by its standard encoding; letters and digits are half as wide."""
    system = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String(ordering), Supplement=4)
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/STSong-Light"), Flags=6, FontBBox=Array([0, -120, 1000, 880]),
        ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=700, StemV=80,
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), CIDSystemInfo=system,
        FontDescriptor=descriptor, DW=1000, W=Array([1, 95, 500]),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light"),
        Encoding=Name(encoding), DescendantFonts=Array([descendant]),
    )  # fmt: skip


def bound(*papers: Paper, picture: bool = False, **how) -> bytes:
    """The papers as a PDF; with `picture` each is covered by one."""
    pdf = pikepdf.new()
    shared = pdf.make_indirect(font())
    mute = pdf.make_indirect(font("Identity", "/Identity-H"))  # nothing says which glyph is which character
    for paper in papers:
        resources = Dictionary(Font=Dictionary(F1=shared, F2=mute))
        drawn = list(paper.drawn)
        if picture:
            image = pdf.make_stream(b"\xcc" * 64)
            image.stream_dict = Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
            )  # fmt: skip
            resources.XObject = Dictionary(Im0=image)
            drawn.insert(0, f"q {paper.width} 0 0 {paper.height} 0 0 cm /Im0 Do Q".encode())
        page = pdf.add_blank_page(page_size=(paper.width, paper.height))
        page.Resources = resources
        page.Contents = pdf.make_stream(b"\n".join(drawn))
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def altered(*lines: str) -> tuple[str, ...]:
    """The child process with some lines run before it starts."""
    begin = "from budgets.importing.reading.pdf import __main__ as child, pdf_structure as structure, pdfium_objects as objects, visible_marks as marks"
    return (sys.executable, "-c", "\n".join([begin, *lines, "child.main()"]))

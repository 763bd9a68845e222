"""An .xlsx written part by part: values, cached formulas and merges that no library would write so."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from budgets.importing.reading.grids import column_letter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Formula:
    """A formula with the result that the spreadsheet kept."""

    text: str
    result: Decimal | str


type Value = str | Decimal | int | Formula


@dataclass
class Page:
    """One worksheet: values by (row, column), merged ranges as (top, left, bottom, right)."""

    name: str
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    state: str = "visible"

    @property
    def height(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    def append(self, other: "Page", gap: int) -> None:
        """Put the other page below this one, `gap` rows lower than the last."""
        start = self.height + gap
        self.cells |= {(row + start, column): value for (row, column), value in other.cells.items()}
        self.merges += [(top + start, left, end + start, right) for top, left, end, right in other.merges]

    def put_beside(self, other: "Page", gap: int) -> None:
        """Put the other page to the right of this one, with `gap` blank columns between."""
        start = max((column for _, column in self.cells), default=0) + gap
        self.cells |= {(row, column + start): value for (row, column), value in other.cells.items()}
        self.merges += [(top, left + start, end, right + start) for top, left, end, right in other.merges]


def address(row: int, column: int) -> str:
    return f"{column_letter(column)}{row}"


class Strings:
    """The shared strings of a workbook, or none: each text then stands in its cell."""

    def __init__(self, *, shared: bool) -> None:
        self.shared = shared
        self.index: dict[str, int] = {}

    def cell(self, place: str, text: str) -> str:
        if not self.shared:
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        return f'<c r="{place}" t="s"><v>{self.index.setdefault(text, len(self.index))}</v></c>'

    def part(self) -> str:
        texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.index)
        return f'{HEAD}<sst xmlns="{MAIN}">{texts}</sst>'


def cell(strings: Strings, row: int, column: int, value: Value) -> str:
    place = address(row, column)
    if isinstance(value, str):
        return strings.cell(place, value)
    if isinstance(value, Formula):
        kind = ' t="str"' if isinstance(value.result, str) else ""
        return f'<c r="{place}"{kind}><f>{escape(value.text)}</f><v>{escape(str(value.result))}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def worksheet(page: Page, strings: Strings) -> str:
    rows: dict[int, list[str]] = {}
    for (row, column), value in sorted(page.cells.items()):
        rows.setdefault(row, []).append(cell(strings, row, column, value))
    data = "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in rows.items())
    ranges = (f"{address(*merge[:2])}:{address(*merge[2:])}" for merge in page.merges)
    merges = "".join(f'<mergeCell ref="{range_}"/>' for range_ in ranges)
    merged = f'<mergeCells count="{len(page.merges)}">{merges}</mergeCells>' if merges else ""
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{merged}</worksheet>'


def parts(pages: Sequence[Page], *, shared: bool = True) -> dict[str, str]:
    """The XML parts of a workbook of these pages, by name."""
    strings = Strings(shared=shared)
    numbers = range(1, len(pages) + 1)
    sheets = {
        f"xl/worksheets/sheet{n}.xml": worksheet(page, strings)
        for n, page in zip(numbers, pages, strict=True)
    }
    listed = "".join(
        f'<sheet name={quoteattr(page.name)} sheetId="{n}" state="{page.state}" r:id="rId{n}"/>'
        for n, page in zip(numbers, pages, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{SPREADSHEET}.worksheet+xml"/>' for name in sheets
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SPREADSHEET}.sharedStrings+xml"/>{types}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">{related}'
        f'<Relationship Id="rIdS" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        **sheets,
        "xl/sharedStrings.xml": strings.part(),
    }


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Members as a ZIP package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def written(pages: Sequence[Page], *, shared: bool = True) -> bytes:
    """A workbook of these pages."""
    return packed(dict(parts(pages, shared=shared)))

"""Hostile XML in sound packages: absurd places, senseless values, references without end, in workbooks."""

from collections.abc import Callable

from tests.makers import seeds
from tests.makers.packages import MAIN, OFFICE, RELATIONS
from tests.makers.seeds import changed, unpacked

type Make = Callable[[], bytes]

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
TEXT = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'


def sheet(xml: str, after: str = "", attributes: str = "") -> Make:
    """A workbook whose first sheet holds this."""
    made = f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"{attributes}><sheetData>{xml}</sheetData>{after}</worksheet>'
    return lambda: changed(seeds.workbook(), **{SHEET: made.encode()})


def cell(xml: str) -> Make:
    return sheet(f'<row r="1">{xml}</row>')


def put(name: str, old: str, new: str, make: Make = seeds.workbook) -> Make:
    """A sound file in which the first `old` of a part reads `new`."""

    def made() -> bytes:
        text = unpacked(make())[name].decode()
        if old not in text:
            raise LookupError(f"{name} has no {old}")
        return changed(make(), **{name: text.replace(old, new, 1).encode()})

    return made


def relations(*targets: tuple[str, str], mode: str = "") -> bytes:
    entries = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{entries}</Relationships>'.encode()


def related(*targets: tuple[str, str], mode: str = "") -> Make:
    return lambda: changed(seeds.workbook(), **{BOOK_RELATIONS: relations(*targets, mode=mode)})


def shared(xml: str) -> Make:
    return lambda: changed(
        seeds.workbook(),
        **{STRINGS: f'<sst xmlns="{MAIN}">{xml}</sst>'.encode(), SHEET: SHARED_SHEET},
    )


SHARED_SHEET = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'.encode()
PLACES = (
    "A0",
    "A-1",
    "A1048577",
    "XFE1",
    "XFD1048576",
    "ZZZZZZ1",
    "1A",
    "A",
    "1",
    "",
    "$A$1",
    "A1:B2",
    "Ａ１",
    "A99999999999999999999",
    "R1C1",
    "a1",
)
NUMBERS = (
    "NaN", "INF", "-INF", "1e308", "1e309", "-1e308", "1e-400", "0x1F", "1_000", "１２", "１２．５", "--5", "+5", "1,5", "",
    " 5 ", "9" * 400, "0." + "0" * 300 + "1", "1E+13", "-0", "true", "5e", "٥",
)  # fmt: skip
TYPES = ("s", "b", "e", "d", "str", "n", "x", "", "inlineStr")
RANGES = (
    "A1:A0",
    "B2:A1",
    "A1",
    "",
    "A:A",
    "1:1",
    "A1:XFD1048576",
    "A1:B2:C3",
    "A0:B1",
    "#REF!",
    "A1:ZZZZ9",
    "-A1:B2",
)
FORMULAS = (
    "cmd|' /C calc'!A0", 'DDE("cmd";"/C calc";"x")', 'WEBSERVICE("http://example.invalid/")', "[1]Sheet1!A1", "A1", "",
    "=" * 9000, "SUM(" * 500, 'INDIRECT("A"&ROW())', 'HYPERLINK("file:///etc/passwd")', "RTD(1)",
)  # fmt: skip


def workbooks() -> dict[str, Make]:
    found: dict[str, Make] = {}
    for place in PLACES:
        found[f"cell at {place!r}"] = cell(TEXT.format(place, "1"))
    for row in ("0", "-1", "1048577", "99999999999999999999", "x", "1.5", ""):
        found[f"row {row!r}"] = sheet(
            f'<row r="{row}">{TEXT.format("", "1").replace(chr(32) + "r=" + chr(34) * 2, "")}</row>'
        )
    for number in NUMBERS:
        found[f"number {number[:12]!r} of {len(number)}"] = cell(f'<c r="A1"><v>{number}</v></c>')
    for kind in TYPES:
        found[f"type {kind!r} with words"] = cell(f'<c r="A1" t="{kind}"><v>合计</v></c>')
        found[f"type {kind!r} with 99999999"] = cell(f'<c r="A1" t="{kind}"><v>99999999</v></c>')
    for style in ("99999", "-1", "x", "1e3"):
        found[f"style {style}"] = cell(f'<c r="A1" s="{style}"><v>5</v></c>')
    for merged in RANGES:
        found[f"merge {merged!r}"] = sheet(
            f'<row r="1">{TEXT.format("A1", "1")}</row>',
            f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>',
        )
    for n, formula in enumerate(FORMULAS):
        text = formula.replace("&", "&amp;").replace('"', "&quot;")
        found[f"formula {n} {formula[:12]!r}"] = cell(f'<c r="A1"><f>{text}</f><v>1</v></c>')
        found[f"formula {n} {formula[:12]!r} without result"] = cell(f'<c r="A1"><f>{text}</f></c>')
    for name, text in {
        "array": '<f t="array" ref="A1:XFD1048576">1</f>', "shared without a first": '<f t="shared" si="9"/>',
        "data table": '<f t="dataTable" ref="A1:Z9" r1="A1"/>', "kind unknown": '<f t="zzz">1</f>',
    }.items():  # fmt: skip
        found[f"formula, {name}"] = cell(f'<c r="A1">{text}<v>1</v></c>')
    found |= {
        "dimension of everything": sheet("", '<dimension ref="A1:XFD1048576"/>'),
        "a million blank rows": sheet("".join(f'<row r="{n}"/>' for n in range(1, 1_000_001))),
        "a row of 20 thousand cells": sheet('<row r="1">' + '<c><v>1</v></c>' * 20_000 + "</row>"),
        "20 thousand rows": sheet("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 20_001))),
        "60 thousand merges": sheet(f'<row r="1">{TEXT.format("A1", 1)}</row>', "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 60_000 + "</mergeCells>"),
        "rows backwards": sheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(50, 0, -1))),
        "the same cell a hundred times": cell(TEXT.format("A1", "1") * 100),
        "a text of eight million letters": cell(TEXT.format("A1", "预算" * 4_000_000)),
        "elements 50 thousand deep": sheet("<a>" * 50_000 + "</a>" * 50_000),
        "50 thousand attributes": sheet("", "<a " + " ".join(f'b{n}=""' for n in range(50_000)) + "/>"),
        "50 thousand names of space": sheet("", "<a " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(50_000)) + "/>"),
        "letters that XML forbids": cell(TEXT.format("A1", "&#0;")),
        "an entity never declared": cell(TEXT.format("A1", "&lol;")),
        "letters of odd writing": cell(TEXT.format("A1", "\u202e\u200b\ufeff\u2066收支总表")),
        "a processing instruction": sheet("<?php system('x') ?>"),
        "an outside stylesheet": sheet("", '<?xml-stylesheet href="http://example.invalid/a.xsl"?>'),
        "an XInclude": sheet("", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
        "a link to a drawing that is not there": sheet("", '<drawing r:id="rId9"/><legacyDrawing r:id="rId8"/>'),
        "no name of space": lambda: changed(seeds.workbook(), **{SHEET: b"<worksheet><sheetData/></worksheet>"}),
        "another name of space": lambda: changed(seeds.workbook(), **{SHEET: b'<worksheet xmlns="urn:x"><sheetData/></worksheet>'}),
        "a string that is not there": lambda: changed(seeds.workbook(), **{STRINGS: b"<sst/>", SHEET: SHARED_SHEET}),
        "strings that count a billion": shared('<si><t>a</t></si>' + '<!-- x -->' * 9),
        "a string of 200 thousand runs": shared("<si>" + "<r><t>算</t></r>" * 100_000 + "</si>"),
        "strings by the hundred thousand": shared("<si><t>a</t></si>" * 150_000),
        "a sheet without relation": put(BOOK, 'r:id="rId1"', 'r:id="rId99"'),
        "a sheet without id": put(BOOK, 'r:id="rId1"', ""),
        "two sheets in one": put(BOOK, 'r:id="rId2"', 'r:id="rId1"'),
        "two sheets of one name": put(BOOK, 'name="', 'name="x" foo="'),
        "a sheet without name": put(BOOK, "name=", "eman="),
        "a sheet in a state unknown": put(BOOK, 'state="visible"', 'state="zzz"'),
        "a sheet number of letters": put(BOOK, 'sheetId="1"', 'sheetId="x"'),
        "dates from 1904 and a view of nothing": put(BOOK, "<sheets>", '<workbookPr date1904="zzz"/><bookViews><workbookView activeTab="999"/></bookViews><sheets>'),
        "names defined in a circle": put(BOOK, "</sheets>", "</sheets><definedNames><definedName name='a'>b</definedName><definedName name='b'>a</definedName></definedNames>"),
        "an outside workbook": put(BOOK, "</sheets>", '</sheets><externalReferences><externalReference r:id="rId1"/></externalReferences>'),
        "a pivot cache that is not there": put(BOOK, "</sheets>", '</sheets><pivotCaches><pivotCache cacheId="1" r:id="rId77"/></pivotCaches>'),
        "relations to themselves": related(("worksheet", "workbook.xml"), ("worksheet", "_rels/workbook.xml.rels")),
        "relations that climb": related(("worksheet", "../../../../etc/passwd")),
        "relations outside": related(("worksheet", "http://example.invalid/a.xml"), mode=' TargetMode="External"'),
        "relations to a file": related(("worksheet", "file:///etc/passwd"), mode=' TargetMode="External"'),
        "chart sheets for sheets": related(*[("chartsheet", f"worksheets/sheet{n}.xml") for n in range(1, 12)]),
        "dialog sheets for sheets": related(*[("dialogsheet", f"worksheets/sheet{n}.xml") for n in range(1, 12)]),
        "styles for sheets": related(*[("styles", f"worksheets/sheet{n}.xml") for n in range(1, 12)]),
        "no relations": related(),
        "relations by the hundred thousand": related(*[("worksheet", "worksheets/sheet1.xml")] * 100_000),
    }  # fmt: skip
    found["no sheets"] = put(BOOK, "<sheets>", "<x>")
    dates = "<cellXfs><xf/><xf numFmtId='14' applyNumberFormat='1'/></cellXfs>"
    for number in ("1e308", "-1", "99999999", "0", "60", "2958466", "0.5", "NaN"):
        found[f"date {number}"] = dated(dates, number)
    return {f"workbook: {name}": make for name, make in found.items()}


def dated(formats: str, number: str) -> Make:
    """A cell in a date's format."""

    def made() -> bytes:
        content = cell(f'<c r="A1" s="1"><v>{number}</v></c>')()
        types = unpacked(content)["[Content_Types].xml"].decode()
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
        old = unpacked(content)[BOOK_RELATIONS].decode()
        added = f'<Relationship Id="rIdT" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
        return changed(
            content,
            **{
                "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{formats}</styleSheet>'.encode(),
                BOOK_RELATIONS: old.replace("</Relationships>", added).encode(),
                "[Content_Types].xml": types.replace(
                    "</Types>", f'<Override PartName="/xl/styles.xml" ContentType="{kind}"/></Types>'
                ).encode(),
            },
        )

    return made


FILES: dict[str, Make] = workbooks()

"""Hostile XML in a sound Word file: tables without end, spans that lie, fields and boxes in each other."""

from collections.abc import Callable

from tests.makers import seeds
from tests.makers.packages import OFFICE

from .hostile_sheets import put

type Make = Callable[[], bytes]

DOCUMENT = "word/document.xml"


def in_word(old: str, new: str) -> Make:
    return put(DOCUMENT, old, new, seeds.word)


P, TC = "<w:p><w:r><w:t>1</w:t></w:r></w:p>", "<w:tc><w:p/></w:tc>"


def nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth


def field(code: str) -> str:
    runs = (
        '<w:fldChar w:fldCharType="begin"/>',
        f"<w:instrText>{code}</w:instrText>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "<w:p>" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "</w:p>"


def words() -> dict[str, Make]:
    found: dict[str, Make] = {}
    for span in ("900000000", "-5", "0", "x", "", "1e9", "99999999999999999999", "61"):
        found[f"span of {span!r}"] = in_word('<w:gridSpan w:val="', f'<w:gridSpan w:val="{span}" w:old="')
    for merge in ("restart", "continue", "zzz", ""):
        found[f"vertical merge {merge!r} everywhere"] = in_word(
            "<w:tc><w:tcPr>", f'<w:tc><w:tcPr><w:vMerge w:val="{merge}"/>'
        )
    for before in ("5", "900000000", "-1", "x"):
        found[f"{before} columns before a row"] = in_word(
            "<w:tr>",
            f'<w:tr><w:trPr><w:gridBefore w:val="{before}"/><w:gridAfter w:val="{before}"/></w:trPr>',
        )
    for depth in (5, 60, 400, 20_000):
        found[f"tables {depth} deep"] = in_word("<w:body>", f"<w:body>{nested(depth)}")
        found[f"boxes {depth} deep"] = in_word(
            "<w:body>",
            f"<w:body>{'<w:p><w:r><w:pict><w:txbxContent>' * depth}<w:p/>{'</w:txbxContent></w:pict></w:r></w:p>' * depth}",
        )
        found[f"controls {depth} deep"] = in_word(
            "<w:body>", f"<w:body>{'<w:sdt><w:sdtContent>' * depth}{P}{'</w:sdtContent></w:sdt>' * depth}"
        )
    for code in (
        "DDEAUTO c:\\\\x.exe",
        'INCLUDETEXT "file:///etc/passwd"',
        'INCLUDEPICTURE "http://example.invalid/"',
        "= 1/0",
        "TOC " * 5000,
        "REF a",
    ):
        found[f"field {code[:14]}"] = in_word("<w:body>", f"<w:body>{field(code.replace(chr(34), '&quot;'))}")
    for kind in ("ins", "del", "moveFrom", "moveTo", "smartTag", "hyperlink", "customXml", "zzz"):
        found[f"paragraphs in {kind}"] = in_word("<w:body>", f"<w:body><w:{kind}>{P}</w:{kind}>")
    for number in ("99999999999", "-1", "x"):
        found[f"list {number}"] = in_word(
            "<w:body>",
            f'<w:body><w:p><w:pPr><w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="{number}"/></w:numPr></w:pPr></w:p>',
        )
        found[f"outline {number}"] = in_word(
            "<w:body>",
            f'<w:body><w:p><w:pPr><w:outlineLvl w:val="{number}"/></w:pPr><w:r><w:t>一、</w:t></w:r></w:p>',
        )
    found |= {
        "150 thousand paragraphs": in_word("<w:body>", "<w:body>" + "<w:p/>" * 150_000),
        "30 thousand paragraphs with words": in_word("<w:body>", "<w:body>" + P * 30_000),
        "a million paragraphs": in_word("<w:body>", "<w:body>" + "<w:p/>" * 1_000_000),
        "a table of 120 thousand cells": in_word("<w:body>", f"<w:body><w:tbl>{('<w:tr>' + TC * 40 + '</w:tr>') * 3000}</w:tbl>"),
        "a row of 5 thousand cells": in_word("<w:body>", f"<w:body><w:tbl><w:tr>{TC * 5000}</w:tr></w:tbl>"),
        "a table without rows": in_word("<w:body>", "<w:body><w:tbl/>"),
        "a row without cells": in_word("<w:body>", "<w:body><w:tbl><w:tr/></w:tbl>"),
        "a cell without paragraph": in_word("<w:body>", "<w:body><w:tbl><w:tr><w:tc/></w:tr></w:tbl>"),
        "cells without a table": in_word("<w:body>", f"<w:body>{TC}"),
        "no body": in_word("<w:body>", "<w:ydob>"),
        "two bodies": in_word("</w:body>", "</w:body><w:body/>"),
        "a paragraph of eight million letters": in_word("<w:body>", f"<w:body><w:p><w:r><w:t>{'预算' * 4_000_000}</w:t></w:r></w:p>"),
        "a heading of a million letters": in_word("<w:body>", f"<w:body><w:p><w:r><w:t>一、{'一' * 1_000_000}</w:t></w:r></w:p>"),
        "amounts without end": in_word("<w:body>", f"<w:body><w:p><w:r><w:t>一、总体情况。{'1' * 100_000}万元</w:t></w:r></w:p>"),
        "quotes without end": in_word("<w:body>", f"<w:body><w:p><w:r><w:t>{'“（' * 100_000}</w:t></w:r></w:p>"),
        "100 thousand runs": in_word("<w:body>", "<w:body><w:p>" + "<w:r><w:t>预</w:t></w:r>" * 100_000 + "</w:p>"),
        "a style that is not there": in_word("<w:pStyle w:val=", "<w:pStyle w:val='zzz' w:old="),
        "another name of space": in_word("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "urn:x"),
        "a chunk of other format": in_word("<w:body>", '<w:body><w:altChunk r:id="rId99"/>'),
        "styles in a circle": put("word/styles.xml", "<w:basedOn w:val=", '<w:basedOn w:val="Heading1" w:old=', seeds.word),
        "types that say workbook": put("[Content_Types].xml", "wordprocessingml.document.main", "spreadsheetml.sheet.main", seeds.word),
        "types that say macros": put("[Content_Types].xml", "wordprocessingml.document.main", "ms-word.document.macroEnabled.main", seeds.word),
        "relations of the package elsewhere": put("_rels/.rels", "word/document.xml", "word/nothing.xml", seeds.word),
        "relations of the package outside": put("_rels/.rels", 'Target="word/document.xml"', 'TargetMode="External" Target="http://example.invalid/"', seeds.word),
        "a template far away": put("word/_rels/document.xml.rels", "</Relationships>", f'<Relationship Id="rIdX" Type="{OFFICE}/attachedTemplate" Target="http://example.invalid/a.dotm" TargetMode="External"/></Relationships>', seeds.word),
    }  # fmt: skip
    return {f"word: {name}": make for name, make in found.items()}


FILES: dict[str, Make] = words()

"""Files that would harm a parser, or are not what they say: refused quickly, with one Chinese sentence."""

import io
import time
import tracemalloc
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pytest

from budgets.importing.reading import opening
from budgets.importing.reading.opening import Unreadable, kind_of
from budgets.importing.reading.sources import read
from tests.makers.sample_files import WORD, WORKBOOK

SOON = 5  # seconds of CPU
ROOT_NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def repacked(path, *, changed: dict[str, bytes] | None = None, more: dict[str, bytes] | None = None) -> bytes:
    """A copy of a package with members replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (changed or {}).get(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(data: str) -> bytes:
    """The sample workbook with other XML as its first worksheet."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?><worksheet {ROOT_NAMESPACE}>{data}</worksheet>'
    return repacked(WORKBOOK, changed={"xl/worksheets/sheet1.xml": xml.encode()})


def text_cell(reference: str, text: str = "1") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def far_cell() -> bytes:
    return sheet(f'<sheetData><row r="1048576">{text_cell("XFD1048576")}</row></sheetData>')


def huge_merge() -> bytes:
    row = f'<sheetData><row r="1">{text_cell("A1")}</row></sheetData>'
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 3
    return sheet(f'{row}<mergeCells count="3">{merges}</mergeCells>')


def many_merges() -> bytes:
    row = f'<sheetData><row r="1">{text_cell("A1")}</row></sheetData>'
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 20_000))
    return sheet(f"{row}<mergeCells>{merges}</mergeCells>")


def many_rows() -> bytes:
    rows = "".join(f'<row r="{n}">{text_cell(f"A{n}")}</row>' for n in range(1, 20_001))
    return sheet(f"<sheetData>{rows}</sheetData>")


def a_million_empty_rows() -> bytes:
    rows = "".join(f'<row r="{n}"/>' for n in range(1, 1_048_577))
    return sheet(f"<sheetData>{rows}</sheetData>")


def word_of_cells() -> bytes:
    cells = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 40 + "</w:tr>"
    with zipfile.ZipFile(WORD) as package:
        xml = package.read("word/document.xml").decode()
    xml = xml.replace("<w:body>", f"<w:body><w:tbl>{cells * 3000}</w:tbl>", 1)
    return repacked(WORD, changed={"word/document.xml": xml.encode()})


def zip_bomb() -> bytes:
    return repacked(WORKBOOK, more={"xl/media/zeros.bin": b"\0" * (60 * 2**20)})


def ratio_bomb() -> bytes:
    return repacked(WORKBOOK, more={"xl/media/zeros.bin": b"\0" * (40 * 2**20)})


def entity_bomb(path, member: str) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    doctype = f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE bomb [{entities}]>'
    with zipfile.ZipFile(path) as package:
        xml = package.read(member).decode()
    return repacked(path, changed={member: (doctype + xml.rpartition("?>")[2]).encode()})


def entity_bomb_under_another_name() -> bytes:
    """Styles named as a picture: the relations of the workbook say what is parsed."""
    out = io.BytesIO(entity_bomb(WORKBOOK, "xl/styles.xml"))
    renamed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(renamed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).replace(b"styles.xml", b"styles.png")
            new.writestr(name.replace("styles.xml", "styles.png"), content)
    return renamed.getvalue()


def utf16(path, member: str) -> bytes:
    with zipfile.ZipFile(path) as package:
        xml = '<?xml version="1.0" encoding="UTF-16"?>' + package.read(member).decode().rpartition("?>")[2]
    return repacked(path, changed={member: xml.encode("utf-16")})


def lying_size() -> bytes:
    """A member whose header promises fewer bytes than it unpacks to."""
    content = bytearray(repacked(WORKBOOK, more={"xl/media/zeros.bin": b"\0" * 2**20}))
    at = content.rindex(b"xl/media/zeros.bin") - 46 + 24  # the size in the central directory
    content[at : at + 4] = (16).to_bytes(4, "little")
    content = bytes(content)
    return content.replace(b"xl/media/zeros.bin", b"xl/media/zeros.xml")


def many_sheets() -> bytes:
    book = openpyxl.Workbook()
    for n in range(600):
        book.create_sheet(f"表{n}")["A1"] = n
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def wide_word_table() -> bytes:
    with zipfile.ZipFile(WORD) as package:
        xml = package.read("word/document.xml").decode()
    return repacked(
        WORD,
        changed={
            "word/document.xml": xml.replace('gridSpan w:val="2"', 'gridSpan w:val="900000000"', 1).encode()
        },
    )


HOSTILE = {
    "cell at the far corner": (far_cell, "XFD1048576"),
    "merges over everything": (huge_merge, "合并单元格"),
    "twenty thousand merges": (many_merges, "合并单元格"),
    "twenty thousand rows": (many_rows, "A5001"),
    "a million empty rows": (a_million_empty_rows, "空行"),
    "Word table of 120 thousand cells": (word_of_cells, "过多"),
    "six hundred sheets": (many_sheets, "500 张"),
    "zip bomb": (zip_bomb, "解压后过大"),
    "zip bomb by ratio": (ratio_bomb, "解压后过大"),
    "member larger than its header says": (lying_size, "损坏"),
    "entity bomb in a worksheet": (lambda: entity_bomb(WORKBOOK, "xl/worksheets/sheet1.xml"), "实体"),
    "entity bomb in the workbook": (lambda: entity_bomb(WORKBOOK, "xl/workbook.xml"), "实体"),
    "entity bomb in styles": (lambda: entity_bomb(WORKBOOK, "xl/styles.xml"), "实体"),
    "entity bomb in a Word file": (lambda: entity_bomb(WORD, "word/document.xml"), "实体"),
    "entity bomb under another name": (entity_bomb_under_another_name, "实体"),
    "entities hidden in UTF-16": (lambda: utf16(WORKBOOK, "xl/workbook.xml"), "UTF-8"),
    "Word table of 900 million columns": (wide_word_table, "列"),
    "macros": (lambda: repacked(WORKBOOK, more={"xl/vbaProject.bin": b"x"}), "宏"),
    "old format": (lambda: opening.OLE + b"\0" * 600, "旧版格式"),
    "encrypted": (lambda: opening.OLE + b"\0" * 600 + opening.ENCRYPTED, "密码"),
    "PDF of one line": (lambda: b"%PDF-1.7\n", "损坏"),
    "picture renamed": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "是图片"),
    "another archive renamed": (lambda: repacked_plain(), "是压缩包"),
    "nothing": (lambda: b"", "空的"),
    "cut off": (lambda: WORKBOOK.read_bytes()[:9000], "损坏"),
    "cut in the middle": (lambda: WORKBOOK.read_bytes()[:3000] + WORKBOOK.read_bytes()[6000:], ""),
    "sheet without end": (
        lambda: repacked(WORKBOOK, changed={"xl/worksheets/sheet1.xml": b"<worksheet"}),
        "损坏",
    ),
    "workbook without sense": (lambda: repacked(WORKBOOK, changed={"xl/workbook.xml": b"<a/>"}), ""),
    "Word file without sense": (lambda: repacked(WORD, changed={"word/document.xml": b"<a/>"}), "打不开"),
}


def repacked_plain() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("readme.txt", "text")
    return out.getvalue()


@pytest.mark.sweep(3)
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_quickly_in_one_sentence(name):
    make, word = HOSTILE[name]
    content = make()
    start = time.process_time()
    with pytest.raises(Unreadable) as refused:
        read(io.BytesIO(content), "预算.xlsx")
    message = str(refused.value)
    assert time.process_time() - start < SOON
    assert "预算.xlsx" in message
    assert word in message
    assert message.count("。") == 1
    assert message.endswith("。")


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", ["cell at the far corner", "merges over everything", "a million empty rows"])
def test_it_is_refused_within_little_memory(name):
    content = HOSTILE[name][0]()
    tracemalloc.start()
    with pytest.raises(Unreadable):
        read(io.BytesIO(content), "预算.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150 * 2**20


def test_a_file_too_big_is_not_read_at_all(tmp_path):
    file = tmp_path / "大.xlsx"
    with file.open("wb") as out:
        out.truncate(opening.MAX_FILE + 1)
    with pytest.raises(Unreadable, match="20 MB"):
        read(file)
    with file.open("rb") as opened, pytest.raises(Unreadable, match="20 MB"):
        read(opened)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(Unreadable, match="找不到"):
        read(tmp_path / "没有.xlsx")


def test_the_name_does_not_matter_what_counts_is_inside():
    assert kind_of("表.docx", WORKBOOK.read_bytes()) == "xlsx"
    assert kind_of("表.xlsx", WORD.read_bytes()) == "docx"


def test_without_the_look_inside_an_entity_bomb_would_reach_the_parser(monkeypatch):
    monkeypatch.setattr(opening, "refuse_declarations", lambda *_: None)
    bomb = entity_bomb(WORKBOOK, "xl/styles.xml")
    assert kind_of("预算.xlsx", bomb) == "xlsx"

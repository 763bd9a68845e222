"""Older and plain formats: values, problems and merges as they stand; hostile ones are contained."""

import io
import random
import time
import zipfile
from pathlib import Path

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.importing.confined_intake import take_in_apart
from budgets.importing.reading.grids import Merge
from budgets.importing.reading.opening import OLE, Unreadable
from budgets.importing.reading.plain_cells import A_DATE, A_TRUTH, ERROR_VALUE, NEVER_CALCULATED
from budgets.importing.reading.sources import read

CASES = Path(__file__).parents[1] / "cases"
XLS = (CASES / "legacy-biff.xls").read_bytes()
SOON = 5.0  # seconds of processor time
XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>{before}'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="甲"><Table>{rows}</Table>{after}</Worksheet></Workbook>'
)
ROWS = (
    '<Row ss:Index="3"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">标题</Data></Cell>'
    '<Cell><Data ss:Type="Number">12.3</Data></Cell><Cell ss:Formula="=A1"/></Row>'
    '<Row ss:Index="6"><Cell><Data ss:Type="Error">#DIV/0!</Data></Cell><Cell><Data ss:Type="DateTime">2024-01-02T00:00:00.000</Data></Cell>'
    '<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell ss:Formula="=A1"><Data ss:Type="Number">801.6800000000001</Data></Cell></Row>'
)


def grid(content, name="表.xls"):
    return read(io.BytesIO(content if isinstance(content, bytes) else content.encode()), name).grids[0]


def held(found):
    return {
        cell.address: (str(cell.number) if cell.number is not None else cell.text, cell.problem)
        for cell in found.cells.values()
    }


def test_a_workbook_in_one_xml_file():
    found = grid(XML.format(before="", rows=ROWS, after=""))
    assert held(found) == {
        "B3": ("标题", ""), "D3": ("12.3", ""), "E3": ("（公式）", NEVER_CALCULATED), "A6": ("#DIV/0!", ERROR_VALUE),
        "B6": ("2024-01-02T00:00:00.000", A_DATE), "C6": ("1", A_TRUTH), "D6": ("801.68", ""),
    }  # fmt: skip
    assert (found.name, found.hidden, found.merges) == ("甲", False, [Merge(3, 2, 4, 3)])
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    assert grid(XML.format(before="", rows=ROWS, after=hidden)).hidden


def test_a_web_page_under_the_name_of_a_workbook():
    page = (
        '<html><head><meta charset="gb2312"><style>td {x}</style></head><body><h1>部门预算收入总表</h1><table>'
        '<tr><th rowspan=2>科目</th><th colspan=2>金额</th></tr><tr><td x:num="12.345">12.3</td><td sdval="7">7.00</td></tr>'
        "<tr><td>合<br>计<table><tr><td>内</td></tr></table></td><td>&yen;5.00</td></tr></table><p>注：完</p></body></html>"
    ).encode("gb18030")
    source = read(io.BytesIO(page), "表.xls")
    assert held(source.grids[0]) == {
        "A1": ("科目", ""), "B1": ("金额", ""), "B2": ("12.345", ""), "C2": ("7", ""), "A3": ("合 计内", ""), "B3": ("¥5.00", ""),
    }  # fmt: skip
    assert source.grids[0].merges == [Merge(1, 1, 2, 1), Merge(1, 2, 1, 3)]
    assert [
        block.text for block in source.blocks if hasattr(block, "text") and isinstance(block.text, str)
    ] == ["部门预算收入总表", "注：完"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_plain_text_with_separators(encoding, mark):
    text = f'科目{mark}"1,234.50"\r\n合计{mark}"甲\n乙"\r\n{mark}…\r\n'
    assert held(grid(text.encode(encoding), "一般公共预算.csv")) == {
        "A1": ("科目", ""), "B1": ("1,234.50", ""), "A2": ("合计", ""), "B2": ("甲 乙", ""),
    }  # fmt: skip


def test_an_old_workbook_has_its_merges_and_numbers():
    found = grid(XLS)
    numbers = [cell.number for cell in found.cells.values() if cell.number is not None]
    assert found.merges and numbers
    assert all(number == round(number, 6) for number in numbers)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "' + "&a;" * 10 + '">]>'
HOSTILE = {
    "declarations": (XML.format(before=BOMB, rows="", after=""), "不允许的实体定义"),
    "a cell far away": (XML.format(before="", rows='<Row ss:Index="900000"><Cell><Data ss:Type="Number">1</Data></Cell></Row>', after=""), "超出可读范围"),
    "a column far away": (XML.format(before="", rows='<Row><Cell ss:Index="16000"><Data ss:Type="Number">1</Data></Cell></Row>', after=""), "超出可读范围"),
    "cut off": (XML.format(before="", rows=ROWS, after="")[:-40], "打不开"),
    "no number": (XML.format(before="", rows='<Row><Cell><Data ss:Type="Number">x</Data></Cell></Row>', after=""), "打不开"),
    "many sheets": ("<table><tr><td>1</td></tr></table>" * 600, "表过多"),
    "many tags": ("<table>" + "<tr><td>" * 400_000, "内容过多"),
    "many rows": ("甲,乙\n" * 9_000, "超出可读范围"),
    "many columns": ("1," * 100 + "\n1,2\n", "超出可读范围"),
    "rows of a page": ("<table>" + "<tr><td>1</td></tr>" * 6_000, "超出可读范围"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_too_much_is_refused_soon(name):
    text, why = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(Unreadable, match=why):
        grid(text)
    assert time.process_time() - began < SOON


@pytest.mark.parametrize("span", ["99999", "0", "-5", "1e9", "", "٣"])
def test_spans_cost_nothing_however_large_they_are_said_to_be(span):
    page = f"<table><tr>{f'<td rowspan={span} colspan={span}>甲</td>' * 3}<td>乙</td></tr></table>"
    began = time.process_time()
    try:
        assert grid(page).cells
    except Unreadable as refusal:
        assert "超出可读范围" in str(refusal)
    assert time.process_time() - began < SOON


@pytest.mark.parametrize("seed", range(12))
def test_bogus_records_of_an_old_workbook_are_refused_or_read(seed):
    chosen = random.Random(seed)
    content = bytearray(XLS)
    for _ in range(20):
        at = chosen.randrange(512, len(content))
        content[at : at + 4] = chosen.randbytes(4)
    if seed % 3 == 0:
        content = content[: chosen.randrange(600, len(content))]
    try:
        assert read(io.BytesIO(bytes(content)), "旧.xls").grids is not None
    except Unreadable as refusal:
        assert "旧.xls" in str(refusal)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", ["legacy-biff.xls", "xml2003.xls", "gbk.csv"])
def test_they_are_read_in_the_limited_child(name):
    found = take_in_apart(
        name, (CASES / name).read_bytes(), subjects=subjects_of(2024), table_set="hebei_2023"
    )
    assert (len(found.ledger.facts), found.differences) == (64, [])


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", ["declarations", "many tags"])
def test_what_is_hostile_is_refused_by_the_limited_child(name):
    text, why = HOSTILE[name]
    with pytest.raises(Unreadable, match=why):
        take_in_apart("表.xls", text.encode(), subjects=subjects_of(2024), table_set="hebei_2023")


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


WIDE = "Workbook".encode("utf-16-le")
NOT_READ = {
    "~$预算.xlsx": (b"\x05user" + b" " * 160, "没有“~\\$”的那个文件"),
    ".~预算.xlsx": (b"\x05user" + b" " * 160, "临时文件"),
    "相片.xlsx": (b"\xff\xd8\xff\xe0" + b"\0" * 90, "是图片"),
    "相片.heic": (b"\0\0\0\x18ftypheic" + b"\0" * 90, "是图片"),
    "甲.rar": (b"Rar!\x1a\x07" + b"\0" * 90, "是压缩包，请解压后逐个上传"),
    "甲.zip": (packed(**{"a.xlsx": b"1"}), "是压缩包，请解压后逐个上传"),
    "甲.ofd": (packed(**{"OFD.xml": b"<x/>"}), "转成 PDF"),
    "甲.ods": (packed(**{"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "另存为 .xlsx"),
    "甲.xlsb": (packed(**{"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"1"}), "二进制工作簿"),
    "甲.rtf": (b"{\\rtf1 x}", "另存为 .docx"),
    "甲.mht": (b"MIME-Version: 1.0\r\n", "另存为 .xlsx"),
    "甲.doc": (OLE + "WordDocument".encode("utf-16-le"), "另存为 .docx"),
    "锁.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "去掉密码"),
    "宏.xls": (OLE + WIDE + "_VBA_PROJECT".encode("utf-16-le"), "含有宏"),
    "话.txt": ("只有一段话，没有表。".encode(), "不是 Excel、Word 或 PDF"),
    "strict.xlsx": (
        packed(
            **{
                "[Content_Types].xml": b"<x/>",
                "xl/workbook.xml": b'<workbook xmlns="http://purl.oclc.org/ooxml/x"/>',
            }
        ),
        "Strict Open XML",
    ),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_each_kind_of_refused_file_has_its_own_remedy(name):
    content, remedy = NOT_READ[name]
    with pytest.raises(Unreadable, match=remedy):
        read(io.BytesIO(content), name)

"""Files of many departments as a bureau collects them: whole, with a wrong cell, and archives that nobody should open."""

import io
import zipfile
from functools import cache

import openpyxl

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.rendering.workbook.xlsx import workbook
from budgets.synthetic.ledgers_drawn import random_ledger


@cache
def a_file(code: str, name: str, table_set: str = "hebei_2023", year: int = 2023) -> bytes:
    """The workbook of a small drawn budget of this department."""
    declared = tablesets.get(table_set)
    said = random_ledger(
        int(code), declared, region=("130225", "乐亭县"), unit=(code, name), year=year, items=2, sentences=1
    )
    return workbook(compose(declared, said, subjects_of(year)))


def with_a_wrong_cell(content: bytes, by: float = 7.0) -> bytes:
    """The same workbook with the first amount of its third sheet changed: a total that its parts do not give."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.worksheets[2].iter_rows():
        for cell in row:
            if isinstance(cell.value, int | float) and cell.number_format != "General" and cell.value > 100:
                cell.value += by
                out = io.BytesIO()
                book.save(out)
                return out.getvalue()
    raise AssertionError("no amount to change")


def zipped(*files: tuple[str, bytes]) -> bytes:
    """A ZIP of these files under these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            package.writestr(name, content)
    return out.getvalue()


def named_in_gbk(*files: tuple[str, bytes]) -> bytes:
    """The same as a Chinese Windows makes it: names in GBK, without the flag of UTF-8."""
    content = zipped(
        *((f"{n:03d}".ljust(len(name.encode("gbk")), "x"), data) for n, (name, data) in enumerate(files))
    )
    for n, (name, _) in enumerate(files):
        written = name.encode("gbk")
        content = content.replace(f"{n:03d}".ljust(len(written), "x").encode(), written)
    return content


def encrypted(*files: tuple[str, bytes]) -> bytes:
    """A ZIP whose heads say that its members need a password."""
    content = bytearray(zipped(*files))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


def with_a_link(target: str = "/etc/passwd") -> bytes:
    """A ZIP whose only member is a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        link = zipfile.ZipInfo("某局.xlsx")
        link.external_attr = 0o120777 << 16
        package.writestr(link, target)
    return out.getvalue()


HOSTILE = {
    "slip": (lambda: zipped(("../../某局.xlsx", b"x")), "指向别处的路径"),
    "slip with backslashes": (lambda: zipped(("..\\..\\某局.xlsx", b"x")), "指向别处的路径"),
    "absolute": (lambda: zipped(("/etc/某局.xlsx", b"x")), "指向别处的路径"),
    "drive": (lambda: zipped(("C:某局.xlsx", b"x")), "指向别处的路径"),
    "link": (with_a_link, "链接"),
    "bomb": (lambda: zipped(("某局.xlsx", b"\0" * (12 << 20))), "解压后过大"),
    "many small bombs": (lambda: zipped(*((f"{n}.xlsx", b"\0" * (3 << 20)) for n in range(4))), "解压后过大"),
    "10,000 entries": (lambda: zipped(*((f"{n}.xlsx", b"") for n in range(10_000))), "太多了"),
    "101 files": (lambda: zipped(*((f"{n}.xlsx", b"x") for n in range(101))), "一次最多 100 个"),
    "encrypted": (lambda: encrypted(("某局.xlsx", b"x" * 100)), "密码"),
    "empty": (lambda: zipped(), "没有文件"),
    "folders alone": (lambda: zipped(("某局/", b""), ("__MACOSX/._某局.xlsx", b"x")), "没有文件"),
    "cut off": (lambda: zipped(("某局.xlsx", b"x" * 5000))[:-30], "损坏"),
    "wrong check sum": (lambda: zipped(("某局.xlsx", b"abc" * 100)).replace(b"\x03\x04\x14", b"\x03\x04\x14", 1)[:45] + b"\xff" + zipped(("某局.xlsx", b"abc" * 100))[46:], "损坏"),
}  # fmt: skip

"""Opening an uploaded file safely: what it really is, and refusal of anything harmful, before a parser sees it."""

import hashlib
import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import defusedxml  # noqa: F401  openpyxl refuses entity bombs only when this is installed

from budgets.importing.reading.encodings import decoded, separator
from budgets.importing.reading.foreign_files import SAVE_AS, by_first_bytes, by_members, lock_file, old_format

# What reading an archive raises that is no whole one; of a way of packing that is not known, NotImplementedError.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)
MAX_FILE = 20 * 2**20
MAX_UNPACKED = 50 * 2**20
MAX_RATIO = 100  # unpacked to packed, over the whole file
SMALL = 2**20  # a file that unpacks to less than this is never a bomb
MAX_MEMBERS = 2000
MAX_TAGS = 600_000  # in all XML of a file: more takes a parser many seconds
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")
PARSED = (".xml", ".rels", ".vml")
PDF_WITHIN = 1024  # bytes, within which readers look for the mark of a PDF
WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
MACROS = "_VBA_PROJECT".encode("utf-16-le")
STRICT = b"purl.oclc.org/ooxml"
HTML = re.compile(rb"<(?:!doctype html|html|head|table|meta)\b", re.IGNORECASE)
SHEETS_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
HEAD = 4096  # bytes in which a text file says what it is


class Unreadable(Exception):
    """The file cannot be read; the message is one clear Chinese sentence for the person who chose it."""


def load(file: str | Path | BinaryIO, name: str = "") -> tuple[str, bytes]:
    """The name and the bytes of a file given by path or opened. Raises Unreadable when it is missing or too big."""
    if isinstance(file, str | Path):
        path = Path(file)
        name = name or path.name
        if not path.is_file():
            raise Unreadable(f"找不到文件“{file}”，请检查路径。")
        if path.stat().st_size > MAX_FILE:
            raise Unreadable(too_big(name))
        return name, path.read_bytes()
    name = name or Path(str(getattr(file, "name", "") or "上传的文件")).name
    content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise Unreadable(too_big(name))
    return name, content


def too_big(name: str) -> str:
    return f"文件“{name}”超过 {MAX_FILE // 2**20} MB，请删去图片等无关内容后再试。"


def digest(content: bytes) -> str:
    """SHA-256 of an uploaded file, hex: the name under which it is kept."""
    return hashlib.sha256(content).hexdigest()


def kind_of(name: str, content: bytes) -> str:
    """What the file really is, by its content and never by its name: xlsx, docx, pdf, xls, xml, html or csv.

    Raises Unreadable for everything else, each kind with its remedy, and for whatever could harm a parser: encryption,
    macros, a bomb, document type declarations. A PDF is not looked into here: it is read in a process of its own.
    """
    if why := lock_file(name):
        raise Unreadable(why)
    if not content:
        raise Unreadable(f"文件“{name}”是空的，请检查后重新选择。")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Unreadable(f"文件“{name}”设有打开密码，请去掉密码后再试。")
        if "WordDocument".encode("utf-16-le") in content or not any(mark in content for mark in WORKBOOKS):
            raise Unreadable(f"文件“{name}”{old_format(content)}")
        if MACROS in content:
            raise Unreadable(f"文件“{name}”含有宏，请另存为不含宏的 .xlsx 再试。")
        return "xls"
    if not content.startswith(b"PK"):
        if b"%PDF-" in content[:PDF_WITHIN]:
            return "pdf"
        return text_kind(name, content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return inspect(name, package)
    except BROKEN as error:
        raise Unreadable(f"文件“{name}”已损坏或不完整，请重新保存或重新上传。") from error


def text_kind(name: str, content: bytes) -> str:
    """The kind of a file that is no package: xml, html or csv. Raises Unreadable for everything else."""
    if why := by_first_bytes(content):
        raise Unreadable(f"文件“{name}”{why}")
    head = decoded(content[:HEAD])
    if SHEETS_2003.decode() in head and head.lstrip("\ufeff \r\n\t").startswith("<"):
        return "xml"
    if HTML.search(head.encode()):
        return "html"
    written = not any(c == "\0" or c == "\ufffd" for c in head[:-1])
    if written and not head.lstrip().startswith("<") and separator(head):
        return "csv"
    raise Unreadable(f"文件“{name}”不是 Excel、Word 或 PDF 文件，{SAVE_AS}。")


def inspect(name: str, package: zipfile.ZipFile) -> str:
    """The kind of an opened package, after its members were checked one by one."""
    members = package.infolist()
    names = [member.filename for member in members]
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(f"文件“{name}”设有密码，请去掉密码后再试。")
    if len(members) > MAX_MEMBERS or len(set(names)) != len(names):
        raise Unreadable(f"文件“{name}”的内部结构不正常，{SAVE_AS}。")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise Unreadable(f"文件“{name}”解压后过大，可能是恶意文件，已拒绝读取；{SAVE_AS}。")
    if any(entry.lower().endswith("vbaproject.bin") for entry in names):
        raise Unreadable(f"文件“{name}”含有宏，请另存为不含宏的 .xlsx 或 .docx 再试。")
    tags = 0
    for member in members:
        data = package.read(member)
        if member.filename.lower().endswith(PARSED) or looks_like_xml(data):
            refuse_declarations(name, data)
            tags += data.count(b"<")
    if tags > MAX_TAGS:
        raise Unreadable(f"文件“{name}”内容过多，可能有大量空行或空单元格，请删去表格以外的行列后再试。")
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            if STRICT in package.read("xl/workbook.xml"):
                raise Unreadable(
                    f"文件“{name}”存成了“Strict Open XML”格式，请用 Excel 另存为“Excel 工作簿（.xlsx）”再试。"
                )
            return "xlsx"
        if "word/document.xml" in names:
            return "docx"
    mimetype = package.read("mimetype") if "mimetype" in names else b""
    why = by_members(names, mimetype) or f"不是 .xlsx 或 .docx 文件，{SAVE_AS}。"
    raise Unreadable(f"文件“{name}”{why}")


def looks_like_xml(data: bytes) -> bool:
    """True for XML under whatever name: a package's relations, not its file names, say what is parsed."""
    return data[:200].strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def refuse_declarations(name: str, xml: bytes) -> None:
    """Raise Unreadable for a document type declaration, or an encoding in which one could hide."""
    declared = DECLARED.match(xml.removeprefix(b"\xef\xbb\xbf"))
    if (declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}) or b"\0" in xml[:200]:
        raise Unreadable(f"文件“{name}”的内部编码不是 UTF-8，{SAVE_AS}。")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise Unreadable(f"文件“{name}”含有不允许的实体定义，可能是恶意文件，已拒绝读取。")

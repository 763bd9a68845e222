"""Files that are not read, told by their first bytes or what is packed in them, each with the way to a file that is."""

SAVE_AS = "请用 Excel、WPS 或 Word 打开后另存为 .xlsx 或 .docx 再试"
OFFICE = "请用 Excel 或 WPS 打开后另存为 .xlsx 再试"
PACKED = "是压缩包，请解压后逐个上传其中的文件。"
PICTURE = "是图片，其中的文字无法读取；请提供制作它时所用的 Excel 或 Word 文件，或有文字的 PDF。"
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def lock_file(name: str) -> str:
    """Why the small file beside an open document is not it; blank for every other name."""
    if not name.startswith(("~$", ".~")):
        return ""
    return (
        f"文件“{name}”是文件打开时产生的临时文件，没有内容；"
        f"请在 Excel、WPS 或 Word 中保存并关闭文件，再选择名称前没有“{name[:2]}”的那个文件。"
    )


def by_first_bytes(content: bytes) -> str:
    """What a file is that no reader here understands, as the rest of a sentence; blank when nothing is known of it."""
    head = content[:512].lstrip()
    if (
        content.startswith(PICTURES)
        or content[4:12] in (b"ftypheic", b"ftypmif1")
        or content[8:12] == b"WEBP"
    ):
        return PICTURE
    if content.startswith(ARCHIVES):
        return PACKED
    if head.startswith(b"{\\rtf"):
        return "是 RTF 文件，请用 Word 或 WPS 打开后另存为 .docx 再试。"
    if head[:13].lower() == b"mime-version:" or b"multipart/related" in head.lower():
        return f"是“单个文件网页”（.mht），{OFFICE}。"
    return ""


def by_members(names: list[str], mimetype: bytes) -> str:
    """The same of a package, by the names in it."""
    there = {name.lower() for name in names}
    if "ofd.xml" in there:
        return "是 OFD 版式文件，请用 OFD 阅读器或 WPS 打开后转成 PDF（保留文字）再上传，最好提供制作它时所用的 Excel 或 Word 文件。"
    if mimetype.startswith(SPREADSHEET):
        return f"是 OpenDocument 表格（.ods），{OFFICE}。"
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        return "是 OpenDocument 文件，请用 WPS 或 LibreOffice 打开后另存为 .docx 再试。"
    if "xl/workbook.bin" in there:
        return f"是二进制工作簿（.xlsb），{OFFICE}。"
    if "[content_types].xml" not in there:
        return PACKED
    return ""


def old_format(content: bytes) -> str:
    """What an OLE file is that holds no workbook."""
    if "WordDocument".encode("utf-16-le") in content:
        return "是旧版 Word 或 WPS 文字格式（.doc、.wps），请用 Word 或 WPS 打开后另存为 .docx 再试。"
    if "PowerPoint Document".encode("utf-16-le") in content:
        return "是演示文稿，不是预算公开文件，请选择 Excel、Word 或 PDF 文件。"
    return f"是旧版格式（.xls、.doc 或 .wps），{SAVE_AS}。"

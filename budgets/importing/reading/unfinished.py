"""The sentence about a file that a confined child did not read to its end: what was too much, and what to do."""

from budgets.confined.children import Ending

# What was too much. None of it says that anybody meant harm: that is only said where something of the kind was found.
TOO_MUCH = {
    Ending.CPU: "内容太多，在规定的时间内没有读完",
    Ending.MEMORY: "内容太多，读取时超出了内存限制",
    Ending.SLOW: "等了很久没有读完，可能是系统正忙，请稍后再试；若仍不成功",
}
STOPPED = "使读取程序意外中止，可能已损坏"
LESS = {
    "pdf": "请只提供预算公开的部分，或提供制作它时所用的 Excel 或 Word 文件",
    "docx": "请删去与预算公开无关的章节和图片后再试",
    "xlsx": "请删去与公开表无关的工作表、图片和多余的行列后再试",
}
AGAIN = {
    "pdf": "请重新导出，或提供制作它时所用的 Excel 或 Word 文件",
    "docx": "请用 Word 打开后另存为 .docx 再试",
    "xlsx": "请用 Excel 打开后另存为 .xlsx 再试",
}


def unfinished(name: str, content: bytes, how: Ending) -> str:
    """The sentence for a child that ended without an answer."""
    if how not in TOO_MUCH:
        return damaged(name, content)
    return f"文件“{name}”{TOO_MUCH[how]}，{LESS[remedy(content)]}。"


def damaged(name: str, content: bytes) -> str:
    """The sentence for a file over which a reader fell, or of which it said nothing that can be used."""
    return f"文件“{name}”{STOPPED}，{AGAIN[remedy(content)]}。"


def remedy(content: bytes) -> str:
    """Whose remedy fits: "pdf", "docx", or "xlsx" for tables of any format. A look at the bytes, not into the file."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    return "docx" if content.startswith(b"PK") and b"word/document.xml" in content else "xlsx"

"""Asks a confined process to bind PDFs into a book; what both sides agree on."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from budgets.confined.children import Child, Ended, Ending
from budgets.rendering.pdf.renderer import PdfFailed

FIGURES = "0123456789"
STAMPED = "全书第{}页"  # what stands at the head of each page
WALL_SECONDS = 300
COMMAND = (sys.executable, "-m", "budgets.rendering.book.binder_process")
TOO_LARGE = "合订本太大，超过了内存限制；请先减少部门，或分批下载各部门的 PDF。"
SAID = {
    Ending.MEMORY: TOO_LARGE,
    Ending.CPU: "合订所用时间超过限制，已停止，请再试一次。",
    Ending.SLOW: "合订所用时间超过限制，已停止，请再试一次。",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A document to be bound with its bookmark, which stands below that of `within` when it is given."""

    title: str
    content: bytes
    within: str = ""


def place(n: int) -> str:
    """The destination of the n-th bound document in the contents, from 1."""
    return f"bound-{n}"


def bind_apart(
    front: bytes, specimen: bytes, parts: Sequence[Bound], progress: Callable[[int, int], None] | None = None
) -> bytes:
    """The book as `binder.bind` makes it, in a process of its own that ends with it. Raises PdfFailed."""
    head = {"titles": [part.title for part in parts], "withins": [part.within for part in parts]}
    blobs = [front, specimen, *(part.content for part in parts)]
    with Child(COMMAND, wall_seconds=WALL_SECONDS) as child:
        try:
            return child.ask(head, blobs, progress)[1][0]
        except Ended as ended:
            raise PdfFailed(SAID.get(ended.how, "合订失败，请再试一次；仍不成功请联系管理员。")) from None


def pages_of(contents: Sequence[bytes]) -> list[int]:
    """How many pages each PDF has. Raises PdfFailed."""
    with Child(COMMAND, wall_seconds=WALL_SECONDS) as child:
        try:
            report, _ = child.ask({"count": True}, contents)
        except Ended:
            raise PdfFailed("有的 PDF 打不开，请先用 verify 核对已公开的文件。") from None
    return list(report["pages"])

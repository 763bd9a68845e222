"""Published PDFs with text as blocks, read in a child process that cannot harm this one."""

import sys
from collections.abc import Sequence

from budgets.confined.children import Progress, ask
from budgets.importing.reading.block_codec import from_json
from budgets.importing.reading.grids import Block, Unread
from budgets.importing.reading.opening import Unreadable

COMMAND = (sys.executable, "-m", "budgets.importing.reading.pdf")
WALL_SECONDS = 300  # the child's own limits, of CPU, come first unless the machine is overloaded
STOPPED = "的内容过于复杂，可能是恶意文件，已停止读取；请提供制作它时所用的 Excel 或 Word 文件。"


def read_pdf(
    name: str,
    content: bytes,
    progress: Progress | None = None,
    *,
    command: Sequence[str] = COMMAND,
    wall_seconds: float = WALL_SECONDS,
) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of a PDF in order, and what of it could not be read for certain.

    `progress` is called after each page, in this thread. Raises Unreadable with one Chinese sentence for scanned,
    encrypted, damaged and hostile files.
    """
    answer = ask(command, content, progress, wall_seconds=wall_seconds)
    try:
        if "refused" not in answer:
            return from_json(answer)
    except (KeyError, TypeError, ValueError):
        answer = {}
    raise Unreadable(f"文件“{name}”{answer.get('refused', STOPPED)}")

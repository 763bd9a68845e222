"""Published PDFs with text as blocks, read in a child process that cannot harm this one."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from .grids import Block
from .opening import Unreadable
from .protocol import from_json
from .reports import Unread

type Progress = Callable[[int, int], None]  # pages that are done, pages in all

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", f"{__package__}.pdf")
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
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    timer = threading.Timer(wall_seconds, process.kill)
    timer.start()
    try:
        with process:
            answer = _ask(process, content, progress)
    finally:
        timer.cancel()
        process.kill()
    try:
        if "refused" not in answer:
            return from_json(answer)
    except (KeyError, TypeError, ValueError):
        answer = {}
    raise Unreadable(f"文件“{name}”{answer.get('refused', STOPPED)}")


def _ask(process: subprocess.Popen[bytes], content: bytes, progress: Progress | None) -> dict[str, Any]:
    """Hand over the file and listen; the last message, or nothing when the child ended without one."""
    assert process.stdin is not None and process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(content)
        process.stdin.close()
    return _listen(process.stdout, progress)


def _listen(lines: IO[bytes], progress: Progress | None) -> dict[str, Any]:
    for line in lines:
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            return {}
        if "done" not in message:
            return message
        if progress:
            progress(message["done"], message["of"])
    return {}

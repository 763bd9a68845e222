"""Turns print HTML into a PDF, in a warm renderer process of its own.

WeasyPrint is never imported here: the process that asks (a worker or a command, never a web request) starts
`renderer_process.py` once, and replaces it when it has done 200 documents or grown big.
"""

import atexit
import contextlib
import ctypes
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from budgets.confined.children import Child, Ended, Ending
from budgets.fonts.glyphs import missing_glyphs

log = logging.getLogger(__name__)

FONTS = Path(__file__).resolve().parents[2] / "fonts"
FACES = ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
# Each library WeasyPrint opens, under its names on Linux and macOS. Without harfbuzz-subset it would go on, but
# 25 times slower, so that one is required too.
LIBRARIES = (
    ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
)
WALL_SECONDS = 120  # the renderer's own limit, 60 s of CPU, comes first unless the machine is overloaded
COMMAND = (sys.executable, "-m", "budgets.rendering.pdf.renderer_process")
NOT_STARTED = "PDF 排版进程不能启动，请检查 WeasyPrint 和 Pango 的安装。"
SAID = {Ending.CRASHED: "PDF 排版失败：", Ending.TRESPASSED: "PDF 排版中有不允许的操作："}
ENDED = {
    Ending.CPU: "PDF 排版所用时间超过限制，已停止；请缩短正文后再试。",
    Ending.MEMORY: "PDF 排版所需内存超过限制，已停止；请缩短正文后再试。",
    Ending.CRASHED: "PDF 排版进程意外中止，可能是内存不足，请再试一次。",
}


class PdfUnavailable(Exception):
    """This machine cannot make PDFs; the message is one Chinese line saying what to install."""


class PdfFailed(Exception):
    """This document could not be made into a PDF; the message is one Chinese line saying why."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file embedded in the PDF. `relationship` is an AFRelationship of PDF/A-3: Source, Data, Alternative …"""

    name: str
    content: bytes
    description: str = ""
    relationship: str = "Data"


def pdf_problem() -> str | None:
    """One Chinese line saying what this machine lacks for making PDFs; None when nothing."""
    if os.name != "posix":
        return "本系统不支持生成 PDF，请在 Linux 或 macOS 上运行。"
    if any(not (FONTS / face).is_file() for face in FACES):
        return "缺少随项目提供的字体文件，请重新取得 budgets/fonts 文件夹。"
    missing = [names[0].partition(".so")[0] for names in LIBRARIES if not _loads(names)]
    if missing:
        return (
            f"不能生成 PDF：缺少 {'、'.join(missing)}。"
            "请安装 Pango 和 HarfBuzz，例如：apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )
    return None


def _loads(names: tuple[str, ...]) -> bool:
    for name in names:
        with contextlib.suppress(OSError):
            ctypes.CDLL(name)
            return True
    return False


class Renderer(Child):
    """The renderer process. Safe to share between threads."""

    def __init__(self, command: Sequence[str] = COMMAND, wall_seconds: float = WALL_SECONDS) -> None:
        # No font cache: four files are read faster than a cache is trusted.
        fonts = {"FONTCONFIG_FILE": str(FONTS / "fonts.conf"), "XDG_CACHE_HOME": os.devnull}
        super().__init__(command, wall_seconds=wall_seconds, environment=fonts | {"PYTHONHASHSEED": "0"})

    def render(self, html: str, *, attachments: Sequence[Attachment] = (), created: datetime) -> bytes:
        """The PDF of `html`, see `render_pdf`."""
        if created.tzinfo is None:
            raise ValueError("created needs a time zone")
        if problem := pdf_problem():
            raise PdfUnavailable(problem)
        head = {
            "created": created.isoformat(timespec="seconds"),
            "attachments": [asdict(a) | {"content": None} for a in attachments],
        }
        try:
            report, blobs = self.ask(head, [html.encode(), *(a.content for a in attachments)])
        except Ended as ended:
            if ended.how == Ending.UNSTARTED:
                raise PdfUnavailable(ended.words or NOT_STARTED) from None
            if ended.how == Ending.SLOW:
                raise PdfFailed(f"PDF 排版超过 {self.wall_seconds:g} 秒，已停止。") from None
            said = f"{SAID.get(ended.how, '')}{ended.words}" if ended.words else ENDED[ended.how]
            raise PdfFailed(said) from None
        for line in report["log"]:
            log.warning("%s", line)
        return blobs[0]


_renderer = Renderer()
atexit.register(_renderer.close)


def render_pdf(html: str, *, attachments: Sequence[Attachment] = (), created: datetime) -> bytes:
    """The bytes of a tagged PDF/A-3a that is also PDF/UA-1, set with `paper.css`.

    `html` is a whole document with `lang` and `<title>`, as `print.print_html` gives it; it may name no address
    to be fetched. `created` (with time zone) is all the PDF knows of time: the same arguments give the same bytes.
    Raises PdfUnavailable when this machine cannot make PDFs, PdfFailed when this document cannot be made.
    """
    if missing := missing_glyphs(html):
        log.warning("字体中没有这些字，PDF 中会印成空框：%s", " ".join(sorted(missing)))
    return _renderer.render(html, attachments=attachments, created=created)

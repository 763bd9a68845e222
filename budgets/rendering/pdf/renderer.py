"""Turns print HTML into a PDF, in a warm renderer process of its own.

WeasyPrint is never imported here: the process that asks (a worker or a command, never a web request) starts
`renderer.py` once, sends it documents over a pipe, and replaces it when it has done 200 of them or grown big.
"""

import atexit
import contextlib
import ctypes
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from budgets.confined.frames import Closed, TooSlow, receive, send
from budgets.fonts.glyphs import missing_glyphs

log = logging.getLogger(__name__)

BUDGETS = Path(__file__).resolve().parents[2]
FONTS = BUDGETS / "fonts"
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
START_SECONDS = 60


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


class Renderer:
    """One renderer process at a time, started when first needed. Safe to share between threads."""

    command: Sequence[str] = (sys.executable, "-m", "budgets.rendering.pdf.renderer_process")

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self.wall_seconds = wall_seconds
        self.report: dict[str, Any] = {}  # of the last document: cpu seconds, rss bytes, pages, jobs, log
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None  # what the process prints
        self._owner = 0
        self._lock = threading.Lock()

    def render(self, html: str, *, attachments: Sequence[Attachment] = (), created: datetime) -> bytes:
        """The PDF of `html`, see `render_pdf`."""
        if created.tzinfo is None:
            raise ValueError("created needs a time zone")
        head = {
            "created": created.isoformat(timespec="seconds"),
            "attachments": [asdict(a) | {"content": None} for a in attachments],
        }
        with self._lock:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None
            try:
                send(process.stdin.fileno(), head, [html.encode(), *(a.content for a in attachments)])
                report, blobs = receive(process.stdout.fileno(), self.wall_seconds)
            except TooSlow:
                self._stop()
                raise PdfFailed(f"PDF 排版超过 {self.wall_seconds:g} 秒，已停止。") from None
            except Closed:
                self._tell_why()
                self._stop()
                raise PdfFailed("PDF 排版进程因超出时间或内存限制而中止。") from None
            self.report = report
            if report["retire"]:
                self._stop()
        if problem := report.get("problem"):
            raise PdfFailed(problem)
        for line in report["log"]:
            log.warning("%s", line)
        return blobs[0]

    def close(self) -> None:
        """End the process; the next document starts a new one."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # after a fork the pipes belong to the parent
            self._process = None
        if self._process is None or self._process.poll() is not None:
            self._process = self._started()
            self._owner = os.getpid()
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        if problem := pdf_problem():
            raise PdfUnavailable(problem)
        # Nothing of the caller's environment goes along: no secret, no address of the database.
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "FONTCONFIG_FILE": str(FONTS / "fonts.conf"),
            "XDG_CACHE_HOME": os.devnull,  # no font cache: four files are read faster than a cache is trusted
        }
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        process = subprocess.Popen(  # noqa: S603
            list(self.command),
            cwd=BUDGETS.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        assert process.stdout is not None
        try:
            hello, _ = receive(process.stdout.fileno(), START_SECONDS)
        except (Closed, TooSlow):
            process.kill()
            process.wait()
            self._tell_why()
            raise PdfUnavailable("PDF 排版进程不能启动，请检查 WeasyPrint 和 Pango 的安装。") from None
        if problem := hello.get("problem"):
            process.wait()
            raise PdfUnavailable(problem)
        return process

    def _tell_why(self) -> None:
        """Log what a process that ended unasked printed last."""
        if self._errors is not None:
            self._errors.seek(0)
            log.error("PDF renderer ended: %s", self._errors.read()[-2000:].decode(errors="replace").strip())

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()
        if self._errors is not None:
            self._errors.close()
            self._errors = None


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

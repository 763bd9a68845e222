"""The renderer process: reads documents from a pipe, answers with PDFs, reaches nothing else.

Started by `pdf.Renderer` as `python -m budgets.rendering.pdf.renderer_process`, with FONTCONFIG_FILE naming our own fonts.
"""

import contextlib
import gc
import os
import resource
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from budgets.confined.frames import Closed, receive, send

if TYPE_CHECKING:
    from budgets.rendering.pdf.press import Press

ADDRESS_SPACE = 1 << 30  # bytes
CPU_SECONDS = 60  # for one document
JOBS = 200  # documents, then the process is replaced
RESIDENT = 400 << 20  # bytes held after a document, then the process is replaced
REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system")
SPECIMEN = """<!DOCTYPE html><html lang="zh-CN"><head><title>样张</title></head><body>
<h1>样张</h1><p><b>字</b><span class="sans">样<b>张</b></span></p>
<table><caption>表</caption><thead><tr><th>项目</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>图</title><path d="M0 0h9v9z"/></svg>
</body></html>"""


class Guard:
    """An audit hook: from now on no socket, no process, no writing, no reading outside Python's own folders."""

    def __init__(self) -> None:
        prefixes = {
            sys.prefix,
            sys.base_prefix,
            os.path.realpath(sys.prefix),
            os.path.realpath(sys.base_prefix),
        }
        self.readable = tuple(f"{prefix}{os.sep}" for prefix in prefixes)
        self.trespasses: list[str] = []
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            inside = isinstance(path, str) and path.startswith(self.readable)
            if not isinstance(path, int) and (not inside or flags & (os.O_WRONLY | os.O_RDWR)):
                self.refuse(f"open {path!r}")
        elif event.startswith(REFUSED):
            self.refuse(event)

    def refuse(self, what: str) -> None:
        self.trespasses.append(what)
        raise PermissionError(what)


class Memory:
    """How many bytes this process holds; its highest mark where /proc does not tell the present one."""

    def __init__(self) -> None:
        self.file = -1
        with contextlib.suppress(OSError):
            self.file = os.open("/proc/self/statm", os.O_RDONLY)

    def held(self) -> int:
        if self.file < 0:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return int(os.pread(self.file, 200, 0).split()[1]) * resource.getpagesize()


def limit(kind: int, value: int) -> None:
    """Lower a soft limit. macOS refuses some of them; the caller's wall clock still holds there."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def used() -> float:
    """CPU seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def warm_up() -> "Press":
    """WeasyPrint, loaded and exercised once, so that the first document is not slower than the rest."""
    from budgets.rendering.pdf.press import Press

    press = Press()
    press.pdf(SPECIMEN, [], datetime(2000, 1, 1, tzinfo=UTC))
    return press


def answer(
    press: "Press", guard: Guard, head: dict[str, Any], blobs: list[bytes]
) -> tuple[dict[str, Any], list[bytes]]:
    """The report on one document, and its PDF unless the report names a problem."""
    from budgets.rendering.pdf.finishing import Refused

    press.messages.lines.clear()
    guard.trespasses.clear()
    report: dict[str, Any] = {"problem": None, "retire": False}
    out: list[bytes] = []
    start = used()
    try:
        files = list(zip(head["attachments"], blobs[1:], strict=True))
        pdf, report["pages"] = press.pdf(blobs[0].decode(), files, datetime.fromisoformat(head["created"]))
        out = [pdf]
    except Refused as error:
        report["problem"] = str(error)
    except MemoryError:
        report.update(problem="PDF 排版所需内存超过限制，已停止。", retire=True)
    except Exception as error:
        report.update(problem=f"PDF 排版失败：{type(error).__name__}: {error}", retire=True)
    if guard.trespasses:
        report["problem"] = f"PDF 排版中有不允许的操作：{'；'.join(guard.trespasses)}"
    errors = [line for line in press.messages.lines if line.startswith(("ERROR", "CRITICAL"))]
    if errors and not report["problem"]:
        report["problem"] = f"PDF 排版出错：{'；'.join(errors)}"
    report.update(log=list(press.messages.lines), cpu=used() - start)
    return report, [] if report["problem"] else out


def serve(source: int, target: int) -> None:
    """Answer documents until the other side ends or this process has done enough."""
    limit(resource.RLIMIT_AS, ADDRESS_SPACE)
    memory = Memory()
    press = warm_up()
    if not press.complete:
        send(
            target,
            {
                "problem": "不能生成 PDF：缺少 libharfbuzz-subset，请安装，例如：apt install libharfbuzz-subset0"
            },
        )
        return
    gc.collect()
    gc.freeze()
    gc.disable()  # a document's boxes live until it is written; collecting meanwhile costs a quarter of the time
    guard = Guard()
    limit(resource.RLIMIT_FSIZE, 0)
    send(target, {"problem": None})
    for job in range(1, JOBS + 1):
        head, blobs = receive(source)
        limit(resource.RLIMIT_CPU, int(used()) + CPU_SECONDS)
        report, out = answer(press, guard, head, blobs)
        held = memory.held()
        report.update(jobs=job, rss=held, retire=report["retire"] or job == JOBS or held > RESIDENT)
        send(target, report, out)
        del head, blobs, out
        gc.collect()


def main() -> None:
    """Take stdin and stdout for messages; whatever else is printed goes to stderr."""
    target = os.dup(1)
    os.dup2(2, 1)
    with contextlib.suppress(Closed):
        serve(0, target)


if __name__ == "__main__":
    main()

"""The renderer process: makes documents into PDFs, reaches nothing else.

Started by `renderer.Renderer` with FONTCONFIG_FILE naming our own fonts.
"""

import gc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from budgets.confined.frames import Head
from budgets.confined.serving import Answer, Limits, Refused, Work, serve

if TYPE_CHECKING:
    from budgets.rendering.pdf.press import Press

ADDRESS_SPACE = 1 << 30  # bytes
CPU_SECONDS = 60  # for one document
JOBS = 200  # documents, then the process is replaced
RESIDENT = 400 << 20  # bytes held after a document, then the process is replaced
SPECIMEN = """<!DOCTYPE html><html lang="zh-CN"><head><title>样张</title></head><body>
<h1>样张</h1><p><b>字</b><span class="sans">样<b>张</b></span></p>
<table><caption>表</caption><thead><tr><th>项目</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>图</title><path d="M0 0h9v9z"/></svg>
</body></html>"""


def warm_up() -> "Press":
    """WeasyPrint, loaded and exercised once, so that the first document is not slower than the rest."""
    from budgets.rendering.pdf.press import Press

    press = Press()
    press.pdf(SPECIMEN, [], datetime(2000, 1, 1, tzinfo=UTC))
    return press


def work(press: "Press", head: Head, blobs: list[bytes]) -> Answer:
    """The PDF of one document, how many pages it has and what was logged. Raises Refused."""
    press.messages.lines.clear()
    files = list(zip(head["attachments"], blobs[1:], strict=True))
    pdf, pages = press.pdf(blobs[0].decode(), files, datetime.fromisoformat(head["created"]))
    errors = [line for line in press.messages.lines if line.startswith(("ERROR", "CRITICAL"))]
    if errors:
        raise Refused(f"PDF 排版出错：{'；'.join(errors)}")
    return {"pages": pages, "log": list(press.messages.lines)}, [pdf]


def start() -> Work:
    """WeasyPrint made ready. Raises Refused when it would be many times slower than it should."""
    press = warm_up()
    if not press.complete:
        raise Refused("不能生成 PDF：缺少 libharfbuzz-subset，请安装，例如：apt install libharfbuzz-subset0")
    gc.collect()
    gc.freeze()
    gc.disable()  # a document's boxes live until it is written; collecting meanwhile costs a quarter of the time
    return lambda head, blobs, _: work(press, head, blobs)


def main() -> None:
    serve(start, Limits(ADDRESS_SPACE, CPU_SECONDS, JOBS, RESIDENT))


if __name__ == "__main__":
    main()

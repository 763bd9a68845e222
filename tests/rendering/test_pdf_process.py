"""The renderer process: it reaches nothing, holds its limits, is replaced in time, and says what is missing."""

import http.server
import logging
import shutil
import subprocess
import threading
from io import BytesIO

import pikepdf
import pytest

from budgets.rendering.pdf import renderer as module
from budgets.rendering.pdf.renderer import (
    Attachment,
    PdfFailed,
    PdfUnavailable,
    Renderer,
    pdf_problem,
    render_pdf,
)
from tests.rendering.conftest import CREATED

pytestmark = pytest.mark.slow

PAGE = '<!DOCTYPE html><html lang="zh-CN"><head><title>试</title>{head}</head><body>{body}</body></html>'


def page(body: str = "<h1>试</h1>", head: str = "") -> str:
    return PAGE.format(head=head, body=body)


@pytest.fixture
def canary():
    """A web server on the loopback that counts what is asked of it; `canary.address` and `canary.asked`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            """Nothing on the test's output."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


def vectors(address: str) -> list[str]:
    """Documents that try to have something fetched, by every road that WeasyPrint knows."""
    in_css = [
        "@import url({a}/import.css);",
        "@font-face {{ font-family: Y; src: url({a}/font.ttf) }} p {{ font-family: Y }}",
        "@font-face {{ font-family: Z; src: local(x), url({a}/font.woff2) }} p {{ font-family: Z }}",
        "p {{ background: url({a}/background.png) }}",
        "p {{ background-image: linear-gradient(red, blue), url({a}/second.png) }}",
        "p {{ list-style: url({a}/bullet.png); display: list-item }}",
        "p {{ border-image: url({a}/border.png) 3 }}",
        "p::before {{ content: url({a}/content.png) }}",
        "@page {{ background: url({a}/page.png) }}",
        "@page {{ @top-center {{ content: url({a}/margin.png) }} }}",
        "@color-profile --c {{ src: url({a}/profile.icc) }} p {{ color: color(--c 1 1 1) }}",
    ]
    in_html = [
        '<img src="{a}/image.png" alt="x">',
        '<img srcset="{a}/set.png 1x" src="{a}/set.png" alt="x">',
        '<object data="{a}/object.svg"></object>',
        '<embed src="{a}/embed.svg">',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{a}/svg-image.png"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><title>x</title>'
        '<use xlink:href="{a}/use.svg#x"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><style>@import url({a}/svg.css);</style></svg>',
        '<p style="background:url({a}/style.png)">x</p>',
        '<a rel="attachment" href="{a}/attached.bin">x</a>',
    ]
    in_head = [
        '<link rel="stylesheet" href="{a}/link.css">',
        '<link rel="attachment" href="{a}/attachment.bin">',
        '<base href="{a}/"><link rel="stylesheet" href="relative.css">',
        '<base href="{a}/"><link rel="attachment" href="relative.bin">',
    ]
    return [
        *(page("<p>x</p>", f"<style>{css.format(a=address)}</style>") for css in in_css),
        *(page(html.format(a=address)) for html in in_html),
        *(page("<p>x</p>", html.format(a=address)) for html in in_head),
    ]


@pytest.mark.pango
def test_nothing_is_fetched_from_the_network(renderer, canary):
    for html in vectors(canary.address):
        try:
            content = renderer.render(html, created=CREATED)
        except PdfFailed:
            continue
        with pikepdf.open(BytesIO(content)) as document:
            assert not document.attachments, html
    assert canary.asked == []


@pytest.mark.pango
def test_the_vectors_would_fetch_were_it_allowed(altered, canary):
    """The negative control: without fetcher and guard most of the roads lead to the server."""
    unguarded = altered(
        "from budgets.rendering.pdf import press, renderer_process as renderer",
        "from weasyprint.urls import URLFetcher",
        "press.NoFetcher = URLFetcher",
        "from budgets.confined import serving",
        "serving.Guard.__call__ = lambda *arguments: None",
        "serving.resource.RLIMIT_FSIZE = serving.resource.RLIMIT_CORE",
    )
    for html in vectors(canary.address):
        try:
            unguarded.render(html, created=CREATED)
        except PdfFailed:
            continue
    assert len(set(canary.asked)) >= 14, sorted(set(canary.asked))


@pytest.mark.pango
def test_the_guard_alone_stops_sockets_and_files(altered, canary, tmp_path):
    """Should the fetcher ever leak, the audit hook still refuses, and the document fails."""
    leaking = altered(
        "from budgets.rendering.pdf import press",
        "from weasyprint.urls import URLFetcher",
        "press.NoFetcher = URLFetcher",
    )
    secret = tmp_path / "secret.css"
    secret.write_text("p { color: red }")
    for address in (f"{canary.address}/x.css", secret.as_uri()):
        with pytest.raises(PdfFailed, match="不允许的操作"):
            leaking.render(page(head=f'<link rel="stylesheet" href="{address}">'), created=CREATED)
    assert canary.asked == []


@pytest.mark.pango
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "mailto:a@b.c"]
)
def test_links_to_anything_but_the_web_are_refused(renderer, address):
    with pytest.raises(PdfFailed, match="不允许的链接"):
        renderer.render(page(f'<p><a href="{address}">x</a></p>'), created=CREATED)
    assert renderer.render(page('<p><a href="https://example.com/">x</a></p>'), created=CREATED)


@pytest.mark.pango
def test_local_files_do_not_get_in(renderer, tmp_path):
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    address = (tmp_path / "secret.svg").as_uri()
    with pytest.raises(PdfFailed, match="不允许的地址"):
        renderer.render(page(f'<img src="{address}" alt="x">'), created=CREATED)


def font_names(content: bytes) -> set[str]:
    with pikepdf.open(BytesIO(content)) as document:
        return {str(f.BaseFont) for p in document.pages for f in p.resources.get("/Font", {}).values()}


@pytest.mark.pango
def test_no_font_of_the_system_gets_in(renderer, altered):
    text = page('<p style="font-family:DejaVu Sans,Liberation Serif,monospace">Ax 字 ﷽ ☑</p>')
    ours = font_names(renderer.render(text, created=CREATED))
    assert ours
    assert all("Noto-S" in name for name in ours)
    if not shutil.which("fc-list") or not subprocess.run(["fc-list"], capture_output=True).stdout:
        return  # nothing that could leak in on this machine
    open_to_all = altered("import os", "os.environ.pop('FONTCONFIG_FILE')")
    theirs = font_names(open_to_all.render(text, created=CREATED))
    assert any("Noto-S" not in name for name in theirs), "the control draws with a system font"


@pytest.mark.pango
def test_what_weasyprint_complains_of_is_reported(renderer, caplog):
    with caplog.at_level(logging.WARNING, "budgets.rendering.pdf.renderer"):
        renderer.render(page(head="<style>p { colour: red }</style>"), created=CREATED)
    assert "colour" in caplog.text
    with pytest.raises(PdfFailed, match="排版出错"):
        renderer.render("<!DOCTYPE html><title>x</title><p>x</p>", created=CREATED)


@pytest.mark.pango
def test_too_much_memory_ends_the_document_not_the_portal(altered):
    small = altered(
        "from budgets.rendering.pdf import renderer_process as renderer", "renderer.ADDRESS_SPACE = 300 << 20"
    )
    assert small.render(page(), created=CREATED)
    with pytest.raises(PdfFailed, match="内存"):
        small.render(page("<p>" + "字" * 100_000 + "</p>" + "<p>字</p>" * 30_000), created=CREATED)
    assert small.render(page(), created=CREATED), "the next document finds a new process"


@pytest.mark.pango
def test_too_much_time_ends_the_document(altered):
    hasty = altered(
        "from budgets.rendering.pdf import renderer_process as renderer", "renderer.CPU_SECONDS = 1"
    )
    with pytest.raises(PdfFailed, match="时间"):
        hasty.render(page("<table><tr><td>字</table>" * 9000), created=CREATED)
    impatient = altered(wall_seconds=0.5)
    with pytest.raises(PdfFailed, match="超过 0.5 秒"):
        impatient.render(page("<table><tr><td>字</table>" * 9000), created=CREATED)
    assert hasty.render(page(), created=CREATED)


@pytest.mark.pango
def test_the_process_is_replaced_after_its_share_of_work(altered):
    brief = altered("from budgets.rendering.pdf import renderer_process as renderer", "renderer.JOBS = 2")
    jobs = []
    for _ in range(3):
        brief.render(page(), created=CREATED)
        jobs.append(brief.report["jobs"])
    assert jobs == [1, 2, 1]
    grown = altered("from budgets.rendering.pdf import renderer_process as renderer", "renderer.RESIDENT = 1")
    for _ in range(2):
        grown.render(page(), created=CREATED)
        assert (grown.report["jobs"], grown.report["retire"]) == (1, True)


@pytest.mark.pango
def test_nothing_of_the_callers_environment_goes_along(altered, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:word@host/name")
    teller = altered(
        "import os",
        "from budgets.rendering.pdf import press",
        "class Told(Exception): pass",
        "def pdf(*arguments): raise press.Refused(' '.join(sorted(os.environ)))",
        "from budgets.rendering.pdf import renderer_process as renderer",
        "renderer.warm_up = (lambda usual: lambda: (p := usual(), setattr(press.Press, 'pdf', pdf))[0])"
        "(renderer.warm_up)",
    )
    with pytest.raises(PdfFailed) as told:
        teller.render(page(), created=CREATED)
    assert set(str(told.value).split()) - {"LC_CTYPE"} == {
        "FONTCONFIG_FILE", "LANG", "PATH", "PYTHONHASHSEED", "XDG_CACHE_HOME",
    }  # fmt: skip


@pytest.mark.pango
def test_a_process_that_was_killed_is_replaced(altered):
    renderer = altered()
    renderer.render(page(), created=CREATED)
    renderer._process.kill()
    renderer._process.wait()
    assert renderer.render(page(), created=CREATED)


@pytest.mark.pango
def test_characters_without_a_glyph_are_logged(caplog):
    with caplog.at_level(logging.WARNING, "budgets.rendering.pdf.renderer"):
        assert render_pdf(page("<p>勾☑选</p>"), created=CREATED)
    assert "☑" in caplog.text
    module._renderer.close()


def test_a_machine_without_pango_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(module, "LIBRARIES", (("libnowhere.so.0",), *module.LIBRARIES))
    problem = pdf_problem()
    assert problem is not None
    assert "libnowhere" in problem and "apt install" in problem and "\n" not in problem
    with pytest.raises(PdfUnavailable, match="libnowhere"):
        render_pdf(page(), attachments=[Attachment("a", b"")], created=CREATED)


def test_missing_font_files_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "FONTS", tmp_path)
    assert "字体" in (pdf_problem() or "")


@pytest.mark.pango
def test_a_process_that_cannot_start_is_told(altered, caplog):
    broken = altered("raise SystemExit('no luck')")
    with pytest.raises(PdfUnavailable, match="不能启动"):
        broken.render(page(), created=CREATED)
    assert "no luck" in caplog.text


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Renderer().render(page(), created=CREATED.replace(tzinfo=None))

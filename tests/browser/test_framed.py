"""Figures and tables in a frame on another site: shown there, accessible, and nothing else of the portal is."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .test_public import BUDGET, WIDTHS, overflow, violations

pytestmark = pytest.mark.browser
EMBEDDED = (
    f"{BUDGET}embed/",
    f"{BUDGET}tables/balance/embed/",
    f"{BUDGET}r1/tables/revenue/embed/",
    f"{BUDGET}figures/expenditure.20103.total/embed/",
)


@pytest.fixture
def another_site():
    """The address of a site whose pages frame the address that stands behind `?`."""

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{self.path.partition("?")[2]}"></iframe>'.encode())

        def log_message(self, *words: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Framing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("width", WIDTHS)
def test_embedded_pages_have_no_accessibility_violation(demo_site, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    faults = {}
    for address in EMBEDDED:
        page.goto(demo_site + address)
        faults[address] = (violations(page), overflow(page))
    assert faults == dict.fromkeys(EMBEDDED, ([], 0))


def test_another_site_may_frame_them_and_nothing_else(demo_site, another_site, page):
    for address in (*EMBEDDED, BUDGET, "/"):
        page.goto(f"{another_site}?{demo_site}{address}")
        shown = page.frames[1].locator("main").count() == 1
        assert shown == (address in EMBEDDED), address

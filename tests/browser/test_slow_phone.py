"""Pages on a slow phone: 400 ms a round trip, 50 KB a second, a processor four times slower; what is painted largest, and what moves."""

import gzip
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.browser

BUDGET = "/130225/483/2023/budget/"
PAGES = ("/", "/?q=三公经费", "/130225/", "/130225/2023/", "/130225/483/", "/130225/2023/compare/?unit=483", BUDGET, f"{BUDGET}tables/balance/")  # fmt: skip
# A guard: the aim is 2500, 1940 to 2450 were measured with nothing else at work.
LCP, CLS, BYTES = 4000, 0.0, 60 * 1024
WATCH = """window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(l => l.getEntries().forEach(e => seen.lcp = e.startTime)).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => seen.cls += e.value)).observe({type: "layout-shift", buffered: true});"""


def weight(address: str) -> int:
    """Bytes as production sends them, compressed."""
    with urlopen(Request(quote(address, safe=":/?=&"))) as answer:
        return len(gzip.compress(answer.read(), 6))


def measured(browser, address: str) -> tuple[float, float]:
    """Milliseconds to the largest paint and layout shift, with an empty cache; the demo sends style and lists uncompressed."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.add_init_script(WATCH)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": 51_200, "uploadThroughput": 51_200})  # fmt: skip
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    seen = page.evaluate("seen")
    context.close()
    return seen["lcp"], seen["cls"]


def test_pages_are_light_soon_there_and_stay_where_they_are(demo_site, browser):
    heavy, late, moving = {}, {}, {}
    style = weight(f"{demo_site}/static/site.css")
    for address in PAGES:
        tries = []
        for _ in range(3):  # another's work on the machine makes no paint earlier
            tries.append(measured(browser, demo_site + address))
            if min(lcp for lcp, _ in tries) <= LCP:
                break
        lcp, cls = min(tries)
        size = weight(demo_site + address) + style
        print(f"{address}: LCP {lcp:.0f} ms, CLS {cls:.3f}, {size} bytes")
        late |= {address: lcp} if lcp > LCP else {}
        moving |= {address: cls} if cls > CLS else {}
        heavy |= {address: size} if size > BYTES else {}
    assert (late, moving, heavy) == ({}, {}, {})


def test_a_late_picture_would_be_noticed(demo_site, browser):
    """The negative control: what comes in above the text moves it."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{demo_site}/130225/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<p>' + '迟'.repeat(400))")
    page.wait_for_timeout(400)
    assert page.evaluate("seen.cls") > 0.01
    context.close()

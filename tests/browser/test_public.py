"""The public pages in Chromium: accessibility, narrow screens, 关怀版, keyboard, and nothing asked from outside."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from budgets.models import Disclosure, Person
from budgets.workflow import lifecycle

from .waiting import until

pytestmark = pytest.mark.browser

BUDGET = "/130225/483/2023/budget/"
PAGES = (
    "/",
    "/rules/",
    "/data/",
    "/?q=取暖费",
    "/?q=行政审坡局",
    "/130225/",
    "/130225/2023/",
    "/130225/2023/?show=three_public",
    "/130225/2023/?show=time&only=missing",
    "/130225/483/",
    "/130225/901/",
    BUDGET,
    f"{BUDGET}tables/balance/",
    f"{BUDGET}tables/balance/nonempty/",
    f"{BUDGET}tables/goal_1/",
    f"{BUDGET}tables/procurement/",
    "/no/such/page",
)
WIDTHS = (1280, 360)


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['target']} {node['html'][:90]}" for v in found for node in v["nodes"]]


def overflow(page) -> int:
    """By how many pixels the page itself would scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_accessibility_violation_on_any_page(demo_site, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    faults = {}
    for address in PAGES:
        page.goto(demo_site + address)
        faults[address] = violations(page)
        if width < 1280:
            page.check("#care")
            faults[f"{address} 关怀版"] = violations(page)
    assert {address: found for address, found in faults.items() if found} == {}


def test_a_list_wider_than_a_phone_is_moved_by_itself(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{demo_site}/130225/2023/?show=three_public")
    box = page.locator(".wide-list")
    assert box.evaluate("e => e.scrollWidth - e.clientWidth") > 40
    box.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.wide-list').scrollLeft > 0")
    assert overflow(page) == 0


def test_axe_would_notice(demo_site, page):
    """Negative control: a button without a name is a violation."""
    page.goto(f"{demo_site}/130225/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any("button-name" in fault for fault in violations(page))


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_disclosure_is_readable_too(sample_site, page):
    lifecycle.withdraw(
        Disclosure.objects.get(),
        by=Person.objects.get(role="bureau_officer"),
        reason="附表漏列项目支出",
    )
    response = page.goto(sample_site + BUDGET)
    assert response.status == 410
    assert "附表漏列项目支出" in page.inner_text("main")
    assert violations(page) == []


def test_only_tables_scroll_sideways(demo_site, page):
    wide = []
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for address in PAGES:
            page.goto(demo_site + address)
            if overflow(page):
                wide.append((width, address, overflow(page)))
            if width == 360:
                page.check("#care")
                if overflow(page):
                    wide.append(("care", address, overflow(page)))
    assert wide == []


def test_nothing_is_asked_from_outside_and_nothing_is_blocked(demo_site, page):
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for address in PAGES[:-1]:
        page.goto(demo_site + address)
    assert [url for url in asked if not url.startswith(demo_site)] == []
    assert said == []
    assert any(url.endswith("/static/site.css") for url in asked)


def test_pages_work_without_script(demo_site, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(demo_site + BUDGET)
    before = page.locator(".figure b").first.bounding_box()["height"]
    page.check("#care")
    assert page.locator(".figure b").first.bounding_box()["height"] > before * 1.3
    page.locator(".contents-folded summary").click()
    assert page.locator(".contents-folded a").first.is_visible()
    context.close()


TARGETS = (
    "header a, header button, header input[type=search], header label.care, .crumbs a, .get a, .figures a, .key a, "
    "summary, .contents-folded a, .turn a, .leaf a, .chips a, .latest a, .departments a, .button, .plain a, footer a, "
    ".cite li a, .to-contents, form.large input, form.large button"
)
SMALL = """(least) => [...document.querySelectorAll(%r)]
  .filter(e => e.checkVisibility())
  .map(e => [e.className || e.textContent.trim().slice(0, 20), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < least - 0.5)
  .map(([name, box]) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""


@pytest.mark.parametrize(("care", "least"), [(False, 44), (True, 60)])
def test_targets_are_large_enough_for_a_finger(demo_site, page, care, least):
    page.set_viewport_size({"width": 360, "height": 740})
    small = {}
    for address in PAGES:
        page.goto(demo_site + address)
        if page.locator("summary").count():
            page.locator("summary").click()
        if care:
            page.check("#care")
        small[address] = page.evaluate(SMALL % TARGETS, least)
    assert {address: found for address, found in small.items() if found} == {}


def test_the_name_column_and_the_head_stay_in_their_box(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site + BUDGET)
    box = page.locator("#revenue .scroll")
    box.evaluate("e => { e.scrollLeft = 260; e.scrollTop = 300 }")
    frame = box.bounding_box()
    name = page.locator("#revenue tbody tr:nth-child(8) .name").bounding_box()
    head = page.locator("#revenue thead").bounding_box()
    assert abs(name["x"] - frame["x"]) < 2
    assert abs(head["y"] - frame["y"]) < 2


def test_balance_tables_read_as_two_lists_on_a_phone(demo_site, page):
    page.goto(f"{demo_site}{BUDGET}tables/balance/")
    assert page.locator(".whole").is_visible()
    assert not page.locator(".half").first.is_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert not page.locator(".whole").is_visible()
    assert [half.is_visible() for half in page.locator(".half").all()] == [True, True]
    scrolls = page.locator(".half .scroll").evaluate_all("es => es.map(e => e.scrollWidth - e.clientWidth)")
    assert scrolls == [0, 0]


def test_the_keyboard_reaches_the_text_first(demo_site, page):
    page.goto(demo_site + BUDGET)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    assert page.locator(".skip").bounding_box()["height"] > 20
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    shadow = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert shadow == "3px"


def test_a_figure_leads_to_its_cell(demo_site, page):
    page.goto(demo_site + BUDGET)
    page.locator(".figure").nth(3).click()
    assert page.url.endswith("#three_public-2-3")
    cell = page.locator(":target")
    assert cell.inner_text() == "10.73"
    assert 0 < cell.bounding_box()["y"] < 800


@pytest.mark.parametrize("care", [False, True])
def test_what_a_figure_leads_to_is_not_hidden_on_a_phone(demo_site, page, care):
    """No cell lies under a head that stays in sight: what is painted there is the cell itself."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site + BUDGET)
    targets = {a.get_attribute("href") for a in page.locator(".glance a[href^='#']").all()}
    assert len(targets) > 5
    hidden = []
    for target in sorted(targets):
        page.goto("about:blank")
        page.goto(demo_site + BUDGET)
        if care:
            page.check("#care")
        page.evaluate("target => location.hash = target", target)
        seen = page.evaluate(
            """() => { const t = document.querySelector(":target"), b = t.getBoundingClientRect();
            const at = document.elementFromPoint(Math.min(b.left + b.width / 2, 350), b.top + Math.min(b.height, 40) / 2);
            return t === at || t.contains(at) }"""
        )
        if not seen:
            hidden.append(target)
    assert hidden == []


def test_the_legend_stays_with_forced_colours(demo_site, page):
    page.emulate_media(forced_colors="active")
    page.goto(demo_site + BUDGET)
    colours = page.locator(".key i").evaluate_all("es => es.map(e => getComputedStyle(e).backgroundColor)")
    bars = page.locator(".bar-of-shares rect").evaluate_all("es => es.map(e => getComputedStyle(e).fill)")
    assert len(set(colours)) == len(colours) > 2
    assert colours == bars


def test_neighbours_in_the_bar_are_told_apart(demo_site, page):
    """Three to one, as WCAG 1.4.11 asks of what is needed to read a picture."""
    page.goto(demo_site + BUDGET)
    names = [f"--s{n}" for n in range(1, 7)]
    colours = page.evaluate(
        "ns => ns.map(n => getComputedStyle(document.documentElement).getPropertyValue(n))", names
    )

    def light(colour: str) -> float:
        parts = [int(colour.strip()[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05

    near = [light(a) / light(b) for a, b in zip(colours, colours[1:], strict=False)]
    assert min(max(ratio, 1 / ratio) for ratio in near) >= 3


def test_the_first_figure_is_seen_without_scrolling_on_a_phone(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site + BUDGET)
    figure = page.locator(".figure").first.bounding_box()
    assert figure["y"] + figure["height"] < 740


def test_from_home_to_the_disclosure_in_three_steps(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site)
    page.fill("#q", "行政审批")
    page.keyboard.press("Enter")
    page.locator(".departments a").first.click()
    page.get_by_role("link", name="2023年部门预算").click()
    assert page.locator("h1").inner_text() == "2023年部门预算"

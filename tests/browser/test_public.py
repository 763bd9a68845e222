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
    "/verify/",
    "/data/",
    "/?q=取暖费",
    "/?q=行政审坡局",
    "/?q=乐亭县2023年公车&year=2023&region=130225",
    "/130225/",
    "/130225/2023/",
    "/130225/2023/?show=three_public",
    "/130225/2023/?show=time&only=missing",
    "/130225/2023/compare/",
    "/130225/2023/compare/?unit=483",
    "/130225/483/",
    "/130225/901/",
    BUDGET,
    f"{BUDGET}checks/",
    f"{BUDGET}tables/balance/",
    f"{BUDGET}tables/balance/nonempty/",
    f"{BUDGET}tables/goal_1/",
    f"{BUDGET}tables/procurement/",
    f"{BUDGET}chapters/overview/",
    f"{BUDGET}figures/expenditure.20103.total/",
    "/glossary/",
    "/no/such/page",
)
WIDTHS = (1280, 768, 360, 320)
CARE = tuple(f"/care{address}" for address in PAGES)
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "forced": {"forced_colors": "active"}}


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['target']} {node['html'][:90]}" for v in found for node in v["nodes"]]


def overflow(page) -> int:
    """By how many pixels the page itself would scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


# Colours change with the look and hardly with the width, large type is as wide as a phone: of all 16 these are each run's.
EACH_RUN = [
    (1280, "light", ""),
    (768, "light", ""),
    (320, "light", ""),
    (1280, "dark", ""),
    (360, "forced", ""),
    (360, "light", "/care"),
]
EVERY = [
    pytest.param(*case, marks=() if case in EACH_RUN else pytest.mark.long)
    for case in [(w, look, "") for w in WIDTHS for look in LOOKS] + [(w, "light", "/care") for w in WIDTHS]
]


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize(("width", "look", "care"), EVERY)
def test_no_accessibility_violation_on_any_page(demo_site, page, width, look, care):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(**LOOKS[look])
    faults = {}
    for address in CARE if care else PAGES:
        page.goto(demo_site + address)
        faults[address] = violations(page)
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
        for address in PAGES + CARE:
            page.goto(demo_site + address)
            if overflow(page):
                wide.append((width, address, overflow(page)))
    assert wide == []


# Elements with a digit of their own that reach beyond the screen, or beyond a box that cuts without being moved by itself.
CUT = """() => [...document.querySelectorAll("main *")].filter(e => e.checkVisibility() && !e.closest(".vh"))
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && /\\d/.test(n.data))).filter(e => {
    const range = document.createRange(); range.selectNodeContents(e);
    const text = range.getBoundingClientRect();
    for (let box = e; box !== document.body; box = box.parentElement) {
      const look = getComputedStyle(box);
      if (look.overflowX === "visible" || look.display === "inline") continue;
      if (box.tabIndex >= 0 && look.overflowX !== "hidden") return false;
      if (text.right > box.getBoundingClientRect().right + 1) return true;
    }
    return text.right > innerWidth + 1 || text.left < -1;
  }).map(e => e.textContent.trim().slice(0, 40))"""


def test_no_number_is_cut_on_a_phone_and_in_large_type(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    cut = {}
    for address in PAGES + CARE:
        page.goto(demo_site + address)
        cut[address] = page.evaluate(CUT)
    assert {address: found for address, found in cut.items() if found} == {}
    page.goto(f"{demo_site}/care{BUDGET}")
    page.evaluate(
        "document.querySelectorAll('.figures div').forEach(e => { e.style.width = '4rem'; e.style.overflow = 'hidden' })"
    )
    assert page.evaluate(CUT), "a number that is cut would be noticed"


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
    page.locator(".other-set").click()
    assert page.url == f"{demo_site}/care{BUDGET}"
    assert page.locator(".figure b").first.bounding_box()["height"] > before * 1.3
    page.locator(".contents-folded summary").click()
    assert page.locator(".contents-folded a").first.is_visible()
    context.close()


TARGETS = (
    "header a, header button, header input[type=search], header .other-set, .crumbs a, .get a, .figures a, .key a, "
    "summary, .contents a, .contents-folded a, .turn a, .leaf a, .chips a, .latest a, .departments a, .button, .plain a, footer a, "
    ".cite li a, .tally a, .cells a, .to-contents, .ties a, .meaning a, .meaning button, .terms .term, form.large input, form.large button, .within select, .understood a"
)
SMALL = """(least) => [...document.querySelectorAll(%r)]
  .filter(e => e.checkVisibility())
  .map(e => [e.className || e.textContent.trim().slice(0, 20), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < least - 0.5)
  .map(([name, box]) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""


@pytest.mark.parametrize(
    ("width", "addresses", "least"),
    [(360, PAGES, 44), (360, CARE, 60), (1280, CARE, 60)],
    ids=["360", "care", "care-1280"],
)
def test_targets_are_large_enough_for_a_finger(demo_site, page, width, addresses, least):
    page.set_viewport_size({"width": width, "height": 740})
    small = {}
    for address in addresses:
        page.goto(demo_site + address)
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        small[address] = page.evaluate(SMALL % TARGETS, least)
    assert {address: found for address, found in small.items() if found} == {}


def test_the_name_column_and_the_head_stay_in_their_box(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site + BUDGET)
    page.locator("#revenue .reading > .turn a").click()
    box = page.locator("#revenue .scroll")
    box.evaluate("e => { e.scrollLeft = 260; e.scrollTop = 300 }")
    frame = box.bounding_box()
    name = page.locator("#revenue tbody tr:nth-child(8) .name").bounding_box()
    head = page.locator("#revenue thead").bounding_box()
    assert abs(name["x"] - frame["x"]) < 2
    assert abs(head["y"] - frame["y"]) < 2


@pytest.mark.parametrize("care", ["", "/care"])
def test_a_phone_reads_lists_and_shows_the_table_when_it_is_asked_for(demo_site, page, care):
    page.goto(f"{demo_site}{care}{BUDGET}tables/balance/")
    whole, reading = page.locator(".whole"), page.locator(".reading")
    assert (whole.is_visible(), reading.is_visible()) == (True, False)
    page.set_viewport_size({"width": 360, "height": 740})
    assert (whole.is_visible(), reading.is_visible()) == (False, True)
    assert reading.locator(".side").all_inner_texts() == ["收入", "支出"]
    page.get_by_role("link", name="看整张表").click()
    assert (whole.is_visible(), reading.is_visible()) == (True, False)
    page.get_by_role("link", name="收起整张表").click()
    assert (whole.is_visible(), reading.is_visible()) == (False, True)
    page.evaluate("location.hash = 'balance-1-3'")
    assert whole.is_visible() and page.locator(":target").inner_text() == "990.62"


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
    assert page.url.endswith("#three_public.three_public.total")
    cell = page.locator(":target")
    assert cell.inner_text() == "10.73"
    assert 0 < cell.bounding_box()["y"] < 800


def test_from_a_number_to_its_answer_is_one_tap_on_a_phone(demo_site, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    for address in (BUDGET, f"{BUDGET}tables/expenditure/"):
        page.goto(demo_site + address)
        number = page.locator(".read .sum a[href*='figures/expenditure.']").first
        assert number.bounding_box()["height"] >= 24
        number.click()
        assert page.locator(".answer b").inner_text() == "990.62"
        page.goto(f"{demo_site}{address}#expenditure-whole")
        page.locator("[id='expenditure.20103.basic'] a").click()
        assert page.locator(".answer b").inner_text() == "596.87"
    context.close()


def test_an_amount_of_the_text_leads_to_its_cell_and_the_old_anchor_too(demo_site, page):
    page.goto(demo_site + BUDGET)
    page.locator("#chapter-overview .amount").first.click()
    assert page.url.endswith("#balance.current_revenue.revenue")
    assert page.locator(":target").inner_text() == "990.62"
    page.goto(f"{demo_site}{BUDGET}#three_public-2-3")
    assert page.locator(":target").inner_text() == "10.73"
    assert 0 < page.locator(":target").bounding_box()["y"] < 800


def test_an_open_term_is_accessible(demo_site, page):
    page.goto(demo_site + BUDGET)
    page.locator(".chapter .term").first.click()
    assert page.locator(".meaning:popover-open").is_visible()
    assert violations(page) == []


def test_a_term_opens_in_place_without_script_and_closes(demo_site, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(demo_site + BUDGET)
    page.get_by_role("button", name="基本支出").first.click()
    meaning = page.locator(".meaning:popover-open")
    assert "为保障机构正常运转" in meaning.inner_text()
    assert page.url.endswith(BUDGET)
    meaning.get_by_role("button", name="关闭").click()
    assert page.locator(".meaning:popover-open").count() == 0
    page.get_by_role("button", name="收入总计").click()
    assert meaning.count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".meaning:popover-open").count() == 0
    context.close()


SMALL_LETTERS = """least => [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) <= least)
  .map(e => `${e.tagName}.${e.className}: ${getComputedStyle(e).fontSize} ${e.textContent.trim().slice(0, 12)}`)"""


@pytest.mark.parametrize("width", [360, 1280])
def test_large_type_is_large_throughout(demo_site, page, width):
    page.set_viewport_size({"width": width, "height": 740})
    small = {}
    for address in CARE:
        page.goto(demo_site + address)
        small[address] = page.evaluate(SMALL_LETTERS, 18)
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 22
    assert {address: found for address, found in small.items() if found} == {}
    page.goto(demo_site + BUDGET)
    assert page.evaluate(SMALL_LETTERS, 18), "the control: the standard set has smaller letters"


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("care", ["", "/care"])
def test_what_a_figure_leads_to_is_not_hidden_on_a_phone(demo_site, page, care):
    """No cell lies under a head that stays in sight: what is painted there is the cell itself."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site + care + BUDGET)
    targets = {a.get_attribute("href") for a in page.locator(".glance a[href^='#']").all()}
    assert len(targets) > 5
    hidden = []
    for target in sorted(targets):
        page.goto("about:blank")
        page.goto(demo_site + care + BUDGET)
        page.evaluate("target => location.hash = target", target)
        seen = page.evaluate(
            """() => { const t = document.querySelector(":target"), b = t.getBoundingClientRect();
            const at = document.elementFromPoint(Math.min(b.left + b.width / 2, 350), b.top + Math.min(b.height, 40) / 2);
            return t === at || t.contains(at) }"""
        )
        if not seen:
            hidden.append(target)
    assert hidden == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_legend_stays_with_forced_colours(demo_site, page, scheme):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.goto(demo_site + BUDGET)
    fills = "es => [...new Set(es.map(e => getComputedStyle(e).fill))]"
    legend = page.locator(".swatch path:not(.over)").evaluate_all(fills)
    assert len(legend) == 3
    assert legend == page.locator(".hundred path:not(.over)").evaluate_all(fills)
    framed = page.locator(".hundred path:not(.over)").evaluate_all(
        "es => es.map(e => getComputedStyle(e).stroke)"
    )
    assert "none" not in framed, "a square the colour of the page is still seen"


def test_the_first_figure_is_seen_without_scrolling_on_a_phone(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site + BUDGET)
    figure = page.locator(".figure").first.bounding_box()
    assert figure["y"] + figure["height"] < 740


def test_large_type_says_the_first_amount_on_the_first_screen_too(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{demo_site}/care{BUDGET}")
    amount = page.locator(".lede a").first.bounding_box()
    assert amount["y"] + amount["height"] < 740
    assert page.locator(".get a[download]").count() > 1, "those that are not shown stand with the citation"
    hidden = {a.get_attribute("href") for a in page.locator(".get a[download]").all() if not a.is_visible()}
    assert hidden <= {a.get_attribute("href") for a in page.locator("#cite a").all()}


def test_from_home_to_the_disclosure_in_three_steps(demo_site, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo_site)
    page.fill("#q", "行政审批")
    page.keyboard.press("Enter")
    page.locator(".departments a").first.click()
    page.get_by_role("link", name="2023年部门预算").click()
    assert page.locator("h1").inner_text() == "2023年部门预算"

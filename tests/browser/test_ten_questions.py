"""Ten questions of a citizen on a phone, each answered in three taps or one search, without script."""

import re

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUREAU = "乐亭县行政审批局"
DRAWN = "演示1县教育局1"


class Citizen:
    """Somebody with a phone who begins on the first page; taps and searches are counted."""

    def __init__(self, page, url: str) -> None:
        self.page, self.taps, self.searches = page, 0, 0
        page.goto(url)

    def tap(self, *names: str | re.Pattern[str]) -> "Citizen":
        for name in names:
            self.page.get_by_role("link", name=name).locator("visible=true").first.click()
            self.page.wait_for_load_state()
            self.taps += 1
        return self

    def year(self, county: str, year: int) -> "Citizen":
        """The chip of a year below a county on the first page."""
        entry = self.page.locator(".entry", has=self.page.get_by_role("link", name=county, exact=True))
        entry.get_by_role("link", name=re.compile(f"{year}年度")).click()
        self.page.wait_for_load_state()
        self.taps += 1
        return self

    def search(self, words: str) -> "Citizen":
        self.page.locator("input[type=search]").last.fill(words)
        self.page.locator("input[type=search]").last.press("Enter")
        self.page.wait_for_load_state()
        self.searches += 1
        return self

    def reads(self, words: str) -> None:
        """The words stand on the screen without scrolling; three taps or one search at most."""
        found = self.page.get_by_text(words).locator("visible=true").first
        box = found.bounding_box()
        assert box and box["y"] + min(box["height"], 40) <= 740, (words, box)
        assert self.taps <= 3 and self.searches <= 1 and self.taps * self.searches == 0

    def finds(self, pattern: str) -> None:
        """The page says so somewhere."""
        assert re.search(pattern, self.page.locator("main").inner_text()), pattern
        assert self.taps <= 3 and self.searches <= 1 and self.taps * self.searches == 0


@pytest.fixture
def citizen(live_server, settings, no_pdf, static_folder, browser):
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    settings.SITE_ADDRESS = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    call_command("demo", "--no-serve", verbosity=0)
    call_command("make_county", 3, years=[2023, 2024], without_pdf=True, verbosity=0)
    contexts = []

    def begin() -> Citizen:
        contexts.append(
            browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
        )
        return Citizen(contexts[-1].new_page(), live_server.url)

    yield begin
    for context in contexts:
        context.close()


def test_ten_questions(citizen):
    # 1 这个局今年花多少钱, and 3 三公经费多少
    found = citizen().year("乐亭县", 2023).tap(BUREAU)
    found.reads("990.62 万元")
    found.reads("10.73 万元")
    # 2 比去年多多少, and where it comes from
    found = citizen().year("演示1县", 2024).tap(DRAWN)
    found.reads("上年")
    found.tap(re.compile("^比上年"))
    found.finds("增减从哪里来")
    found.finds(r"本年支出[\s\S]{0,80}[+−][\d,.]+")
    # 4 公务用车有几辆
    citizen().search("几辆车").finds(r"车辆[\s\S]{0,40}1")
    # 5 办公楼物业花多少
    citizen().year("乐亭县", 2023).tap(BUREAU).finds(r"办公楼运维及保安保洁服务费\s*≤80\.66万元")
    citizen().search("物业").finds("保洁")
    # 6 绩效目标
    citizen().year("乐亭县", 2023).tap(BUREAU, "6 个项目设绩效目标").finds(r"审批业务量[\s\S]{0,60}5000")
    # 7 哪个部门三公最多
    found = citizen().year("演示1县", 2024).tap("“三公”")
    amounts = found.page.locator("tbody tr td.n:nth-of-type(2)").all_inner_texts()
    rows = [float(text.replace(",", "")) for text in amounts if re.fullmatch(r"[\d,.]+", text.strip())]
    *each, whole = rows
    assert each[0] == max(each) and round(sum(each), 2) == whole and found.taps == 2
    # 8 全县一共多少
    citizen().finds("个部门支出合计")
    # 9 什么是“机关运行经费”
    citizen().search("什么是机关运行经费").finds("机关运行")
    # 10 联系谁
    found = citizen().year("演示1县", 2024)
    found.tap(re.compile("^演示1县$"), DRAWN)
    found.finds("0000-1234567")

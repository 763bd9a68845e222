"""The bureau's desk without a mouse, wide and narrow: set up, opened, reviewed, approved, published, taken along, audited."""

import pytest

from budgets.importing.reading.workbooks import read_workbook
from budgets.importing.rosters.roster_reading import read_roster
from budgets.models import Comment, Department, Disclosure, FiscalYear, Publication, Reply, Status
from budgets.workflow import roster_taking
from budgets.workflow.commenting import answer
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, submitted
from tests.makers.rosters import a_book, content_of

from .desk import PASSWORD
from .keyboard import Keyboard
from .waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (1280, 360)


@pytest.fixture
def desk(page, live_server, settings, no_pdf, few_pages, monkeypatch):
    """A bureau without departments but one, which has handed in; lists are read in this process."""
    settings.SITE_ADDRESS, settings.ALLOWED_HOSTS = live_server.url, ["*"]
    read = lambda name, content: read_roster(name, read_workbook(name, content))  # noqa: E731
    monkeypatch.setattr(roster_taking, "roster_apart", read)
    return Keyboard(page, live_server.url)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_county_without_a_mouse(page, desk, width):
    page.set_viewport_size({"width": width, "height": 800})
    set_up(page, desk)
    made = submitted(a_sound_disclosure(a_department()))
    desk.sign_in(a_person("bureau_officer", password=PASSWORD))
    review(page, desk, made)
    answer(Comment.objects.get(), text="已核对。", by=a_person("accountant"))
    submitted(Disclosure.objects.get(pk=made.pk))
    decide(page, desk)
    audit(page, desk)
    print(f"{desk.stops} stops at {width} px", *desk.faults, sep="\n")
    assert desk.faults == []
    assert desk.complaints == []


def set_up(page, desk: Keyboard) -> None:
    """The list of departments and people, and a year."""
    file = {"name": "名单.xlsx", "mimeType": XLSX, "buffer": content_of(a_book())}
    desk.sign_in(a_person("bureau_administrator", password=PASSWORD))
    desk.follow("导入部门和人员")
    page.on("filechooser", lambda asked: asked.set_files(file))
    desk.reach("名单", "input")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.files.length === 1")
    desk.follow("上传并对照", "button")
    desk.follow("确认导入", "button")
    assert Department.objects.filter(code="302").exists()
    desk.follow("发设密码的链接")
    desk.follow("生成链接并列出", "button")
    desk.follow("年度总览")
    desk.follow("开放新的年度")
    desk.follow("开放", "button")
    assert FiscalYear.objects.exists()


def review(page, desk: Keyboard, made: Disclosure) -> None:
    """A comment on a row, and back to its department."""
    desk.follow("乐亭县行政审批局")
    desk.follow("核对改动")
    desk.follow("提意见 ：2010301", "a")
    desk.reach("整行")
    page.keyboard.press("ArrowDown")
    desk.typed("意见", "请核对这一格")
    desk.follow("记下意见", "button")
    said = Comment.objects.get()
    assert not said.place.endswith("2010301") and desk.at() == f"at-{said.pk}"
    desk.reach("提意见")  # the next stop of the same row
    desk.follow("退回", "a")
    desk.follow("确认退回", "button")
    assert Disclosure.objects.get(pk=made.pk).status == Status.RETURNED


def decide(page, desk: Keyboard) -> None:
    """The answer is read and the comment closed; approved and published from the overview; its files."""
    desk.follow("首页")
    desk.follow("乐亭县行政审批局")
    desk.follow("看意见 1 条")
    desk.follow("关闭", "button")
    assert Reply.objects.filter(kind="close").exists() and desk.at().startswith("c-")
    desk.follow("年度总览")
    desk.follow("2023年度")
    for step in ("批准", "公开"):
        desk.reach("全选")
        page.keyboard.press("Space")
        desk.follow(step, "button")
    desk.follow("马上公开", "button")
    assert Publication.objects.count() == 1
    desk.reach("下载一览表", "button")
    with page.expect_download():
        page.keyboard.press("Enter")


def audit(page, desk: Keyboard) -> None:
    """The trail, filtered by arrows, and taken along."""
    desk.sign_in(a_person("auditor", password=PASSWORD))
    desk.follow("审计日志")
    desk.reach("事项")
    page.keyboard.press("ArrowDown")
    desk.follow("查找", "button")
    assert "action=login" in page.url
    desk.reach("导出", "button")
    with page.expect_download():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        ("<style>a{outline:0}</style><a href='#a'>甲</a>", "does not look focused"),
        ("<a href='#a' style='position:fixed;left:-99px'>甲</a>", "is off the screen"),
        ("<a href='#a'>甲</a><p style='position:fixed;inset:0;margin:0;background:red'>", "is covered"),
        ("<a href='#b' tabindex=2>乙</a><a href='#a' tabindex=1>甲</a>", "comes out of order"),
    ],
)
def test_a_stop_that_is_not_as_it_should_be_is_noticed(page, spoilt, fault):
    """The negative control."""
    page.set_content(f"<body>{spoilt}")
    keyboard = Keyboard(page, "")
    keyboard.reach("甲")
    if "tabindex" in spoilt:
        keyboard.reach("乙")
    assert {told for _, _, told in keyboard.faults} == {fault}
    with pytest.raises(AssertionError, match="does not reach 丙"):
        keyboard.reach("丙")

"""A file taken in by keyboard alone: read in the background with its progress shown, checked, confirmed, undone."""

import threading
from pathlib import Path

import pytest
from django.db import connections
from openpyxl import load_workbook
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from budgets import ledger
from budgets.models import Disclosure, Intake, Job, Role
from budgets.workflow import background
from tests.makers.disclosures import a_department, a_disclosure, a_person

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAMPLE = Path(__file__).parent.parent / "sample"
WORKBOOK = SAMPLE / "laoting-483-2023-tables.xlsx"
PDF = SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf"


@pytest.fixture
def desk(page, live_server, settings):
    settings.SITE_ADDRESS = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    return Desk(page, live_server.url)


class Counting(Desk):
    """Counts the things that a person does after opening the draft."""

    done = 0

    def choose(self, file: Path) -> None:
        """Open the browser's file dialog from the field and pick a file; Chromium drops keys before a page is painted."""
        for last in (False, False, True):
            self.page.get_by_label("预算公开文件").focus()
            try:
                with self.page.expect_file_chooser(timeout=30_000 if last else 5_000) as dialog:
                    self.page.keyboard.press("Space")
                break
            except PlaywrightTimeout:
                if last:
                    raise
        dialog.value.set_files(file)
        self.done += 1

    def press(self, words: str, role: str = "link", *, exact: bool = False) -> None:
        super().press(words, role, exact=exact)
        self.done += 1

    def tick(self, words: str) -> None:
        self.page.get_by_label(words).focus()
        self.page.keyboard.press("Space")
        self.done += 1


def opened(desk: Desk, disclosure) -> Counting:
    """The draft's page in front of its accountant."""
    person = a_person(Role.ACCOUNTANT.value, department=disclosure.department, password=PASSWORD)
    counting = Counting(desk.page, desk.url)
    counting.sign_in(person)
    desk.page.goto(f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/change/")
    return counting


def test_four_actions_take_a_workbook_in(desk):
    disclosure = a_disclosure()
    at = opened(desk, disclosure)
    at.press("导入文件")
    at.look()
    at.choose(WORKBOOK)
    at.press("读取并核对", "button")
    assert at.page.get_by_text("文件里的数与明细推算的全部一致。").is_visible()
    at.look()
    at.press("确认导入", "button")
    assert at.done == 4
    assert len(ledger.read(disclosure).facts) == 39
    at.look()
    at.press("看导入报告、撤销导入")
    at.look()
    at.press("撤销这次导入", "button")
    assert len(ledger.read(disclosure).facts) == len(ledger.read(a_disclosure(year=2024)).facts)


def test_a_wrong_cell_is_accepted_knowingly(desk, tmp_path):
    book = load_workbook(WORKBOOK)
    book["部门预算支出总表"]["D6"].value += 1
    book.save(tmp_path / "错误.xlsx")
    at = opened(desk, a_disclosure())
    at.press("导入文件")
    at.choose(tmp_path / "错误.xlsx")
    at.press("读取并核对", "button")
    assert at.page.locator("td", has_text="可疑").inner_text().split()[0] == "D6"
    at.look()
    at.press("确认导入", "button")
    assert at.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    at.look()
    at.tick("我已核对，接受这些差异")
    at.press("确认导入", "button")
    assert Intake.objects.get().accepted


def test_a_file_that_cannot_be_read_leaves_the_field_at_hand(desk, tmp_path):
    (tmp_path / "旧.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    at = opened(desk, a_disclosure())
    at.press("导入文件")
    at.choose(tmp_path / "旧.xls")
    at.press("读取并核对", "button")
    assert "旧版格式" in at.page.locator("[role=alert]").inner_text()
    at.look()
    at.choose(WORKBOOK)
    at.press("读取并核对", "button")
    assert at.page.get_by_text("全部一致").is_visible()


def test_a_long_file_shows_how_far_it_is(desk, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    disclosure = a_disclosure(
        a_department("101", "上海市普陀区财政局"), year=2025, table_set="shanghai_2023", facts=()
    )
    at = opened(desk, disclosure)
    at.press("导入文件")
    at.choose(PDF)
    at.tick("这是以前已经公开过的文件，各表照原样印出")
    at.press("读取并核对", "button")
    assert at.page.get_by_text("正在读取和核对").is_visible()
    at.look()
    Intake.objects.update(pages_read=3, pages=24)
    at.page.wait_for_selector("text=已读 3／24 页")
    worker = threading.Thread(target=work)
    worker.start()
    at.page.wait_for_selector("text=照录原件", timeout=60_000)
    worker.join()
    at.look()
    at.press("确认导入", "button")
    assert at.done == 5  # one of them says that the file was published before
    assert len(ledger.read(Disclosure.objects.get(pk=disclosure.pk)).given) == 9
    at.look()
    at.press("照录的报表")
    at.look()


def work() -> None:
    """What a worker does with the file that waits."""
    try:
        background.run.call(Job.objects.get().pk)
    finally:
        connections.close_all()

"""The list of departments and people: refused with sheet and cell, taken whole or not at all, and taken back."""

import json
import re
from io import BytesIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from budgets.admin import site_frame
from budgets.importing.reading.opening import kind_of
from budgets.importing.reading.workbooks import read_workbook
from budgets.importing.rosters.roster_reading import read_roster
from budgets.models import AuditEntry, Department, Disclosure, Happening, Person, Region, RosterImport
from budgets.workflow import roster_taking, trail
from tests.makers.disclosures import a_department, a_person, a_region
from tests.makers.rosters import (
    DEPARTMENTS,
    PEOPLE,
    SPOILT,
    SpoiltList,
    a_book,
    a_county,
    content_of,
    with_units,
)

pytestmark = pytest.mark.django_db


def here(name: str, content: bytes, **more):
    """The reading without a child, which the tests of the files themselves leave in place."""
    assert kind_of(name, content) == "xlsx"
    return read_roster(name, read_workbook(name, content))


@pytest.fixture
def in_process(monkeypatch):
    monkeypatch.setattr(roster_taking, "roster_apart", here)


@pytest.fixture
def office(client):
    """The region's administrator, with something there: departments, somebody closed, another region's people."""
    me = a_person("bureau_administrator")
    Person.objects.filter(pk=me.pk).update(username="guanli")
    a_department("401", "在册局")
    Department.objects.filter(pk=a_department("402", "停用局").pk).update(active=False)
    closed = a_person("accountant", department=a_department("401"))
    Person.objects.filter(pk=closed.pk).update(username="tingyong", is_active=False)
    far = a_person("accountant", department=a_department("101", "远局", a_region("130224", "滦南县")))
    Person.objects.filter(pk=far.pk).update(username="yuanfang")
    client.force_login(me)
    return client


def everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Region, Department, Person)]


def upload(office, content: bytes, name: str = "名单.xlsx"):
    return office.post(reverse("admin:roster"), {"file": SimpleUploadedFile(name, content)}, follow=True)


def confirm(office, page):
    """Press 确认导入 on a preview."""
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page.text)
    return office.post(page.redirect_chain[-1][0], {"seen": seen}, follow=True)


def take(office, content: bytes):
    page = confirm(office, upload(office, content))
    assert "已全部导入" in page.text
    return RosterImport.objects.first()


def undo(office, taken):
    return office.post(reverse("admin:roster_import", args=[taken.pk]), {"undo": "1"}, follow=True)


def refused(office, spoilt: SpoiltList) -> None:
    before = everything()
    page = upload(office, spoilt.content())
    told = re.findall(r'<tr><td>(.*?)</td><th scope="row">(.*?)</th><td>(.*?)</td></tr>', page.text)
    assert any(
        (sheet, cell) == (spoilt.sheet, spoilt.cell) and spoilt.words in text for sheet, cell, text in told
    ), told
    assert "确认导入" not in page.text
    forced = office.post(page.redirect_chain[-1][0], {"seen": "x"})
    assert forced.status_code == 409 and everything() == before


@pytest.mark.sweep(6)
@pytest.mark.parametrize("spoilt", SPOILT, ids=lambda each: each.name)
def test_each_fault_is_refused_with_its_cell_and_nothing_is_taken(office, in_process, spoilt):
    refused(office, spoilt)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("spoilt", SPOILT[::12], ids=lambda each: each.name)
def test_the_confined_child_says_the_same(office, spoilt):
    refused(office, spoilt)


def test_the_clean_list_passes_and_comes_in_whole(office, in_process):
    """The negative control of the faults."""
    page = upload(office, content_of(a_book()))
    assert "处不对" not in page.text and not Department.objects.filter(code="301").exists()
    answer = confirm(office, page)
    assert "已全部导入" in answer.text
    school = Department.objects.get(code="30101")
    assert (school.supervising_department.code, school.phone) == ("301", "0315-4620002")
    person = Person.objects.get(username="yizhong")
    assert (person.role, person.department, person.has_usable_password()) == ("accountant", school, False)
    officer = Person.objects.get(username="caizheng")
    assert (officer.role, officer.region, officer.department) == ("bureau_officer", a_region(), None)
    assert "完全相同" in upload(office, content_of(a_book())).text


WRONG_FILES = [
    ("名单.xlsx", b"", "空的"),
    ("名单.txt", b"hello", "不是"),
    ("名单.csv", "部门编码,部门名称\n301,局\n".encode(), "Excel 工作簿"),
    ("名单.pdf", b"%PDF-1.7 nothing", "Excel 工作簿"),
    ("名单.xlsx", b"PK\x03\x04 broken", "已损坏"),
    ("名单.xlsx", content_of(a_book([], [])), "没有一行内容"),
    ("~$名单.xlsx", content_of(a_book()), "临时文件|锁"),
]


@pytest.mark.sweep(1)
@pytest.mark.parametrize(("name", "content", "words"), WRONG_FILES)
def test_another_kind_of_file_is_refused(office, name, content, words):
    before = everything()
    page = upload(office, content, name)
    assert re.search(words, page.text), page.text
    assert RosterImport.objects.count() == 0 and everything() == before


def test_what_changes_is_shown_old_and_new_and_what_is_missing_stays(office, in_process):
    take(office, content_of(a_book()))
    departments = [["301", "县教育和体育局", None, None, "大街1号"], *DEPARTMENTS[2:]]
    people = [["jiaoyu", "张三", "部门审核", "302"], *PEOPLE[1:]]
    page = upload(office, content_of(a_book(departments, people)))
    for words in ("<td>县教育局</td><td><b>县教育和体育局</b>", "<td>0315-4620001</td><td><b>空</b>"):
        assert words in page.text
    for words in ("<td>部门会计</td><td><b>部门审核</b>", "<td>301</td><td><b>302</b>"):
        assert words in page.text
    assert "名单里没有、保持原样" in page.text and "30101 县第一中学" in page.text
    confirm(office, page)
    bureau = Department.objects.get(code="301")
    assert (bureau.name, bureau.phone, bureau.address) == ("县教育和体育局", "", "大街1号")
    moved = Person.objects.get(username="jiaoyu")
    assert (moved.role, moved.department.code, moved.sessions_from is not None) == ("reviewer", "302", True)
    assert Department.objects.filter(code="30101", active=True).exists()


def test_a_column_that_is_not_there_changes_nothing(office, in_process):
    take(office, content_of(a_book()))
    book = a_book()
    book["部门"].delete_cols(4, 2)
    assert "完全相同" in upload(office, content_of(book)).text


def test_a_list_says_which_budgets_contain_their_units(office, in_process):
    """Where it says nothing the units would be counted twice, and the preview says so."""

    def a_list(said: str) -> bytes:
        book = a_book()
        with_units(said)(book["部门"], book["人员"])
        return content_of(book)

    page = upload(office, content_of(a_book()))
    assert "1 个有下属单位的部门没有写" in page.text and "301 县教育局：" in page.text
    page = upload(office, a_list("是"))
    assert "没有写“预算含" not in page.text and "预算含下属单位 是" in page.text
    confirm(office, page)
    school, unit = (Department.objects.get(code=code) for code in ("301", "30101"))
    assert school.includes_units and not unit.includes_units
    assert "完全相同" in upload(office, a_list("是")).text
    # A list without the column changes nothing; one with another word there is shown, told, and taken back.
    assert "完全相同" in upload(office, content_of(a_book())).text
    page = upload(office, a_list("否"))
    assert "<td>预算含下属单位</td><td>是</td><td><b>否</b>" in page.text
    confirm(office, page)
    school.refresh_from_db()
    assert not school.includes_units
    trail.link()
    told = AuditEntry.objects.filter(action=Happening.ROSTER).order_by("number").last()
    assert ["是", "否"] in json.loads(told.change)["fields"].values()
    undo(office, RosterImport.objects.first())
    school.refresh_from_db()
    assert school.includes_units
    current = load_workbook(BytesIO(office.get(reverse("admin:roster_current")).content))["部门"]
    column = [cell.value for cell in next(iter(current.iter_cols(4, 4)))]
    assert column[0] == "预算含下属单位" and column.count("是") == 1


def test_what_moved_since_it_was_seen_is_asked_again(office, in_process):
    page = upload(office, content_of(a_book()))
    a_department("302", "别的局")  # somebody adds it by hand
    before = everything()
    answer = confirm(office, page)
    assert answer.status_code == 409 and "再确认一次" in answer.text and everything() == before
    assert "<td>别的局</td><td><b>县水务局</b>" in answer.text
    (seen,) = re.findall(r'name="seen" value="(\w+)"', answer.text)
    assert "已全部导入" in office.post(page.redirect_chain[-1][0], {"seen": seen}, follow=True).text


def test_a_plan_that_is_not_bound_to_what_was_seen_is_noticed(office, in_process, monkeypatch):
    """The negative control."""
    from budgets.workflow.roster_plans import RosterPlan

    monkeypatch.setattr(RosterPlan, "digest", property(lambda self: "same"))
    page = upload(office, content_of(a_book()))
    a_department("302", "别的局")
    assert "已全部导入" in confirm(office, page).text


def test_a_fault_in_the_middle_takes_nothing(office, in_process, monkeypatch):
    page = upload(office, content_of(a_book()))
    before = everything()

    def fails(*given, **more):
        raise roster_taking.IntegrityError("a person of that name came in between")

    monkeypatch.setattr(roster_taking, "write", fails)
    assert confirm(office, page).status_code == 409 and everything() == before


def test_it_is_taken_once(office, in_process):
    page = upload(office, content_of(a_book()))
    confirm(office, page)
    again = office.post(page.redirect_chain[-1][0], {"seen": "x"}, follow=True)
    assert again.status_code == 409 and "已经导入过" in again.text


def test_undoing_restores_everything(office, in_process):
    before = everything()
    taken = take(office, content_of(a_book()))
    first = everything()
    changed = [["301", "新名局", "302", "1", None], ["305", "新设局", "301", None, None]]
    people = [["jiaoyu", "张三三", "审计监督", "本地区"], ["yizhong", "王五", "部门会计", "305"]]
    second = take(office, content_of(a_book(changed, people)))
    assert "已撤销" in undo(office, second).text
    mended = everything()
    for kind in (first, mended):
        for row in kind[2]:
            row.pop("sessions_from")
    assert mended == first
    assert "已撤销" in undo(office, taken).text and everything() == before
    assert undo(office, taken).status_code == 409


@pytest.mark.parametrize("how", ["password", "year", "person", "rename"])
def test_what_is_in_use_is_not_undone(office, in_process, how):
    if how == "rename":
        a_department("301", "旧名局")
    taken = take(office, content_of(a_book()))
    department = Department.objects.get(code="301")
    if how == "password":
        Person.objects.filter(username="jiaoyu").update(password=make_password("qing-qi-4567"))
    elif how == "year":
        Disclosure.objects.create(department=department, fiscal_year=2024)
    elif how == "person":
        a_person("accountant", department=Department.objects.get(code="302"))
    else:
        Department.objects.filter(pk=department.pk).update(name="又改名局")
    before = everything()
    answer = undo(office, taken)
    assert answer.status_code == 409 and "没有撤销" in answer.text and everything() == before


def test_undoing_without_asking_what_depends_is_noticed(office, in_process, monkeypatch):
    """The negative control: somebody's password goes with it."""
    taken = take(office, content_of(a_book()))
    Person.objects.filter(username="jiaoyu").update(password=make_password("qing-qi-4567"))
    monkeypatch.setattr(roster_taking, "depends", lambda made: [])
    assert undo(office, taken).status_code == 200 and not Person.objects.filter(username="jiaoyu").exists()


def test_what_is_there_goes_out_as_a_list_and_comes_back_the_same(office, in_process):
    """Text that looks like a formula stays text."""
    a_department("408", "=1+1局")
    Department.objects.filter(code="408").update(phone="+86 315", address="@大街")
    a_person("accountant", department=a_department("408"), name="-王")
    content = office.get(reverse("admin:roster_current")).content
    book = load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {cell.value for cell in cells if cell.quotePrefix} >= {"=1+1局", "+86 315", "@大街", "-王"}
    assert "完全相同" in upload(office, content).text
    blank = load_workbook(BytesIO(office.get(reverse("admin:roster_template")).content))
    assert blank.sheetnames == ["部门", "人员", "填写说明"] and blank["部门"]["A2"].number_format == "@"


@pytest.mark.parametrize(
    "role", ["accountant", "reviewer", "bureau_officer", "auditor", "central_administrator"]
)
def test_nobody_else_has_the_list(client, role):
    client.force_login(a_person(role))
    for name in ("roster", "roster_template", "roster_current"):
        assert client.get(reverse(f"admin:{name}")).status_code == 404
        assert client.post(reverse(f"admin:{name}")).status_code == 404


def test_a_file_that_is_too_large_is_not_read(office, monkeypatch):
    monkeypatch.setattr(site_frame, "MAX_FILE", 10)
    assert "超过" in upload(office, content_of(a_book())).text


class Browser:
    """A browser that follows links and presses buttons; every request that a person makes by a click is counted."""

    def __init__(self) -> None:
        self.client, self.clicks = Client(headers={"host": "127.0.0.1"}), 0

    def open(self, page, words: str):
        """Click the link of these words on a page."""
        self.clicks += 1
        (address,) = set(re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{words}</a>', page.text))
        return self.client.get(address, follow=True)

    def press(self, address: str, **data):
        self.clicks += 1
        return self.client.post(address, data, follow=True)


@pytest.mark.slow
def test_a_county_of_sixty_departments_and_120_people_from_nothing(in_process):
    """By requests of a browser alone; everybody can set a password at the end."""
    browser, password = Browser(), "qing-qi-4567"
    first = browser.client.get("/admin/", follow=True)
    new = {"region_code": "130225", "region_name": "乐亭县", "table_set": "hebei_2023", "username": "guan"}
    new |= {"name": "王管理", "password": password, "again": password}
    home = browser.press(first.redirect_chain[-1][0], **new)
    handing = browser.open(home, "导入部门和人员")
    browser.clicks += 1  # the file is chosen
    seen = browser.press(handing.request["PATH_INFO"], file=SimpleUploadedFile("名单.xlsx", a_county()))
    (digest,) = re.findall(r'name="seen" value="(\w+)"', seen.text)
    taken = browser.press(seen.redirect_chain[-1][0], seen=digest)
    waiting = browser.open(taken, "发设密码的链接")
    chosen = re.findall(r'name="chosen" value="(\d+)"', waiting.text)
    slips = browser.press(waiting.request["PATH_INFO"], chosen=chosen)
    links = re.findall(r"http://127.0.0.1(/admin/password/[^<\s]+)", slips.text)
    assert (Department.objects.count(), len(set(links))) == (60, 120)
    assert Department.objects.filter(supervising_department__isnull=False).count() == 10
    assert browser.clicks <= 8
    for link in links[:: len(links) // 3]:
        theirs = Client()
        opened = theirs.get(link)
        data = {"new_password1": password, "new_password2": password}
        assert theirs.post(opened.url, data).url == reverse("admin:login")
    assert "已办" in browser.client.get("/admin/").text

"""A year's subject codes from a file: refused with sheet and cell, taken whole or not at all, used at once, and taken back."""

import re
from io import BytesIO
from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from budgets import ledger
from budgets.domain.codec import encode
from budgets.importing.rosters.roster_books import read_book
from budgets.models import (
    AuditEntry,
    AuditPending,
    Disclosure,
    ExpenditureLine,
    Subject,
    SubjectImport,
    SubjectMove,
)
from budgets.workflow import subject_taking
from budgets.workflow.subject_differences import SubjectPlan
from budgets.workflow.subject_plans import _Planner, plan_subjects
from budgets.workflow.subject_taking import take_subjects
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_public_row
from tests.makers.rosters import content_of
from tests.makers.subject_lists import (
    FUNCTION,
    MOVED,
    SPOILT_SUBJECTS,
    SUBJECTS,
    SpoiltSubjects,
    a_list_before,
    a_subject_book,
)

from .test_crosswalk import spent

pytestmark = pytest.mark.django_db
OLD, NEW, GONE = "2010350", "2010351", "2080502"


@pytest.fixture
def in_process(monkeypatch):
    monkeypatch.setattr(
        subject_taking, "roster_apart", lambda name, content, book: read_book(name, content, book)
    )


@pytest.fixture
def keeper(client):
    """The central administrator, with the list of 2022."""
    a_list_before()
    client.force_login(a_person("central_administrator", department=None, region=None))
    return client


def everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Subject, SubjectMove)]


def upload(client, content: bytes, name: str = "科目.xlsx", year: int = 2023, whole: bool = True):
    data = {"year": year, "file": SimpleUploadedFile(name, content)} | ({"whole": "on"} if whole else {})
    return client.post(reverse("admin:subject_lists"), data, follow=True)


def confirm(client, page):
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page.text)
    return client.post(page.redirect_chain[-1][0], {"seen": seen}, follow=True)


def take(client, content: bytes, **more) -> SubjectImport:
    page = confirm(client, upload(client, content, **more))
    assert "已全部导入" in page.text
    return SubjectImport.objects.order_by("pk").last()


def undo(client, taken):
    return client.post(reverse("admin:subject_list", args=[taken.pk]), {"undo": "1"}, follow=True)


def codes(year: int = 2023) -> set[str]:
    return set(Subject.objects.filter(fiscal_year=year, active=True).values_list("code", flat=True))


def used(code: str, year: int = 2023, number: str = "483") -> Disclosure:
    """A document of the year with an amount at the code."""
    return a_disclosure(a_department(number), year=year, facts=spent(**{f"_{code}": "1.00"}))


def refused(client, spoilt: SpoiltSubjects) -> None:
    before = everything()
    page = upload(client, spoilt.content())
    told = re.findall(r'<tr><td>(.*?)</td><th scope="row">(.*?)</th><td>(.*?)</td></tr>', page.text)
    assert any(
        (sheet, cell) == (spoilt.sheet, spoilt.cell) and spoilt.words in text for sheet, cell, text in told
    ), told
    assert "确认导入" not in page.text
    forced = client.post(page.redirect_chain[-1][0], {"seen": "x"})
    assert forced.status_code == 409 and everything() == before


@pytest.mark.sweep(5, 17)
@pytest.mark.parametrize("spoilt", SPOILT_SUBJECTS, ids=lambda each: each.name)
def test_each_fault_is_refused_with_its_cell_and_nothing_is_taken(keeper, in_process, spoilt):
    if spoilt.name == "used by a published document":
        a_public_row(used(GONE))
        used(GONE, number="484")
    refused(keeper, spoilt)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("spoilt", SPOILT_SUBJECTS[10::12], ids=lambda each: each.name)
def test_the_confined_child_says_the_same(keeper, spoilt):
    refused(keeper, spoilt)


def test_faults_stand_in_the_order_of_the_file_and_alone(keeper, in_process):
    """No comparison beside them: refused rows would count as dropped."""
    rows = [list(each) for each in SUBJECTS]
    rows[1][0], rows[8][3], rows[3][1] = "功能", "一般公共", "20103511"
    page = upload(keeper, content_of(a_subject_book(rows)))
    cells = re.findall(r'<tr><td>科目</td><th scope="row">(.*?)</th>', page.text)
    assert [cell for cell in cells if cell in ("A3", "B5", "D10")] == ["A3", "B5", "D10"]
    assert [int(cell[1:]) for cell in cells] == sorted(int(cell[1:]) for cell in cells)
    assert "不再使用" not in page.text


def test_the_sound_list_shows_what_differs_and_comes_in_whole(
    keeper, in_process, django_capture_on_commit_callbacks
):
    """The negative control of the faults."""
    page = upload(keeper, content_of(a_subject_book()))
    for words in (
        "比2022年：新增 <b>1</b>，改名 <b>1</b>，不再使用 <b>2</b>",
        "2010351 事业机构运行",
        "<td>行政单位离退休</td><td><b>行政单位离退休人员</b>",
        f'<th scope="row">{OLD} 事业运行</th><td>{NEW}</td>',
        f"<li>{OLD} 事业运行 → {NEW} 事业机构运行</li>",
        "科目对照 3 行",
    ):
        assert words in page.text, words
    assert "处不对" not in page.text and codes() == set()
    with django_capture_on_commit_callbacks(execute=True):
        assert "已全部导入" in confirm(keeper, page).text
    assert codes() == {each[1] for each in SUBJECTS} and len(codes(2022)) == 12
    row = Subject.objects.get(fiscal_year=2023, code="30201")
    assert (row.level, row.parent_code, row.basic_group, row.government_code_administrative) == (
        2, "302", "公用经费", "50201",
    )  # fmt: skip
    assert SubjectMove.objects.filter(fiscal_year=2023).count() == 3
    told = [*AuditEntry.objects.filter(about="2023年政府收支分类科目"), *AuditPending.objects.all()]
    assert any("新增 11 个" in each.change and "对照 3 行" in each.change for each in told)
    assert "完全相同" in upload(keeper, content_of(a_subject_book())).text


@pytest.mark.parametrize("key", ["hebei_2023", "shanghai_2023"])
def test_last_year_stands_beside_by_the_uploaded_mapping_at_once(keeper, in_process, key):
    """With the negative control before it: without the mapping the old code has no successor."""
    from budgets import tablesets
    from budgets.admin.declaring import grids_of
    from budgets.admin.grid_layout import Layout

    from .test_crosswalk import GRID

    a_disclosure(year=2022, facts=spent(**{f"_{OLD}": "100000.00"}), table_set=key)
    now = a_disclosure(facts=spent(**{f"_{NEW}": "50000.00"}), table_set=key)
    now.table_set = key
    now.save()

    def beside() -> dict[str, object]:
        from budgets.admin.entry import dress

        layout = Layout(grids_of(tablesets.get(key))[GRID], now)
        existing = layout.existing()
        page = layout.page(layout.formset(existing), existing)
        dress(page, layout)
        return {code: each.words for code, each in page.last.likeness.items()}

    assert "可比（原" not in str(beside())
    take(keeper, content_of(a_subject_book()))
    assert beside()[NEW] == f"可比（原 {OLD} 事业运行）"
    assert ledger.crosswalk(2022, 2023).successors(GONE, "function") == ("2080501",)


def test_an_addition_leaves_the_others_and_a_new_year_starts_from_the_one_before(keeper, in_process):
    more = [FUNCTION, "2010302", "一般行政管理事务", None, None, None, None]
    page = upload(keeper, content_of(a_subject_book([more], [])), whole=False)
    assert "新增 <b>1</b>，改名 <b>0</b>，不再使用 <b>0</b>" in page.text
    confirm(keeper, page)
    assert codes() == codes(2022) | {"2010302"}
    take(keeper, content_of(a_subject_book([[*more[:2], "管理事务", *more[3:]]], [])), whole=False)
    assert Subject.objects.get(code="2010302").name == "管理事务" and len(codes()) == 13


def test_the_whole_list_retires_and_a_later_one_restores(keeper, in_process):
    a_list_before(2023)
    Subject.objects.filter(fiscal_year=2023, code="2010301").update(confidence="low")
    page = upload(keeper, content_of(a_subject_book()))
    assert "停用 <b>2</b>" in page.text and "2080502 事业单位离退休" in page.text
    confirm(keeper, page)
    assert not Subject.objects.get(fiscal_year=2023, code=GONE).active
    assert (
        Subject.objects.get(fiscal_year=2023, code="2010301").confidence == "low"
    )  # a column not in the file
    again = [*SUBJECTS, [FUNCTION, GONE, "事业单位离退休", None, None, None, None]]
    page = upload(keeper, content_of(a_subject_book(again, [])))
    assert "恢复使用 <b>1</b>" in page.text
    confirm(keeper, page)
    assert Subject.objects.get(fiscal_year=2023, code=GONE).active and SubjectMove.objects.count() == 3


def test_drafts_that_use_a_dropped_code_are_told(keeper, in_process):
    used(OLD)
    used(OLD, number="484")
    page = upload(keeper, content_of(a_subject_book()))
    assert f"{OLD} 事业运行</th><td>{NEW}</td><td>2 份未公开，要改填</td>" in page.text
    assert "确认导入" in page.text


def test_a_published_year_that_loses_a_code_is_noticed(keeper, in_process, monkeypatch):
    """The negative control of the guard on published documents."""
    a_public_row(used(GONE))
    monkeypatch.setattr(_Planner, "keeps_published", lambda self, gone: None)
    assert "确认导入" in upload(keeper, content_of(a_subject_book())).text


def test_a_mapping_that_stays_must_find_its_codes(keeper, in_process):
    take(keeper, content_of(a_subject_book()))
    fewer = [each for each in SUBJECTS if each[1] != NEW]
    page = upload(keeper, content_of(a_subject_book(fewer, [])))
    assert (
        "现有对照" in page.text and f"{OLD} → {NEW} 用到 {NEW}" in page.text and "确认导入" not in page.text
    )


SIZES = (200, 800)


@pytest.mark.slow
def test_four_times_the_rows_take_at_most_five_times_the_time(keeper):
    """Reading in the child left out, which `test_growth` of the readers holds; planning and taking are measured."""
    took = []
    for year, size in zip((2024, 2025), SIZES, strict=True):
        content = content_of(a_subject_book(many(size), []))
        imported = SubjectImport.objects.create(
            fiscal_year=year,
            name="科目.xlsx",
            sha256="0" * 64,
            roster=encode(read_book("科目.xlsx", content, "subjects")),
            whole=True,
            person=a_person("auditor"),
        )
        start = process_time()
        take_subjects(imported, plan_subjects(imported).digest, a_person("auditor"))
        took.append(process_time() - start)
        assert len(codes(year)) == size
    assert took[1] <= 5 * took[0], took


def many(size: int) -> list[list[str]]:
    """Rows of so many codes."""
    codes = ["201", *(f"201{n:02}" for n in range(1, 41))]
    codes += [f"{above}{n:02}" for above in codes[1:] for n in range(1, 41)]
    return [[FUNCTION, code, f"名{code}"] for code in codes[:size]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_of_either_kind_is_taken(keeper, in_process, encoding):
    lines = "\n".join(",".join(cell or "" for cell in each) for each in SUBJECTS)
    text = f"分类,科目编码,科目名称,所属预算,基本支出归类,对应政府经济科目（行政）,对应政府经济科目（事业）\n{lines}\n"
    take(keeper, text.encode(encoding), name="科目.csv")
    moves = "\n".join(",".join(["2023", *each]) for each in MOVED)
    take(keeper, f"预算年度,分类,原编码,新编码\n{moves}\n".encode(encoding), name="对照.csv")
    assert codes() == {each[1] for each in SUBJECTS} and SubjectMove.objects.count() == 3


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("科目.csv", b"a,b\n1,2\n", "第一行要是列标题"),
        ("科目.pdf", b"%PDF-1.7 nothing", "也不是 CSV"),
        ("科目.xlsx", b"PK\x03\x04 broken", "已损坏"),
        ("科目.xlsx", content_of(a_subject_book([], [])), "没有一行内容"),
    ],
)
def test_another_kind_of_file_is_refused(keeper, in_process, name, content, words):
    before = everything()
    page = upload(keeper, content, name)
    assert words in page.text and "确认导入" not in page.text and everything() == before


def test_a_plan_that_is_no_longer_true_is_not_taken(keeper, in_process):
    page = upload(keeper, content_of(a_subject_book()))
    Subject.objects.filter(fiscal_year=2022, code=OLD).update(name="改了名")
    before = everything()
    answer = confirm(keeper, page)
    assert answer.status_code == 409 and "再确认一次" in answer.text and everything() == before


def test_a_plan_that_is_not_bound_to_what_was_seen_is_noticed(keeper, in_process, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(SubjectPlan, "digest", property(lambda self: "same"))
    page = upload(keeper, content_of(a_subject_book()))
    Subject.objects.filter(fiscal_year=2022, code=OLD).update(name="改了名")
    assert "已全部导入" in confirm(keeper, page).text


def test_a_fault_in_the_middle_takes_nothing(keeper, in_process, monkeypatch):
    page = upload(keeper, content_of(a_subject_book()))
    before = everything()

    def fails(*args):
        raise subject_taking.IntegrityError("a code came in between")

    monkeypatch.setattr(subject_taking, "_map", fails)
    assert confirm(keeper, page).status_code == 409 and everything() == before


def test_undoing_restores_everything_while_nothing_depends_on_it(keeper, in_process):
    a_list_before(2023)
    before = everything()
    first = take(keeper, content_of(a_subject_book()))
    assert "已撤销" in undo(keeper, first).text and undo(keeper, first).status_code == 409
    lists, moves = everything()
    assert (lists, moves) == (before[0], before[1])
    second = take(keeper, content_of(a_subject_book()))
    used(NEW)
    answer = undo(keeper, second)
    assert (
        answer.status_code == 409 and f"{NEW} 事业机构运行 是这次新增的，已经有 1 份材料用着" in answer.text
    )
    ExpenditureLine.objects.all().delete()
    Subject.objects.filter(fiscal_year=2023, code=GONE).update(name="又改")
    assert "导入以后又改过" in undo(keeper, second).text


def test_lists_are_undone_last_first_and_not_under_what_was_added(keeper, in_process):
    first = take(keeper, content_of(a_subject_book()))
    more = [FUNCTION, "2010399", "其他支出", None, None, None, None]
    second = take(keeper, content_of(a_subject_book([more], [])), whole=False)
    assert "请先撤销后面的导入" in undo(keeper, first).text
    assert "已撤销" in undo(keeper, second).text
    Subject.objects.create(fiscal_year=2023, scheme="function", code="2010388", name="自定", level=3)
    assert "以后又在它下面加了科目" in undo(keeper, first).text
    Subject.objects.filter(code="2010388").delete()
    SubjectMove.objects.create(fiscal_year=2024, scheme="function", old_code=NEW, new_code="2010301")
    assert "科目对照用着" in undo(keeper, first).text
    SubjectMove.objects.filter(fiscal_year=2024).delete()
    assert "已撤销" in undo(keeper, first).text and codes() == set()


def test_undoing_without_asking_what_depends_is_noticed(keeper, in_process, monkeypatch):
    """The negative control."""
    a_list_before(2023)
    taken = take(keeper, content_of(a_subject_book()))
    used(NEW)
    monkeypatch.setattr(subject_taking, "_depends", lambda imported, made: [])
    assert "已撤销" in undo(keeper, taken).text and NEW not in codes()


def test_the_list_goes_out_and_comes_back_the_same(keeper, in_process):
    """Text that looks like a formula stays text."""
    take(keeper, content_of(a_subject_book()))
    Subject.objects.filter(fiscal_year=2023, code="2010301").update(name="=1+1", confidence="low")
    content = keeper.get(reverse("admin:subject_list_year", args=[2023])).content
    book = load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=1+1" in {cell.value for cell in cells if cell.quotePrefix}
    assert book.sheetnames == ["科目", "科目对照", "填写说明"] and len(list(book["科目对照"].values)) > 3
    assert "完全相同" in upload(keeper, content).text
    next_year = load_workbook(BytesIO(keeper.get(reverse("admin:subject_list_year", args=[2024])).content))
    assert next_year["科目"]["B2"].value == "302" and next_year["科目对照"]["A2"].value is None
    blank = load_workbook(BytesIO(keeper.get(reverse("admin:subject_list_year", args=[2021])).content))
    assert blank["科目"]["A2"].value is None


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    "role", ["bureau_administrator", "accountant", "reviewer", "bureau_officer", "auditor"]
)
def test_nobody_else_has_the_list(client, role):
    a_list_before()
    other = SubjectImport.objects.create(
        fiscal_year=2023, name="a", sha256="0" * 64, roster={}, person=a_person("auditor")
    )
    client.force_login(a_person(role))
    for name, args in (("subject_lists", []), ("subject_list", [other.pk]), ("subject_list_year", [2022])):
        assert client.get(reverse(f"admin:{name}", args=args)).status_code == 404
        assert client.post(reverse(f"admin:{name}", args=args)).status_code == 404
    assert "导入科目" not in client.get(reverse("admin:budgets_subject_changelist")).text


def test_the_keeper_finds_it_from_the_subjects(keeper):
    page = keeper.get(reverse("admin:budgets_subject_changelist")).text
    assert f'href="{reverse("admin:subject_lists")}">导入科目' in page
    assert "下载2023年底稿" in keeper.get(reverse("admin:subject_lists")).text
    assert "四位数字" in upload(keeper, b"x", year="明年").text

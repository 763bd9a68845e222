"""What a draft gives to take along: the form that comes back, the tables with last year's beside."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from budgets import ledger, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.facts import Fact
from budgets.domain.terms import Family, Fund, Use
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.workbooks import read_workbook
from budgets.models import Disclosure, Intake
from budgets.synthetic.ledgers_drawn import random_ledger
from budgets.workflow.drafts import draft_of
from budgets.workflow.tables_beside import published_year_before, tables_beside
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_sound_disclosure, published
from tests.makers.facts import yuan

pytestmark = pytest.mark.django_db


def address(disclosure, page: str) -> str:
    return reverse(f"admin:budgets_disclosure_{page}", args=[disclosure.pk])


def file_of(client, disclosure, page: str) -> bytes:
    answer = client.get(address(disclosure, page))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.fixture
def desk(client):
    client.force_login(a_person("accountant", department=a_department()))
    return client


def a_drawn_draft(seed: int, key: str) -> Disclosure:
    department = a_department()
    drawn = random_ledger(
        seed,
        tablesets.get(key),
        region=(department.region.code, department.region.name),
        unit=(department.code, department.name),
    )
    disclosure = Disclosure.objects.create(
        department=department, fiscal_year=drawn.year, stage=drawn.stage, table_set=key
    )
    ledger.write(disclosure, drawn)
    return disclosure


@pytest.mark.sweep(1)
@pytest.mark.parametrize("key", tablesets.SETS)
def test_the_form_of_a_draft_handed_in_again_changes_nothing(desk, key):
    disclosure = a_drawn_draft(2, key)
    before = ledger.read(disclosure)
    content = file_of(desk, disclosure, "draft_form")
    desk.post(address(disclosure, "intake"), {"file": SimpleUploadedFile("填报表.xlsx", content)})
    intake = Intake.objects.get()
    page = desk.get(reverse("admin:budgets_disclosure_intake_file", args=[disclosure.pk, intake.pk]))
    assert page.context["taken"].complete
    assert page.context["report"]["other"] == page.context["report"]["unread"] == []
    desk.post(
        reverse("admin:budgets_disclosure_intake_file", args=[disclosure.pk, intake.pk]),
        {"version": disclosure.version},
    )
    disclosure.refresh_from_db()
    assert disclosure.version > 2
    after = ledger.read(disclosure)
    # The form prints the cut-off date of assets, so that it comes back said.
    assert replace(after, assets_as_of=before.assets_as_of) == before


def test_the_page_of_a_draft_offers_both(desk):
    disclosure = a_sound_disclosure()
    page = desk.get(address(disclosure, "change")).content.decode()
    assert address(disclosure, "draft_form") in page and address(disclosure, "draft_tables") in page


def test_without_a_published_year_before_the_tables_are_as_printed(desk):
    disclosure = a_sound_disclosure()
    book = load_workbook(BytesIO(file_of(desk, disclosure, "draft_tables")))
    assert [sheet["A1"].value for sheet in book.worksheets] == [
        sheet.title for sheet in draft_of(disclosure).document.sheets()
    ]


@pytest.mark.slow
def test_last_year_stands_beside_and_rows_of_either_year_are_there(desk):
    before = published(a_sound_disclosure(year=2022)).disclosure
    new = Fact(
        Family.EXPENDITURE, yuan("7.00"), function="2049999", fund=Fund.GENERAL_PUBLIC, use=Use.PROJECT
    )
    old = ledger.read(before)
    gone = next(fact for fact in old.facts if fact.family is Family.EXPENDITURE and fact.use is Use.BASIC)
    facts = [*(fact for fact in old.facts if fact is not gone), new]
    disclosure = a_disclosure(before.department, year=2023, facts=facts)
    book = load_workbook(BytesIO(file_of(desk, disclosure, "draft_tables")))
    sheet = next(each for each in book.worksheets if "支出总表（与上年对比）" in each["A1"].value)
    heads = {sheet.cell(row, column).value for row in range(1, 8) for column in range(1, 20)}
    assert {"2023年", "2022年", "增减"} <= heads
    rows = {
        str(sheet.cell(row, 2).value): [sheet.cell(row, column).value for column in (4, 5, 6)]
        for row in range(1, sheet.max_row + 1)
    }
    assert [value or 0 for value in rows["2049999"]] == [7, 0, 7]
    lost = float(gone.amount / 10_000)
    now = sum(
        float(f.amount) for f in facts if f.family is Family.EXPENDITURE and f.function == gone.function
    )
    assert [round(value or 0, 2) for value in rows[gone.function]] == [
        now / 10_000,
        now / 10_000 + lost,
        -lost,
    ]


def test_each_cell_beside_is_that_of_its_own_year():
    department = a_department()
    for key in tablesets.SETS:
        before = random_ledger(3, tablesets.get(key), unit=(department.code, department.name), year=2022)
        disclosure = a_drawn_draft(4, key)
        draft = draft_of(disclosure)
        last = compose(tablesets.get(key), before, subjects_of(2022))
        for sheet, now, then in zip(
            tables_beside(draft, (before, last)), draft.document.tables, last.tables, strict=True
        ):
            found = {
                (row.named(column), column.key): cell.amount or Decimal(0)
                for row in sheet.rows
                for column, cell in zip(sheet.columns, row.cells, strict=True)
            }
            for year, suffix in ((now, ""), (then, ".before")):
                for row in year.rows:
                    for column, cell in zip(year.columns, row.cells, strict=True):
                        if column.kind == "amount" and cell.amount:
                            assert found[row.named(column), f"{column.key}{suffix}"] == cell.amount
            for row, column in found:
                if column.endswith(".change"):
                    key_of = column.removesuffix(".change")
                    assert found[row, column] == found[row, key_of] - found[row, f"{key_of}.before"]
        disclosure.delete()


@pytest.mark.slow
def test_only_what_is_public_now_is_last_year():
    disclosure = a_disclosure(year=2023)
    assert published_year_before(disclosure) is None
    publication = published(a_sound_disclosure(disclosure.department, year=2022))
    found = published_year_before(disclosure)
    assert found is not None and found[0].year == 2022
    publication.state.status = "withdrawn"
    publication.state.save()
    assert published_year_before(disclosure) is None


@pytest.mark.slow
def test_tables_beside_last_year_are_not_taken_for_a_form(desk):
    published(a_sound_disclosure(year=2022))
    disclosure = a_sound_disclosure(a_department(), year=2023)
    content = file_of(desk, disclosure, "draft_tables")
    with pytest.raises(Unreadable, match="只供查看.*下载成 Excel 填"):
        list(read_workbook("对比.xlsx", content))
    assert list(read_workbook("填报.xlsx", file_of(desk, disclosure, "draft_form")))


def test_live_sentences_go_to_word_in_the_words_that_they_print(desk):
    disclosure = a_sound_disclosure()
    disclosure.narratives.filter(key="overview").update(text="[[年度]]年本年支出[[本年支出]]万元。")
    words = docx.Document(BytesIO(file_of(desk, disclosure, "draft_words"))).element.xpath("string(//w:body)")
    assert "2023年本年支出1200.00万元。" in words and "[[" not in words

"""问这个数: off by default, a form without script where it is on, moderated, limited, and nothing unanswered ever public."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from budgets.models import Department, Publication, Question, QuestionState, Region
from budgets.public import asking_page
from budgets.public.contact_ways import ways
from budgets.workflow.answering import forget_emails, forget_sources
from tests.makers.disclosures import a_department, a_disclosure, a_public_row, a_region
from tests.makers.documents import payload_of
from tests.makers.questions import CELL, a_question

from ..rendering.markup import find, parse, words
from .test_figure_page import address, county, payload  # noqa: F401

ASK, LIST = f"{address(2023)}ask/", "/130225/483/2023/budget/questions/"
STATES = [state.value for state in QuestionState]


@pytest.fixture
def opened(county):  # noqa: F811
    Region.objects.update(questions_open=True)
    return Department.objects.get(code="483")


def page_of(client, path: str) -> str:
    return client.get(path).content.decode()


def test_it_is_off_by_default_and_then_a_letter_is_begun(client, county):  # noqa: F811
    assert client.get(ASK).status_code == client.post(ASK, {"text": "为什么？"}).status_code == 404
    assert client.get(LIST).status_code == 404 and not Question.objects.exists()
    assert "asking" not in page_of(client, address(2023)), "nobody to write to"
    Department.objects.update(phone="0315-4612345，yusuan@laoting.gov.cn")
    page = parse(page_of(client, address(2023)))
    mail, call = (a.get("href") for a in find(page, "a") if a.get("href", "").startswith(("mailto:", "tel:")))
    letter = parse_qs(urlsplit(mail).query)
    assert mail.startswith("mailto:yusuan@laoting.gov.cn?") and call == "tel:03154612345"
    assert "“基本支出”列：823.00万元" in letter["body"][0]
    assert f"{address(2023).replace('/figures', '/r2/figures')}" in letter["body"][0]


@pytest.mark.parametrize(
    ("contact", "mail", "call"),
    [
        ("", None, None),
        ("办公室", "", ""),
        ("13812345678 张三", "", "tel:13812345678"),
        ("电话 010 12345678", "", "tel:01012345678"),
        ("账号 1234567890123456789", "", ""),
        ("a.b+c@x.gov.cn", "mailto:a.b+c@x.gov.cn", ""),
        ("javascript:alert(1)@x", "", ""),
    ],
)
def test_the_ways_of_a_contact(contact, mail, call):
    found = ways(contact, "问 & 数", "一\r\n二")
    if mail is None:
        assert found is None
        return
    assert found is not None and (found.mail.partition("?")[0], found.call) == (mail, call)
    assert (
        not mail
        or unquote(found.mail).count("&body=") == 1
        and "%26" in found.mail
        and "%0D%0A" in found.mail
    )


def test_a_question_is_kept_with_its_number_and_shown_to_nobody(client, opened):
    form = parse(page_of(client, ASK))
    (found,) = [each for each in find(form, "form") if each.get("method") == "post"]
    assert found.get("action") == ASK and "csrf" not in page_of(client, ASK)
    answer = client.post(ASK, {"text": "为什么\u202e比去年\x07多？\r\n谢谢", "email": "wo@example.com"})
    assert answer.url == f"{ASK}?sent=1" and answer["Cache-Control"] == "no-store"
    assert "已经收到" in page_of(client, answer.url) and not answer.cookies
    kept = Question.objects.get()
    assert (kept.text, kept.email, kept.cell, kept.revision) == (
        "为什么比去年多？\n谢谢",
        "wo@example.com",
        CELL,
        2,
    )
    assert kept.printed.endswith("“基本支出”列：823.00万元") and "127.0.0.1" not in kept.source
    for path in (address(2023), LIST, "/130225/483/", f"/care{address(2023)}"):
        assert "比去年" not in page_of(client, path), path


@pytest.mark.parametrize("state", STATES)
def test_only_what_the_bureau_published_is_read(client, opened, state):
    a_question(opened, text="别的问题", state="published", cell="other.cell.x")
    a_question(opened, text="这一个问题", state=state)
    for path in (address(2023), address(2023, revision=1), LIST, f"/care{LIST}"):
        assert ("这一个问题" in page_of(client, path)) == (state == "published"), path
    assert "别的问题" not in page_of(client, address(2023)) and "别的问题" in page_of(client, LIST)
    assert "因为人员增加。" in page_of(client, LIST) and "2023-03-01 提问" in page_of(client, LIST)
    shown = page_of(client, "/130225/483/")
    assert f"2023年部门预算 {1 + (state == 'published')} 条" in shown


def test_questions_of_another_department_or_year_stay_there(client, opened):
    a_question(opened, text="去年的", state="published", fiscal_year=2022)
    a_question(a_department("301", "邻局"), text="邻局的", state="published")
    assert "还没有公开的提问" in page_of(client, LIST)
    assert "去年的" not in page_of(client, address(2023)) and "去年的" in page_of(client, address(2022))


def test_what_is_withdrawn_shows_no_question(client, opened):
    a_question(opened, text="这一个问题", state="published")
    Publication.objects.get(fiscal_year=2023, revision=1).state.__class__.objects.filter(
        publication__fiscal_year=2023
    ).update(status="withdrawn", withdrawn_reason="有误", withdrawn_on=date(2023, 4, 1))
    for path in (LIST, address(2023), ASK):
        answer = client.get(path)
        assert answer.status_code == 410 and "这一个问题" not in answer.content.decode()
    assert client.post(ASK, {"text": "问"}).status_code == 410


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "请写下您的问题"),
        ({"text": "\u202e\x00 \n"}, ""),
        ({"text": "长" * 501}, "问题有 501 个字，最多 500 个字"),
        ({"text": "问", "email": "no mail"}, "这不是邮箱地址"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(client, opened, typed, said):
    answer = client.post(ASK, typed)
    page = answer.content.decode()
    assert answer.status_code == 400 and said in page and 'aria-invalid="true"' in page
    assert not Question.objects.exists() and (len(typed["text"]) < 9 or typed["text"] in page)
    assert client.post(ASK, {"text": "长" * 500}).status_code == 302, "the control"


def test_a_program_that_fills_every_field_is_thanked_and_forgotten(client, opened):
    assert client.post(ASK, {"text": "买药", "website": "http://x"}).url == f"{ASK}?sent=1"
    assert not Question.objects.exists()


def test_a_page_of_another_site_cannot_send_a_question(opened):
    strict = Client(enforce_csrf_checks=True)
    for origin in ("https://evil.example", "null"):
        assert strict.post(ASK, {"text": "问"}, headers={"origin": origin}).status_code == 403
    assert not Question.objects.exists()
    assert strict.post(ASK, {"text": "问"}, headers={"origin": "http://testserver"}).status_code == 302
    assert strict.post(f"/care{ASK}", {"text": "问"}).url == f"/care{ASK}?sent=1"


def test_so_many_an_hour_from_one_address(client, opened):
    for n in range(asking_page.PER_HOUR):
        assert client.post(ASK, {"text": f"问 {n}"}).status_code == 302
    refused = client.post(ASK, {"text": "再问"})
    assert refused.status_code == 429 and "一小时" in refused.content.decode()
    assert client.post(ASK, {"text": "再问"}, REMOTE_ADDR="203.0.113.9").status_code == 302
    Question.objects.update(asked_at=timezone.now() - timedelta(hours=1, minutes=1))
    assert client.post(ASK, {"text": "再问"}).status_code == 302


def test_so_many_wait_in_one_department(client, opened, monkeypatch):
    monkeypatch.setattr(asking_page, "MOST_WAITING", 2)
    a_question(opened)
    a_question(opened, state="published")
    a_question(a_department("301", "邻局"))
    assert client.post(ASK, {"text": "问"}).status_code == 302
    assert client.post(ASK, {"text": "问"}).status_code == 429
    Question.objects.filter(department=opened).update(state="refused", reason="无关", email="")
    assert client.post(ASK, {"text": "问"}).status_code == 302


def test_a_number_that_is_not_there_is_not_asked_about(client, opened):
    for path in (
        ASK.replace("2010301", "2019999"),
        ASK.replace("/483/", "/999/"),
        ASK.replace("2023", "2021"),
    ):
        assert client.get(path).status_code == client.post(path, {"text": "问"}).status_code == 404
    assert client.put(ASK).status_code == 405


def test_who_asked_is_forgotten_in_time(opened):
    now = timezone.now()
    kept = {"email": "wo@example.com", "source": "a" * 64}
    rows = {days: a_question(opened, asked_at=now - timedelta(days=days), **kept) for days in (0, 2, 91)}
    assert (forget_emails(dry=True).number, forget_sources(dry=True).number) == (1, 2)
    assert (forget_emails().number, forget_sources().number) == (1, 2)
    left = {
        days: (bool(row.email), bool(row.source))
        for days, row in rows.items()
        if row.refresh_from_db() is None
    }
    assert left == {0: (True, True), 2: (True, False), 91: (False, False)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "published"},
        {"state": "refused"},
        {"state": "published", "answer": "因为", "email": "a@b.cn"},
    ],
)
def test_the_database_refuses_what_must_not_be(opened, wrong):
    row = a_question(opened)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=row.pk).update(**wrong)
    Question.objects.filter(pk=row.pk).update(state="published", answer="因为")  # the control


@pytest.mark.parametrize("table_set", ["hebei_2023", "shanghai_2023"])
def test_a_number_of_each_form_can_be_asked_about(client, db, table_set):
    from budgets.domain.addresses import addresses, heads
    from budgets.domain.snapshots import document_of

    content = payload_of(table_set, "entered")
    document = document_of(content)
    a_region()
    Region.objects.update(questions_open=True)
    a_public_row(
        a_disclosure(a_department(), year=document.year, facts=()), year=document.year, payload=content
    )
    begin = heads(document.sheets())
    for sheet in list(document.sheets())[:2]:
        row = next(iter(addresses(sheet, begin[sheet.key])))
        path = f"/130225/483/{document.year}/budget/figures/{row[-1]}/ask/"
        assert client.post(path, {"text": "问这一格"}).status_code == 302
    assert Question.objects.filter(text="问这一格").count() == 2


def many(department, count: int) -> None:
    at = datetime(2023, 3, 1, tzinfo=UTC)
    Question.objects.bulk_create(
        Question(
            department=department, fiscal_year=2023, stage="budget", revision=1, cell=CELL, printed="数", text=f"问 {n}",
            state="published" if n % 2 else "waiting", answer="答", asked_at=at, decided_at=at + timedelta(minutes=n),
        )
        for n in range(count)
    )  # fmt: skip


@pytest.mark.slow
def test_ten_thousand_questions_cost_no_more_queries_and_no_more_rows(
    client, opened, django_assert_max_num_queries
):
    many(opened, 40)
    few = {path: client.get(path) for path in (LIST, address(2023))}
    many(opened, 10_000)
    for path, before in few.items():
        with django_assert_max_num_queries(6):
            page = client.get(path)
        assert len(page.content) < 1.1 * len(before.content), path
        assert page.content.decode().count("提问</span>") == before.content.decode().count("提问</span>") > 0
    assert "已答复 5020 条" in page_of(client, LIST) and "第 2／251 页" in page_of(client, f"{LIST}?page=2")
    assert words(parse(page_of(client, address(2023)))).count("看全部公开的提问和答复") == 1

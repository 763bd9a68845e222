"""The answer to one number: sums, years, revisions, a citation; what it opens; what is withdrawn or was never there."""

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.addresses import addresses, heads
from budgets.domain.composing import compose
from budgets.domain.ledgers import Ledger
from budgets.domain.money import separated
from budgets.domain.snapshots import document_of, dumps
from budgets.models import Publication, PublicationStatus, SubjectMove
from budgets.public import figure_history, figure_page
from budgets.publishing.listing import summary
from tests.makers.disclosures import a_department, a_disclosure, a_public_row
from tests.makers.documents import CASES, payload_of
from tests.makers.facts import basic, small_budget

from ..rendering.markup import find, parse, words

UNIT = "/130225/483"
CELL = "general_public_expenditure.2010301.basic"


@cache
def payload(year: int, more: str, code: str = "2010301", table_set: str = "hebei_2023") -> bytes:
    """The small budget of a year with so much more basic expenditure; what was 2010301 stands under `code`."""
    facts = [
        replace(fact, function=code) if fact.function == "2010301" else fact
        for fact in (*small_budget(), basic("2010301", more))
    ]
    ledger = Ledger(table_set, "130225", "乐亭县", "483", "乐亭县行政审批局", year, facts=tuple(facts))
    return dumps(ledger, compose(tablesets.get(table_set), ledger, subjects_of(year)))


def a_row(year: int, content: bytes, revision: int = 1, status: str = "current", **state):
    return a_public_row(
        a_disclosure(a_department(), year=year, facts=()) if revision == 1 else _draft(year),
        year=year, revision=revision, payload=content, status=status, on=date(year, 2, revision),
        **{**summary(document_of(content)), **state},
    )  # fmt: skip


def _draft(year: int):
    return Publication.objects.filter(fiscal_year=year).first().disclosure


@pytest.fixture
def county(db):
    """Three years, the second of them corrected, a fourth under another form."""
    a_row(2022, payload(2022, "1.00"))
    a_row(2023, payload(2023, "2.00"), status=PublicationStatus.SUPERSEDED)
    a_row(2023, payload(2023, "3.00"), 2)
    a_row(2024, payload(2024, "12.00"))
    a_row(2025, payload(2025, "9.00", table_set="shanghai_2023"))


def address(year: int, cell: str = CELL, revision: int = 0) -> str:
    return f"{UNIT}/{year}/budget/{f'r{revision}/' if revision else ''}figures/{cell}/"


def table_of(client, path: str, section: str) -> list[list[str]]:
    page = parse(client.get(path).content.decode())
    found = next(s for s in find(page, "section") if s.get("aria-labelledby") == section)
    return [[words(cell) for cell in row if cell.tag] for row in find(found, "tr")[1:]]


def test_three_years_and_a_correction(client, county):
    assert table_of(client, address(2023), "years") == [
        ["2025年", "", "表样不同，不比"],
        ["2024年", "832.00", "比上年增加 1.1%"],
        ["2023年", "823.00", "比上年增加 0.2%"],
        ["2022年", "821.00", ""],
    ]
    assert table_of(client, address(2023), "revisions") == [
        ["第 2 版", "823.00", "2023-02-02 乐亭县行政审批局"],
        ["第 1 版", "822.00", "2023-02-01 乐亭县行政审批局"],
    ]
    assert not [s for s in find(parse(client.get(address(2022)).content.decode()), "section") if s.get("aria-labelledby") == "revisions"]  # fmt: skip


def test_every_link_of_the_page_leads_to_an_answer(client, county):
    for path in (address(2023), address(2023, revision=1)):
        page = client.get(path).content.decode()
        links = {
            href
            for href in re.findall(r'href="([^"#]+)"', page)
            if "figures/" in href or href.startswith("../")
        }
        assert len(links) > 4
        base = "http://testserver" + path
        from urllib.parse import urljoin

        for href in links:
            assert client.get(urljoin(base, href)).status_code == 200, href


def test_an_earlier_revision_says_its_own_number_and_leads_on(client, county):
    page = client.get(address(2023, revision=1)).content.decode()
    assert "<b>822.00</b>" in page
    assert "不是最新版" in page
    assert f'href="{address(2023)}"' in page
    assert "<b>823.00</b>" in client.get(address(2023)).content.decode()
    assert "不是最新版" not in client.get(address(2023, revision=2)).content.decode()


def test_a_citation_says_where_and_which_bytes(client, county):
    own = Publication.objects.get(fiscal_year=2023, revision=2)
    text = words(next(e for e in find(parse(client.get(address(2023)).content.decode()), "code")))
    for part in (
        "表5",
        "“2010301 行政运行”行",
        "“基本支出”列：823.00万元",
        own.payload_hash[:12],
        f"/r2/#{CELL}",
    ):
        assert part in text


def test_a_renamed_code_is_followed_and_said(client, db):
    a_row(2023, payload(2023, "2.00", "2010302"))
    a_row(2024, payload(2024, "12.00"))
    assert table_of(client, address(2024), "years")[1] == ["2023年", "", "没有这一行"]
    SubjectMove.objects.create(fiscal_year=2024, scheme="function", old_code="2010302", new_code="2010301")
    assert table_of(client, address(2024), "years")[1] == ["2023年", "822.00", "科目原为 2010302"]
    other = CELL.replace("2010301", "2010302")
    assert table_of(client, address(2023, other), "years")[0][1:] == [
        "832.00",
        "比上年增加 1.2%；科目改为 2010301",
    ]


def test_what_is_not_public_has_no_answer(client, county):
    for path in (
        address(2023, "general_public_expenditure.2019999.basic"),
        address(2021),
        address(2023, revision=3),
        address(2023).replace("483", "484"),
        address(2023).replace("budget", "final"),
    ):
        assert client.get(path).status_code == 404, path


def test_a_withdrawn_one_is_gone_and_tells_no_number(client, county):
    states = Publication.objects.get(fiscal_year=2023, revision=1).state
    states.status, states.withdrawn_reason, states.withdrawn_on = "withdrawn", "数字有误", date(2023, 3, 1)
    states.save()
    answer = client.get(address(2023, revision=1))
    assert answer.status_code == 410
    assert "数字有误" in answer.content.decode()
    now = client.get(address(2023)).content.decode()
    assert "822.00" not in now
    assert "已撤回" in now


def test_questions_to_the_database_do_not_grow_with_the_years(client, county, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert client.get(address(2023)).status_code == 200
    for year in range(2001, 2019):
        a_row(year, payload(2022, "1.00"))
    opened = []
    with pytest.MonkeyPatch.context() as patch:
        read = figure_history.sheets_of
        patch.setattr(figure_history, "sheets_of", lambda *given: opened.append(given) or read(*given))
        with django_assert_max_num_queries(6):
            page = client.get(address(2023)).content.decode()
    assert len(opened) == figure_history.MOST - 1, "its own is the twelfth"
    assert "没有列出" in page


def lost(client, table_set: str, kind: str, every: int) -> tuple[int, list[str]]:
    """How many of the cells of a document were asked for, and those whose address does not answer with their text."""
    content = payload_of(table_set, kind)
    document = document_of(content)
    a_row(document.year, content)
    begin = heads(document.sheets())
    found = [
        (name, row.cells[c].text if row.cells[c].amount is None else separated(row.cells[c].text))
        for sheet in document.sheets()
        for row, line in zip(sheet.rows, addresses(sheet, begin[sheet.key]), strict=True)
        for c, name in enumerate(line)
    ][::every]
    silent = []
    for name, text in found:
        answer = client.get(address(document.year, name))
        shown = re.search(r'<p class="answer"><b>(.*?)</b>', answer.content.decode(), re.DOTALL)
        if (
            answer.status_code != 200
            or shown is None
            or words(parse(f"<p>{shown[1]}</p>")) != " ".join((text or "空白").split())
        ):
            silent.append(name)
    return len(found), silent


@pytest.mark.sweep(2, 2)
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_cells_of_both_sets_answer(client, db, table_set):
    asked, silent = lost(client, table_set, "entered", 97)
    assert asked > 4
    assert silent == []


@pytest.mark.sweep(0, 3)
@pytest.mark.parametrize(("table_set", "kind"), [case for case in CASES if case[1] in ("entered", "real")])
def test_many_more_cells_answer(client, db, table_set, kind):
    asked, silent = lost(client, table_set, kind, 7)
    assert asked > 70
    assert silent == []


def test_a_number_may_be_framed_and_its_page_gives_the_code(client, county):
    for path, number in ((address(2023), "823.00"), (address(2023, revision=1), "822.00")):
        page = client.get(path).content.decode()
        (code,) = re.findall(r'&lt;iframe src="http://127.0.0.1:8000([^"]+)"', page)
        assert code == f"{path}embed/"
        framed = client.get(code)
        text = framed.content.decode()
        assert f"<b>{number}</b>" in text and "<form" not in text and "<script" not in text
        assert "frame-ancestors *" in framed["Content-Security-Policy"] and "X-Frame-Options" not in framed
        assert ("不是最新版" in text) == ("r1" in path)
        (source,) = [a.get("href") for a in find(parse(text), "a") if "出处" not in words(a) and "/r" in a.get("href")]  # fmt: skip
        assert client.get(source).status_code == 200
        assert client.get(path)["X-Frame-Options"] == "DENY", "the control: the page itself is never framed"
    gone = client.get(f"{address(2023, 'general_public_expenditure.2019999.basic')}embed/")
    assert gone.status_code == 404


def test_the_next_number_of_a_version_opens_no_document(client, county, monkeypatch):
    figure_page._opened.cache_clear()
    opened = []
    read = figure_page.document_of
    monkeypatch.setattr(figure_page, "document_of", lambda content: opened.append(content) or read(content))
    asked = [address(2023), address(2023, "general_public_expenditure.2010301.total")]
    assert [client.get(path).status_code for path in asked] == [200, 200]
    assert len(opened) == 1
    assert "822.00" in client.get(address(2023, revision=1)).content.decode()
    assert len(opened) == 2, "the control: another version is another document"

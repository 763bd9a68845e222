"""Comments on the pages: where they are made, that they lead to exactly what they speak of, who may do what with them."""

import random
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from budgets import ledger as rows
from budgets import tablesets
from budgets.admin.finding_links import Links
from budgets.domain.ledgers import Narrative
from budgets.domain.places import CellRef, Passage, Whole, serialised
from budgets.domain.sentence_changes import sentences
from budgets.models import Comment, Reply
from budgets.workflow import lifecycle
from budgets.workflow.comment_places import SentencePlaces, cells_of, row_place, stands
from budgets.workflow.commenting import answer, close, comment
from budgets.workflow.drafts import draft_of
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, explain, published, submitted

from .forms import enter, fields, of
from .test_links import SETS, Page, drafted, in_set

pytestmark = pytest.mark.django_db
SHARE = 6  # of the cells and rows of each table set whose links are followed
ONE_TO_ONE = ("revenue", "expenditure", "basic_expenditure", "general_public_expenditure", "government_fund_expenditure")  # fmt: skip
TEXT = "预算收入是[[合计]]。预算支出相同。\n（一）同一句。\n（二）同一句。"


def marked(client, url: str) -> tuple[set[str], set[tuple[str, str]]]:
    """The rows, and the cells with their rows, that a page marks for an address."""
    page = client.get(url).context["page"]
    found = {row.key for row in page.rows if row.mark} | {absent.row for absent in page.absent}
    return found, {(row.key, cell.column) for row in page.rows for cell in row.cells if cell.marked}


def wrong(client, place: CellRef, url: str) -> str:
    """Nothing when a page marks exactly the row, and at most the cell, that a place means; else what it marks."""
    asked = {mark.partition("/")[0] for mark in parse_qs(urlsplit(url).query).get("mark", ())}
    found, cells = marked(client, url)
    exact = place.row if place.table in ONE_TO_ONE else next(iter(asked), "")
    columns = {column for _, column in cells}
    if found != asked or asked != {exact} or len(columns) > 1 or {row for row, _ in cells} - asked:
        return f"{place}: {url} marks {found} {cells}"
    return f"{place}: {cells}" if cells and not place.column and place.table in ONE_TO_ONE else ""


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", SETS)
def test_a_comment_on_a_cell_or_a_row_leads_to_exactly_that_one(client, monkeypatch, table_set):
    disclosure, draft = drafted(in_set(table_set), monkeypatch)
    places = [
        place
        for sheet in draft.document.sheets()
        for row in sheet.rows
        for place in (row_place(sheet, row), *(cell for cell, _, _ in cells_of(sheet, row)))
    ]
    assert len(places) > 10 * SHARE and all(stands(draft, place) for place in places)
    links = Links(disclosure, draft)
    enter(client, "accountant")
    tried = random.Random(9).sample(places, SHARE)
    urls = [(place, link.url) for place in tried for link in links.to(place) if "/enter/" in link.url]
    assert len(urls) >= SHARE / 2
    assert [said for place, url in urls if (said := wrong(client, place, url))] == []


@pytest.mark.slow
def test_a_link_to_another_row_would_be_noticed(client, monkeypatch):
    disclosure, draft = drafted(in_set(SETS[0]), monkeypatch)
    enter(client, "accountant")
    first, second = (CellRef("expenditure", row, "basic") for row in ("2010301", "2080505"))
    (link, *_) = Links(disclosure, draft).to(second)
    assert wrong(client, first, link.url) and not wrong(client, second, link.url)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", SETS)
def test_a_comment_on_a_sentence_marks_exactly_that_sentence(client, monkeypatch, table_set):
    """Of two equal ones the one that is meant; one with live references as it was typed."""
    ledger = in_set(table_set)
    key = tablesets.get(table_set).chapters[0].key
    texts = tuple(Narrative(n.key, n.title, TEXT if n.key == key else n.text) for n in ledger.narratives)
    disclosure, draft = drafted(replace(ledger, narratives=texts), monkeypatch)
    printed = sentences(TEXT.replace("[[合计]]", "无"))
    places = list(SentencePlaces(disclosure, draft).of(key, sentences(TEXT)))
    assert [place.nth for place in places[-2:]] == [1, 1] and places[-2] != places[-1]
    assert len(set(places)) == len(printed) and all(stands(draft, place) for place in places)
    links = Links(disclosure, draft)
    enter(client, "accountant")
    for place, sentence in zip(places, sentences(TEXT), strict=True):
        (link,) = links.to(place)
        assert Page(client.get(link.url).text).marked == [place.quote]
        assert sentence.endswith(place.quote)


def test_a_live_sentence_is_found_where_it_was_typed():
    disclosure = a_sound_disclosure()
    said = rows.read(disclosure)
    live = "收入[[项目支出]]。无。"
    texts = tuple(replace(n, text=live) if n.key == "overview" else n for n in said.narratives)
    rows.write(disclosure, replace(said, narratives=texts))
    draft = draft_of(disclosure)
    text = next(c.blocks[0].text for c in draft.document.chapters if c.key == "overview")
    assert "[[" not in text
    place, other = SentencePlaces(disclosure, draft).of("overview", sentences(text))
    assert (other.quote, place.quote) == ("无。", "收入[[项目支出]]。")


@pytest.fixture
def reviewed():
    """What was handed in, with an officer's comment on a cell."""
    disclosure = submitted(a_sound_disclosure())
    officer = a_person("bureau_officer")
    place = serialised(CellRef("expenditure", "2010301", "basic"))
    return disclosure, comment(disclosure, place=place, text="基本支出请核对", by=officer)


def reply(on: Comment, action: str, text: str = "") -> dict[str, str]:
    """What the buttons of the page of comments send."""
    return {"do": f"{action}-{on.pk}", f"text-{on.pk}": text}


def test_whichever_answer_is_pressed_all_that_were_typed_are_kept(client, reviewed):
    disclosure, first = reviewed
    second, third = (
        comment(disclosure, place="whole", text=text, by=first.person) for text in ("请核对二", "请核对三")
    )
    url = of(disclosure, "comments")
    enter(client, "accountant")
    page = client.get(url).text
    assert page.count(f'name="text-{first.pk}"') == page.count(f'value="answer-{third.pk}"') == 1
    too_long = {f"text-{third.pk}": "长" * 2001}
    refused = client.post(url, reply(first, "answer", "答一") | {f"text-{second.pk}": "答二"} | too_long)
    assert refused.status_code == 409 and not Reply.objects.exists()
    assert fields(refused) == {f"text-{first.pk}": "答一", f"text-{second.pk}": "答二"} | too_long
    assert f'id="e-{third.pk}"' in refused.text
    taken = client.post(url, reply(first, "answer", "答一") | {f"text-{second.pk}": "答二"})
    assert taken.status_code == 302 and [(r.comment, r.text) for r in Reply.objects.all()] == [
        (first, "答一"),
        (second, "答二"),
    ]
    # A press on 关闭 closes one; what was typed for another stays typed, and closes nothing.
    enter(client, "bureau_officer")
    closed = client.post(url, reply(first, "close", "可以") | {f"text-{third.pk}": "还差一处"})
    assert closed.status_code == 200 and "另有 1 条写了还没有办" in closed.text
    assert fields(closed)[f"text-{third.pk}"] == "还差一处"
    assert [(r.comment, r.text) for r in Reply.objects.filter(kind="close")] == [(first, "可以")]


def test_after_a_comment_the_review_shows_what_it_showed_at_the_same_place(client):
    disclosure = a_sound_disclosure()
    published(disclosure)
    disclosure.refresh_from_db()
    lifecycle.correct(disclosure, by=a_person("bureau_officer"), reason="更正")
    disclosure.narratives.filter(key="overview").update(text="无。改过。")
    explain(disclosure)
    submitted(disclosure)
    enter(client, "bureau_officer")
    review = client.get(of(disclosure, "review"), {"against": "public", "show": "all"})
    sheet = next(s for s in review.context["sheets"] if s.change.sheet.key == "expenditure")
    ask = next(row.ask for row in sheet.rows if row.row.key == "2010301")
    assert (
        f'href="{of(disclosure, "review")}?against=public&amp;show=all#r-expenditure"' in client.get(ask).text
    )
    made = client.post(ask, {"place": "cell/expenditure/2010301/basic", "text": "请核对"})["Location"]
    assert made.startswith(of(disclosure, "review") + "?against=public&show=all#at-")
    assert f'id="{made.partition("#")[2]}"' in client.get(made).text
    whole = client.get(made).context["ask_whole"]
    there = client.post(whole, {"place": "whole", "text": "请核对"})["Location"]
    assert (
        "?against=public&show=all#c-" in there and f'id="{there.partition("#")[2]}"' in client.get(there).text
    )


def test_who_approves_is_told_of_open_comments_and_offered_no_button(client, reviewed):
    disclosure, made = reviewed
    enter(client, "bureau_officer")
    page = client.get(of(disclosure, "step", "approve")).text
    assert "还有 1 条未关闭的意见" in page and "确认批准" not in page and "意见随着退回" in page
    close(made, by=made.person)
    page = client.get(of(disclosure, "step", "approve")).text
    assert "确认批准" in page and "未关闭" not in page


def test_a_draft_with_comments_that_nobody_answered_is_handed_in_by_who_says_so_alone(client, reviewed):
    disclosure, made = reviewed
    second = comment(disclosure, place="whole", text="请核对", by=made.person)
    lifecycle.return_(disclosure, by=made.person, reason="")
    accountant = enter(client, "accountant")
    answer(second, text="已核对", by=accountant)
    step = of(disclosure, "step", "submit")
    page = client.get(step)
    assert "仍有 1 条审核意见没有答复" in page.text and of(disclosure, "comments") in page.text
    assert "1 条审核意见已经答复" in page.text
    refused = client.post(step, fields(page))
    assert "没有提交" in refused.text and "仍要提交" in refused.text
    disclosure.refresh_from_db()
    assert disclosure.status == "returned"
    assert client.post(step, fields(page) | {"sure": "on"}).status_code == 302
    disclosure.refresh_from_db()
    assert disclosure.status == "submitted"
    lifecycle.recall(disclosure, by=accountant)  # what was said stays to be answered
    assert "1 条意见没有答复" in client.get(of(disclosure, "change")).text
    answer(made, text="已核对", by=accountant)
    page = client.get(step)
    assert "没有答复" not in page.text and client.post(step, fields(page)).status_code == 302


def test_a_correction_that_changes_nothing_is_handed_in_by_who_says_so_alone(client):
    disclosure = a_sound_disclosure()
    published(disclosure)
    disclosure.refresh_from_db()
    lifecycle.correct(disclosure, by=a_person("bureau_officer"), reason="印错了一处")
    enter(client, "accountant")
    step = of(disclosure, "step", "submit")
    page = client.get(step)
    assert "完全相同，没有改动" in page.text and "更正原因（将公开）：印错了一处" in page.text
    assert "印错了一处" in client.get(reverse("admin:index")).text
    client.post(step, fields(page))
    disclosure.refresh_from_db()
    assert disclosure.status == "draft"
    disclosure.narratives.filter(key="overview").update(text="无。改过。")
    explain(disclosure)
    page = client.get(step)
    assert "完全相同" not in page.text and client.post(step, fields(page)).status_code == 302


def test_from_the_review_page_to_a_comment_on_a_cell(client):
    disclosure = submitted(a_sound_disclosure())
    enter(client, "bureau_officer")
    review = client.get(of(disclosure, "review"))
    assert review.context["everything"] and "还没有可以对照的内容" in review.text
    sheet = next(s for s in review.context["sheets"] if s.change.sheet.key == "expenditure")
    ask = next(row.ask for row in sheet.rows if row.row.key == "2010301")
    page = client.get(ask)
    places = [place for place, _, _ in page.context["choices"]]
    cell = "cell/expenditure/2010301/basic"
    assert cell in places and places[-1] == "whole"
    assert client.post(ask, {"place": cell, "text": ""}).status_code == 409
    made = client.post(ask, {"place": cell, "text": "请核对"})
    assert made.status_code == 302 and Comment.objects.get().place == cell
    assert f'id="c-{Comment.objects.get().pk}"' in client.get(made["Location"]).text
    again = client.get(of(disclosure, "review"))
    sheet = next(s for s in again.context["sheets"] if s.change.sheet.key == "expenditure")
    assert [row.row.key for row in sheet.rows if row.said] == ["2010301"]
    assert of(disclosure, "review") in client.get(of(disclosure, "preview")).text


@pytest.mark.slow
def test_nobody_else_is_offered_to_comment(client):
    disclosure = submitted(a_sound_disclosure())
    new = of(disclosure, "comment_new")
    for role in ("accountant", "auditor", "bureau_administrator"):
        enter(client, role)
        assert "comments/new" not in client.get(of(disclosure, "review")).text
        assert client.post(new, {"place": "whole", "text": "请核对"}).status_code == 409
    assert not Comment.objects.exists()
    enter(client, "reviewer")
    for at in ("", "x", "cell/none/1/2", "words/overview/none"):
        assert client.get(new, {"at": at}).status_code == 404


def test_a_returned_one_opens_at_its_first_open_comment(client, reviewed):
    disclosure, made = reviewed
    lifecycle.return_(disclosure, by=made.person, reason="")
    enter(client, "accountant")
    home = client.get(reverse("admin:index")).text
    assert "审核意见 1 条" in home and of(disclosure, "comment_first") in home
    first = client.get(of(disclosure, "comment_first"))["Location"]
    assert first == of(disclosure, "enter", "expenditure-general_public") + "?mark=2010301%2Fbasic#r-2010301"
    assert "基本支出请核对" in client.get(first).text
    assert "基本支出请核对" not in client.get(of(disclosure, "enter", "revenue")).text
    hub = client.get(of(disclosure, "change")).text
    assert "审核意见 1 条未关闭" in hub and first.replace("&", "&amp;") in hub
    close(made, by=made.person)
    assert client.get(of(disclosure, "comment_first"))["Location"] == of(disclosure, "comments")
    assert of(disclosure, "comment_first") not in client.get(reverse("admin:index")).text


def test_answered_by_the_department_and_closed_by_the_bureau(client, reviewed):
    disclosure, made = reviewed
    url = of(disclosure, "comments")
    enter(client, "accountant")
    refused = client.post(url, reply(made, "answer", " "))
    assert refused.status_code == 409 and "没有写内容" in refused.text
    assert client.post(url, reply(made, "close", "自己关")).status_code == 409
    assert client.post(url, reply(made, "answer", "已核对")).status_code == 302
    for do in ("answer", "answer-x", f"delete-{made.pk}", f"answer-{made.pk + 1}"):
        assert client.post(url, reply(made, "answer", "x") | {"do": do}).status_code == 404
    enter(client, "bureau_officer")
    assert "已核对" in client.get(url).text
    step = of(disclosure, "step", "approve")
    refused = client.post(step, fields(client.get(step)))
    assert refused.status_code == 409 and "还有 1 条未关闭的意见" in refused.text and url in refused.text
    assert client.post(url, reply(made, "close", "")).status_code == 302
    assert client.post(step, fields(client.get(step))).status_code == 302


@pytest.mark.slow
def test_a_comment_of_another_disclosure_is_not_found(client, reviewed):
    disclosure, made = reviewed
    other = submitted(a_sound_disclosure(a_department("301", "邻局")))
    enter(client, "bureau_officer")
    assert client.post(of(other, "comments"), reply(made, "close")).status_code == 404
    enter(client, "accountant", department=other.department)
    assert client.post(of(disclosure, "comments"), reply(made, "answer", "x")).status_code == 404  # fmt: skip
    answer(made, text="好", by=a_person("accountant"))


@pytest.mark.slow
def test_a_comment_whose_place_is_gone_is_still_told(client, reviewed):
    disclosure, made = reviewed
    comment(disclosure, place=serialised(Passage("overview", "无。")), text="请写", by=made.person)
    comment(disclosure, place=serialised(Whole()), text="整份请核对", by=made.person)
    lifecycle.return_(disclosure, by=made.person, reason="")
    disclosure.expenditure_lines.all().delete()
    disclosure.narratives.all().delete()
    enter(client, "accountant")
    for page in ("change", "comments", "review"):
        text = client.get(of(disclosure, page)).text
        assert "基本支出请核对" in text and "请写" in text and "整份请核对" in text
    assert client.get(of(disclosure, "comment_first"), follow=True).status_code == 200


def test_what_nobody_answered_is_a_thing_left_to_do(client, reviewed):
    disclosure, made = reviewed
    lifecycle.return_(disclosure, by=made.person, reason="")
    accountant = enter(client, "accountant")
    hub, home = client.get(of(disclosure, "change")).text, client.get(reverse("admin:index")).text
    assert "1 条意见没有答复" in hub and "都已处理，可以提交" not in hub + home
    assert client.post(of(disclosure, "comments"), reply(made, "answer", "已核对")).status_code == 302
    assert "没有答复" not in client.get(of(disclosure, "change")).text and accountant is not made.person

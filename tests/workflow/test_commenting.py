"""Review comments: who makes, answers and closes them, where they may stand, and what they keep from happening."""

import pytest

from budgets.domain.places import AmountRow, CellRef, Passage, TablePlace, Whole, serialised
from budgets.models import Comment, Reply, Status
from budgets.workflow import batches, commenting, lifecycle
from budgets.workflow.commenting import OpenComments, answer, close, comment, open_comments
from budgets.workflow.lifecycle import NotAllowed
from tests.makers.disclosures import a_department, a_person, a_region, a_sound_disclosure, approved, submitted

pytestmark = pytest.mark.django_db
WHOLE = serialised(Whole())
CELL = serialised(CellRef("balance", "201", "expenditure"))


@pytest.fixture
def people():
    """Everybody of the department and its bureau, a second officer, and the people next door."""
    other = a_department("301", "邻局")
    return {
        "accountant": a_person("accountant"),
        "reviewer": a_person("reviewer"),
        "officer": a_person("bureau_officer"),
        "second": a_person("bureau_officer"),
        "administrator": a_person("bureau_administrator"),
        "auditor": a_person("auditor"),
        "beside": a_person("reviewer", department=other),
        "far": a_person("bureau_officer", region=a_region("130224", "滦南县")),
    }


@pytest.fixture
def disclosure(without_rules):
    return submitted(a_sound_disclosure())


def takes(act, *args, **words) -> bool:
    try:
        act(*args, **words)
    except NotAllowed:
        return False
    return True


def test_who_may_comment_answer_and_close(disclosure, people):
    made = {
        name for name, by in people.items() if takes(comment, disclosure, place=WHOLE, text="请核对", by=by)
    }
    assert made == {"reviewer", "officer", "second"}
    mine = Comment.objects.get(person=people["reviewer"])
    assert (mine.submission, mine.role) == (1, "reviewer")
    assert {name for name, by in people.items() if takes(answer, mine, text="已改", by=by)} == {"accountant", "reviewer"}  # fmt: skip
    officers = Comment.objects.get(person=people["officer"])
    for name in ("accountant", "administrator", "auditor", "reviewer", "beside", "far"):
        assert not takes(close, officers, by=people[name]), name
    assert takes(close, officers, by=people["second"])  # the bureau's, whoever of it
    assert not takes(close, officers, by=people["officer"])  # once
    assert not takes(answer, officers, text="晚了", by=people["accountant"])
    assert takes(close, mine, by=people["reviewer"])
    assert [each.person for each in open_comments(disclosure)] == [people["second"]]


def test_only_while_it_is_with_the_reviewers(disclosure, people):
    lifecycle.recall(disclosure, by=people["accountant"])
    assert not takes(comment, disclosure, place=WHOLE, text="请核对", by=people["officer"])
    lifecycle.submit(disclosure, by=people["accountant"])
    lifecycle.approve(disclosure, by=people["officer"])
    assert not takes(comment, disclosure, place=WHOLE, text="请核对", by=people["reviewer"])
    assert takes(comment, disclosure, place=WHOLE, text="请核对", by=people["officer"])
    assert Comment.objects.get().submission == 2


def test_a_comment_stands_where_something_is(disclosure, people):
    there = [CellRef("balance", "201", "expenditure"), CellRef("expenditure", "2010301", ""), TablePlace("balance"),
             Passage("overview", "无。"), Passage("overview"), Whole()]  # fmt: skip
    nowhere = [CellRef("balance", "999", "expenditure"), CellRef("none", "201", ""), TablePlace("none"),
               CellRef("balance", "201", "none"), Passage("overview", "有。"), Passage("overview", "无。", 2),
               Passage("none"), TablePlace("balance", "title"), AmountRow("revenue", "2010301"),
               Passage("overview", "无。" * 300)]  # fmt: skip
    said = {"text": "请核对", "by": people["officer"]}
    assert [p for p in there if not takes(comment, disclosure, place=serialised(p), **said)] == []
    assert [p for p in nowhere if takes(comment, disclosure, place=serialised(p), **said)] == []
    assert [p for p in ("", "x", "cell/a", "cell/a/b/c/d", "words") if takes(comment, disclosure, place=p, **said)] == []  # fmt: skip


def test_words_are_needed_and_have_an_end(disclosure, people):
    for text in ("", " \r\n ", "字" * (commenting.LONGEST + 1)):
        assert not takes(comment, disclosure, place=WHOLE, text=text, by=people["officer"])
    made = comment(disclosure, place=WHOLE, text=" 一\r\n二 ", by=people["officer"])
    assert made.text == "一\n二"
    assert not takes(answer, made, text=" ", by=people["accountant"])
    assert close(made, text="", by=people["officer"]).text == ""


def test_an_open_comment_keeps_from_approval_and_publication(disclosure, people, built):
    made = comment(disclosure, place=CELL, text="请核对", by=people["officer"])
    with pytest.raises(OpenComments, match="还有 1 条未关闭的意见，关闭以后才能批准"):
        lifecycle.approve(disclosure, by=people["officer"])
    answer(made, text="核对过，无误。", by=people["accountant"])
    outcome, *_ = batches.take(batches.May.APPROVE, [(disclosure, disclosure.version)], by=people["officer"])
    assert "未关闭的意见" in outcome.refusal
    close(made, by=people["officer"])
    lifecycle.approve(disclosure, by=people["officer"])
    again = comment(disclosure, place=CELL, text="还有一处", by=people["officer"])
    with pytest.raises(OpenComments, match="才能公开"):
        lifecycle.publish(disclosure, by=people["officer"])
    close(again, by=people["second"])
    lifecycle.publish(disclosure, by=people["officer"])
    assert not takes(close, again, by=people["officer"])


def test_without_that_guard_it_would_be_approved(disclosure, people, monkeypatch):
    comment(disclosure, place=CELL, text="请核对", by=people["officer"])
    monkeypatch.setattr(lifecycle, "settled", lambda *_: None)
    assert lifecycle.approve(disclosure, by=people["officer"]).status == Status.APPROVED


def test_a_return_needs_a_reason_or_an_open_comment(disclosure, people):
    with pytest.raises(NotAllowed, match="退回要写明原因"):
        lifecycle.return_(disclosure, by=people["officer"], reason=" ")
    made = comment(disclosure, place=CELL, text="请核对", by=people["reviewer"])
    returned = lifecycle.return_(disclosure, by=people["officer"], reason="")
    assert (returned.status, returned.returned_reason) == (Status.RETURNED, "见审核意见 1 条。")
    answer(made, text="已改", by=people["accountant"])
    lifecycle.submit(
        disclosure, by=people["accountant"]
    )  # what is open does not keep it from being handed in
    close(made, by=people["officer"])
    with pytest.raises(NotAllowed):
        lifecycle.return_(disclosure, by=people["officer"], reason="")
    assert Reply.objects.count() == 2


def test_comments_of_one_disclosure_are_not_anothers(people, without_rules):
    mine = submitted(a_sound_disclosure())
    theirs = a_sound_disclosure(a_department("301", "邻局"))
    comment(submitted(theirs), place=WHOLE, text="请核对", by=people["officer"])
    assert lifecycle.approve(mine, by=people["officer"]).status == Status.APPROVED
    assert approved(a_sound_disclosure(year=2022), people["officer"]).status == Status.APPROVED

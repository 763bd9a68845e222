"""The page of a chapter: what must be read again, the print beneath, 范文, standard words, figures to insert, neighbours."""

import json
from dataclasses import replace

import pytest

from budgets import ledger as rows
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Narrative as Words
from budgets.models import Narrative
from budgets.workflow.drafts import draft_of
from budgets.workflow.rereading import RULE, to_read
from budgets.workflow.starting import start
from tests.admin.forms import enter, fields, of
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, an_open_year

pytestmark = pytest.mark.django_db
OLD = (
    "2023年，人员经费预算800.00万元，公用经费100.00万元，比2022年预算增加5.00万元，主要原因是办公费增加。\n"
    "另有专项3.33万元。所属事业部门2家。"
)


@pytest.fixture
def office(client):
    """Last year's disclosure and the draft that started from it, with its accountant at the browser."""
    department = a_department()
    person = enter(client, "accountant", department=department)
    last = a_sound_disclosure(department)
    said = rows.read(last)
    rows.write(last, replace(said, narratives=tuple(
        replace(n, text=OLD) if n.key == "overview" else n for n in said.narratives
    )))  # fmt: skip
    for year in (2024, 2025):
        an_open_year(year)
    return last, start(department, 2024, by=person, like=last)


def chapter(disclosure, key: str = "overview") -> Narrative:
    return Narrative.objects.get(disclosure=disclosure, key=key)


def findings(disclosure) -> list:
    return [f for f in draft_of(disclosure).findings if f.rule == RULE]


def press(client, disclosure, button: str = "", key: str = "overview", **typed):
    page = client.get(of(disclosure, "chapter", key))
    data = fields(page) | typed | ({button: "1"} if button else {})
    return client.post(of(disclosure, "chapter", key), data)


def test_a_new_year_starts_from_live_sentences_and_a_list(office):
    _, new = office
    row = chapter(new)
    assert (
        "[[年度]]年，人员经费预算[[人员经费]]万元，公用经费[[公用经费]]万元，[[公用经费·比{上年}年预算]]"
        in row.text
    )
    told = {one.sentence[:6]: one.why for one in to_read(row.reread).sentences}
    assert any("原因" in why for why in told.values())
    assert "3.33万元" in told["另有专项3."]
    assert [offer.standard for offer in to_read(row.reread).offers] == ["事业单位"]


def test_what_must_be_read_stands_in_the_draft_and_not_in_the_payload(office):
    _, new = office
    (finding,) = [f for f in findings(new) if f.at.chapter == "overview"]
    assert finding.severity is Severity.ERROR and "要再读一遍" in finding.message
    before = draft_of(new).payload
    assert b"reread" not in before and "要再读".encode() not in before
    Narrative.objects.filter(disclosure=new).update(reread="")
    assert draft_of(new).payload == before and findings(new) == []


def test_read_and_saved_it_is_gone_and_the_history_says_so(client, office):
    _, new = office
    page = client.get(of(new, "chapter", "overview")).text
    assert "处要再读一遍" in page and "3.33万元" in page and "已读过" in page
    press(client, new, "read")
    assert to_read(chapter(new).reread).sentences == ()
    assert [f for f in findings(new) if f.at.chapter == "overview"] == []
    assert "处要再读一遍" not in client.get(of(new, "chapter", "overview")).text
    assert "已读过" in client.get(of(new, "history")).text


def test_read_by_accident_is_taken_back(client, office):
    _, new = office
    before = to_read(chapter(new).reread)
    press(client, new, "read")
    page = client.get(of(new, "chapter", "overview")).text
    assert f"{len(before.sentences)} 处已读过" in page and "撤回" in page
    press(client, new, "unread")
    assert to_read(chapter(new).reread) == before
    assert len([f for f in findings(new) if f.at.chapter == "overview"]) == 1
    assert "处又要再读" in client.get(of(new, "history")).text
    # Rewritten after it was read: there is nothing left to take back.
    press(client, new, "read")
    press(client, new, text="全新的一句。")
    assert to_read(chapter(new).reread).done == ()


def test_a_plain_saving_takes_off_the_sentences_that_were_rewritten_alone(client, office):
    _, new = office
    text = chapter(new).text
    whys = len(to_read(chapter(new).reread).sentences)
    press(client, new)
    assert len(to_read(chapter(new).reread).sentences) == whys, "unread though saved"
    press(client, new, text=text.replace("另有专项3.33万元", "另有专项4.44万元"))
    left = to_read(chapter(new).reread).sentences
    assert len(left) == whys - 1 and not any("3.33" in one.why for one in left)


def test_words_are_offered_in_standard_form_and_taken_with_one_button(client, office):
    _, new = office
    assert "标准写法是“事业单位”" in client.get(of(new, "chapter", "overview")).text
    press(client, new, "standard")
    row = chapter(new)
    assert "事业单位2家" in row.text and to_read(row.reread).offers == ()


def test_a_plan_is_read_again_as_a_whole(office):
    last, _ = office
    said = rows.read(last)
    rows.write(last, replace(said, narratives=tuple(
        replace(n, text="2023年办结率100%。") if n.key == "performance" else n for n in said.narratives
    )))  # fmt: skip
    person = a_person("accountant", department=last.department)
    later = start(last.department, 2025, by=person, like=last)
    row = chapter(later, "performance")
    assert row.text == "[[年度]]年办结率100%。"
    assert [one.sentence for one in to_read(row.reread).sentences] == [""]


def test_titles_and_captions_move_on_with_the_year(office):
    last, _ = office
    said = rows.read(last)
    titled = tuple(replace(n, title="2023年预算情况") if n.key == "overview" else n for n in said.narratives)
    rows.write(
        last, replace(said, narratives=titled, wording={"balance/title": "2023年收支总表（较2022年）"})
    )
    person = a_person("accountant", department=last.department)
    later = rows.read(start(last.department, 2025, by=person, like=last))
    assert next(n.title for n in later.narratives if n.key == "overview") == "2025年预算情况"
    assert later.wording == {"balance/title": "2025年收支总表（较2024年）"}


def test_the_print_stands_beneath_with_and_without_script(client, office):
    _, new = office
    typed = "共[[人员经费]]万元，[[没有]]，[[人员经费·比上年]]。"
    page = press(client, new, "preview", text=typed)
    assert page.status_code == 200 and typed in page.text and "没有名为" in page.text
    assert "<b>0万元</b>" in page.text and "<b>比上年减少800.00万元</b>" in page.text
    assert chapter(new).text != typed, "nothing is kept"
    data = fields(client.get(of(new, "chapter", "overview"))) | {"text": typed}
    part = client.post(of(new, "chapter", "overview"), data, headers={"X-Fragment": "preview"})
    assert part.text.startswith('<section class="card print" id="preview"') and "<b>0万元</b>" in part.text
    assert chapter(new).text != typed


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>[[人员经费]]", "[[<b>粗</b>]]", "[[{0}·比{上年}{x}]]"]
)
def test_what_is_typed_is_escaped_in_the_print(client, office, nasty):
    _, new = office
    page = press(client, new, "preview", text=nasty)
    assert page.status_code == 200 and "<script>alert" not in page.text and "<b>粗" not in page.text


def test_an_empty_chapter_is_drafted_in_one_click_and_its_slots_are_told(client, office):
    _, new = office
    Narrative.objects.filter(disclosure=new, key="three_public").update(text="", reread="")
    assert "data-empty>用范文起草" in client.get(of(new, "chapter", "three_public")).text
    press(client, new, "model", key="three_public")
    row = chapter(new, "three_public")
    assert "[[公务接待费·比{上年}年预算]]" in row.text
    assert [f.at.chapter for f in findings(new) if "请写明" in f.message] == ["three_public"]
    assert "data-empty hidden>用范文起草" in client.get(of(new, "chapter", "three_public")).text
    ruled = {f.rule for f in draft_of(new).findings if getattr(f.at, "chapter", "") == "three_public"}
    assert "figures-known" not in ruled


def test_what_was_typed_before_a_draft_from_the_model_stays(client, office):
    _, new = office
    Narrative.objects.filter(disclosure=new, key="three_public").update(text="", reread="")
    press(client, new, "model", key="three_public", text="先写的一句。")
    assert chapter(new, "three_public").text.startswith("先写的一句。\n[[年度]]年")


def test_figures_are_offered_with_what_they_print_and_neighbours_are_one_click_away(client, office):
    last, _ = office
    page = client.get(of(last, "chapter", "overview")).text
    assert 'data-insert="人员经费" data-unit="万元"' in page and "800.00万元" in page
    assert "[[2010301 行政运行]]" in page and "[[绩效目标项目数]]" in page
    assert 'rel="prev"' in page and 'rel="next"' in page
    first = client.get(of(last, "chapter", "organization")).text
    assert "上一个项目：窗口运行" in first and f'rel="next" href="{of(last, "chapter", "overview")}"' in first


def test_who_may_only_look_gets_no_buttons(client, office):
    _, new = office
    enter(client, "reviewer", department=new.department)
    page = client.get(of(new, "chapter", "overview")).text
    assert "处要再读一遍" in page and "已读过，保存" not in page and "data-insert" not in page


def test_the_page_is_small(client, office):
    last, _ = office
    assert len(client.get(of(last, "chapter", "overview")).content) < 60_000


def test_what_is_kept_reads_back():
    kept = json.dumps({"sentences": [{"sentence": "甲", "why": "乙"}], "offers": []}, ensure_ascii=False)
    assert to_read(kept).kept() == kept
    assert to_read("").kept() == ""
    assert Words("k", "t").text == ""

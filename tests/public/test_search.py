"""The search: every word as it is written, in what is public and nothing else; hits marked; near names suggested."""

import pytest

from budgets.publishing.listing import passages, searchable
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_sound_disclosure, published
from tests.makers.sample_document import document
from tests.rendering.markup import find, parse, words

pytestmark = pytest.mark.django_db
CANARY = "金丝雀七七"


def ask(client, typed: str):
    response = client.get("/", {"q": typed})
    assert response.status_code == 200
    return parse(response.content.decode())


def hits(page) -> list[str]:
    return [words(hit) for hit in find(page, "article", "hit")]


def test_a_department_is_found_by_part_of_its_name_and_by_its_code(client):
    a_department("483", "乐亭县行政审批局")
    a_department("301", "乐亭县财政局")
    for typed in ("行政审批", "483", "乐亭 审批"):
        listed = [a.get("href") for a in find(ask(client, typed), "a")]
        assert "/130225/483/" in listed, typed
        assert "/130225/301/" not in listed


@pytest.mark.slow
def test_words_of_tables_and_chapters_are_found_with_their_place(client):
    published()
    page = ask(client, "公务用车运行维护费")
    (hit,) = hits(page)
    assert "三公" in hit
    assert "2.00" in hit
    anchors = [a.get("href") for a in find(page, "a") if "/#" in a.get("href")]
    assert anchors
    target = client.get(anchors[0].partition("#")[0])
    ids = {e.get("id") for e in parse(b"".join(target)).iter()}
    assert all(anchor.partition("#")[2] in ids for anchor in anchors)
    assert {words(mark) for mark in find(page, "mark")} == {"公务用车运行维护费"}


@pytest.mark.slow
def test_all_words_must_occur(client):
    published()
    assert hits(ask(client, "行政运行 办公费"))
    assert not hits(ask(client, "行政运行 潜水艇"))


def test_drafts_and_old_revisions_are_not_found(client):
    disclosure = a_sound_disclosure(lead=f"{CANARY}一")
    a_disclosure(a_department("301", "乐亭县财政局"), lead=f"{CANARY}二", contact=CANARY)
    officer = a_person("bureau_officer", region=disclosure.department.region)
    assert not hits(ask(client, CANARY))
    published(disclosure, officer)
    assert hits(ask(client, "行政运行"))
    lifecycle.withdraw(disclosure, by=officer, reason="附表漏列")
    assert not hits(ask(client, "行政运行"))


def test_a_wrong_word_is_answered_with_near_names(client):
    a_department("483", "乐亭县行政审批局")
    a_department("301", "乐亭县财政局")
    page = ask(client, "行政审坡局")
    text = words(page)
    assert "没有找到“行政审坡局”" in text
    suggested = [words(a) for a in find(find(page, "ul", "departments")[0], "a")]
    assert suggested[0] == "乐亭县行政审批局"
    assert not find(ask(client, "zzzz"), "ul", "departments")


HOSTILE = ("<script>alert(1)</script>", "行%运", "_", "\\", "'; DROP--", "a" * 5000, "three_public")


def test_hostile_words_are_words(client):
    published()
    for typed in HOSTILE:
        page = ask(client, typed)
        assert not find(page, "script")
        assert not hits(page), typed


def test_what_was_typed_stays_and_the_answer_is_not_kept(client):
    response = client.get("/", {"q": "三公 经费"})
    (field,) = [e for e in find(parse(response.content.decode()), "input") if e.get("name") == "q"]
    assert field.get("value") == "三公 经费"
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response.content.decode()


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "\u200e\n"])
def test_a_blank_search_is_the_first_page(client, typed):
    assert client.get("/", {"q": typed}).content == client.get("/").content


def test_at_most_three_queries(client, django_assert_max_num_queries):
    published()
    for typed in ("行政运行", "潜水艇"):
        with django_assert_max_num_queries(3):
            client.get("/", {"q": typed})


def test_the_stored_text_holds_every_paragraph_and_caption():
    stored = passages(searchable(document()))
    said = " ".join(body for _, _, body in stored)
    for chapter in document().chapters:
        for block in chapter.blocks:
            if hasattr(block, "text"):
                assert " ".join(block.text.split()) in said
    assert ("basic_expenditure.30208.name", "部门预算一般公共预算财政拨款基本支出表") in {
        p[:2] for p in stored
    }
    assert "30208 取暖费：合计 41.06，公用经费 41.06" in said
    assert "外交支出" not in said  # a fixed line without an amount says nothing

"""The search: in what is public and nothing else, hits marked with their place, pages and filters as addresses."""

import pytest

from budgets.models import SearchEntry
from budgets.publishing.listing import passages, searchable
from budgets.workflow import lifecycle
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_public_row,
    a_region,
    a_sound_disclosure,
    published,
)
from tests.makers.sample_document import document
from tests.rendering.markup import find, parse, words

pytestmark = pytest.mark.django_db
CANARY = "金丝雀七七"


def ask(client, typed: str, **more):
    response = client.get("/", {"q": typed, **more})
    assert response.status_code == 200
    return parse(response.content.decode())


def hits(page) -> list[str]:
    return [words(hit) for hit in find(page, "article", "hit")]


def links(page) -> list[str]:
    return [a.get("href") for a in find(page, "a")]


def public(code: str, text: str, *, year: int = 2023, region=None, name: str = "") -> None:
    """A publication of that department with this text below its title."""
    department = a_department(code, name or f"第{code}局", region)
    title = f"\t{department.name} {year}年部门预算\t{code}"
    disclosure = a_disclosure(department, year=year)
    a_public_row(disclosure, text="\n".join([title, f"\ue061\t某表\t{text}"]))


def test_a_department_is_found_by_part_of_its_name_its_code_and_its_sound(client):
    a_department("483", "乐亭县行政审批局")
    a_department("301", "乐亭县财政局")
    for typed in ("行政审批", "483", "乐亭 审批", "xzsp", "xingzheng", "审批局"):
        listed = links(ask(client, typed))
        assert "/130225/483/" in listed, typed
        assert "/130225/301/" not in listed


def test_a_hit_says_what_is_spent_each_amount_a_link_to_its_cell(client):
    figures = {"current_expenditure": ["9906200.00", "balance.current_expenditure.expenditure"]}
    a_public_row(a_disclosure(a_department("483")), text="\t行政审批局 2023年部门预算\t483", figures=figures)
    page = ask(client, "行政审批局")
    assert "2023年安排支出 990.62 万元。" in hits(page)[0]
    assert "/130225/483/2023/budget/#balance.current_expenditure.expenditure" in links(page)


@pytest.mark.parametrize("change", ["saved", "listed"])
def test_a_new_name_is_found_and_the_old_one_no_longer(client, change):
    department = a_department("483", "乐亭县行政审批局")
    assert "/130225/483/" in links(ask(client, "xzsp"))
    department.name = "乐亭县数据局"
    department.save(update_fields=None if change == "saved" else ["name", "name_words"])
    assert "/130225/483/" in links(ask(client, "shuju"))
    assert "/130225/483/" not in links(ask(client, "行政审批"))


@pytest.mark.slow
def test_words_of_tables_and_chapters_are_found_with_their_place(client):
    published()
    page = ask(client, "公务用车运行维护费")
    (hit,) = hits(page)
    assert "三公" in hit
    assert "2.00" in hit
    anchors = [href for href in links(page) if "/#" in href and "/glossary/" not in href]
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
    assert SearchEntry.objects.count() == 1
    lifecycle.withdraw(disclosure, by=officer, reason="附表漏列")
    assert not hits(ask(client, "行政运行"))
    assert not SearchEntry.objects.exists()


def test_what_does_not_stand_is_not_shown_though_the_index_had_it(client):
    """Two locks: the entry goes with the standing, and what is shown is asked for its standing again."""
    public("483", CANARY)
    assert hits(ask(client, CANARY))
    entry = SearchEntry.objects.get()
    type(entry.publication.state).objects.update(status="withdrawn")
    assert not hits(ask(client, CANARY))


def test_a_title_comes_before_words_in_passing_and_the_newest_first_among_equals(client):
    public("301", "与教育局共用", year=2024)
    public("360", "办公费", year=2022, name="教育局")
    public("360", "办公费", year=2023, name="教育局")
    found = [href for href in links(ask(client, "教育局")) if "/budget/" in href and "#" not in href]
    assert found == ["/130225/360/2023/budget/", "/130225/360/2022/budget/", "/130225/301/2024/budget/"]


def test_a_year_and_a_region_limit_by_choice_and_by_word(client):
    other = a_region("130224", "滦南县")
    for year in (2022, 2023):
        public("301", "办公费", year=year)
        public("301", "办公费", year=year, region=other)

    def found(typed: str, **more) -> list[str]:
        return [
            href.split("/budget")[0]
            for href in links(ask(client, typed, **more))
            if href.endswith("/budget/")
        ]

    assert len(found("办公费")) == 4
    assert found("办公费", year=2022) == ["/130224/301/2022", "/130225/301/2022"] == found("2022 办公费")
    assert found("办公费", region="130224") == ["/130224/301/2023", "/130224/301/2022"] == found("滦南办公费")
    assert found("滦南县2022年办公费") == ["/130224/301/2022"]
    assert found("办公费", region="999999", year="x", page="-1") == found("办公费")
    assert len(found("滦南办公费", **{"as": "typed"})) == 0


def test_pages_are_addresses_that_keep_what_was_asked(client):
    for n in range(45):
        public(f"4{n:02}", "办公费")
    page = ask(client, "办公费", year=2023)
    assert "约 45 份" in words(page)  # the grams of so many are believed
    assert "共 45 份" in words(ask(client, "办公"))
    assert "共 1 份" in words(ask(client, "第400局"))
    seen = []
    while True:
        seen += [href for href in links(page) if href.endswith("/budget/")]
        onward = [a.get("href") for a in find(page, "a") if a.get("rel") == "next"]
        if not onward:
            break
        assert "year=2023" in onward[0]
        page = parse(client.get(onward[0]).content.decode())
    assert len(seen) == len(set(seen)) == 45
    assert len(hits(ask(client, "办公费", page=99))) == 5


def test_a_countys_page_searches_the_county_with_a_way_to_everywhere(client):
    public("301", "办公费")
    for address in ("/130225/", "/130225/2023/", "/130225/301/"):
        page = parse(client.get(address).content.decode())
        assert [e.get("value") for e in find(page, "input") if e.get("name") == "region"] == ["130225"], (
            address
        )
    page = ask(client, "办公费", region="130225")
    assert "/?q=%E5%8A%9E%E5%85%AC%E8%B4%B9" in links(page)


def test_a_county_and_its_years_are_answers(client):
    public("301", "办公费", year=2022)
    assert {"/130225/", "/130225/2022/"} <= set(links(ask(client, "乐亭县")))
    assert "/130225/2022/" not in links(ask(client, "乐亭县2021年"))


def test_a_wrong_word_is_answered_with_near_names(client):
    a_department("483", "乐亭县行政审批局")
    a_department("301", "乐亭县财政局")
    for typed in ("行政审坡局", "行政审皮局", "行证审批局", "行攻审坡局", "形政审坡局"):
        page = ask(client, typed)
        assert f"没有找到“{typed}”" in words(page)
        suggested = [words(a) for a in find(find(page, "ul", "departments")[0], "a")]
        assert suggested[0] == "乐亭县行政审批局", typed
    assert not find(ask(client, "zzzz"), "ul", "departments")
    assert not find(ask(client, "形攻审坡局"), "ul", "departments"), "three wrong ones are another word"


HOSTILE = (
    "<script>alert(1)</script>", "行%运", "_", "\\", "'; DROP--", "a" * 5000, "three_public", '"', '""" OR "', "NEAR(a b)", "a AND OR NOT",
    "grams:x", "^a*", "{x} + {y}", "\ue002\ue000", "\ud800", "\x00潜\x1f水艇", "字 " * 100, "1" * 100, "，。、", "٣٤", "ß", "－８８８８８", "[()]*+?|", "9.9.9.9",
)  # fmt: skip


def test_hostile_words_are_words(client):
    published()
    for typed in HOSTILE:
        page = parse(
            client.get("/", QUERY_STRING=f"q={quoted(typed)}&year=-1&page=0&region='").content.decode()
        )
        assert not find(page, "script")
        assert not hits(page), typed


def quoted(typed: str) -> str:
    return "".join(f"%{byte:02x}" for byte in typed.encode("utf-8", "surrogatepass"))


def test_what_was_typed_stays_and_the_answer_is_not_kept(client):
    response = client.get("/", {"q": "三公 经费"})
    (field,) = [e for e in find(parse(response.content.decode()), "input") if e.get("name") == "q"]
    assert field.get("value") == "三公 经费"
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response.content.decode()


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "\u200e\n"])
def test_a_blank_search_is_the_first_page(client, typed):
    assert client.get("/", {"q": typed}).content == client.get("/").content


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

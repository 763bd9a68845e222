"""Every finding's links arrive: the page answers, holds what the link names, and marks what is meant."""

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets import ledger as rows
from budgets import rules, tablesets
from budgets.admin.declaring import has_goals
from budgets.admin.finding_links import KINDS, MOST_LINKS, Links
from budgets.domain import places
from budgets.domain.facts import Fact
from budgets.domain.families import OF_ACCOUNTS
from budgets.domain.findings import Finding, Severity
from budgets.domain.ledgers import Goal, Indicator, Narrative, Organization, Procurement, Project
from budgets.domain.places import AmountRow, CellRef, CodePlace, Passage, Record
from budgets.domain.sheets import Filler
from budgets.domain.terms import Family, Flow, Fund
from budgets.models import ExpenditureLine, Explanation
from budgets.sentences import live_documents
from budgets.workflow.drafts import Draft, draft_of
from tests.makers import clean_budget as cases
from tests.makers.clean_account import other_stage
from tests.makers.disclosures import a_disclosure, a_sound_disclosure
from tests.makers.facts import basic, yuan
from tests.makers.published_ledgers import putuo
from tests.rules import account_faults
from tests.rules.test_keys import TWICE
from tests.rules.test_rules import FAULTS
from tests.rules.test_shanghai_findings import with_cell

from .forms import enter, of

pytestmark = pytest.mark.django_db
SETS = [key for key, _ in tablesets.choices()]
# Faults of the first set that are none in another: it prints cents, and has no such chapter or annex …
SILENT = {
    "shanghai_2023": {
        "amount-fits-unit",
        "project-names-agree",
        "running-costs-told",
        "agency-costs-are-running-costs",
        "planned-purchases-procured",
    },
}
SILENT["shanghai_2023_unit"] = SILENT["shanghai_2023"]
SILENT["shanghai_final_2024"] = {
    "agency-costs-are-running-costs", "amount-printed", "compared-with-budget", "goals-cover-projects", "planned-purchases-procured",
    "procurement-parts-add-up", "running-costs-told",
}  # told in words alone there, or of what accounts do not print  # fmt: skip
OF_NO_SET = {"events-cover-economic", "unit-rows-add-up"}  # of what only sets of no place print
# … nor a page for records that it does not print.
WITHOUT_PAGE = {
    "shanghai_2023": {
        "procurement-multiplies",
        "procurement-reserve-within",
        "procurement-within-project",
        "office-space-within-buildings",
    },
}
WITHOUT_PAGE["shanghai_2023_unit"] = WITHOUT_PAGE["shanghai_final_2024"] = WITHOUT_PAGE["shanghai_2023"]


class Page(HTMLParser):
    """The ids of a page with their attributes, and the texts that stand in marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: dict[str, dict[str, str | None]] = {}
        self.marked: list[str] = []
        self._in = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if given.get("id"):
            assert given["id"] not in self.ids, f"id {given['id']} stands twice"
            self.ids[given["id"]] = given
        if tag == "mark" or "mark" in (given.get("class") or "").split():
            self._in += 1

    def handle_endtag(self, tag):
        self._in = 0 if tag in ("mark", "span") else self._in

    def handle_data(self, data):
        if self._in:
            self.marked.append(data)


def in_set(table_set: str):
    """The budget without findings, with the chapters of a set."""
    chapters = tuple(Narrative(c.key, c.title, "无。") for c in tablesets.get(table_set).chapters)
    return replace(cases.clean(), table_set=table_set, narratives=chapters)


def spoilt(fault, table_set: str):
    """A budget of the set with a fault; texts stand in its own chapters."""
    faulty = fault(cases.clean())
    keys = [c.key for c in tablesets.get(table_set).chapters]
    if keys == [c.key for c in tablesets.get(SETS[0]).chapters]:
        return replace(faulty, table_set=table_set)
    texts = {n.key: n.text for n in faulty.narratives}
    spare = [text for key, text in texts.items() if key not in keys and text != "无。"]
    chapters = in_set(table_set).narratives[1 if len(texts) < len(cases.clean().narratives) else 0 :]
    told = [replace(n, text=texts.get(n.key, "无。")) for n in chapters]
    if spare:
        told[-1] = replace(told[-1], text=spare[0])
    wording = {"balance/title": "收支表"} if "balance/meta/2" in faulty.wording else faulty.wording
    unprinted = (Fact(Family.FUND, yuan("1.00"), fund=Fund.GENERAL_PUBLIC, flow=Flow.OPENING),)
    facts = tuple(f for f in faulty.facts if f.family is not Family.AGENCY)
    facts += unprinted if len(facts) < len(faulty.facts) else ()
    return replace(
        faulty, table_set=table_set, narratives=tuple(told), given=(), wording=wording, facts=facts
    )


def drafted(ledger, monkeypatch, other=lambda: None) -> tuple:
    """The ledger as a disclosure in the database, whatever amounts it has, and the draft with its findings, held against
    what is published of the other stage."""
    monkeypatch.setattr(rows, "off_quantum", lambda ledger: [])
    disclosure = a_disclosure(facts=())
    own = rows.read(disclosure)
    rows.write(disclosure, replace(ledger, region_code=own.region_code, region_name=own.region_name, unit_code=own.unit_code, unit_name=own.unit_name, stage="budget"))  # fmt: skip
    examined = rules.examine(
        Filler(tablesets.get(ledger.table_set), ledger, cases.SUBJECTS),
        cases.glyphs,
        published_on=cases.PUBLISHED_ON,
        other_stage=other,
    )
    return disclosure, Draft(ledger, cases.SUBJECTS, examined.document, tuple(examined.findings), {})


def arrives(client, url: str) -> str:
    """Nothing when the link arrives, else what is wrong with it."""
    answer = client.get(url)
    parts = urlsplit(url)
    if answer.status_code != 200:
        return f"{url}: {answer.status_code}"
    page = Page(answer.text)
    if parts.fragment and parts.fragment not in page.ids:
        return f"{url}: no {parts.fragment}"
    asked = parse_qs(parts.query).get("mark", [])
    if any("/" in mark and mark.startswith("words/") and mark.count("/") > 1 for mark in asked):
        quote = places.parsed(asked[0]).quote
        return "" if quote in page.marked else f"{url}: {quote} is not marked"
    if asked and parts.fragment.startswith(("r-", "w-")):
        there = page.ids[parts.fragment]
        return "" if {"marked", "band"} & set((there.get("class") or "").split()) else f"{url}: not marked"
    return ""


def tried() -> list[tuple[str, str]]:
    """Rules and sets; a given document is of the first set, of the other a real one is tried below. The faults of accounts
    are none of a budget, and none of accounts is that of the budget after them."""
    return [
        (rule, table_set)
        for rule in FAULTS
        if rule not in OF_NO_SET
        for table_set in SETS
        if table_set == SETS[0] or not FAULTS[rule](cases.clean()).given
        if rule not in account_faults.FAULTS
        or FAULTS[rule](cases.clean()).stage == tablesets.get(table_set).stage.value
    ]


@pytest.mark.sweep(5, 15)
@pytest.mark.parametrize(("rule", "table_set"), tried())
def test_every_link_of_every_rule_arrives(client, monkeypatch, rule, table_set):
    faulty = spoilt(FAULTS[rule], table_set)
    other = (lambda: other_stage(faulty)) if rule in account_faults.FAULTS else (lambda: None)
    disclosure, draft = drafted(faulty, monkeypatch, other)
    links = Links(disclosure, draft)
    mine = [finding for finding in draft.findings if finding.rule == rule]
    assert bool(mine) == (rule not in SILENT.get(table_set, ()))
    enter(client, "accountant")
    for finding in draft.findings:
        found = links.of(finding)
        assert bool(found) == (finding.rule not in WITHOUT_PAGE.get(table_set, ())), finding
        assert links.words(finding.at)
        assert [wrong for link in found if (wrong := arrives(client, link.url))] == []


SIDES = (
    "families-meet", "goals-cover-projects", "projects-have-goals", "project-money-alike", "three-public-covers-economic",
    "function-pays-economic", "text-amount-agrees",
)  # fmt: skip
MARKED = ("wording-standard", "unit-of-amounts", "empty-note-names-its-fund", "unchanged-verified")
OF_GOALS = ("indicator-percent-sign", "time-indicator-measures-time", "goals-complete", "project-names-agree")


def of_rule(rule: str, table_set: str, monkeypatch) -> tuple[Links, list[Finding]]:
    disclosure, draft = drafted(spoilt(FAULTS[rule], table_set), monkeypatch)
    return Links(disclosure, draft), [finding for finding in draft.findings if finding.rule == rule]


def tells_goals(table_set: str) -> bool:
    """Goals have pages of their own or stand in a chapter of projects; a unit of Shanghai writes neither."""
    chosen = tablesets.get(table_set)
    return has_goals(chosen) or any(chapter.key == "projects" for chapter in chosen.chapters)


@pytest.mark.parametrize("table_set", SETS)
@pytest.mark.parametrize("rule", SIDES)
def test_both_sides_of_a_tie_are_offered(monkeypatch, rule, table_set):
    links, found = of_rule(rule, table_set, monkeypatch)
    if (
        rule == "goals-cover-projects" and tablesets.get(table_set).stage == "final"
    ):  # beside what was spent stands what was budgeted
        assert not found
        return
    assert found
    for finding in found:
        tasks = {link.task for link in links.of(finding)}
        if rule == "project-money-alike" and not tells_goals(table_set):
            assert tasks == {"projects"}, finding  # the project's row is the one place of both
        else:
            assert len(tasks) >= 2, finding


@pytest.mark.parametrize("table_set", SETS)
@pytest.mark.parametrize("rule", MARKED)
def test_words_that_are_meant_are_marked(monkeypatch, rule, table_set):
    links, found = of_rule(rule, table_set, monkeypatch)
    assert found
    for finding in found:
        (first, *_) = links.of(finding)
        assert "mark=" in first.url and not first.url.endswith(("#wordings", f"mark={finding.at}")), first
        general = links.of(replace(finding, meant=()))  # the negative control
        assert general[0].url != first.url or rule == "empty-note-names-its-fund"


@pytest.mark.parametrize("rule", OF_GOALS)
def test_a_finding_of_goals_leads_to_the_goals_that_it_means(monkeypatch, rule):
    links, found = of_rule(rule, "hebei_2023", monkeypatch)
    for finding in found:
        urls = [link.url for link in links.of(finding)]
        assert urls and not any(url.endswith("/goals/#goals") for url in urls)
        assert links.of(replace(finding, meant=()))[0].url.endswith("/goals/#goals")


def test_each_goal_table_that_lacks_an_indicator_has_its_link_up_to_a_number(monkeypatch):
    for many, shown in ((3, 3), (30, MOST_LINKS)):
        goals = tuple(Goal("同名" if n % 2 else f"项目{n}") for n in range(many))
        disclosure, draft = drafted(replace(in_set("hebei_2023"), goals=goals), monkeypatch)
        finding = next(f for f in draft.findings if f.rule == "goals-complete")
        urls = {link.url for link in Links(disclosure, draft).of(finding)}
        assert len(urls) == shown
        disclosure.delete()


def amount_of(sheets, table: str) -> tuple[int, int, int]:
    """Where the first amount of a table stands that is no total."""
    t = next(t for t, sheet in enumerate(sheets) if sheet.key == table)
    return next(
        (t, r, c)
        for r, row in enumerate(sheets[t].rows)
        for c, cell in enumerate(row.cells)
        if cell.amount and not row.total
    )


@pytest.mark.slow
def test_links_of_a_transcribed_document_of_the_other_set_arrive(client, monkeypatch):
    ledger = putuo(transcribed=True)
    wrong = with_cell(ledger, *amount_of(ledger.given, "expenditure"), Decimal("1234.56"))
    disclosure, draft = drafted(replace(wrong, year=2023), monkeypatch)
    links = Links(disclosure, draft)
    enter(client, "accountant")
    assert "given-cells-tie" in {finding.rule for finding in draft.findings}
    for finding in draft.findings:
        urls = [link.url for link in links.of(finding)]
        assert urls, finding
        assert [wrong for url in urls if (wrong := arrives(client, url))] == []


@pytest.mark.sweep(4)
@pytest.mark.parametrize("rule", TWICE)
def test_links_of_two_of_a_kind_lead_to_two_places(client, monkeypatch, rule):
    disclosure, draft = drafted(TWICE[rule](cases.clean()), monkeypatch)
    links = Links(disclosure, draft)
    enter(client, "accountant")
    mine = [links.of(finding) for finding in draft.findings if finding.rule == rule]
    for found in mine:
        assert [wrong for link in found if (wrong := arrives(client, link.url))] == []
    if rule != "goals-complete":  # told of all goal tables at once
        assert len({found[0].url for found in mine}) == len(mine) >= 2


def test_the_sweep_sees_a_link_that_does_not_arrive(client):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    page = of(disclosure, "enter", "revenue")
    assert arrives(client, f"{page}#r-2010301") == ""
    for wrong in (f"{page}#r-7777777", of(disclosure, "enter", "nothing"), f"{page}?mark=2080505#r-2010301"):
        assert arrives(client, wrong)
    chapter = of(disclosure, "chapter", "overview")
    assert arrives(client, f"{chapter}?mark=words/overview/%E6%97%A0#sentence") == ""
    assert arrives(client, f"{chapter}?mark=words/overview/%E6%9C%89#sentence")


def test_two_cells_of_a_row_that_is_not_there_are_one_row(client, monkeypatch):
    """A class is offered as a row to add, a code that no row of the page can have is said once above the table."""
    disclosure, _ = drafted(in_set("shanghai_2023_unit"), monkeypatch)
    enter(client, "accountant")
    page = of(disclosure, "enter", "basic_by_class")
    for code, added in (("201", True), ("20103", False)):
        url = f"{page}?mark={code}/personnel&mark={code}/running_costs#r-{code}"
        assert arrives(client, url) == ""
        assert ("请添加 201" in client.get(url).text) is added


def test_every_kind_of_place_has_a_page():
    assert KINDS.keys() == set(places.KINDS.values())


PLACES = {
    CellRef("balance", "total_uses", "expenditure"): "expenditure-general_public/?mark=total#r-total",
    CellRef("balance", "current_expenditure", "expenditure"): "expenditure-general_public/?mark=total#r-total",
    CellRef("fiscal_balance", "total_uses", "fund_3"): "expenditure-state_capital/?mark=total#r-total",
    CellRef("balance", "total_resources", "revenue"): "revenue/?mark=total#r-total",
    CellRef("balance", "current_revenue", "revenue"): "revenue/?mark=total#r-total",
    CellRef("fiscal_balance", "general_public", "revenue"): "funds/?mark=general_public%2Fcurrent_year#r-general_public",
    CellRef("fiscal_balance", "carried_forward", "fund_2"): "funds/?mark=government_fund%2Fcarried_forward#r-government_fund",
    CodePlace("function", "2080505"): "expenditure-non_fiscal/?mark=2080505#r-2080505",
    CodePlace("function", "20103"): "expenditure-general_public/?mark=20103#r-20103",
    CellRef("balance", "201", "expenditure"): "expenditure-general_public/?mark=201#r-201",
    CellRef("fiscal_balance", "201", "fund_2"): "expenditure-government_fund/?mark=201#r-201",
    CellRef("balance", "fiscal_appropriation", "revenue"): "revenue/?mark=total%2Ffiscal_appropriation#r-total",
    CellRef("expenditure", "2010301", "basic"): "expenditure-general_public/?mark=2010301%2Fbasic#r-2010301",
    CellRef("expenditure", "2080505", "basic"): "expenditure-non_fiscal/?mark=2080505%2Fbasic#r-2080505",
    AmountRow("expenditure", "2080501", "general_public", "basic"): "expenditure-general_public/?mark=2080501%2Fbasic#r-2080501",
    AmountRow("three_public", "vehicle_running", "", "general_public"): "three_public/?mark=vehicle_running%2Ffund_1#r-vehicle_running",
    AmountRow("fund", "government_fund", "", "carried_forward"): "funds/?mark=government_fund%2Fcarried_forward#r-government_fund",
    Record("procurement", "甲", "椅", 2): "procurement/?mark=3#r-3",
    Record("organization", "乙"): "organizations/?mark=2#r-2",
    Record("project", "乙"): "projects/?mark=2#r-2",
}  # fmt: skip


@pytest.mark.sweep(6)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_place_leads_to_the_row_that_is_meant_of_two(client, monkeypatch, place):
    ledger = replace(
        in_set("hebei_2023"),
        facts=(basic("2010301", "3.00"), basic("2080505", "4.00", "non_fiscal")),
        organizations=(Organization("甲"), Organization("乙")),
        projects=(Project("甲"), Project("乙")),
        procurements=tuple(Procurement("甲", item=item) for item in ("椅", "桌", "椅")),
    )
    disclosure, draft = drafted(ledger, monkeypatch)
    finding = Finding("a-rule", Severity.ERROR, "", place)
    link, *_ = Links(disclosure, draft).of(finding)
    assert link.url.endswith(f"/enter/{PLACES[place]}")
    enter(client, "accountant")
    assert arrives(client, link.url) == ""


def test_an_indicator_leads_to_its_row_in_its_own_goal_table(client, monkeypatch):
    same = (Indicator("产出指标", "数量指标", "同名"), Indicator("产出指标", "数量指标", "同名"))
    ledger = replace(in_set("hebei_2023"), goals=(Goal("同名", (), same), Goal("同名", (), same)))
    disclosure, draft = drafted(ledger, monkeypatch)
    links = Links(disclosure, draft)
    last = list(disclosure.goals.all())[1]
    (link,) = links.of(Finding("a-rule", Severity.ERROR, "", Record("indicator", "同名", "同名", 4)))
    assert link.url == f"{of(disclosure, 'goal', last.pk)}?mark=2#r-2"
    (link,) = links.of(Finding("a-rule", Severity.ERROR, "", Record("goal", "同名", "", 2)))
    assert link.url == f"{of(disclosure, 'goal', last.pk)}#id_project"


def test_a_missing_code_is_a_row_to_be_added_and_nothing_is_saved_by_looking(client):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    url = of(disclosure, "enter", "expenditure-general_public")
    answer = client.get(f"{url}?mark=2080501/basic&mark=2080502/basic")
    page = Page(answer.text)
    assert page.marked[:2] == ["请添加 2080501", "请添加 2080502"]
    assert page.ids["c-2080501-basic"]["name"].endswith("-basic")
    assert [row.key for row in answer.context["page"].rows if row.key][-3:] == [
        "2080501",
        "2080502",
        "2080505",
    ]
    assert not ExpenditureLine.objects.filter(function="2080501").exists()
    from .forms import fields, row_of

    data = fields(answer)
    data[f"{row_of(data, '2080501')}-basic"] = "5.00"
    assert client.post(url, data).status_code == 302
    assert ExpenditureLine.objects.get(function="2080501").basic == 50_000


def test_who_may_not_write_is_told_that_the_row_is_not_there(client):
    disclosure = a_sound_disclosure()
    enter(client, "reviewer")
    answer = client.get(
        of(disclosure, "enter", "expenditure-general_public") + "?mark=2080501/basic#r-2080501"
    )
    assert "这张表里没有 2080501 的行" in answer.text
    assert "r-2080501" in Page(answer.text).ids
    chapter = client.get(of(disclosure, "chapter", "overview") + "?mark=words/overview/%E6%97%A0#sentence")
    assert Page(chapter.text).marked == ["无"]


@pytest.mark.parametrize("mark", ["", "/", "x/y/z", "words/overview", "words/a/%E6/x", "cell/a", "９" * 5000])
def test_whatever_an_address_asks_to_be_marked_the_page_answers(client, mark):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    for page in (of(disclosure, "enter", "revenue"), of(disclosure, "chapter", "overview")):
        assert client.get(page, {"mark": mark}).status_code == 200


def test_the_refusal_of_a_submission_has_the_links(client):
    disclosure = a_sound_disclosure()
    Explanation.objects.all().delete()
    ExpenditureLine.objects.filter(function="2080505").update(basic=790_000)
    enter(client, "accountant")
    url = of(disclosure, "step", "submit")
    page = client.post(url, {"version": disclosure.version})
    assert page.status_code == 409
    draft = draft_of(disclosure)
    expected = [link.url for f in draft.blockers for link in Links(disclosure, draft).of(f)]
    assert len(expected) > 2
    assert [url for url in expected if f'href="{url.replace("&", "&amp;")}"' not in page.text] == []
    assert [wrong for each in expected if (wrong := arrives(client, each))] == []


MOST = 27


def queries(client, url: str) -> int:
    client.get(url)  # the first request of a session writes it
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


@pytest.mark.sweep(2, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_queries_of_the_desk_do_not_grow_with_findings(client, table_set):
    counts = []
    for year, many in ((2023, 3), (2030, 60)):
        facts = tuple(basic(f"2{n:02}9999", "1.00") for n in range(many))
        goals = tuple(Goal(f"项目{n}") for n in range(many))
        disclosure = a_disclosure(year=year, table_set=table_set, facts=facts, goals=goals)
        enter(client, "accountant")
        counts.append(queries(client, of(disclosure, "change")))
        notes = client.get(of(disclosure, "change")).context["desk"].notes
        assert len(notes) >= many
    final = (
        tablesets.get(table_set).stage == "final"
    )  # has more kinds of rows, and is held against its budget
    assert counts[0] == counts[1] <= MOST + (len(OF_ACCOUNTS) + 1 if final else 0)


def test_the_document_of_a_desk_is_composed_once(client, monkeypatch):
    made = []
    composed = live_documents.composed
    disclosure = a_sound_disclosure()
    monkeypatch.setattr(live_documents, "composed", lambda filler: made.append(1) or composed(filler))
    enter(client, "accountant")
    client.get(of(disclosure, "change"))
    assert len(made) == 1


def test_a_passage_of_the_whole_chapter_opens_it(client):
    disclosure = a_sound_disclosure()
    draft = draft_of(disclosure)
    (link,) = Links(disclosure, draft).of(Finding("a-rule", Severity.ERROR, "", Passage("overview")))
    enter(client, "accountant")
    assert link.task == "chapter-overview"
    assert "检查结果指的是这一章" in client.get(link.url).text

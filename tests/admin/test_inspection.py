"""The rehearsal of the inspection: every state on the wall, each cell a link to its place, checked once and kept."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Disclosure, Explanation, Narrative, Rehearsal
from budgets.rules.criteria import CRITERION_OF, Criterion
from budgets.workflow import rehearsing
from budgets.workflow.drafts import draft_of
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_region, a_sound_disclosure

from .forms import enter

pytestmark = pytest.mark.django_db
URL = "/admin/inspection/2023/"


@pytest.fixture
def county(time_is):
    """A sound department, two with faults (one of them late), one of the other set, one not begun, one blank."""
    made = {
        code: a_sound_disclosure(a_department(code, f"{name}局"))
        for code, name in (("101", "甲"), ("103", "丙"), ("104", "丁"))
    }
    for code in ("103", "104"):
        Narrative.objects.filter(disclosure=made[code], key__in=("overview", "three_public")).update(text="")
    Disclosure.objects.filter(pk=made["104"].pk).update(approved_on=time_is(2023, 1, 2))
    shanghai = a_disclosure(a_department("105", "戊局"))
    Disclosure.objects.filter(pk=shanghai.pk).update(table_set="shanghai_2023", version=2)
    a_department("106", "己局")
    blank = Disclosure.objects.create(department=a_department("107", "庚局"), fiscal_year=2023)
    made |= {"105": shanghai, "107": blank}
    return {code: Disclosure.objects.get(pk=d.pk) for code, d in made.items()}


def states(client, url: str) -> dict[str, dict[str, str]]:
    """The words of each cell by department code and column key."""
    page = client.get(url)
    assert page.status_code == 200
    return {
        row.department.code: {key: cell.words for key, cell in cells} for row, cells in page.context["rows"]
    }


@pytest.mark.parametrize("role", ["bureau_officer", pytest.param("auditor", marks=pytest.mark.slow)])
def test_the_wall_shows_every_state_and_its_place(client, county, role):
    enter(client, role)
    found = states(client, URL)
    assert found["101"]["timely"] == "符合"
    assert found["103"]["complete"] == "问题 2"
    assert found["104"]["timely"] == "问题 1"
    assert set(found["106"].values()) == set(found["107"].values()) == {"未编报"}
    rules = states(client, f"{URL}?criterion=complete")
    assert rules["103"]["chapters-written"] == "问题 2"
    assert rules["105"]["goals-complete"] == rules["101"]["taken-over-whole"] == "不适用"
    assert states(client, f"{URL}?criterion=timely")["104"]["deadline"] == "逾期 3 天"
    assert set(states(client, f"{URL}?only=open")) == {"103", "104", "105"}
    several = client.get(reverse("admin:budgets_disclosure_inspected", args=[county["103"].pk, "complete"]))
    assert several.status_code == 200
    assert several.text.count('class="finding') == 2
    assert f"/{county['103'].pk}/chapters/overview/" in several.text
    assert str(client.get(URL).content, "utf-8").count("/inspected/") >= 4


def test_one_finding_is_its_own_place(client, county):
    enter(client, "bureau_officer")
    Narrative.objects.filter(disclosure=county["103"], key="three_public").update(text="无。")
    answer = client.get(
        reverse("admin:budgets_disclosure_inspected", args=[county["103"].pk, "chapters-written"])
    )
    assert answer.status_code == 302
    assert "/chapters/overview/" in answer.url
    assert client.get(answer.url).status_code == 200
    nothing = reverse("admin:budgets_disclosure_inspected", args=[county["103"].pk, "no-such-rule"])
    assert client.get(nothing).status_code == 404


@pytest.mark.slow
def test_the_counts_are_those_of_the_draft(county):
    """An independent count of the findings, rule by rule; each has a criterion."""
    rehearsing.check(list(county.values()))
    for row in Rehearsal.objects.all():
        draft = draft_of(row.disclosure)
        assert sum(map(sum, row.counts.values())) == len(draft.findings)
        assert sum(open_ for open_, _, _ in row.counts.values()) == len(draft.blockers)
        assert set(row.counts) <= set(CRITERION_OF)


CHANGES = {
    "a row": lambda d: Disclosure.objects.filter(pk=d.pk).update(version=9),
    "an explanation": lambda d: Explanation.objects.create(disclosure=d, finding_key="x", rule="x", message="x", text="x"),
    "the year before": lambda d: a_disclosure(d.department, year=2022),
    "the step": lambda d: Disclosure.objects.filter(pk=d.pk).update(status="submitted", submitted_by=a_person(), submitted_hash="x"),
}  # fmt: skip


@pytest.mark.sweep(1)
@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_is_checked_again_and_nothing_else(county, monkeypatch, what):
    every = list(county.values())
    rehearsing.check(every)
    assert rehearsing.rehearsed(every)[1] == []
    CHANGES[what](county["101"])
    again = list(Disclosure.objects.filter(fiscal_year=2023))
    assert [d.pk for d in rehearsing.rehearsed(again)[1]] == [county["101"].pk]
    monkeypatch.setattr(rehearsing, "_basis", lambda *parts: "the same")  # the control: nothing is noticed
    Rehearsal.objects.update(basis="the same")
    assert rehearsing.rehearsed(again)[1] == []


def test_a_worker_checks_many_and_the_page_says_so(client, county, monkeypatch):
    asked = []
    monkeypatch.setattr(
        rehearsing,
        "check_year",
        type("Later", (), {"enqueue": lambda *args: asked.append(args), "module_path": "x"}),
    )
    enter(client, "bureau_officer")
    page = client.get(URL)
    assert "有 5 个部门的内容有变动，正在后台重新核对" in page.text
    assert states(client, URL)["101"]["true"] == "待核对"
    assert len(asked) == 2
    monkeypatch.undo()
    assert "正在后台" not in client.get(URL).text


def queries(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.slow
def test_the_wall_asks_as_much_of_five_departments_as_of_two(client, time_is):
    enter(client, "bureau_officer")
    for n in range(2):
        a_sound_disclosure(a_department(f"10{n}", f"第{n}局"))
    client.get(URL)
    few = queries(client, URL)
    for n in range(2, 5):
        a_sound_disclosure(a_department(f"10{n}", f"第{n}局"))
    client.get(URL)
    assert queries(client, URL) == queries(client, f"{URL}?criterion=true") == few


@pytest.mark.slow
def test_the_workbook_says_the_same(client, county):
    enter(client, "auditor")
    answer = client.get(f"{URL}workbook/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(book.worksheets) == 1 + len(Criterion)
    shown = states(client, URL)
    said = {str(row[0]): row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    for code, cells in shown.items():
        assert list(said[code][2:7]) == list(cells.values())


@pytest.mark.parametrize("role", ["accountant", "reviewer"])
def test_a_department_has_no_wall(client, db, role):
    enter(client, role)
    for url in (URL, f"{URL}workbook/", "/admin/inspection/"):
        assert client.get(url).status_code == 404


def test_another_county_is_not_on_it(client, db):
    own = a_disclosure(a_department("101", "甲局"))
    client.force_login(a_person("bureau_officer", region=a_region("130224", "滦南县")))
    assert "甲局" not in client.get(URL).text
    other = reverse("admin:budgets_disclosure_inspected", args=[own.pk, "complete"])
    assert client.get(other).status_code == 404

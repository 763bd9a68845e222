"""The page of a review: what changed since the last submission, the public version, last year and the file."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from budgets import ledger
from budgets.importing.pipeline import take_in
from budgets.models import Action, Disclosure, ExpenditureLine, Intake, LogEntry, Narrative, Submission
from budgets.workflow import intake_saving, lifecycle
from budgets.workflow.drafts import draft_of
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, explain, published, submitted
from tests.makers.large_budgets import YEAR, large_ledger
from tests.makers.pace import least_seconds
from tests.makers.sample_files import workbook
from tests.test_growth import SETS, stored

from .forms import enter, of

pytestmark = pytest.mark.django_db


class Marks(HTMLParser):
    """The words that a page marks as gone and as come."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.found = "", []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in ("ins", "del"):
            self.open = tag
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.open:
            self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.found[-1] = (self.open, self.found[-1][1] + data)


def marks(client, disclosure, query: str = "") -> list[tuple[str, str]]:
    page = client.get(of(disclosure, "review") + query)
    assert page.status_code == 200
    return Marks(page.text).found


def given_back(disclosure) -> Disclosure:
    officer = a_person("bureau_officer", region=disclosure.department.region)
    return lifecycle.return_(submitted(disclosure), by=officer, reason="请核对")


def cost_more(disclosure) -> None:
    """One function and what pays for it: 300 万元 of projects become 310."""
    line = ExpenditureLine.objects.get(disclosure=disclosure, function="2010301")
    ExpenditureLine.objects.filter(pk=line.pk).update(project=line.project + Decimal(100_000))


def test_each_submission_is_kept_as_it_was():
    disclosure = a_sound_disclosure()
    given_back(disclosure)
    Narrative.objects.filter(disclosure=disclosure, key="overview").update(text="主要职责如下。")
    again = submitted(disclosure)
    first, second = Submission.objects.filter(disclosure=disclosure)
    assert (first.number, second.number) == (1, 2)
    assert second.payload_hash == again.submitted_hash != first.payload_hash
    assert "主要职责如下。" in second.content.decode() and "主要职责如下。" not in first.content.decode()


def test_a_second_submission_is_held_against_the_first(client):
    disclosure = a_sound_disclosure()
    enter(client, "bureau_officer")
    assert "没有可以对照的内容" in client.get(of(submitted(disclosure), "review")).text
    lifecycle.return_(
        disclosure, by=a_person("bureau_officer", region=disclosure.department.region), reason="改"
    )
    Narrative.objects.filter(disclosure=disclosure, key="overview").update(text="无。主要职责如下。")
    explain(disclosure)
    submitted(disclosure)
    page = client.get(of(disclosure, "review"))
    assert "第 1 次提交" in page.text and "改了 1 句" in page.text
    assert Marks(page.text).found == [("ins", "主要职责如下。")]
    assert "核对改动" in client.get(of(disclosure, "change")).text


def test_what_nobody_decided_on_is_not_what_a_review_begins_with(client):
    """Submitted and returned, changed and submitted, recalled, changed and submitted: the bureau has seen the first alone."""
    disclosure = a_sound_disclosure()
    given_back(disclosure)
    for text in ("无。第一处改动。", "无。第一处改动。第二处改动。"):
        Narrative.objects.filter(disclosure=disclosure, key="overview").update(text=text)
        explain(disclosure)
        sent = submitted(disclosure)
        if "第二处" not in text:
            lifecycle.recall(sent, by=sent.submitted_by)
            enter(client, "accountant")
            assert marks(client, disclosure) == [("ins", "第一处改动。")]
    enter(client, "bureau_officer")
    assert marks(client, disclosure) == [("ins", "第一处改动。"), ("ins", "第二处改动。")]
    assert marks(client, disclosure, "?against=recalled") == [("ins", "第二处改动。")]
    page = client.get(of(disclosure, "review"))
    assert [base.basis for base in page.context["bases"]] == ["submission", "recalled"]
    assert "第 2 次提交" in page.text and "后来收回，没有人审过" in page.text


def test_of_submissions_that_were_all_recalled_what_is_public_or_last_year_comes_first(client):
    disclosure = a_sound_disclosure()
    published(disclosure)
    disclosure.refresh_from_db()
    lifecycle.correct(disclosure, by=a_person("bureau_officer"), reason="更正")
    for text in ("无。第一处改动。", "无。第二处改动。"):
        Narrative.objects.filter(disclosure=disclosure, key="overview").update(text=text)
        explain(disclosure)
        sent = submitted(disclosure)
        lifecycle.recall(sent, by=sent.submitted_by)
    enter(client, "bureau_officer")
    assert marks(client, disclosure) == [("ins", "第二处改动。")]  # against the one that was approved


def test_what_is_corrected_is_held_against_what_is_public(client):
    disclosure = a_sound_disclosure()
    published(disclosure)
    disclosure.refresh_from_db()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    lifecycle.correct(disclosure, by=officer, reason="更正")
    cost_more(disclosure)
    enter(client, "bureau_officer")
    found = marks(client, disclosure, "?against=public")
    # 300.00 of the line, its parents, and every total that it is in.
    assert ("del", "300.00") in found and ("ins", "310.00") in found
    assert [tag for tag, _ in found] == ["del", "ins"] * (len(found) // 2)
    gained = {
        Decimal(now.replace(",", "")) - Decimal(was.replace(",", ""))
        for (_, was), (_, now) in zip(found[::2], found[1::2], strict=True)
    }
    assert gained == {Decimal("10.00")}
    everything = client.get(of(disclosure, "review") + "?against=public&show=all").text
    assert (
        Marks(everything).found == found
        and len(everything) > 3 * len(client.get(of(disclosure, "review") + "?against=public").text) / 2
    )


def test_of_last_year_only_amounts_and_sentences_are_changes(client):
    before = a_sound_disclosure(year=2022)
    published(before)
    disclosure = a_sound_disclosure(year=2023)
    cost_more(disclosure)
    enter(client, "accountant")
    found = marks(client, disclosure, "?against=year")
    assert ("del", "300.00") in found and not [words for _, words in found if "年" in words]


def test_a_file_is_held_against_the_draft_as_it_was_taken_in(client):
    enter(client, "accountant")
    disclosure = a_sound_disclosure()
    taken = take_in(
        workbook(), region="130225", unit="483", unit_name=disclosure.department.name, year=2023,
        subjects=ledger.subjects_for(2023),
    )  # fmt: skip
    intake = intake_saving.save(taken, disclosure, None, accept=True)
    assert Intake.objects.get(pk=intake.pk).after
    assert marks(client, disclosure, "?against=file") == []
    line = ExpenditureLine.objects.filter(disclosure=disclosure).first()
    ExpenditureLine.objects.filter(pk=line.pk).update(basic=line.basic + 10_000)
    found = marks(client, disclosure, "?against=file")
    assert found and {tag for tag, _ in found} == {"del", "ins"}


def test_what_is_not_there_and_what_is_not_ones_own_is_not_found(client):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    assert client.get(of(disclosure, "review") + "?against=public").status_code == 404
    assert client.get(of(disclosure, "review") + "?against=x").status_code == 404
    assert client.post(of(disclosure, "review")).status_code == 405
    other = a_sound_disclosure(a_department("999", "另一部门"))
    assert client.get(reverse("admin:budgets_disclosure_review", args=[other.pk])).status_code == 404


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_a_large_one_is_compared_within_a_second(client, table_set):
    disclosure = stored(large_ledger(300, table_set), YEAR)
    draft = draft_of(disclosure)
    who = {"disclosure": disclosure, "person": a_person("accountant"), "at": "2023-01-01T00:00Z"}
    Submission.objects.create(number=1, payload=draft.payload, payload_hash=draft.hash, **who)
    LogEntry.objects.create(action=Action.SUBMIT, version=1, **who)
    for line in ExpenditureLine.objects.filter(disclosure=disclosure)[:50]:
        ExpenditureLine.objects.filter(pk=line.pk).update(basic=line.basic + 100)
    enter(client, "accountant")
    assert len(marks(client, disclosure)) >= 100
    assert least_seconds(lambda: client.get(of(disclosure, "review")), 1) <= 1

"""An explanation is a sentence, one for each warning; what is refused is told and takes nothing else with it."""

from datetime import date

import pytest

from budgets.models import Disclosure, Explanation
from budgets.workflow import lifecycle
from budgets.workflow.drafts import draft_of
from budgets.workflow.explanation_words import refusal
from budgets.workflow.lifecycle import NotPublishable
from tests.makers.disclosures import a_person, a_sound_disclosure, explain

from .forms import enter, fields, of
from .test_autosave import colleague, keep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "。",
        "x",
        "……",
        "无",
        "暂无",
        "补充中",
        "正在补充中。",
        "待补充说明",
        "xxxxxxxx",
        "111111",
        "😀😀😀😀",
        "同上",
    ],
)
def test_a_mark_is_no_explanation(text):
    assert "请写一句话说明原因" in refusal(text)


@pytest.mark.parametrize(
    "text", ["", " \n", "情况属实。", "当年新购执法车一辆", "Rounding of the printed totals"]
)
def test_words_are_one_and_none_is_no_mistake(text):
    assert refusal(text) == ""


@pytest.fixture
def two_warnings():
    """A draft with two warnings that nothing explains yet."""
    disclosure = a_sound_disclosure(assets_as_of=date(2022, 6, 30))
    Explanation.objects.all().delete()
    assert len(draft_of(disclosure).unexplained) == 2 and not draft_of(disclosure).errors
    return disclosure


def test_one_explanation_counts_for_its_own_warning(two_warnings):
    """Mutant: any explanation counts for all warnings."""
    first, second = draft_of(two_warnings).unexplained
    explain(two_warnings)
    Explanation.objects.filter(finding_key=second.key).delete()
    assert [finding.key for finding in draft_of(two_warnings).unexplained] == [second.key]
    with pytest.raises(NotPublishable, match="1 处警告要说明") as refused:
        lifecycle.submit(two_warnings, by=a_person("accountant"))
    assert [finding.key for finding in refused.value.findings] == [second.key]
    explain(two_warnings)
    assert lifecycle.submit(two_warnings, by=a_person("accountant")).submitted_hash


def test_a_refused_one_is_told_and_the_other_is_kept(client, two_warnings):
    enter(client, "accountant")
    hub = client.get(of(two_warnings, "change"))
    first, second = (note for note in hub.context["desk"].notes if note.explainable)
    typed = {f"text-{first.field}": "。", f"text-{second.field}": "当年决算数，已核对。"}
    page = client.post(of(two_warnings, "explain"), fields(hub) | typed, follow=True)
    assert "“。”没有说明原因" in page.text
    assert [row.finding_key for row in Explanation.objects.all()] == [second.finding.key]


def test_words_on_a_warning_that_is_gone_are_given_back(client, two_warnings):
    """A saving in a table is no conflict here, but nothing typed is lost without a word."""
    enter(client, "accountant")
    hub = client.get(of(two_warnings, "change"))
    notes = [note for note in hub.context["desk"].notes if note.explainable]
    typed = {f"text-{note.field}": f"第{n}条说明的文字" for n, note in enumerate(notes)}
    data = fields(hub) | typed
    Disclosure.objects.filter(pk=two_warnings.pk).update(assets_as_of=None)
    page = client.post(of(two_warnings, "explain"), data, follow=True)
    assert page.status_code == 200 and "这条说明不再需要，没有保存" in page.text
    assert Explanation.objects.count() == 1


def page_of_two(client, disclosure):
    """The form's fields, and the names of its two explanations."""
    hub = client.get(of(disclosure, "change"))
    return fields(hub), [f"text-{note.field}" for note in hub.context["desk"].notes if note.explainable]


def test_explanations_save_themselves_each_alone(client, two_warnings):
    enter(client, "accountant")
    url = of(two_warnings, "explain")
    data, (first, second) = page_of_two(client, two_warnings)
    told = keep(client, url, data | {first: "。", second: "当年决算数，已核对。"})
    assert [name for name, _ in told["errors"]] == [first] and "没有说明原因" in told["errors"][0][1]
    assert [row.text for row in Explanation.objects.all()] == ["当年决算数，已核对。"]
    assert Explanation.objects.get().public  # unless somebody decides otherwise
    typed = data | {"version": told["version"], first: "按年报日期填列。", second: "当年决算数，已核对。"}
    del typed[f"public-{second.removeprefix('text-')}"]
    told = keep(client, url, typed)
    assert told["errors"] == [] and Explanation.objects.get(public=True).text == "按年报日期填列。"
    assert keep(client, url, typed | {"version": told["version"]})["version"] == told["version"]


def test_the_loser_of_two_explaining_is_told_both(client, two_warnings):
    enter(client, "accountant")
    url, other = of(two_warnings, "explain"), colleague()
    data, (first, second) = page_of_two(client, two_warnings)
    keep(other, url, data | {first: "他们写的说明。", f"public-{first.removeprefix('text-')}": "on"})
    told = keep(client, url, data | {first: "我写的说明。"}, 409)
    fields_now = {first: "他们写的说明。", f"public-{first.removeprefix('text-')}": "on", second: ""}
    assert told["fields"] == fields_now | {f"public-{second.removeprefix('text-')}": "on"} and told["who"]
    keep(client, url, data | {first: "我写的说明。", "version": told["version"]})
    assert Explanation.objects.get().text == "我写的说明。"


def test_words_on_a_warning_that_is_gone_are_told_to_the_script_too(client, two_warnings):
    enter(client, "accountant")
    data, names = page_of_two(client, two_warnings)
    typed = data | {name: f"第{n}条说明的文字" for n, name in enumerate(names)}
    Disclosure.objects.filter(pk=two_warnings.pk).update(assets_as_of=None)
    told = keep(client, of(two_warnings, "explain"), typed)
    assert (
        len(told["errors"]) == 1 and "不再需要" in told["errors"][0][1] and Explanation.objects.count() == 1
    )


def test_the_page_saves_itself_only_where_there_is_something_to_explain(client, two_warnings):
    enter(client, "accountant")
    page = client.get(of(two_warnings, "change")).text
    assert 'id="save-state"' in page and f'data-shelf="mz:{client.session["_auth_user_id"]}:' in page
    enter(client, "auditor")
    assert 'id="save-state"' not in client.get(of(two_warnings, "change")).text

"""What a page offers as the next step is a step that is taken: what would be refused is told instead, with where it is settled."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from budgets.admin import held_steps
from budgets.models import Disclosure, Narrative, Region, Status
from budgets.workflow import lifecycle
from budgets.workflow.commenting import answer, comment
from tests.makers.disclosures import (
    a_department,
    a_person,
    a_sound_disclosure,
    approved,
    published,
    submitted,
)

from .forms import enter, of

pytestmark = pytest.mark.django_db


def commented() -> Disclosure:
    made = submitted(a_sound_disclosure())
    comment(made, place="whole", text="请核对", by=a_person("bureau_officer"))
    return made


def answered() -> Disclosure:
    made = commented()
    answer(made.comments.get(), text="已核对", by=a_person("accountant"))
    return made


def agreeing() -> Disclosure:
    Region.objects.filter(pk=a_department().region_id).update(reviewer_agrees=True)
    made = submitted(a_sound_disclosure())
    comment(made, place="whole", text="请核对", by=a_person("reviewer"))
    return made


def unsound() -> Disclosure:
    made = submitted(a_sound_disclosure())
    Narrative.objects.filter(disclosure=made, key="overview").update(text="")
    return made


def unsigned() -> Disclosure:
    made = approved(a_sound_disclosure())
    Region.objects.update(sign_offs_required=True)
    return made


# How it stands, who looks, the step that is held, and what is said of it.
HELD: dict[str, tuple[Callable[[], Disclosure], str, str, str]] = {
    "comment": (commented, "bureau_officer", "批准", "1 条意见未关闭（都没有答复）：看过、关闭以后才能批准"),
    "answer": (answered, "bureau_officer", "批准", "1 条意见未关闭（1 条已答复）：看过、关闭以后才能批准"),
    "agreement": (agreeing, "reviewer", "同意", "由提出人或财政局关闭以后才能同意"),
    "findings": (unsound, "bureau_officer", "批准", "1 处要先处理：退回部门改好以后才能批准"),
    "signatures": (unsigned, "bureau_officer", "公开", "保密审查和审签未填全：退回部门补好以后才能公开"),
}


def looked_at(client, disclosure: Disclosure, where: str) -> tuple[list[str], str]:
    """The steps that the page offers as main buttons although they are refused, and the page."""
    answer = client.get(of(disclosure, where))
    refused = []
    for step in answer.context["steps"]:
        url = reverse("admin:budgets_disclosure_step", args=[disclosure.pk, step.key])
        if not step.tone:
            assert f'class="button" href="{url}"' in answer.text
            if client.post(url, {"version": disclosure.version}).status_code == 409:
                refused.append(step.label)
    return refused, answer.text


@pytest.mark.parametrize("where", ["change", "review"])
@pytest.mark.parametrize("case", HELD)
def test_what_would_be_refused_is_told_and_not_offered(client, case, where):
    make, role, step, words = HELD[case]
    disclosure = make()
    enter(client, role)
    refused, text = looked_at(client, disclosure, where)
    assert refused == [] and words in text and f">{step}</a>" not in text
    assert ("看意见 1 条" in text) == disclosure.comments.exists()


def test_who_made_the_comment_is_told_to_close_it(client):
    disclosure = agreeing()
    client.force_login(disclosure.comments.get().person)
    assert "看过、关闭以后才能同意" in looked_at(client, disclosure, "review")[1]


@pytest.mark.parametrize("case", HELD)
def test_without_looking_it_would_be_offered_and_refused(client, monkeypatch, case):
    """The negative control."""
    make, role, step, _ = HELD[case]
    disclosure = make()
    enter(client, role)
    monkeypatch.setattr(held_steps, "DECIDING", ())
    assert looked_at(client, disclosure, "change")[0] == [step]


def test_what_nothing_keeps_is_offered_and_taken(client):
    disclosure = submitted(a_sound_disclosure())
    enter(client, "bureau_officer")
    assert looked_at(client, disclosure, "review")[0] == []
    assert Disclosure.objects.get(pk=disclosure.pk).status == Status.APPROVED


def test_a_correction_that_is_asked_for_is_the_next_step(client, no_pdf, few_pages):
    disclosure = published().disclosure
    enter(client, "bureau_officer")
    plain = f'class="button" href="{of(disclosure, "step", "correct")}"'
    assert plain not in client.get(of(disclosure, "change")).text
    lifecycle.ask_correction(disclosure, by=a_person("accountant"), reason="写错了一个数。")
    assert plain in client.get(of(disclosure, "change")).text


def test_many_are_offered_the_steps_that_one_of_them_can_take(client):
    draft, waiting = a_sound_disclosure(), a_sound_disclosure(a_department("484", "水务局"))
    enter(client, "bureau_officer")
    page = client.get("/admin/overview/2023/")
    assert page.context["batch"] == [] and 'name="do" value="approve"' not in page.text
    submitted(waiting)
    comment(waiting, place="whole", text="请核对", by=a_person("bureau_officer"))
    page = client.get("/admin/overview/2023/")
    assert page.context["batch"] == ["approve"] and "意见 1 条" in page.text
    assert client.get("/admin/overview/2023/?only=draft").context["batch"] == []
    assert draft.status == Status.DRAFT

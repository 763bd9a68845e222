"""公众提问 at the desk: who may do what in which state, on what was seen; what decisions leave."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from budgets.models import AuditPending, Department, Question, QuestionState
from budgets.workflow import answering
from budgets.workflow.stepping import EditedMeanwhile, NotAllowed
from tests.makers.disclosures import a_department, a_person, a_region
from tests.makers.questions import a_question

pytestmark = pytest.mark.django_db
STEPS = {
    "answer": lambda row, by: answering.answer(row, text="因为。", by=by, saw=answering.seen(row)),
    "publish": lambda row, by: answering.publish(row, by=by, saw=answering.seen(row)),
    "back": lambda row, by: answering.send_back(row, reason="请写数", by=by, saw=answering.seen(row)),
    "refuse": lambda row, by: answering.refuse(row, reason="无关", by=by, saw=answering.seen(row)),
}
DEPARTMENT, OFFICER = {"accountant", "reviewer"}, {"bureau_officer"}
# Who takes a step, and from which states to which.
MODEL = {
    "answer": (DEPARTMENT, {"waiting": "answered", "answered": "answered"}),
    "publish": (OFFICER, {"answered": "published"}),
    "back": (OFFICER, {"answered": "waiting"}),
    "refuse": (OFFICER, {"waiting": "refused", "answered": "refused", "published": "refused"}),
}
ROLES = [*DEPARTMENT, *OFFICER, "bureau_administrator", "auditor", "central_administrator"]


def test_each_step_by_everybody_in_every_state():
    people = {role: a_person(role) for role in ROLES}
    stranger, other = a_person(department=a_department("301", "邻局")), a_region("130224", "滦南县")
    people["accountant of another"] = stranger
    people["officer of another"] = a_person("bureau_officer", region=other)
    wrong, taken = [], 0
    for step, (roles, leads) in MODEL.items():
        for role, person in people.items():
            for state in QuestionState:
                row = a_question(a_department(), state=state.value)
                try:
                    STEPS[step](row, person)
                except NotAllowed:
                    became = ""
                else:
                    row.refresh_from_db()
                    became, taken = row.state, taken + 1
                if became != (leads.get(state.value, "") if role in roles else ""):
                    wrong.append((step, role, state, became))
    assert wrong == [] and taken == 2 * 2 + 1 + 1 + 3


@pytest.mark.parametrize("step", ["publish", "refuse"])
def test_a_decision_forgets_who_asked_and_tells_the_trail_without_them(step):
    row = a_question(a_department(), state="answered", email="wo@example.com", source="a" * 64)
    STEPS[step](row, a_person("bureau_officer"))
    row.refresh_from_db()
    assert (row.email, row.source) == ("", "") and row.decided_by and row.decided_at
    told = AuditPending.objects.last()
    assert told.action == "question" and "wo@example.com" not in told.change + told.about
    assert (told.department, told.region) == ("483", "130225")


def test_what_changed_meanwhile_is_not_decided_on():
    row = a_question(a_department(), state="answered", answered_at=timezone.now())
    saw = answering.seen(row)
    STEPS["answer"](row, a_person())
    with pytest.raises(EditedMeanwhile, match="又有改动"):
        answering.publish(row, by=a_person("bureau_officer"), saw=saw)
    row.refresh_from_db()
    answering.publish(row, by=a_person("bureau_officer"), saw=answering.seen(row))


@pytest.mark.parametrize("text", ["", " \n", "\u202e", "长" * 2001])
def test_an_answer_is_words_of_a_bounded_length(text):
    row = a_question(a_department())
    with pytest.raises(NotAllowed, match=r"请写"):
        answering.answer(row, text=text, by=a_person(), saw=answering.seen(row))
    answering.answer(row, text="一\u202e二", by=a_person(), saw=answering.seen(row))
    row.refresh_from_db()
    assert row.answer == "一二"


def test_the_standing_counts_what_waits_and_since_when():
    for state, days in (("waiting", 3), ("waiting", 9), ("answered", 5), ("published", 40), ("refused", 50)):
        a_question(a_department(), state=state, asked_at=timezone.now() - timedelta(days=days))
    said = answering.standing(Question.objects.all())
    assert (said.waiting, said.answered, said.days) == (2, 1, 9)
    nothing = answering.standing(Question.objects.none())
    assert (nothing.waiting, nothing.answered, nothing.oldest, nothing.days) == (0, 0, None, 0)


def test_the_desk_lists_counts_and_keeps_what_was_typed(client, django_assert_max_num_queries):
    department = a_department()
    for n in range(3):
        a_question(department, text=f"问 {n}")
    row = a_question(department, state="answered", email="wo@example.com", text="<b>问</b>")
    client.force_login(a_person("bureau_officer"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("admin:question_list")).content.decode()
    assert "问 2" in page and "&lt;b&gt;问" in page
    assert "问 2" not in client.get(reverse("admin:question_list"), {"only": "answered"}).content.decode()
    assert "公众提问</a>：待答复 3 条，待公开 1 条" in client.get(reverse("admin:index")).content.decode()
    url = reverse("admin:question", args=[row.pk])
    refused = client.post(url, {"do": "publish", "saw": "otherwise", "reason": "写了一半"})
    assert refused.status_code == 409 and "写了一半" in refused.content.decode()
    assert client.post(url, {"saw": answering.seen(row)}).status_code == 409, "no button"
    assert "wo@example.com" in client.get(url).content.decode()
    client.force_login(a_person("auditor"))
    assert "wo@example.com" not in client.get(url).content.decode()
    assert client.post(url, {"do": "publish"}).status_code == 403


@pytest.mark.slow
def test_ten_thousand_questions_cost_the_desk_no_more(client, django_assert_max_num_queries):
    at = timezone.now()
    department = Department.objects.get(pk=a_department().pk)
    Question.objects.bulk_create(
        Question(department=department, fiscal_year=2023, stage="budget", revision=1, cell="a.b.c", printed="数", text=f"问 {n}", asked_at=at)
        for n in range(10_000)
    )  # fmt: skip
    client.force_login(a_person("bureau_officer"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("admin:question_list")).content.decode()
    assert page.count("<tr>") == 31 and "第 1／334 页" in page

"""How a step is held, refused and written down: the words for each refusal, what stands against a draft, the log."""

from decimal import Decimal

import pytest

from budgets import ledger
from budgets.access import May
from budgets.models import Action, Disclosure, LogEntry, Status
from budgets.workflow import stepping
from budgets.workflow.stepping import EditedMeanwhile, NotAllowed, NotPublishable, hold, reason_given, sound
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_region, a_sound_disclosure

pytestmark = pytest.mark.django_db


@pytest.fixture
def disclosure():
    return a_disclosure(facts=())


def standing(disclosure, status: Status, by=None) -> Disclosure:
    Disclosure.objects.filter(pk=disclosure.pk).update(
        status=status, submitted_by=by, submitted_hash="a" * 64
    )
    return disclosure


def test_what_is_held_is_the_row_as_it_is_now(disclosure):
    accountant = a_person("accountant")
    Disclosure.objects.filter(pk=disclosure.pk).update(contact="0315-1111111", version=7)
    for version in (None, 7):
        held = hold(disclosure, May.EDIT, accountant, version)
        assert (held.pk, held.contact, held.version) == (disclosure.pk, "0315-1111111", 7)


@pytest.mark.parametrize("editor", [None, "王会计"])
def test_an_older_look_is_told_who_changed_it(disclosure, editor):
    by = a_person("accountant", name=editor) if editor else None
    Disclosure.objects.filter(pk=disclosure.pk).update(version=8, updated_by=by)
    with pytest.raises(EditedMeanwhile) as refused:
        hold(disclosure, May.SUBMIT, a_person("accountant"), 7)
    who = editor or "其他人"
    assert str(refused.value) == f"您打开以后，{who}又改动过这份内容。请看过新的内容再提交。"


def test_who_may_never_take_a_step_is_told_so(disclosure):
    """By role, or for what is another department's: whatever state it is in, which they are not told."""
    far = a_person("bureau_officer", region=a_region("130229", "玉田县"))
    beside = a_person("accountant", department=a_department("484", "乐亭县水务局"))
    for person, action, label in (
        (a_person("auditor"), May.APPROVE, "审计监督"), (far, May.APPROVE, "财政局经办"), (beside, May.SUBMIT, "部门会计"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed) as refused:
            hold(disclosure, action, person, None)
        assert str(refused.value) == f"您（{label}）不能{action.label}这份内容。"


def test_a_step_that_does_not_fit_the_state_names_it(disclosure):
    officer = a_person("bureau_officer")
    for status, action in ((Status.DRAFT, May.APPROVE), (Status.SUBMITTED, May.PUBLISH)):
        standing(disclosure, status, a_person("accountant"))
        with pytest.raises(NotAllowed) as refused:
            hold(disclosure, action, officer, None)
        assert str(refused.value) == f"这份内容目前是“{status.label}”，不能{action.label}。"


def test_who_submitted_is_told_to_leave_the_approval_to_others(disclosure):
    officer = a_person("bureau_officer")
    standing(disclosure, Status.SUBMITTED, officer)
    with pytest.raises(NotAllowed) as refused:
        hold(disclosure, May.APPROVE, officer, None)
    assert str(refused.value) == "提交人不能批准自己提交的内容，请由其他人批准。"
    with pytest.raises(NotAllowed, match="目前是“已提交”，不能公开"):
        hold(disclosure, May.PUBLISH, officer, None)


def test_a_reason_is_kept_without_the_blanks_around_it():
    assert reason_given("  一\r\n二\n三 ", "退回") == "一\n二\n三"
    for nothing in ("", " \r\n "):
        with pytest.raises(NotAllowed) as refused:
            reason_given(nothing, "退回")
        assert str(refused.value) == "退回要写明原因。"


def test_a_sound_draft_is_handed_back():
    draft = sound(a_sound_disclosure(contact="0315-1111111"))
    assert draft.blockers == [] and draft.ledger.contact == "0315-1111111"


def test_what_stands_against_a_draft_is_counted_and_comes_along():
    disclosure = a_sound_disclosure()
    disclosure.narratives.first().delete()
    disclosure.explanations.all().delete()
    with pytest.raises(NotPublishable) as refused:
        sound(disclosure)
    assert str(refused.value) == "还有 1 处错误要改正、1 处警告要说明。"
    draft = refused.value.draft
    assert refused.value.findings == tuple(draft.blockers) and len(draft.blockers) == 2


def test_amounts_finer_than_the_tables_print_are_told_first():
    disclosure = a_disclosure()
    disclosure.revenue_lines.update(other=Decimal("0.01"))  # past the forms
    with pytest.raises(NotPublishable) as refused:
        sound(disclosure)
    fine = [fact for fact in ledger.read(disclosure).facts if fact.amount % 100]
    assert len(fine) == 2
    assert str(refused.value) == f"有 2 个金额比表中能印出的更细，例如 {fine[0].amount} 元，请先取整。"
    assert (refused.value.findings, refused.value.draft) == ((), None)


def test_a_step_writes_the_fields_the_version_and_the_log(disclosure, monkeypatch):
    person, other = a_person("bureau_officer"), a_disclosure(a_department("484", "乐亭县水务局"), facts=())
    before, version = disclosure.updated_at, disclosure.version
    result = stepping.step(
        disclosure, Action.RETURN, person, reason="重填", content_hash="b" * 64, returned_reason="重填"
    )
    assert result is disclosure
    row = Disclosure.objects.get(pk=disclosure.pk)
    assert (row.version, row.updated_by, row.returned_reason) == (version + 1, person, "重填")
    assert row.updated_at > before
    assert (result.version, result.returned_reason) == (row.version, "重填")
    entry = LogEntry.objects.get()
    assert (entry.disclosure, entry.person, entry.role, entry.action) == (
        row,
        person,
        "bureau_officer",
        "return",
    )
    assert (entry.reason, entry.content_hash, entry.version) == ("重填", "b" * 64, version + 1)
    assert entry.at >= row.updated_at
    stepping.step(disclosure, Action.RECALL, person)
    entry = LogEntry.objects.last()
    assert (entry.reason, entry.content_hash, entry.version) == ("", "", version + 2)
    assert Disclosure.objects.get(pk=other.pk).version == other.version

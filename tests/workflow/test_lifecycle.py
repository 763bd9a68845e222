"""What each step writes, in full: the disclosure, its versions, the address and the log; and what refuses it."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from budgets.models import Disclosure, LogEntry, Publication, PublicationState, Release
from budgets.publishing import releases, revision_files
from budgets.publishing.chain import GENESIS
from budgets.publishing.listing import summary
from budgets.workflow import lifecycle, remaking
from budgets.workflow.drafts import draft_of
from budgets.workflow.lifecycle import EditedMeanwhile, NotAllowed
from tests.makers.disclosures import a_department, a_disclosure, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_rules")]
NOW = datetime(2023, 2, 1, 16, 30, tzinfo=UTC)  # the second of February in Beijing
UNTOUCHED = {"submitted_by": None, "submitted_at": None, "submitted_hash": ""} | {
    "approved_by": None, "approved_at": None, "approved_hash": "",
}  # fmt: skip
PLACE = ("130225", "483", 2023, "budget")


@pytest.fixture(autouse=True)
def at_one_moment(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def accountant():
    return a_person("accountant")


@pytest.fixture
def officer():
    return a_person("bureau_officer")


@pytest.fixture
def disclosure(db):
    return a_disclosure(contact="0315-0000000")


def stands(disclosure, **expected) -> None:
    """Those fields of the row are so, and the value that was handed back agrees with the row."""
    row = Disclosure.objects.get(pk=disclosure.pk)
    assert {name: getattr(row, name) for name in expected} == expected
    assert {name: getattr(disclosure, name) for name in expected} == expected


def logged(disclosure, action: str, by, *, reason: str = "", content: str = "") -> None:
    """The last line of the log is this step, at the version the disclosure has now."""
    entry = LogEntry.objects.filter(disclosure=disclosure).last()
    assert (entry.action, entry.person, entry.role) == (action, by, by.role)
    assert (entry.reason, entry.content_hash, entry.at) == (reason, content, NOW)
    assert entry.version == Disclosure.objects.get(pk=disclosure.pk).version


def ready(disclosure, accountant, officer) -> Disclosure:
    lifecycle.submit(disclosure, by=accountant)
    return lifecycle.approve(disclosure, by=officer)


def corrected(disclosure, accountant, officer, contact: str) -> Publication:
    lifecycle.correct(disclosure, by=officer, reason="电话有误")
    Disclosure.objects.filter(pk=disclosure.pk).update(contact=contact)
    return lifecycle.publish(ready(disclosure, accountant, officer), by=officer)


def served() -> str:
    return releases.address(PLACE).resolve().name


def test_a_submission(disclosure, accountant):
    Disclosure.objects.filter(pk=disclosure.pk).update(status="returned", returned_reason="请重填")
    version, content = disclosure.version, draft_of(disclosure).hash
    result = lifecycle.submit(disclosure, by=accountant, version=version)
    submission = {"submitted_by": accountant, "submitted_at": NOW, "submitted_hash": content}
    stands(result, status="submitted", returned_reason="", **UNTOUCHED | submission)
    stands(result, version=version + 1, updated_by=accountant, updated_at=NOW)
    logged(disclosure, "submit", accountant, content=content)


def test_a_recall(disclosure, accountant):
    lifecycle.submit(disclosure, by=accountant)
    result = lifecycle.recall(disclosure, by=accountant)
    stands(result, status="draft", **UNTOUCHED)
    logged(disclosure, "recall", accountant)


def test_an_approval(disclosure, accountant, officer):
    submitted = lifecycle.submit(disclosure, by=accountant)
    result = lifecycle.approve(disclosure, by=officer)
    approval = {"approved_by": officer, "approved_at": NOW, "approved_hash": submitted.submitted_hash}
    stands(result, status="approved", submitted_by=accountant, **approval)
    logged(disclosure, "approve", officer, content=submitted.submitted_hash)


def test_what_changed_after_it_was_submitted_is_not_approved(disclosure, accountant, officer):
    lifecycle.submit(disclosure, by=accountant)
    Disclosure.objects.filter(pk=disclosure.pk).update(contact="0315-1111111")
    with pytest.raises(NotAllowed) as refused:
        lifecycle.approve(disclosure, by=officer)
    assert str(refused.value) == "内容在提交以后有了变化（例如科目名称），请退回后重新提交。"
    assert LogEntry.objects.count() == 1


def test_a_return(disclosure, accountant, officer):
    ready(disclosure, accountant, officer)
    result = lifecycle.return_(disclosure, by=officer, reason=" 请\r\n重填 ")
    stands(result, status="returned", returned_reason="请\n重填", **UNTOUCHED)
    logged(disclosure, "return", officer, reason="请\n重填")


STEPS = {
    "提交": ("", lambda d, a, o, **more: lifecycle.submit(d, by=a, **more)),
    "收回": ("submit", lambda d, a, o, **more: lifecycle.recall(d, by=a, **more)),
    "退回": ("submit", lambda d, a, o, **more: lifecycle.return_(d, by=o, reason="重填", **more)),
    "批准": ("submit", lambda d, a, o, **more: lifecycle.approve(d, by=o, **more)),
    "公开": ("approve", lambda d, a, o, **more: lifecycle.publish(d, by=o, **more)),
    "启动更正": ("publish", lambda d, a, o, **more: lifecycle.correct(d, by=o, reason="更正", **more)),
    "申请更正": ("publish", lambda d, a, o, **more: lifecycle.ask_correction(d, by=a, reason="有误", **more)),
    "撤回公开": ("publish", lambda d, a, o, **more: lifecycle.withdraw(d, by=o, reason="撤回", **more)),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_on_what_was_looked_at(disclosure, accountant, officer, built, name):
    before, step = STEPS[name]
    if before:
        lifecycle.submit(disclosure, by=accountant)
    if before in ("approve", "publish"):
        lifecycle.approve(disclosure, by=officer)
    if before == "publish":
        lifecycle.publish(disclosure, by=officer)
    seen = Disclosure.objects.get(pk=disclosure.pk).version
    entries, releases_built = LogEntry.objects.count(), len(built.releases)
    for version in (seen - 1, seen + 1):
        with pytest.raises(EditedMeanwhile) as refused:
            step(disclosure, accountant, officer, version=version)
    who = Disclosure.objects.get(pk=disclosure.pk).updated_by or "其他人"
    assert str(refused.value) == f"您打开以后，{who}又改动过这份内容。请看过新的内容再{name}。"
    assert (LogEntry.objects.count(), len(built.releases)) == (entries, releases_built)
    step(disclosure, accountant, officer, version=seen)
    assert LogEntry.objects.count() == entries + 1


@pytest.mark.parametrize(
    ("step", "name"),
    [(lifecycle.correct, "更正"), (lifecycle.withdraw, "撤回"), (lifecycle.ask_correction, "申请更正")],
)
def test_what_sends_back_says_which_reason_it_lacks(disclosure, officer, step, name):
    with pytest.raises(NotAllowed) as refused:
        step(disclosure, by=officer, reason=" \n")
    assert str(refused.value) == f"{name}要写明原因。"


def test_a_publication(disclosure, accountant, officer, built):
    ready(disclosure, accountant, officer)
    publication = lifecycle.publish(disclosure, by=officer)
    content = disclosure.approved_hash
    stands(disclosure, status="published", correction_reason="", approved_by=officer)
    logged(disclosure, "publish", officer, content=content)
    assert (publication.payload_hash, publication.chain_previous) == (content, GENESIS)
    assert (publication.published_on, publication.published_by) == (date(2023, 2, 2), officer)
    state = publication.state
    told = summary(draft_of(disclosure).document)
    assert {name: getattr(state, name) for name in told} == told and told["text"] and told["contact"]
    assert (state.status, state.pdf_pending) == ("current", True)
    assert (built.revisions, built.releases) == ([(publication.chain_entry, True)], [[(1, "current")]])
    assert served() == Release.objects.get().name


@pytest.mark.parametrize("wanted", [True, False])
def test_a_pdf_is_asked_for_or_left_for_later(disclosure, accountant, officer, built, monkeypatch, wanted):
    asked = []
    monkeypatch.setattr(
        revision_files, "build", lambda edition, *, with_pdf: asked.append(with_pdf) or with_pdf
    )
    ready(disclosure, accountant, officer)
    publication = lifecycle.publish(disclosure, by=officer, with_pdf=wanted)
    assert asked == [wanted]
    assert publication.state.pdf_pending is not wanted


def test_a_corrected_version_takes_the_place_of_the_one_before(disclosure, accountant, officer, built):
    first = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    beside = a_disclosure(a_department("484", "乐亭县水务局"))
    other = lifecycle.publish(
        ready(beside, a_person("accountant", department=beside.department), officer), by=officer
    )
    opened = lifecycle.correct(disclosure, by=officer, reason=" 电话有误 ")
    stands(opened, status="draft", correction_reason="电话有误", **UNTOUCHED)
    logged(disclosure, "correct", officer, reason="电话有误")
    Disclosure.objects.filter(pk=disclosure.pk).update(contact="0315-1111111")
    theirs = releases.address(("130225", "484", 2023, "budget"))
    theirs.unlink()
    second = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    assert not theirs.is_symlink()  # each publication leads its own address alone
    disclosure.refresh_from_db()
    stands(disclosure, status="published", correction_reason="")
    logged(disclosure, "publish", officer, reason="电话有误", content=second.payload_hash)
    assert (second.revision, second.public_reason, second.chain_previous) == (
        2,
        "电话有误",
        first.chain_entry,
    )
    told = dict(PublicationState.objects.values_list("publication", "status"))
    assert told == {first.pk: "superseded", second.pk: "current", other.pk: "current"}
    assert built.releases[-1] == [(1, "superseded"), (2, "current")]


def test_publishing_again_gives_the_same_version_and_serves_it(disclosure, accountant, officer, built):
    first = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    name = served()
    releases.address(PLACE).unlink()  # as if the process had died before its address flipped
    entries = LogEntry.objects.count()
    assert lifecycle.publish(disclosure, by=officer) == first
    assert served() == name
    assert (LogEntry.objects.count(), len(built.releases)) == (entries, 1)
    for other in (accountant, a_person("auditor")):
        with pytest.raises(NotAllowed):
            lifecycle.publish(disclosure, by=other)


def test_what_was_withdrawn_or_is_corrected_is_not_public_already(disclosure, accountant, officer, built):
    first = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    lifecycle.correct(disclosure, by=officer, reason="电话有误")
    with pytest.raises(NotAllowed):
        lifecycle.publish(disclosure, by=officer)
    ready(disclosure, accountant, officer)  # the same content as before
    with pytest.raises(lifecycle.NotPublishable, match="完全相同"):
        lifecycle.publish(disclosure, by=officer)
    lifecycle.withdraw(disclosure, by=officer, reason="误公开")
    again = lifecycle.publish(disclosure, by=officer)
    assert (again.revision, again.payload_hash) == (2, first.payload_hash)


def test_what_changes_while_files_are_built_stops_the_publication(disclosure, accountant, officer, built):
    ready(disclosure, accountant, officer)
    row = Disclosure.objects.filter(pk=disclosure.pk)
    version = row.get().version

    def edited():
        row.update(version=version + 1)

    def another_year():
        later = a_disclosure(year=2024)
        lifecycle.publish(ready(later, accountant, officer), by=officer)

    for meanwhile, message in (
        (edited, "又改动过这份内容"),
        (another_year, "公开期间内容或本部门的公开序列有了变化，没有公开，请重试。"),
    ):
        built.meanwhile = meanwhile
        with pytest.raises(EditedMeanwhile, match=message):
            lifecycle.publish(disclosure, by=officer)
        row.update(version=version)
        assert not disclosure.publications.exists()
        assert not Release.objects.filter(fiscal_year=2023).exists()
        assert not releases.address(PLACE).is_symlink()
    assert lifecycle.publish(disclosure, by=officer).revision == 1


def test_midnight_may_pass_while_files_are_built(disclosure, accountant, officer, built, monkeypatch):
    ready(disclosure, accountant, officer)
    tomorrow = datetime(2023, 2, 3, tzinfo=UTC)
    built.meanwhile = lambda: monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    publication = lifecycle.publish(disclosure, by=officer)
    assert (publication.published_on, publication.published_at) == (date(2023, 2, 3), tomorrow)
    assert len(built.revisions) == len(built.releases) == 2  # built again for the day


def test_a_withdrawal(disclosure, accountant, officer, built):
    first = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    second = corrected(disclosure, accountant, officer, "0315-1111111")
    before = served()
    result = lifecycle.withdraw(disclosure, by=officer, reason=" 误公开 ")
    stands(result, status="withdrawn", submitted_by=accountant)
    logged(disclosure, "withdraw", officer, reason="误公开")
    first.state.refresh_from_db()
    second.state.refresh_from_db()
    assert (first.state.status, first.state.withdrawn_reason, first.state.withdrawn_on) == (
        "superseded",
        "",
        None,
    )
    state = second.state
    assert (state.status, state.withdrawn_reason, state.withdrawn_on) == (
        "withdrawn",
        "误公开",
        date(2023, 2, 2),
    )
    assert built.releases[-1] == [(1, "superseded"), (2, "withdrawn")]
    assert served() == Release.objects.get().name != before


def test_a_withdrawal_leaves_a_correction_that_was_begun(disclosure, accountant, officer, built):
    lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    lifecycle.correct(disclosure, by=officer, reason="电话有误")
    result = lifecycle.withdraw(disclosure, by=officer, reason="误公开")
    stands(result, status="draft", correction_reason="电话有误")


def test_what_changes_while_it_is_withdrawn_stops_the_withdrawal(disclosure, accountant, officer, built):
    publication = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    built.meanwhile = lambda: corrected(disclosure, accountant, officer, "0315-1111111")
    with pytest.raises(EditedMeanwhile) as refused:
        lifecycle.withdraw(disclosure, by=officer, reason="误公开")
    assert str(refused.value) == "撤回期间公开内容有了变化，没有撤回，请重试。"
    publication.state.refresh_from_db()
    assert publication.state.status == "superseded"
    version = Disclosure.objects.get(pk=disclosure.pk).version
    built.meanwhile = lambda: Disclosure.objects.filter(pk=disclosure.pk).update(version=version + 1)
    with pytest.raises(EditedMeanwhile, match="又改动过"):
        lifecycle.withdraw(disclosure, by=officer, reason="误公开", version=version)


def test_pages_are_made_anew_when_something_of_them_changed(disclosure, accountant, officer, built):
    assert remaking.rebuild(disclosure) is False
    assert built.releases == []
    first = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    second = corrected(disclosure, accountant, officer, "0315-1111111")
    assert remaking.rebuild(disclosure) is False
    before = served()
    built.with_pdf.add(second.chain_entry)
    assert remaking.rebuild(disclosure) is True
    assert served() == Release.objects.get().name != before
    assert built.releases[-1] == [(1, "superseded"), (2, "current")]
    pending = dict(PublicationState.objects.values_list("publication", "pdf_pending"))
    assert pending == {first.pk: True, second.pk: False}
    built.meanwhile = lambda: corrected(disclosure, accountant, officer, "0315-2222222")
    with pytest.raises(EditedMeanwhile) as refused:
        remaking.rebuild(disclosure)
    assert str(refused.value) == "期间有了新的公开版本，请重试。"


def test_pending_pdfs_are_added_and_linked_once(disclosure, accountant, officer, built):
    first = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    second = corrected(disclosure, accountant, officer, "0315-1111111")
    PublicationState.objects.filter(publication=first).update(pdf_pending=False)
    before = served()
    assert remaking.add_pdfs(disclosure) == 1
    assert built.with_pdf == {second.chain_entry}
    assert not PublicationState.objects.filter(pdf_pending=True).exists()
    name = served()
    assert name != before
    entries = len(built.releases)
    releases.address(PLACE).unlink()
    assert remaking.add_pdfs(disclosure) == 0
    assert (served(), len(built.releases)) == (name, entries)


def test_pdfs_that_were_ready_when_the_process_died_are_put_on_the_pages(
    disclosure, accountant, officer, built
):
    first = lifecycle.publish(ready(disclosure, accountant, officer), by=officer)
    corrected(disclosure, accountant, officer, "0315-1111111")
    beside = a_disclosure(a_department("484", "乐亭县水务局"))
    lifecycle.publish(
        ready(beside, a_person("accountant", department=beside.department), officer), by=officer
    )
    entries = len(built.releases)
    assert remaking.settle_pdfs() == 0
    assert len(built.releases) == entries
    built.with_pdf.add(first.chain_entry)
    assert remaking.settle_pdfs() == 1
    assert len(built.releases) == entries + 1
    first.state.refresh_from_db()
    assert first.state.pdf_pending is False
    assert PublicationState.objects.filter(pdf_pending=True).count() == 2
    assert remaking.settle_pdfs() == 0

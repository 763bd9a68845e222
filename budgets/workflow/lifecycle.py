"""The steps of a disclosure from draft to publication: each one function, each change one transaction.

draft -> submitted -> approved -> published, and back: recalled, returned; then corrected or withdrawn.
A refused step raises Refused with a Chinese message for the person. `version` is what the person looked at; when
it is given and somebody changed the disclosure since, the step is refused.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from budgets import access
from budgets.access import May
from budgets.models import (
    Action,
    Department,
    Disclosure,
    Person,
    Publication,
    PublicationState,
    PublicationStatus,
    Release,
    Status,
)
from budgets.publishing import pointers, word_index, year_sums
from budgets.publishing.listing import summary
from budgets.workflow import versions
from budgets.workflow.commenting import open_comments, settled
from budgets.workflow.correcting import ask_correction, correct, decline_correction
from budgets.workflow.remaking import settle_address
from budgets.workflow.renewing import renew, year_before
from budgets.workflow.reviewing import keep_submission
from budgets.workflow.signing import signed
from budgets.workflow.stepping import (
    UNSCHEDULED,
    UNTOUCHED,
    EditedMeanwhile,
    NotAllowed,
    NotPublishable,
    Refused,
    hold,
    reason_given,
    sound,
    step,
)
from budgets.workflow.versions import (
    REPLACED,
    build,
    current_of,
    editions_of,
    freeze,
    next_edition,
    next_link,
    serve,
    stand,
)
from budgets.workflow.withdrawing import withdraw

__all__ = [
    "EditedMeanwhile",
    "NotAllowed",
    "NotPublishable",
    "Refused",
    "agree",
    "approve",
    "ask_correction",
    "correct",
    "decline_correction",
    "publish",
    "recall",
    "return_",
    "submit",
    "withdraw",
]

MOST_TRIES = 3  # midnight passes once, the years beside it seldom change


def submit(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Disclosure:
    """Hand the draft to the finance bureau; it cannot be edited from then on.

    Raises NotPublishable while an ERROR stands or a WARNING lacks an explanation, Unsigned without the signatures that
    the region asks for.
    """
    with transaction.atomic():
        locked = hold(disclosure, May.SUBMIT, by, version)
        signatures = signed(locked)
        draft = sound(locked)
        content = draft.hash
        kept = keep_submission(locked, draft, by)
        submission = {"submitted_by": by, "submitted_at": kept.at, "submitted_hash": content}
        changes = UNTOUCHED | submission | {"status": Status.SUBMITTED, "returned_reason": ""}
        return step(locked, Action.SUBMIT, by, reason=signatures, content_hash=content, **changes)


def recall(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Disclosure:
    """Take a submitted disclosure back into a draft, before it was approved."""
    with transaction.atomic():
        locked = hold(disclosure, May.RECALL, by, version)
        return step(locked, Action.RECALL, by, **UNTOUCHED | {"status": Status.DRAFT})


def return_(disclosure: Disclosure, *, by: Person, reason: str, version: int | None = None) -> Disclosure:
    """Send a submitted or approved disclosure back to its department; agreement and approval are void.

    A reason is needed where no comment is open.
    """
    with transaction.atomic():
        locked = hold(disclosure, May.RETURN, by, version)
        comments = open_comments(locked).count()
        text = reason_given(reason or (f"见审核意见 {comments} 条。" if comments else ""), "退回")
        changes = UNTOUCHED | {"status": Status.RETURNED, "returned_reason": text}
        return step(locked, Action.RETURN, by, reason=text, **changes)


def agree(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Disclosure:
    """The department's reviewer agrees to exactly what was submitted; then it is the bureau's turn."""
    with transaction.atomic():
        locked = hold(disclosure, May.AGREE, by, version)
        settled(locked, May.AGREE)
        content = _as_submitted(locked)
        agreement: dict[str, Any] = {"agreed_by": by, "agreed_at": timezone.now(), "agreed_hash": content}
        return step(locked, Action.AGREE, by, content_hash=content, **agreement)


def approve(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Disclosure:
    """Approve exactly what was submitted: the approval is bound to the hash of its content."""
    with transaction.atomic():
        locked = hold(disclosure, May.APPROVE, by, version)
        settled(locked, May.APPROVE)
        content = _as_submitted(locked)
        approval: dict[str, Any] = {
            "approved_by": by,
            "approved_at": timezone.now(),
            "approved_hash": content,
        }
        return step(locked, Action.APPROVE, by, content_hash=content, status=Status.APPROVED, **approval)


def publish(
    disclosure: Disclosure,
    *,
    by: Person,
    version: int | None = None,
    with_pdf: bool = True,
    due: datetime | None = None,
) -> Publication:
    """Freeze the approved disclosure as its next public version and return that version.

    Files are built and synced first, or lie ready (`workflow.scheduling`); then one transaction writes payload, chain
    entry and pointer; then the address flips. When the process dies in between, either nothing was published or
    `pointers.settle` finishes it. Publishing again what is public already returns the same version. Its date is
    Beijing's of the moment of that transaction: should midnight pass while files are built, they are built again.
    `due` is the minute that was set, for what was scheduled: never before it, and only while it is still the one.
    Publication is due twenty days after approval (`domain.law`). Without `with_pdf` the PDF is left for `add_pdfs`.
    Raises NotAllowed, EditedMeanwhile, NotPublishable.
    """
    if (already := _already(disclosure, by)) is not None:
        return already
    try:
        tries = (_published(disclosure, by, version, with_pdf, due) for _ in range(MOST_TRIES))
        publication = next((found for found in tries if found), None)
    except NotAllowed:
        if (already := _already(disclosure, by)) is not None:  # by somebody else, at the same time
            return already
        raise
    if publication is None:
        raise EditedMeanwhile("公开期间日期或相邻年度的公开内容一再变化，没有公开，请稍后重试。")
    disclosure.refresh_from_db()
    return publication


def _published(
    disclosure: Disclosure, by: Person, version: int | None, with_pdf: bool, due: datetime | None
) -> Publication | None:
    """What was published; None when another day began before it was, or the year beside it changed."""
    action = May.PUBLISH if due is None else May.PUBLISH_DUE
    with transaction.atomic():
        seen = hold(disclosure, action, by, version)
        if seen.publish_at != due:
            raise NotAllowed("公开时间已经改过，以新定的时间为准。")
        settled(seen, May.PUBLISH)
        signed(seen)
        draft, edition = next_edition(seen, versions.today())
        earlier, before = editions_of(seen, REPLACED), year_before(seen)
    name, has_pdf = build([*earlier, edition], before, ready=seen.built_release, with_pdf=with_pdf)
    renewal = renew(seen, edition)
    with transaction.atomic():
        locked = hold(disclosure, action, by, seen.version)
        settled(locked, May.PUBLISH)
        Department.objects.select_for_update().get(pk=locked.department_id)
        now = timezone.now()
        beside = year_before(locked) == before and renewal.holds(locked)
        if versions.today() != edition.link.published_on or not beside:
            return None
        if next_link(locked, edition.link.payload_hash, edition.link.published_on) != edition.link:
            raise EditedMeanwhile("公开期间内容或本部门的公开序列有了变化，没有公开，请重试。")
        stand(locked, [PublicationStatus.CURRENT], PublicationStatus.SUPERSEDED)
        publication = freeze(locked, edition, by, now)
        state = PublicationState.objects.create(
            publication=publication, pdf_pending=not has_pdf, **summary(draft.document)
        )
        word_index.enter([state])
        year_sums.renew(locked.department.region_id, locked.fiscal_year)
        served = [*serve(locked, name).values_list("pk", flat=True), *renewal.serve()]
        changes = {"status": Status.PUBLISHED, "correction_reason": ""} | UNSCHEDULED
        content = edition.link.payload_hash
        step(locked, Action.PUBLISH, by, reason=edition.link.reason, content_hash=content, **changes)
    pointers.settle(Release.objects.filter(pk__in=served))
    return publication


def _as_submitted(locked: Disclosure) -> str:
    """The hash of the content, which must be what was submitted. Raises NotAllowed, NotPublishable."""
    content = sound(locked).hash
    if content != locked.submitted_hash:
        raise NotAllowed("内容在提交以后有了变化（例如科目名称），请退回后重新提交。")
    return content


def _already(disclosure: Disclosure, by: Person) -> Publication | None:
    """The version that is public when the approved content was published before: a job that ran twice."""
    now = Disclosure.objects.get(pk=disclosure.pk)
    current = current_of(now) if access.may(by, May.WITHDRAW, now) else None
    if current is None or now.status != Status.PUBLISHED or current.payload_hash != now.approved_hash:
        return None
    settle_address(now)
    return current

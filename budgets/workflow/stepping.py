"""What every step of the workflow shares: the lock, the permission, the findings, the log, and how it is refused."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone

from budgets import access
from budgets.access import May
from budgets.domain.findings import Finding
from budgets.models import Action, Disclosure, Person, Status
from budgets.tablesets.rounding import off_quantum
from budgets.workflow.drafts import Draft, draft_of
from budgets.workflow.trail import step_taken


class Refused(Exception):
    """A step that is not taken; the message, in Chinese, says why and what to do."""


class NotAllowed(Refused):
    """The person may not take this step, or not in this state."""


class EditedMeanwhile(Refused):
    """Somebody changed the disclosure since the person looked at it."""


class NotPublishable(Refused):
    """Findings stand against it: errors, or warnings without an explanation; `draft` is what they were found in."""

    def __init__(self, message: str, findings: Sequence[Finding] = (), draft: Draft | None = None) -> None:
        super().__init__(message)
        self.findings, self.draft = tuple(findings), draft


def reason_given(reason: str, step: str) -> str:
    """The reason as it is kept, line ends alike and without blanks around it. Raises NotAllowed for none."""
    text = reason.replace("\r\n", "\n").strip()
    if not text:
        raise NotAllowed(f"{step}要写明原因。")
    return text


def hold(disclosure: Disclosure, action: May, by: Person, version: int | None) -> Disclosure:
    """The disclosure under a row lock, if this person may take the step now on what they saw."""
    rows = Disclosure.objects.select_for_update(of=("self",)).select_related("department__region")
    locked = rows.get(pk=disclosure.pk)
    if not access.may(by, action, locked):
        raise NotAllowed(_why(by, action, locked))
    if version is not None and locked.version != version:
        who = locked.updated_by or "其他人"
        raise EditedMeanwhile(f"您打开以后，{who}又改动过这份内容。请看过新的内容再{action.label}。")
    return locked


def _why(by: Person, action: May, disclosure: Disclosure) -> str:
    status = Status(disclosure.status)
    if by.role not in access.ROLES[action] or not access.disclosures_for(by).filter(pk=disclosure.pk):
        return f"您（{by.role_label}）不能{action.label}这份内容。"
    if action == May.APPROVE and disclosure.submitted_by_id == by.pk:
        return "提交人不能批准自己提交的内容，请由其他人批准。"
    return f"这份内容目前是“{status.label}”，不能{action.label}。"


def sound(disclosure: Disclosure) -> Draft:
    """The draft, when nothing stands against it. Raises NotPublishable."""
    draft = draft_of(disclosure)
    if fine := off_quantum(draft.ledger):
        raise NotPublishable(f"有 {len(fine)} 个金额比表中能印出的更细，例如 {fine[0].amount} 元，请先取整。")
    if draft.blockers:
        open_ = ((draft.errors, "处错误要改正"), (draft.unexplained, "处警告要说明"))
        words = "、".join(f"{len(found)} {what}" for found, what in open_ if found)
        raise NotPublishable(f"还有 {words}。", draft.blockers, draft)
    return draft


def step(
    locked: Disclosure,
    action: Action,
    by: Person,
    *,
    reason: str = "",
    content_hash: str = "",
    **changes: Any,
) -> Disclosure:
    """Write the step: the changed fields, one version more, one line in the log and the audit trail."""
    was = Status(locked.status).label
    Disclosure.with_deleted.filter(pk=locked.pk).update(
        version=F("version") + 1, updated_at=timezone.now(), updated_by=by, **changes
    )
    locked.refresh_from_db()
    state = {"状态": [was, Status(locked.status).label]}
    step_taken(locked, action, by, reason=reason, content_hash=content_hash, fields=state)
    return locked

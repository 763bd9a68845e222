"""What every step of the workflow shares: the lock, the permission, the findings, the log, and how it is refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from budgets import access
from budgets.access import May
from budgets.domain.findings import Finding
from budgets.models import Action, Disclosure, Person, Status
from budgets.tablesets.rounding import off_quantum
from budgets.workflow.drafts import Draft, draft_of
from budgets.workflow.trail import step_taken

BEIJING = ZoneInfo("Asia/Shanghai")


class Refused(Exception):
    """A step that is not taken; the message, in Chinese, says why and what to do. `page` names where, if there is one."""

    page = ""


class NotAllowed(Refused):
    """The person may not take this step, or not in this state."""


class EditedMeanwhile(Refused):
    """Somebody changed the disclosure since the person looked at it."""


class NotPublishable(Refused):
    """Findings stand against it: errors, or warnings without an explanation; `draft` is what they were found in."""

    def __init__(self, message: str, findings: Sequence[Finding] = (), draft: Draft | None = None) -> None:
        super().__init__(message)
        self.findings, self.draft = tuple(findings), draft


# What a step that ends an approval, or fulfils it, leaves of a minute that was set.
UNSCHEDULED: dict[str, Any] = {"publish_at": None, "publish_asked_by": None, "built_release": ""}
UNTOUCHED: dict[str, Any] = {
    "submitted_by": None,
    "submitted_at": None,
    "submitted_hash": "",
    "agreed_by": None,
    "agreed_at": None,
    "agreed_hash": "",
    "approved_by": None,
    "approved_at": None,
    "approved_hash": "",
} | UNSCHEDULED


def in_beijing(at: datetime) -> str:
    """A minute as people read it: 2026-12-01 09:00（北京时间）."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}（北京时间）"


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
    if status is Status.APPROVED and action in (May.PUBLISH, May.UNSCHEDULE, May.PUBLISH_DUE):
        return _why_not_now(action, disclosure)
    if action == May.AGREE and disclosure.submitted_by_id == by.pk:
        return "提交人不能同意自己提交的内容，请由其他审核人同意。"
    if access.waits_for_agreement(disclosure) and disclosure.status in access.STATES[action]:
        return f"部门审核人还没有同意，同意以后才能{action.label}。"
    if action == May.AGREE and disclosure.status == Status.SUBMITTED:
        return "这份内容不需要再同意：已经同意过，或者本地区不要求部门审核。"
    if action == May.ASK_CORRECTION and disclosure.correction_asked:
        return "已经申请过更正，请等财政局答复。"
    if action == May.DECLINE_CORRECTION and not disclosure.correction_asked:
        return "没有等待答复的更正申请。"
    if action == May.WITHDRAW and disclosure.department.region.withdrawal_confirmed:
        if disclosure.withdrawal_asked_by_id == by.pk:
            return "申请撤回的人不能自己确认，请由财政局另一人确认。"
        if disclosure.withdrawal_asked_by_id is None:
            return "本地区撤回公开要由两个人办：请先申请撤回公开并写明原因，再由另一人确认。"
    if action == May.ASK_WITHDRAWAL and not disclosure.department.region.withdrawal_confirmed:
        return "本地区撤回公开不需要另一人确认，请直接撤回公开。"
    if action == May.ASK_WITHDRAWAL and disclosure.withdrawal_asked_by_id is not None:
        return "已经申请过撤回，请等另一人确认。"
    if action == May.KEEP:
        return "没有等待确认的撤回申请。"
    if access.is_locked_for(by, action, disclosure) and status in access.STATES[action]:
        return f"{disclosure.fiscal_year}年度已由财政局锁定，不能{action.label}。要改动，先由财政局解除锁定。"
    return f"这份内容目前是“{status.label}”，不能{action.label}。"


def _why_not_now(action: May, disclosure: Disclosure) -> str:
    """What the time says against a step of something approved."""
    if disclosure.publish_at is None:
        return "这份内容没有定公开时间，可能已经撤回，请看最新的状态。"
    if action == May.UNSCHEDULE:
        return "公开时间已到，正在公开，不能再撤回定时。公开以后可以用“撤回公开”撤下。"
    return f"这份内容已经定在 {in_beijing(disclosure.publish_at)}公开。要改时间，请先撤回定时。"


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
    was = locked.state_label
    touched(locked, by, **changes)
    state = {"状态": [was, locked.state_label]}
    step_taken(locked, action, by, reason=reason, content_hash=content_hash, fields=state)
    return locked


def touched(locked: Disclosure, by: Person, **changes: Any) -> None:
    """Write changed fields, one version more, and who it was."""
    Disclosure.with_deleted.filter(pk=locked.pk).update(
        version=F("version") + 1, updated_at=timezone.now(), updated_by=by, **changes
    )
    locked.refresh_from_db()

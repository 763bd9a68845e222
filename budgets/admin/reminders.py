"""What the bureau tells the departments in its office chat: what is missing, until when, and where it is done."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from budgets.admin.home import YearRow
from budgets.domain.law import DISCLOSURE
from budgets.models import Disclosure, Status
from budgets.models.lines import LINES, Line

WAITS = {  # for the bureau: nothing is missing of the department
    Status.SUBMITTED: "已提交，等财政局审核",
    Status.APPROVED: "已批准，等财政局公开",
}
RETURNED_WORDS = 60  # characters of the reason


def missing_in(rows: Iterable[YearRow]) -> dict[int, list[str]]:
    """What the disclosures that are being written lack at first sight, by their keys. One query for all of them."""
    editable = [row.disclosure.pk for row in rows if row.disclosure and row.disclosure.editable]
    found = Disclosure.objects.filter(pk__in=editable).annotate(
        blank=Count("narratives", filter=Q(narratives__text="")),
        chapters=Count("narratives"),
        **{f"has_{family.value}": Exists(_amounts(model)) for family, model in LINES.items()},
    )
    out = {}
    for each in found:
        amounts = any(getattr(each, f"has_{family.value}") for family in LINES)
        lacks = [] if amounts or each.states_no_money or each.given else ["各表还没有金额"]
        if each.blank:
            lacks.append(f"情况说明还有 {each.blank} 章没有写")
        if not each.contact.strip():
            lacks.append("没有填联系方式")
        out[each.pk] = lacks
    return out


def _amounts(model: type[Line]) -> QuerySet[Any]:
    filled = Q()
    for name in model.AMOUNTS:
        filled |= ~Q(**{name: 0})
    return model._default_manager.filter(filled, disclosure=OuterRef("pk"))


def state_told(row: YearRow, missing: dict[int, list[str]]) -> str:
    """Where a department stands, in words, with what is missing; blank once its budget is or was public."""
    disclosure = row.disclosure
    if disclosure is None:
        return "还没有开始编报"
    if row.deadline.ended:
        return ""
    status = Status(disclosure.status)
    if status in WAITS:
        return WAITS[status]
    lacks = "，".join(missing.get(disclosure.pk, []))
    if status is Status.RETURNED:
        reason = " ".join(disclosure.returned_reason.split())
        cut = reason[:RETURNED_WORDS] + "…" * (len(reason) > RETURNED_WORDS)
        return f"已退回（{cut}），改好后请重新提交{'；' if lacks else ''}{lacks}"
    return f"还没有提交{'：' if lacks else ''}{lacks}"


def deadline_told(row: YearRow) -> str:
    """Until when, by which article; that nothing can be counted without a date of approval."""
    if row.approved_on is None:
        return "没有批复日期，请先填写，公开期限从批复之日算起"
    if row.deadline.due is None:
        return row.deadline.words
    return (
        f"批复日期 {row.approved_on}，应在 {row.deadline.due} 前公开"
        f"（{DISCLOSURE.article}，批复后 {DISCLOSURE.days} 日），{row.deadline.words}"
    )


def reminder(row: YearRow, year: int, missing: dict[int, list[str]], address: str) -> str:
    """The text for one department; blank when nothing is left to be done."""
    told = state_told(row, missing)
    if not told:
        return ""
    return f"{row.department.name}：{year}年部门预算公开{told}。{deadline_told(row)}。办理地址：{address}"


def told_to_late(rows: Sequence[YearRow], year: int, address: str) -> str:
    """One text for all that are late, the latest first; blank when nobody is."""
    late = sorted((row for row in rows if row.deadline.late), key=lambda row: row.deadline.left or 0)
    if not late:
        return ""
    lines = [f"{year}年部门预算公开已过期限的部门（{DISCLOSURE.article}，批复后 {DISCLOSURE.days} 日）："]
    lines += [
        f"{n}. {row.department.name}：{state_told(row, {})}，应在 {row.deadline.due} 前公开，{row.deadline.words}"
        for n, row in enumerate(late, 1)
    ]
    return "\n".join([*lines, f"请今天办理：{address}"])

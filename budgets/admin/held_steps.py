"""What a page offers: the steps that can be taken now, and what keeps the next one of a review, which is then no button."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from budgets.access import May
from budgets.admin.comment_notes import Remark
from budgets.admin.step_pages import Step, steps_for
from budgets.models import Disclosure, Person
from budgets.workflow.drafts import Draft
from budgets.workflow.signing import unsigned

DECIDING = (May.AGREE, May.APPROVE, May.PUBLISH)


@dataclass(frozen=True, slots=True)
class Offered:
    """The steps with a button; why there is none for the one that would be next, blank where nothing keeps it; and how many
    comments are to be looked at first."""

    steps: list[Step]
    held: str = ""
    remarks: int = 0


def offered(
    person: Person, disclosure: Disclosure, draft: Draft, remarks: Sequence[Remark], *, ready: bool
) -> Offered:
    """The steps as they are offered: what would be refused is no main button (提交 unless `ready`) or none (同意, 批准, 公开)."""
    steps = [
        replace(step, tone="quiet") if step.key == May.SUBMIT and not ready else step
        for step in steps_for(person, disclosure)
    ]
    step = next((step for step in steps if step.key in DECIDING), None)
    still_open = [remark for remark in remarks if remark.open]
    held = step and (_comments(step, still_open) or _findings(step, draft) or _signatures(step, disclosure))
    if not held:
        return Offered(steps)
    return Offered([each for each in steps if each is not step], held, len(still_open))


def _comments(step: Step, still_open: Sequence[Remark]) -> str:
    if not still_open:
        return ""
    answered = sum(bool(remark.replies) for remark in still_open)
    told = f"还有 {len(still_open)} 条意见未关闭（{f'{answered} 条已答复' if answered else '都没有答复'}）"
    who = "看过、关闭" if all(remark.closes for remark in still_open) else "由提出人或财政局关闭"
    return f"{told}：{who}以后才能{step.label}；要部门再改，就退回。"


def _findings(step: Step, draft: Draft) -> str:
    number = len(draft.blockers)
    return f"检查结果里有 {number} 处要先处理：退回部门改好以后才能{step.label}。" if number else ""


def _signatures(step: Step, disclosure: Disclosure) -> str:
    lacks = unsigned(disclosure) if step.key == May.PUBLISH else ""
    return f"保密审查和审签{lacks}：退回部门补好以后才能公开。" if lacks else ""

"""公众提问: the department answers, the bureau publishes, sends back or refuses. Each step one function, one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from budgets import access
from budgets.domain.readable import cleaned
from budgets.models import Happening, Person, Question, QuestionState
from budgets.models.questions import EMAIL_KEPT, LONGEST_ANSWER, LONGEST_REASON, SOURCE_KEPT
from budgets.workflow.kept_files import Swept
from budgets.workflow.stepping import EditedMeanwhile, NotAllowed
from budgets.workflow.trail import tell


@dataclass(frozen=True, slots=True)
class Standing:
    """How many wait for an answer, how many for publication, and since when the oldest of both waits."""

    waiting: int
    answered: int
    oldest: datetime | None

    @property
    def days(self) -> int:
        """Days since the oldest was asked."""
        return (timezone.now() - self.oldest).days if self.oldest else 0


def standing(rows: QuerySet[Question]) -> Standing:
    """What is not decided among the rows. One query."""
    open_ = rows.exclude(state__in=(QuestionState.PUBLISHED, QuestionState.REFUSED)).order_by()
    said = open_.aggregate(
        waiting=Count("pk", filter=Q(state=QuestionState.WAITING)),
        answered=Count("pk", filter=Q(state=QuestionState.ANSWERED)),
        oldest=Min("asked_at"),
    )
    return Standing(**said)


def seen(question: Question) -> str:
    """What a page shows of a question, as one word: a step that was decided on something else is refused."""
    return f"{question.state}-{question.answered_at.isoformat() if question.answered_at else ''}"


def answer(question: Question, *, text: str, by: Person, saw: str) -> None:
    """Keep the department's answer as a draft, which nobody outside reads before the bureau publishes it. Raises Refused."""
    said = _words(text, "答复", LONGEST_ANSWER)
    with transaction.atomic():
        held = _hold(question, by, access.answers_questions(by), "答复", saw)
        was, held.answer = held.answer, said
        held.answered_by, held.answered_at = by, timezone.now()
        _moved(held, QuestionState.ANSWERED, by, "拟答复", {"答复": [was, said]}, reason="")


def publish(question: Question, *, by: Person, saw: str) -> None:
    """Make question and answer public; the asker's address is forgotten. Raises Refused."""
    with transaction.atomic():
        held = _hold(question, by, access.decides_questions(by), "公开", saw)
        if not held.answer:
            raise NotAllowed("部门还没有答复，不能公开。")
        _moved(held, QuestionState.PUBLISHED, by, "公开", {}, decided=True, reason="")


def send_back(question: Question, *, reason: str, by: Person, saw: str) -> None:
    """Let the department answer anew. Raises Refused."""
    said = _words(reason, "退回的原因", LONGEST_REASON)
    with transaction.atomic():
        held = _hold(question, by, access.decides_questions(by), "退回", saw)
        if held.state != QuestionState.ANSWERED:
            raise NotAllowed("部门还没有答复，不用退回。")
        _moved(held, QuestionState.WAITING, by, "退回重答", {"原因": ["", said]}, reason=said)


def refuse(question: Question, *, reason: str, by: Person, saw: str) -> None:
    """Keep a question from the public pages, also one that is there already; the asker's address is forgotten. Raises Refused."""
    said = _words(reason, "不予公开的原因", LONGEST_REASON)
    with transaction.atomic():
        held = _hold(
            question, by, access.decides_questions(by), "不予公开", saw, also=QuestionState.PUBLISHED
        )
        _moved(held, QuestionState.REFUSED, by, "不予公开", {"原因": ["", said]}, decided=True, reason=said)


def forget_emails(older_than: timedelta = EMAIL_KEPT, *, dry: bool = False) -> Swept:
    """Delete the addresses for replies of old questions."""
    old = Question.objects.filter(asked_at__lt=timezone.now() - older_than).exclude(email="")
    return Swept(old.count() if dry else old.update(email=""))


def forget_sources(older_than: timedelta = SOURCE_KEPT, *, dry: bool = False) -> Swept:
    """Delete the hashes of where old questions came from."""
    old = Question.objects.filter(asked_at__lt=timezone.now() - older_than).exclude(source="")
    return Swept(old.count() if dry else old.update(source=""))


def _hold(
    question: Question, by: Person, allowed: bool, what: str, saw: str, also: QuestionState | None = None
) -> Question:
    """The question under a lock, as it was seen, when this person may take the step and it is open (or in the state `also`)."""
    rows = access.questions_for(by).select_for_update(of=("self",)).select_related("department__region")
    held: Question | None = rows.filter(pk=question.pk).first()
    if held is None or not allowed:
        raise NotAllowed(f"您（{by.role_label}）不能{what}这条提问。")
    if seen(held) != saw:
        raise EditedMeanwhile(f"您打开以后，这条提问又有改动。请看过新的内容再{what}。")
    if held.decided and held.state != also:
        raise NotAllowed(f"这条提问{QuestionState(held.state).label}，不能再{what}。")
    return held


def _moved(
    held: Question,
    state: QuestionState,
    by: Person,
    words: str,
    fields: dict[str, list[str]],
    *,
    decided: bool = False,
    **changes: Any,
) -> None:
    was = QuestionState(held.state).label
    held.state = state.value
    for name, value in changes.items():
        setattr(held, name, value)
    if decided:
        held.decided_by, held.decided_at, held.email, held.source = by, timezone.now(), "", ""
    held.save()
    tell(Happening.QUESTION, by, held, words=words, fields={"状态": [was, state.label]} | fields)


def _words(text: str, what: str, most: int) -> str:
    said = cleaned(text)
    if not said:
        raise NotAllowed(f"请写{what}。")
    if len(said) > most:
        raise NotAllowed(f"{what}有 {len(said)} 个字，最多 {most} 个字，请写短一些。")
    return said

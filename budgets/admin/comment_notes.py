"""A review comment as the desk shows it: where it is, where that is typed, what was answered, what this person may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from budgets import access
from budgets.access import May
from budgets.admin.finding_links import Link, Links
from budgets.domain.places import Place, parsed
from budgets.models import Comment, Disclosure, Person, Reply, ReplyKind
from budgets.workflow.commenting import may_close, open_comments
from budgets.workflow.drafts import Draft, draft_of


@dataclass
class Remark:
    """A comment with its number on the disclosure; place and links are put into words when they are asked for."""

    comment: Comment
    number: int
    where: Links
    replies: Sequence[Reply]
    answers: bool  # this person may answer it
    closes: bool
    typed: str = ""  # a reply that was sent and not taken

    @property
    def open(self) -> bool:
        return all(reply.kind != ReplyKind.CLOSE for reply in self.replies)

    @property
    def state(self) -> tuple[str, str]:
        """The state in words, and its tone."""
        if not self.open:
            return "已关闭", "good"
        return ("已答复", "go") if self.replies else ("未关闭", "warn")

    @cached_property
    def place(self) -> Place:
        return parsed(self.comment.place)

    @cached_property
    def at(self) -> str:
        """Its place in words."""
        return self.where.words(self.place)

    @cached_property
    def links(self) -> list[Link]:
        """Where its place is typed; none where no page types it."""
        return self.where.to(self.place)


def remarks_on(disclosure: Disclosure, draft: Draft, person: Person) -> list[Remark]:
    """Every comment on a disclosure in the order in which they were made, with what this person may do about it."""
    rows = disclosure.comments.select_related("person").prefetch_related("replies__person")
    answers = access.may_here(person, May.ANSWER, disclosure)
    closes = access.may_here(person, May.CLOSE, disclosure)
    links = Links(disclosure, draft)
    out = []
    for number, comment in enumerate(rows, 1):
        remark = Remark(comment, number, links, list(comment.replies.all()), answers, closes)
        remark.answers = answers and remark.open
        remark.closes = closes and remark.open and may_close(comment, person)
        out.append(remark)
    return out


def remarks_at(disclosure: Disclosure, task: str, draft: Draft | None = None, page: str = "") -> list[Remark]:
    """The open comments whose place is typed in a task, and on that page of it; the draft is read only where there are any."""
    rows = list(open_comments(disclosure).select_related("person").prefetch_related("replies__person"))
    if not rows:
        return []
    links = Links(disclosure, draft or draft_of(disclosure))
    found = [Remark(row, 0, links, list(row.replies.all()), answers=False, closes=False) for row in rows]
    return [
        remark
        for remark in found
        if any(link.task == task and link.url.startswith(page) for link in remark.links)
    ]


def open_first(remarks: Sequence[Remark]) -> list[Remark]:
    """The same, those that are open before the others."""
    return sorted(remarks, key=lambda remark: not remark.open)

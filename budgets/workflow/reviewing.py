"""What a reviewer holds a disclosure against: its last submission that was decided on, what is public, last year's, the file
that was handed in."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils import timezone

from budgets import ledger as rows
from budgets import tablesets
from budgets.access import EDITABLE
from budgets.domain.document_changes import DocumentChanges, document_changes
from budgets.domain.documents import Document
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import document_of, ledger_loads
from budgets.domain.terms import Term
from budgets.models import Action, Disclosure, Person, Status, Submission
from budgets.sentences.live_documents import composed_words
from budgets.workflow.drafts import Draft, as_printed, earlier_year
from budgets.workflow.tables_beside import published_year_before
from budgets.workflow.versions import current_of


class Basis(Term):
    """What the content is held against."""

    SUBMISSION = "submission", "上次提交"
    PUBLIC = "public", "现行公开版本"
    YEAR = "year", "上一年"
    FILE = "file", "导入的文件"
    RECALLED = "recalled", "收回的提交"


DECIDED = (
    Action.RETURN,
    Action.AGREE,
    Action.APPROVE,
)  # what the department's reviewer and the bureau decide


@dataclass(frozen=True)
class Base:
    """One of them: what it is in words, and how its document is come by (nothing is read before it is asked for)."""

    basis: Basis
    words: str
    document: Callable[[], Document]


def keep_submission(locked: Disclosure, draft: Draft, by: Person) -> Submission:
    """Keep the content that is being submitted, numbered from 1; in the caller's transaction, which holds the disclosure."""
    return Submission.objects.create(
        disclosure=locked,
        number=locked.submissions.count() + 1,
        payload=draft.payload,
        payload_hash=draft.hash,
        person=by,
        at=timezone.now(),
    )


def bases_of(disclosure: Disclosure) -> dict[Basis, Base]:
    """What there is to hold a disclosure against, in the order in which a reviewer wants it."""
    decided, recalled = _submissions(disclosure)
    found = (decided, _public(disclosure), _year(disclosure), _file(disclosure), recalled)
    return {base.basis: base for base in found if base}


def changes_since(draft: Draft, base: Base) -> DocumentChanges:
    """Every cell and sentence in which the draft differs from a base."""
    return document_changes(base.document(), draft.document)


def _submissions(disclosure: Disclosure) -> tuple[Base | None, Base | None]:
    """The last submission before this one that anybody decided on, and the last that was taken back undecided after it.

    A reviewer has seen the first alone: what changed between the two would otherwise pass as nothing.
    """
    sent = list(disclosure.submissions.defer("payload").order_by("number"))
    # Counted from the end: submissions are kept since a later release than the log.
    past = list(zip(reversed(sent), reversed(_decided(disclosure)), strict=False))[::-1]
    if disclosure.status not in EDITABLE:
        past = past[:-1]
    seen = next((n for n in reversed(range(len(past))) if past[n][1]), -1)
    taken_back = [one for one, _ in past[seen + 1 :]]
    return (
        _sent(Basis.SUBMISSION, past[seen][0]) if seen >= 0 else None,
        _sent(Basis.RECALLED, taken_back[-1], "，后来收回，没有人审过") if taken_back else None,
    )


def _decided(disclosure: Disclosure) -> list[bool]:
    """Of each submission in the log, whether anybody decided on it before the next."""
    out: list[bool] = []
    for action in disclosure.log.order_by("pk").values_list("action", flat=True):
        if action == Action.SUBMIT:
            out.append(False)
        elif action in DECIDED and out:
            out[-1] = True
    return out


def _sent(basis: Basis, sent: Submission, then: str = "") -> Base:
    words = f"第 {sent.number} 次提交（{timezone.localtime(sent.at):%m-%d %H:%M}{then}）"
    return Base(basis, words, lambda: document_of(sent.content))


def _public(disclosure: Disclosure) -> Base | None:
    """What is public, where the disclosure is not that itself."""
    current = current_of(disclosure) if disclosure.status != Status.PUBLISHED else None
    if current is None:
        return None
    words = f"第 {current.revision} 版（{current.published_on:%Y-%m-%d} 公开）"
    return Base(Basis.PUBLIC, words, lambda: document_of(current.content))


def _year(disclosure: Disclosure) -> Base | None:
    """The year before as it is public, else the latest year that the system has amounts of; in this year's tables."""
    public = published_year_before(disclosure)
    ledger = public[0] if public else earlier_year(disclosure)
    if ledger is None:
        return None
    words = f"{ledger.year}年{'已公开的内容' if public else '在本系统里的内容'}"
    if public and public[1].table_set == disclosure.table_set:
        return Base(Basis.YEAR, words, lambda: public[1])
    return Base(Basis.YEAR, words, lambda: _in_tables_of(disclosure, ledger))


def _in_tables_of(disclosure: Disclosure, ledger: Ledger) -> Document:
    said = replace(ledger, table_set=disclosure.table_set, given=())
    filler = Filler(tablesets.get(said.table_set), said, rows.subjects_for(ledger.year))
    return composed_words(filler, None).document


def _file(disclosure: Disclosure) -> Base | None:
    """The last file that was taken in, as the draft stood once it was."""
    intake = disclosure.intakes.filter(confirmed_at__isnull=False, undone_at=None).exclude(after="").first()
    if intake is None:
        return None
    words = f"{intake.name}（{timezone.localtime(intake.confirmed_at):%m-%d %H:%M} 导入）"

    def document() -> Document:
        return as_printed(disclosure, ledger_loads(intake.after), rows.subjects_for(disclosure.fiscal_year))

    return Base(Basis.FILE, words, document)

"""Chapters of a Word file held against those of the draft, and what is kept of the file once some were saved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from budgets.domain.documents import Document
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.paragraphs import too_long
from budgets.domain.printed_references import REFERENCE, as_printed, typed_lines, words_of
from budgets.domain.sentence_changes import How, SentenceChange, compared, sentences, split_sentences
from budgets.domain.snapshots import ledger_dumps
from budgets.importing.comparing.reports import Part
from budgets.importing.taken import Taken
from budgets.models import Action, Disclosure, Intake, Person
from budgets.workflow.intake_saving import NotTaken, log_intake


@dataclass(frozen=True, slots=True)
class ChapterOffer:
    """One chapter of a file: what it would become, sentence by sentence, and why it cannot be saved, blank when it can."""

    key: str
    title: str
    text: str
    changes: list[SentenceChange]
    refusal: str = ""

    @property
    def changed(self) -> bool:
        return any(change.how is not How.KEPT for change in self.changes)

    @property
    def summary(self) -> str:
        """How many sentences of each kind, in words."""
        counts = Counter(change.how for change in self.changes)
        told = [f"{how.label} {counts[how]} 句" for how in How if how is not How.KEPT and counts[how]]
        return "、".join(told) or "没有改动"

    @property
    def lost_references(self) -> list[str]:
        """The references of changed sentences that are gone: their words would no longer follow the tables."""
        gone: Counter[str] = Counter()
        for change in self.changes:
            if change.how is How.CHANGED:
                gone += Counter(REFERENCE.findall(change.before)) - Counter(REFERENCE.findall(change.after))
        return list(gone)


def words_alone(taken: Taken, ledger: Ledger) -> bool:
    """True for a file of chapters alone, for a draft that has some: it is held against them chapter by chapter."""
    written = any(narrative.text.strip() for narrative in ledger.narratives)
    return taken.parts == {Part.NARRATIVES} and written and not taken.ledger.given


def offers(ledger: Ledger, document: Document, taken: Ledger) -> list[ChapterOffer]:
    """The chapters of a file in its order; `document` is the draft's. A chapter that the file lacks is not among them.

    A sentence whose references were written out, and are printed so still, is the draft's own with them.
    """
    printed = {chapter.key: chapter for chapter in document.chapters}
    words = words_of((n.text, printed.get(n.key)) for n in ledger.narratives)
    own = {n.key: n for n in ledger.narratives}
    known = {
        as_printed(sentence, words): sentence
        for narrative in ledger.narratives
        for sentence in sentences(narrative.text)
        if REFERENCE.search(sentence)
    }
    found: dict[str, Narrative] = {}
    for narrative in taken.narratives:
        found.setdefault(_key(narrative, own), narrative)
    after = {key: _restored(narrative.text, known) for key, narrative in found.items()}
    before = {key: own[key].text for key in after if key in own}
    changes = compared(before, after)
    return [
        ChapterOffer(
            key,
            own[key].title if key in own else narrative.title,
            after[key],
            changes[key],
            too_long(after[key]),
        )
        for key, narrative in found.items()
    ]


def _key(narrative: Narrative, own: Mapping[str, Narrative]) -> str:
    """The draft's chapter of that key; one that is no declared chapter is known by its title."""
    if not narrative.key.startswith("chapter_"):
        return narrative.key
    return next((key for key, each in own.items() if each.title == narrative.title), narrative.key)


def _restored(text: str, known: Mapping[str, str]) -> str:
    lines = (split_sentences(line) for line in typed_lines(text))
    return "\n".join("".join(known.get(part.strip(), part) for part in line) for line in lines)


def same_text(one: str, other: str) -> bool:
    """True for texts of the same lines, whatever blanks are around them."""
    return typed_lines(one) == typed_lines(other)


def confirm(
    waiting: Intake, locked: Disclosure, before: Ledger, taken: Taken, titles: list[str], by: Person
) -> None:
    """Note that chapters of a file were saved into the draft, which was `before`; it can be undone like any file.

    The caller's transaction holds the disclosure. Raises NotTaken when that was done already.
    """
    intake = Intake.objects.select_for_update().filter(pk=waiting.pk).first()
    if intake is None or intake.confirmed_at:
        raise NotTaken("这个文件已经导入过了，或已换成另一个文件。")
    locked.refresh_from_db()
    intake.before = ledger_dumps(before)
    replaced = [f"情况说明“{title}”" for title in titles]
    intake.report = taken.report() | {"kind": taken.source.kind, "replaced": replaced}
    intake.version_after = locked.version
    intake.confirmed_at = timezone.now()
    intake.taken = ""
    intake.save()
    log_intake(locked, Action.INTAKE, by, taken.source.name, intake.before)

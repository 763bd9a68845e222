"""What must be read again in a chapter that was taken over: kept beside it, out of the payload, until somebody has read it."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from budgets.domain.findings import Finding, Severity, key_of
from budgets.domain.ledgers import Narrative as Words
from budgets.domain.passages import first
from budgets.domain.places import Passage
from budgets.models import Narrative
from budgets.sentences.binding import Bound
from budgets.sentences.chapter_edits import Reread
from budgets.sentences.unusual_words import Offer

RULE = "sentences-read-again"
MOST_TOLD = 3  # sentences whose reasons a finding tells


@dataclass(frozen=True, slots=True)
class ToRead:
    """The sentences of a chapter that must be read again, and words that are offered in standard form."""

    sentences: tuple[Reread, ...] = ()
    offers: tuple[Offer, ...] = ()
    done: tuple[Reread, ...] = ()  # sentences that somebody said to have read; they can be asked about again

    def kept(self) -> str:
        """As the chapter's row keeps it; blank when there is nothing."""
        if not (self.sentences or self.offers or self.done):
            return ""
        parts = {"sentences": list(map(asdict, self.sentences)), "offers": list(map(asdict, self.offers))}
        if self.done:
            parts["done"] = list(map(asdict, self.done))
        return json.dumps(parts, ensure_ascii=False)

    def still(self, text: str) -> "ToRead":
        """What is left once a chapter was saved with that text: sentences that were rewritten are read."""
        offers = tuple(offer for offer in self.offers if offer.typed in text)
        return ToRead(_in(text, self.sentences), offers, _in(text, self.done))

    def read(self) -> "ToRead":
        """All of it has been read; it is kept, so that 撤回 can ask again."""
        return ToRead((), self.offers, (*self.done, *self.sentences))

    def again(self) -> "ToRead":
        """What was said to have been read is to be read again."""
        return ToRead((*self.done, *self.sentences), self.offers)


def _in(text: str, sentences: tuple[Reread, ...]) -> tuple[Reread, ...]:
    return tuple(one for one in sentences if one.sentence in text)


def of_bound(bound: Bound) -> ToRead:
    return ToRead(bound.reread, bound.offers)


def to_read(kept: str) -> ToRead:
    """What `kept` wrote."""
    if not kept:
        return ToRead()
    parts = json.loads(kept)
    return ToRead(
        tuple(Reread(**one) for one in parts["sentences"]),
        tuple(Offer(**one) for one in parts["offers"]),
        tuple(Reread(**one) for one in parts.get("done", ())),
    )


def unread(keys: Collection[int]) -> dict[int, list[Finding]]:
    """The findings on sentences that nobody has read again, by the key of their disclosure. One query."""
    found: dict[int, list[Finding]] = {}
    rows = Narrative.objects.filter(disclosure__in=keys).exclude(reread="").order_by("position", "id")
    for row in rows:
        sentences = to_read(row.reread).sentences
        if sentences:
            found.setdefault(row.disclosure_id, []).append(_finding(row, sentences))
    return found


def _finding(row: Narrative, sentences: Iterable[Reread]) -> Finding:
    told = list(sentences)
    quotes = "；".join(dict.fromkeys(one.why for one in told[:MOST_TOLD]))
    more = f"；等 {len(told)} 处" if len(told) > MOST_TOLD else ""
    words = Words(row.key, row.title, row.text.replace("\r\n", "\n"))
    at = next((first(words, one.sentence) for one in told if one.sentence), Passage(row.key))
    return Finding(
        RULE,
        Severity.ERROR,
        f"“{row.title}”沿用了去年的文字，有 {len(told)} 处要再读一遍：{quotes}{more}。请打开这一章核对改写，按“已读过”保存。",
        at,
        key=key_of(RULE, Passage(row.key)),
    )

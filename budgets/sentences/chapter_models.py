"""The 范文 of a chapter as a draft starts from it: with last year's comparisons where that year is known, slots told."""

import re
from collections.abc import Iterator

from budgets.domain.quantities import SENTENCES
from budgets.domain.tables import TableSet
from budgets.sentences.chapter_edits import Reread

# What only a person can say: （请写明增减的原因）. It holds no bracket but those of a name: 因公出国（境）费.
SLOT = re.compile(r"（请(?:[^（）]|（[^（）]*）)*）")
COMPARISONS = re.compile(
    rf"，(?:其中：)?(?:[^，。；\[\]]*\[\[[^\[\]]*·[比较][^\[\]]*\]\]，?)+(?:主要原因是{SLOT.pattern})?(?=[，。；]|$)"
)
REASON_ALONE = re.compile(rf"[^。；\n]*主要原因是{SLOT.pattern}[。；]?")


def model_of(table_set: TableSet, chapter: str, *, compared: bool) -> str:
    """The sentences that a chapter may start from; blank where the set has none. `compared` is False without last year."""
    text = next((word.model for word in table_set.chapters if word.key == chapter), "")
    return text if compared else _without_comparisons(text)


def _without_comparisons(text: str) -> str:
    lines = []
    for line in text.splitlines():
        kept = REASON_ALONE.sub("", COMPARISONS.sub("", line)) if "·比" in line or "增减" in line else line
        lines += [kept] * bool(kept.strip())
    return "\n".join(lines)


def slots_in(text: str) -> Iterator[Reread]:
    """The sentences of a text in which something is left for a person to write."""
    for line in text.splitlines():
        for match in SENTENCES.finditer(line):
            if slot := SLOT.search(match[0]):
                yield Reread(match[0].strip(), f"请把{slot[0]}换成要写的内容")

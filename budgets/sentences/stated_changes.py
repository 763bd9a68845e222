"""What a department itself says of how its money changed: the sentences that compare, with their reasons, word for word."""

from collections.abc import Iterator

from budgets.domain.documents import Document, Paragraph
from budgets.domain.sentence_changes import SENTENCES
from budgets.domain.terms import Stage
from budgets.domain.years_compared import Stated
from budgets.sentences.comparisons import ACTUAL, COMPARING, DIRECTION, UNCHANGED

MOST = 12  # sentences shown; more are read where they stand


def stated_changes(document: Document) -> Iterator[Stated]:
    """The sentences that say by how much something changed, or that nothing did, in the order of the document."""
    left = MOST
    for chapter in document.chapters:
        for block in chapter.blocks:
            if not isinstance(block, Paragraph) or block.level:
                continue
            for sentence in SENTENCES.findall(block.text):
                base = COMPARING.search(sentence) or UNCHANGED.search(sentence)
                if left and base and DIRECTION.search(sentence):
                    left -= 1
                    against_spent = document.stage == Stage.BUDGET and bool(ACTUAL.search(base[0]))
                    yield Stated(chapter.key, chapter.title, sentence.strip(), against_spent)

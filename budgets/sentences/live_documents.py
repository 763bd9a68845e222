"""The door for whoever prints a disclosure: its document with every sentence written, and what could not be."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from budgets import tablesets
from budgets.domain.composing import composed, reworded
from budgets.domain.documents import Document
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.paragraphs import too_long
from budgets.domain.sheets import Filler
from budgets.sentences.equations import Equations
from budgets.sentences.references import references
from budgets.sentences.writing import Written, write


@dataclass(frozen=True, slots=True)
class Composed:
    """A disclosure as it prints, and each chapter as typed and as written."""

    document: Document
    written: tuple[Written, ...]
    equations: Equations

    @property
    def live(self) -> bool:
        """True when some chapter prints other words than were typed."""
        return any(one.pieces for one in self.written)


def equations_of(
    filler: Filler,
    document: Document,
    previous: Callable[[], Ledger | None],
    absent: Collection[str] = (),
) -> Equations:
    """What the sentences of a document are worked out with; last year's tables are read and filled when one asks for them."""

    def before() -> tuple[Filler, Document] | None:
        ledger = previous()
        if ledger is None or ledger.year != filler.ledger.year - 1:
            return None  # 上年 is the year directly before
        then = Filler(tablesets.get(ledger.table_set), replace(ledger, narratives=()), filler.subjects)
        return then, composed(then)

    return Equations(filler, document, before, absent)


def composed_words(filler: Filler, previous: Ledger | None = None, absent: Collection[str] = ()) -> Composed:
    """The document of a filler with its live sentences printed; `previous` is last year's ledger, for claims about it."""
    document = composed(filler)
    equations = equations_of(filler, document, lambda: previous, absent)
    written = tuple(
        write(narrative, equations) if _live(narrative) else Written(narrative, narrative)
        for narrative in filler.ledger.narratives
    )
    result = Composed(document, written, equations)
    return (
        replace(result, document=reworded(filler, document, [w.printed for w in written]))
        if result.live
        else result
    )


def _live(narrative: Narrative) -> bool:
    """True for a chapter with references that is not too long to be read."""
    return not too_long(narrative.text) and bool(references(narrative.text))

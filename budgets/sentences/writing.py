"""Writing a text: its references printed, those that say nothing left as typed and told, places of the print found in what was typed."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from budgets.domain.ledgers import Narrative
from budgets.domain.passages import passage, span
from budgets.domain.places import Passage
from budgets.sentences.equations import Equations, Unsaid
from budgets.sentences.references import LISTED, Reference, references


@dataclass(frozen=True, slots=True)
class Fault:
    """A reference that prints nothing, and why."""

    reference: Reference
    why: str


@dataclass(frozen=True, slots=True)
class Written:
    """A chapter as typed and as it prints. `pieces` are the printed references: start and end as typed, start and end in print."""

    typed: Narrative
    printed: Narrative
    faults: tuple[Fault, ...] = ()
    pieces: tuple[tuple[int, int, int, int], ...] = ()
    lists: tuple[tuple[int, int], ...] = ()  # in print: items with their amounts, each of its own row

    def as_typed(self, place: Passage) -> Passage:
        """A place of the printed text in the typed one; a reference that it touches is taken whole."""
        found = span(self.printed.text, place)
        if found is None or not self.pieces:
            return place
        return passage(self.typed, self._back(found[0], 0), self._back(found[1], 1))

    def _back(self, at: int, end: int) -> int:
        n = bisect_right(self.pieces, at - end, key=lambda piece: piece[2]) - 1
        if n < 0:
            return at
        typed_start, typed_end, start, stop = self.pieces[n]
        if at < stop or at == stop and end:
            return typed_end if end else typed_start
        return typed_end + at - stop


def write(narrative: Narrative, equations: Equations, *, whole: bool = False) -> Written:
    """The chapter as it prints. A bare name is left to `composing`, which prints it as it always did, unless `whole`."""
    text, faults, pieces, lists = narrative.text, [], [], []
    out: list[str] = []
    left: frozenset[str] = frozenset() if whole else plain_names(equations)
    after = length = 0
    for reference in references(text):
        if reference.plain and reference.path[0] in left:
            continue
        try:
            said = equations.say(reference)
        except Unsaid as unsaid:
            faults.append(Fault(reference, str(unsaid)))
            continue
        length += reference.start - after
        out += [text[after : reference.start], said]
        pieces.append((reference.start, reference.end, length, length + len(said)))
        lists += [(length, length + len(said))] * (reference.aspect == LISTED)
        length += len(said)
        after = reference.end
    printed = "".join([*out, text[after:]])
    return Written(narrative, replace(narrative, text=printed), tuple(faults), tuple(pieces), tuple(lists))


def plain_names(equations: Equations) -> frozenset[str]:
    """The labels of the set's figures that the document prints: a bare one of these is printed by `composing`."""
    return frozenset(figure.label for figure in equations.names.document.figures)

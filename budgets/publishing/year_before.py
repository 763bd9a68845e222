"""What a version's pages take from the year before: the version that is public there, and what became of its codes."""

from dataclasses import dataclass
from typing import Any

from budgets import tablesets
from budgets.domain.crosswalk import Move
from budgets.domain.documents import Document
from budgets.domain.years_compared import years_compared
from budgets.publishing.editions import Edition
from budgets.rendering.html.compare_page import Beside
from budgets.sentences.stated_changes import stated_changes


@dataclass(frozen=True, slots=True)
class Before:
    """The current version of the same department and stage a year earlier; `moves` are those of codes since."""

    edition: Edition
    moves: tuple[Move, ...] = ()

    def listed(self) -> dict[str, Any]:
        """As the release's manifest has it: where it was taken from, which content, and the moves."""
        return {
            "address": "/".join(map(str, self.edition.place)),
            "revision": self.edition.revision,
            "payload": self.edition.link.payload_hash,
            "moves": [list(move) for move in self.moves],
        }

    def beside(self, document: Document) -> Beside:
        """A document of the year after, beside it."""
        before = self.edition.document
        return Beside(
            before,
            self.edition.revision,
            years_compared(
                document, before, self.moves, tablesets.shared(document.table_set, before.table_set)
            ),
            tuple(stated_changes(document)),
        )


def moves_of(listed: dict[str, Any]) -> tuple[Move, ...]:
    """The moves that a manifest lists. Raises TypeError, ValueError for what is none."""
    return tuple(Move(int(year), *map(str, codes)) for year, *codes in listed["moves"])

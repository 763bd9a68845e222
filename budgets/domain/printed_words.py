"""The captions that one disclosure prints: as declared, in its own words where it has some."""

from collections.abc import Callable, Iterable, Sequence

from budgets.domain import wording as words
from budgets.domain.documents import Column, ColumnKind
from budgets.domain.ledgers import Ledger
from budgets.domain.tables import Amount, Leaf, TableSet


def kind_of(leaf: Leaf) -> ColumnKind:
    """How the cells of a leaf column are read."""
    return ColumnKind.AMOUNT if isinstance(leaf.word, Amount) else leaf.word.kind


class PrintedWords:
    """Puts a disclosure's name, year and unit into declared captions, and its own wording in their place."""

    def __init__(self, table_set: TableSet, ledger: Ledger) -> None:
        self.set, self.ledger = table_set, ledger
        counted = f"{table_set.year_counted(ledger.year)}-12-31"
        as_of = ledger.assets_as_of.isoformat() if ledger.assets_as_of else counted
        self._own: dict[str, object] = {
            "unit": table_set.unit,
            "unit_code": ledger.unit_code,
            "unit_name": ledger.unit_name,
            "region": ledger.region_name,
            "year": ledger.year,
            "last_year": ledger.year - 1,
            "as_of": as_of,
        }

    def phrase(self, text: str, **more: object) -> str:
        """A declared caption with the disclosure's own name, year and unit put in."""
        return text.format(**{**self._own, **more}) if "{" in text else text

    def worded(self, key: str, standard: str, **more: object) -> str:
        """What a place prints: the disclosure's own words for it, else the standard ones."""
        return words.worded(self.ledger.wording, key, self.phrase(standard, **more))

    def lines(
        self, texts: Iterable[str], table: str, key: Callable[[str, int], str], **more: object
    ) -> tuple[str, ...]:
        """Lines above or below a table, as printed."""
        return tuple(self.worded(key(table, i), text, **more) for i, text in enumerate(texts))

    def columns(self, table: str, leaves: Sequence[Leaf]) -> tuple[Column, ...]:
        """The leaf columns as printed."""
        columns = []
        captions = [i for i, leaf in enumerate(leaves) if kind_of(leaf) is ColumnKind.CAPTION]
        for i, (leaf, keys) in enumerate(zip(leaves, head_keys(table, leaves), strict=True)):
            path = tuple(self.worded(key, caption) for key, caption in zip(keys, leaf.path, strict=True))
            caption_at = max((c for c in captions if c <= i), default=captions[0] if captions else 0)
            columns.append(Column(leaf.word.key, path, kind_of(leaf), caption_at, leaf.word.width))
        return tuple(columns)


def head_keys(table: str, leaves: Sequence[Leaf]) -> list[tuple[str, ...]]:
    """The wording keys of each column's header path. A group's caption is worded under its first column's key."""
    first: dict[tuple[str, ...], str] = {}
    return [
        tuple(
            words.column_key(
                table,
                leaf.word.key
                if level == len(leaf.path) - 1
                else first.setdefault(leaf.path[: level + 1], leaf.word.key),
                level,
            )
            for level in range(len(leaf.path))
        )
        for leaf in leaves
    ]

"""The standard text of every place of a document that can be worded: from the declaration, without filling a cell."""

from collections.abc import Iterable, Iterator, Sequence

from budgets.domain import wording as words
from budgets.domain.printed_words import head_keys
from budgets.domain.sheets import Filler
from budgets.domain.tables import Leaf, Listing, Table, Tree


def standards(filler: Filler) -> dict[str, str]:
    """Wording key -> the text that stands there unless the disclosure has words of its own.

    Only places that print are named: the rows of the codes that have money, the note of a table that is empty.
    """
    found: dict[str, str] = {}
    for table in filler.set.tables:
        found |= _of_table(filler, table)
    for listing in filler.set.annexes:
        found |= _of_listing(filler, listing)
    return found


def _of_table(filler: Filler, table: Table) -> Iterator[tuple[str, str]]:
    yield words.title_key(table.key), filler.phrase(table.title)
    for i, text in enumerate(table.meta):
        yield words.meta_key(table.key, i), filler.phrase(text, unit=table.unit or filler.set.unit)
    yield from _heads(filler, table.key, table.leaves())
    printed = filler.printed(table)
    for sides in printed:
        for line in sides:
            if line.caption:
                yield words.row_key(table.key, line.key), filler.phrase(line.caption)
    if table.empty_note and isinstance(table.rows, Tree) and all(left.total for left, _ in printed):
        yield words.note_key(table.key, 0), filler.phrase(table.empty_note)


def _of_listing(filler: Filler, listing: Listing) -> Iterator[tuple[str, str]]:
    records = getattr(filler.ledger, listing.source)
    for n, record in enumerate(records if listing.each else (), 1):
        title = filler.phrase(listing.title, n=n, **{listing.called: getattr(record, listing.called)})
        yield words.title_key(f"{listing.key}_{n}"), title
    if listing.each and not records:
        return
    if not listing.each:
        yield words.title_key(listing.key), filler.phrase(listing.title)
    for i, text in enumerate(listing.meta):
        yield words.meta_key(listing.key, i), filler.phrase(text)
    yield from _heads(filler, listing.key, listing.leaves())
    for line in listing.lines:
        yield words.row_key(listing.key, line.key), filler.phrase(line.caption)
    for i, text in enumerate(_notes(listing, records)):
        yield words.note_key(listing.key, i), filler.phrase(text)


def _notes(listing: Listing, records: Sequence[object]) -> Iterable[str]:
    """The notes that print: the last one only below an annex without any record."""
    bare = any(not getattr(r, listing.each) for r in records) if listing.each else not records
    return (
        *listing.notes,
        *((listing.empty_note,) if listing.empty_note and bare and not listing.lines else ()),
    )


def _heads(filler: Filler, table: str, leaves: Sequence[Leaf]) -> Iterator[tuple[str, str]]:
    for leaf, keys in zip(leaves, head_keys(table, leaves), strict=True):
        for key, caption in zip(keys, leaf.path, strict=True):
            yield key, filler.phrase(caption)

"""What one saving did to rows, told so exactly that the old rows and the changes give the new ones.

A row is its fields that are not blank, as text. A change is JSON-like, so that a history can keep it:

    {"changed": [[i, {field: [old, new]}]], "removed": [[i, row]], "added": [[j, row]], "order": [i, …]}

`i` is the place in the old rows and `j` in the new ones, from 0; `order` has the old places of the rows that stayed,
as they now follow each other, only when that changed. Of a long text the sentences that differ are kept:
{"at": [[k, [old sentences], [new sentences]]]}, `k` being the place in the old text.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any

type Row = dict[str, str]
type Change = dict[str, list[Any]]

LONG = 60  # characters; a shorter text is kept whole
SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")


def by_field(old: Sequence[Row], new: Sequence[Row], name: str) -> list[int | None]:
    """For each new row the old one with the same value in the field that names rows; None when there is none."""
    places = {row.get(name, ""): i for i, row in enumerate(old)}
    return [places.get(row.get(name, "")) for row in new]


def compare(old: Sequence[Row], new: Sequence[Row], origins: Iterable[int | None]) -> Change:
    """What turns the old rows into the new ones; empty for nothing.

    `origins` says which old row each new one was, whatever became of it; one that is out of range or named twice
    counts as none.
    """
    kept: dict[int, int] = {}
    for j, i in enumerate(origins):
        if i is not None and 0 <= i < len(old) and i not in kept:
            kept[i] = j
    order = sorted(kept, key=kept.__getitem__)
    arrived = set(kept.values())
    out: Change = {
        "changed": [[i, between(old[i], new[kept[i]])] for i in sorted(kept) if old[i] != new[kept[i]]],
        "removed": [[i, dict(row)] for i, row in enumerate(old) if i not in kept],
        "added": [[j, dict(row)] for j, row in enumerate(new) if j not in arrived],
        "order": order if order != sorted(order) else [],
    }
    return {name: value for name, value in out.items() if value}


def between(old: Row, new: Row) -> dict[str, Any]:
    """The fields that differ, with old and new value."""
    names = [*old, *(name for name in new if name not in old)]
    return {
        name: difference(old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    }


def difference(old: str, new: str) -> Any:
    """[old, new] of a short text; of a long one the sentences that differ."""
    if max(len(old), len(new)) <= LONG:
        return [old, new]
    before, after = SENTENCE.findall(old), SENTENCE.findall(new)
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return {"at": [[a, before[a:b], after[c:d]] for tag, a, b, c, d in blocks if tag != "equal"]}


def replay(old: Sequence[Row], change: Change) -> list[Row]:
    """The new rows. ValueError when the change does not begin with these old rows."""
    rows = {i: dict(row) for i, row in enumerate(old)}
    for i, row in change.get("removed", ()):
        if rows.pop(i, None) != row:
            raise ValueError(f"row {i} is another")
    for i, fields in change.get("changed", ()):
        for name, told in fields.items():
            value = applied(rows[i].get(name, ""), told)
            rows[i].pop(name, None)
            rows[i] |= {name: value} if value else {}
    order = change.get("order") or sorted(rows)
    if sorted(order) != sorted(rows):
        raise ValueError("the order names other rows")
    new = [rows[i] for i in order]
    for j, row in change.get("added", ()):
        new.insert(j, dict(row))
    return new


def applied(old: str, told: Any) -> str:
    """The new text of `difference`. ValueError for another old text."""
    if isinstance(told, list):
        if told[0] != old:
            raise ValueError("the text was another")
        return str(told[1])
    sentences, shift = SENTENCE.findall(old), 0
    for at, before, after in told["at"]:
        start = at + shift
        if sentences[start : start + len(before)] != before:
            raise ValueError("the text was another")
        sentences[start : start + len(before)] = after
        shift += len(after) - len(before)
    return "".join(sentences)

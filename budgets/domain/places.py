"""Places: what a finding, a comment, a difference or an address points at, as small values that can be kept and compared.

A place says where by meaning: a row by its code, a sentence by its words, a record by its name. What it is called in
Chinese is made in `place_words`, its page in the admin; nothing is read back from words.
"""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from budgets.domain.facts import Fact
from budgets.domain.terms import Family


class CellRef(NamedTuple):
    """A cell of a printed table: table key, caption key of its row (code or line key), column key."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class TablePlace:
    """A printed table as a whole, or a part of its words: title, meta, notes; or one caption of them: meta/2."""

    table: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class CodePlace:
    """A subject code wherever amounts are entered for it; `scheme` is function or economic."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class AmountRow:
    """A row of entered amounts, there or still to be added, and if need be one amount of it.

    `row` is the code, the item of “三公”经费 or the fund; `fund` the fund or the economic item whose page it
    stands on; `column` the dimension across: origin, use, kind, fund, flow.
    """

    family: str
    row: str
    fund: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in a chapter: the `nth` time that `quote` stands in its text; without a quote the whole chapter."""

    chapter: str
    quote: str = ""
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A record by its kind and names: the `nth` of those that are called so.

    An indicator is named by its project and its own name, a purchase by its project and item, an asset by its item.
    """

    kind: str
    name: str
    item: str = ""
    nth: int = 1


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """What is said once of a disclosure: approved_on, contact, narrative_title, lead, assets_as_of, wording …"""

    field: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole disclosure."""


type Place = CellRef | TablePlace | CodePlace | AmountRow | Passage | Record | FieldPlace | Whole

# What kinds are called in the serialised form, which is kept in databases and addresses: names are never given anew.
KINDS: dict[str, type[Any]] = {
    "cell": CellRef,
    "table": TablePlace,
    "code": CodePlace,
    "amount": AmountRow,
    "words": Passage,
    "record": Record,
    "field": FieldPlace,
    "whole": Whole,
}
NAMES = {kind: name for name, kind in KINDS.items()}
GOALS = TablePlace("goal")  # all goal tables of a document


def serialised(place: Place) -> str:
    """The place as text, the same for equal places: `amount/expenditure/2080501/general_public/basic`.

    Parts are percent-encoded; those at the end that say nothing are left out, so that a kind may get more of them.
    """
    parts, plain = _parts(place), _plain(type(place))
    while parts and len(parts) <= len(plain) and parts[-1] == plain[len(parts) - 1]:
        parts.pop()
    return "/".join((NAMES[type(place)], *(quote(str(part), safe="") for part in parts)))


def parsed(text: str) -> Place:
    """The place that `serialised` wrote. Raises ValueError for anything else."""
    name, *parts = text.split("/")
    kind = KINDS.get(name)
    if kind is None:
        raise ValueError(f"no kind of place: {name!r}")
    values = [unquote(part) for part in parts]
    try:
        place: Place = kind(*(_typed(kind, n, value) for n, value in enumerate(values)))
    except TypeError as error:
        raise ValueError(f"no {name}: {text!r}") from error
    return place


def _parts(place: Place) -> list[Any]:
    return list(place) if isinstance(place, CellRef) else [getattr(place, f.name) for f in fields(place)]


def _plain(kind: type[Any]) -> list[Any]:
    """What each part says when it says nothing; a part that must be given has no such value."""
    return [] if kind is CellRef else [field.default for field in fields(kind)]


def _typed(kind: type[Any], n: int, value: str) -> Any:
    counts = kind is not CellRef and n < len(fields(kind)) and fields(kind)[n].type is int
    return int(value) if counts else value


def amount_place(fact: Fact) -> Place:
    """Where an amount is entered: its row and the dimension across it."""
    if fact.family is Family.AGENCY:
        return FieldPlace("agency_running_costs")
    row = fact.function or fact.economic or fact.item or fact.fund or ""
    across = (
        fact.origin
        or fact.use
        or fact.kind
        or fact.flow
        or fact.measure
        or (fact.fund if fact.item or fact.economic else "")
        or ""
    )
    page = fact.economic or fact.fund or "" if fact.function else ""
    return AmountRow(str(fact.family), str(row), str(page), str(across))


def caption_place(key: str) -> TablePlace:
    """The place of a caption that is kept as published, by its key in the ledger's wording: balance/meta/2."""
    table, _, part = key.partition("/")
    return TablePlace(table, part)


def counted[T](names: list[T]) -> list[int]:
    """For each name how many equal ones stand up to it: what `nth` of a record is."""
    seen: dict[T, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(seen[name])
    return out

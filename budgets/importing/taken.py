"""What one file says and how it holds together; as JSON, between the process that read it and the page that shows it."""

import json
from collections.abc import Sized
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args

from budgets.domain.codec import decode, encode
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.terms import Family
from budgets.importing.comparing.file_findings import LOST, WRONG_PLACE
from budgets.importing.comparing.reports import (
    Difference,
    FoundFault,
    Origin,
    Part,
    Suspect,
    TableFound,
    as_dicts,
)
from budgets.importing.reading.grids import Source, Unread, by_cause

MOST = 500  # entries of a list that a page still shows and a person still reads
LONGEST = 300  # characters of a cell that a report repeats
LISTS = ("tables", "differences", "suspects", "findings", "unread", "origins")


@dataclass(frozen=True)
class Taken:
    """What one file says, and how it holds together. Amounts of `ledger` are yuan."""

    source: Source
    ledger: Ledger
    parts: frozenset[Part]
    families: frozenset[Family] = frozenset()  # of facts that the file's tables tell
    tables: list[TableFound] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    findings: list[FoundFault] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)  # of each amount in `ledger.facts`

    @property
    def errors(self) -> list[FoundFault]:
        return [finding for finding in self.findings if finding.severity == Severity.ERROR]

    @property
    def complete(self) -> bool:
        """True when saving changes or loses no amount of the file: it may be saved without being accepted.

        Tables that print as given keep the amounts that differ from their leaf rows.
        """
        kept = {sheet.key for sheet in self.ledger.given}
        changed = any(difference.table not in kept for difference in self.differences)
        return not changed and not any(error.rule.startswith("intake-") for error in self.errors)

    @property
    def lost(self) -> set[tuple[str, str]]:
        """Sheet and address of the amounts that a finding says were not read: no other list need tell them."""
        return {(place.sheet, place.cell) for f in self.findings if f.rule == LOST for place in f.cells}

    @property
    def sound(self) -> bool:
        """True when the file shows no difference and no ERROR."""
        return not self.differences and not self.errors

    @property
    def settled(self) -> bool:
        """True when nothing of weight is left once the file's differences are accepted: the derived amounts stand."""
        return all(error.rule.startswith("intake-") for error in self.errors)

    @property
    def misplaced(self) -> list[FoundFault]:
        """The findings that say the file belongs to another department or year."""
        return [finding for finding in self.findings if finding.rule in WRONG_PLACE]

    def report(self) -> dict[str, list[dict[str, Any]]]:
        """The lists as JSON takes them; what was not read once for each cause."""
        lists = {name: getattr(self, name) for name in LISTS} | {"unread": by_cause(self.unread)}
        return {name: as_dicts(entries) for name, entries in lists.items()}


def shortened(taken: Taken) -> Taken:
    """The same with long lists and texts cut off, and a last entry that says so: no file full of junk fills a page."""
    taken = replace(taken, unread=by_cause(taken.unread))
    differences, findings, unread = _more(taken.differences), _more(taken.findings), _more(taken.unread)
    return replace(
        taken,
        differences=[replace(each, given=_cut(each.given)) for each in taken.differences[:MOST]]
        + [
            Difference(last.table, "", "", f"还有 {differences} 处没有列出", "", "", "")
            for last in taken.differences[MOST:][-1:]
        ],
        suspects=[
            replace(each, given=_cut(each.given), instead=each.instead[:MOST])
            for each in taken.suspects[:MOST]
        ],
        findings=[replace(each, cells=each.cells[:MOST]) for each in taken.findings[:MOST]]
        + [FoundFault("intake-more", Severity.ADVICE, f"还有 {findings} 条没有列出。")] * bool(findings),
        unread=[replace(each, text=_cut(each.text)) for each in taken.unread[:MOST]]
        + [Unread("", "", f"还有 {unread} 处没有列出", "内容过多")] * bool(unread),
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _more(entries: Sized) -> int:
    return max(0, len(entries) - MOST)


def dumps(taken: Taken) -> str:
    """Everything but the file itself, long lists cut off."""
    taken = shortened(taken)
    return json.dumps(
        {
            "name": taken.source.name,
            "kind": taken.source.kind,
            "digest": taken.source.digest,
            "ledger": encode(taken.ledger),
            "parts": sorted(taken.parts),
            "families": sorted(taken.families),
            **taken.report(),
        },
        ensure_ascii=False,
    )


def loads(text: str, content: bytes = b"") -> Taken:
    """What `dumps` wrote, with the file again; its blocks are not kept. Raises KeyError, TypeError, ValueError."""
    data = json.loads(text)
    kinds: dict[str, Any] = {
        each.name: get_args(each.type)[0] for each in fields(Taken) if each.name in LISTS
    }
    return Taken(
        Source(data["name"], data["kind"], data["digest"], (), content),
        decode(Ledger, data["ledger"]),
        frozenset(Part(part) for part in data["parts"]),
        frozenset(Family(family) for family in data["families"]),
        **{name: [decode(kinds[name], entry) for entry in data[name]] for name in LISTS},
    )

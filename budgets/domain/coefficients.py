"""`identities.json`: the identities of a document as coefficients over the addresses of its printed cells.

A cell is called as the page and the payload have it: `balance-1-3` is the third cell of the first row of the table
`balance`. The amounts of an identity's cells, each times its coefficient, add up to nothing. A cell that is not printed
counts as zero and is left out. Nobody needs the declarations of a table set to work them out again.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from budgets.domain.documents import ColumnKind, Document
from budgets.domain.identities import of_printed
from budgets.domain.places import CellRef
from budgets.domain.snapshots import canonical
from budgets.domain.tables import TableSet

SCHEMA = "mingzhang-identities/1"
# Raised with whatever changes the identities of a document: what was published keeps its own (decision 0031).
MAKER = 1


def dumps(table_set: TableSet, document: Document, given: Collection[str], digest: str) -> bytes:
    """The file as canonical JSON. `given` is as in `of_printed`, `digest` the SHA-256 of the payload that it belongs to."""
    among, _ = of_printed(table_set, document.tables, given)
    addresses = dict(_addresses(document))
    rows: list[dict[str, Any]] = []
    for identity in among:
        terms: Counter[str] = Counter()
        for cell, sign in identity.terms():
            if cell in addresses:
                terms[addresses[cell]] += sign
        if cells := {cell: number for cell, number in terms.items() if number}:
            rows.append({"kind": identity.kind.label, "label": identity.label, "cells": cells})
    return canonical({"schema": SCHEMA, "maker": MAKER, "payload_sha256": digest, "identities": rows})


def _addresses(document: Document) -> Iterator[tuple[CellRef, str]]:
    for sheet in document.tables:
        for r, row in enumerate(sheet.rows):
            for c, column in enumerate(sheet.columns):
                if column.kind is ColumnKind.AMOUNT:
                    yield CellRef(sheet.key, row.named(column), column.key), sheet.cell_id(r, c)


def maker_of(content: bytes) -> int:
    """The number of the release that made a file of identities; 0 for what is none."""
    try:
        data = json.loads(content)
        return int(data["maker"]) if data["schema"] == SCHEMA else 0
    except (ValueError, KeyError, TypeError):
        return 0

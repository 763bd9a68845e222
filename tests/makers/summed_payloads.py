"""Payloads added up from their JSON alone, by none of the code that adds up documents."""

import json
from collections import defaultdict
from decimal import Decimal


def summed(payloads: list[bytes]) -> dict[tuple[str, str, str], Decimal]:
    """Every amount of the statutory tables by table, what names its row as printed, and its column: from the JSON alone."""
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for payload in payloads:
        for sheet in json.loads(payload)["document"]["tables"]:
            for row in sheet["rows"]:
                for column, cell in zip(sheet["columns"], row["cells"], strict=True):
                    if column["kind"] == "amount" and cell.get("amount") is not None:
                        name = row["cells"][column.get("caption", 0)].get("key") or row["key"]
                        sums[sheet["key"], name, column["key"]] += Decimal(cell["amount"])
    return {place: amount for place, amount in sums.items() if amount}

"""What checking one file found, as the JSON that benchmarks and other programs read: page, cell or words, rule and numbers of each finding."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from budgets.domain.money import ANY_UNIT
from budgets.importing.comparing.reports import FoundFault, as_dict
from budgets.importing.reading.grids import Source, Text
from budgets.importing.taken import Taken

BUDGETS = Path(__file__).resolve().parents[1]
ENGINE_OF = ("domain", "tablesets", "sentences", "rules", "importing")  # what findings come from
DIGITS = 12
PAGE = re.compile(r"第(\d+)")
NUMBER = re.compile(rf"-?\d[\d,]*(?:\.\d+)?\s?(?:{ANY_UNIT}|[%％]|个百分点|辆|个)")
LAST_WORDS = 20  # characters of a quote by which its paragraph is found


@cache
def engine() -> str:
    """The version of what checks: a hash of its source, the same wherever the same code runs."""
    files = sorted(file for room in ENGINE_OF for file in (BUDGETS / room).rglob("*.py"))
    seen = hashlib.sha256()
    for file in files:
        seen.update(file.relative_to(BUDGETS).as_posix().encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()[:DIGITS]


def checked(taken: Taken) -> dict[str, Any]:
    """The report of a file with the engine's version, the file's name and hash, and findings with these beside what reports have:

    `page` of a PDF where it is known, else None; `quote`, the words of a chapter that the finding speaks of; `numbers`, what its message
    gives in figures, with their units.
    """
    whose: dict[str, Any] = {"engine": engine(), "file": taken.source.name, "sha256": taken.source.digest}
    whose |= {"table_set": taken.ledger.table_set, "year": taken.ledger.year}
    return whose | taken.report() | {"findings": list(_findings(taken))}


def _findings(taken: Taken) -> Iterator[dict[str, Any]]:
    for finding in taken.findings:
        more = {"page": _page(taken.source, finding), "quote": finding.quote}
        yield as_dict(finding) | more | {"numbers": NUMBER.findall(finding.message)}


def _page(source: Source, finding: FoundFault) -> int | None:
    """The page of a PDF that holds its words, else the first of its table."""
    if source.kind != "pdf":
        return None
    words = "".join(finding.quote.split())[-LAST_WORDS:]
    if words:
        texts = (block for block in source.blocks if isinstance(block, Text))
        place = next((text.place for text in texts if words in "".join(text.text.split())), "")
    else:
        place = finding.cells[0].sheet.rpartition("（")[2] if finding.cells else ""
    found = PAGE.search(place)
    return int(found[1]) if found else None

"""Business rules, one function each, with the source it comes from; `check` runs them all."""

from collections.abc import Callable, Iterable

from .. import tablesets
from ..domain.classification import Subjects
from ..domain.composing import compose
from ..domain.findings import REGISTRY, Case, Finding, Limits
from ..domain.ledgers import Ledger
from . import amounts, codes, economic, given, narrative, performance, records, texts

__all__ = [
    "REGISTRY",
    "amounts",
    "check",
    "codes",
    "economic",
    "given",
    "narrative",
    "performance",
    "records",
    "texts",
]


def check(
    ledger: Ledger,
    subjects: Subjects,
    glyphs: Callable[[str], Iterable[str]] | None = None,
    *,
    previous: Ledger | None = None,
    limits: Limits | None = None,
) -> list[Finding]:
    """Every finding of a ledger, errors first.

    `glyphs` tells which characters of a text the PDF fonts lack; without it that rule is silent. `previous` is last
    year's ledger, for claims about it. The ledger is composed once; entered and imported budgets are checked alike.
    """
    table_set = tablesets.get(ledger.table_set)
    document = compose(table_set, ledger, subjects)
    missing = (lambda text: set(glyphs(text))) if glyphs else None
    return REGISTRY.check(Case(table_set, ledger, subjects, document, missing, previous, limits or Limits()))

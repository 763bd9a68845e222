"""Budgets written as the workbooks that departments really keep: every disguise chosen by chance, all of them composed."""

import random
from dataclasses import dataclass, field
from decimal import Decimal

from budgets import tablesets
from budgets.domain.ledgers import Ledger
from budgets.synthetic.draws import random_facts
from tests.makers import usage
from tests.makers.packages import Page, written
from tests.makers.workers import YEAR, Worker


@dataclass
class Disguise:
    """A budget as a workbook, with what it must be read as."""

    ledger: Ledger
    pages: list[Page] = field(default_factory=list)
    noise: set[str] = field(default_factory=set)  # texts that belong to no table, and are listed as such
    shared: bool = True

    def content(self) -> bytes:
        return written(self.pages, shared=self.shared)


def a_ledger(seed: int, table_set: str) -> Ledger:
    return Ledger(
        table_set, "130225", "乐亭县", "483", "乐亭县行政审批局", YEAR, facts=random_facts(seed, table_set)
    )


def disguised(seed: int, table_set: str = "hebei_2023") -> Disguise:
    """A random budget in a random disguise; the same seed gives the same bytes."""
    chance = random.Random(f"{table_set} {seed}")
    declared = tablesets.get(table_set)
    made = Disguise(a_ledger(seed, table_set), shared=chance.random() < 0.5)
    pages = [Worker(chance, declared, table, made.ledger, made.noise).page() for table in declared.tables]
    together: list[Page] = []  # sheets of two tables or more
    while len(pages) > 6 and chance.random() < 0.4:
        alone = [page for page in pages if page not in together]
        page, other = chance.sample(alone, 2)
        pages.remove(other)
        together.append(page)
        if chance.random() < 0.3:
            page.put_beside(other, gap=chance.randint(2, 3))
        else:
            page.append(other, gap=chance.randint(1, 3))
    pages += covers(chance, made, pages[0])
    if chance.random() < 0.7:
        chance.shuffle(pages)
    style = chance.choice(("kept", "numbered", "meaningless"))
    for n, page in enumerate(pages, 1):
        page.name = {"kept": f"{n} {page.name}"[:31], "numbered": f"Sheet{n}", "meaningless": f"第{n}页(2)"}[
            style
        ]
    made.pages = pages
    return made


def covers(chance: random.Random, made: Disguise, table: Page) -> list[Page]:
    """A cover, a list of contents and hidden old copies of a table, each perhaps."""
    found = []
    for texts in usage.COVERS:
        if chance.random() < 0.4:
            column = chance.randint(1, 5)
            found.append(Page(texts[0], {(3 * n, column): text for n, text in enumerate(texts, 1)}))
            made.noise |= set(texts)
    if chance.random() < 0.4:
        old = {
            place: Decimal(7) if isinstance(value, Decimal) else value for place, value in table.cells.items()
        }
        found.append(Page("旧", old, state=chance.choice(("hidden", "veryHidden"))))
    return found

"""Captions kept as published, beside the standard ones, with their place in words."""

from collections.abc import Collection
from dataclasses import dataclass

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.domain.sheets import Filler
from budgets.domain.standard_words import standards
from budgets.models import Disclosure, Wording

KINDS = {"title": "标题", "meta": "表上方的说明行", "column": "表头", "row": "行名", "note": "附注"}


@dataclass(frozen=True, slots=True)
class Worded:
    """One caption of its own: where it stands, what prints, what the standard says (blank for a place now gone)."""

    wording: Wording
    where: str
    standard: str
    marked: bool = False

    @property
    def anchor(self) -> str:
        return caption_anchor(self.wording.place)


def caption_anchor(place: str) -> str:
    """The id of a caption's row on its page."""
    return f"w-{place.replace('/', '-')}"


def worded(disclosure: Disclosure, marked: Collection[str] = ()) -> list[Worded]:
    """The disclosure's own captions in the order of their places; those at `marked` places are pointed out."""
    table_set = tablesets.get(disclosure.table_set)
    subjects = ledgers.subjects_for(disclosure.fiscal_year)
    filler = Filler(table_set, ledgers.read(disclosure), subjects)
    standard = standards(filler)
    titles = {table.key: f"表{table.number} {filler.phrase(table.title)}" for table in table_set.tables}
    for annex in table_set.annexes:
        titles[annex.key] = "绩效目标表" if annex.each else filler.phrase(annex.title)
    order = {table: n for n, table in enumerate(titles)}
    out = []
    rows = sorted(disclosure.wordings.all(), key=lambda row: order.get(_table(row.place), len(order)))
    for wording in rows:
        table, rest = _table(wording.place), wording.place.partition("/")[2]
        title = titles.get(table, table)
        where = f"{title}，{KINDS.get(rest.partition('/')[0], '文字')}"
        out.append(Worded(wording, where, standard.get(wording.place, ""), wording.place in marked))
    return out


def _table(place: str) -> str:
    """The key of a place's table; the numbered goal tables share one."""
    table = place.partition("/")[0]
    head, _, number = table.rpartition("_")
    return head if number.isdigit() else table

"""A name that one finding offers is a name that another accepts."""

import re
from dataclasses import replace

import pytest

from budgets import tablesets
from budgets.domain.composing import compose, quotable_names
from budgets.domain.figures import Figures
from budgets.domain.ledgers import Asset, Narrative, Procurement
from budgets.domain.terms import AssetItem
from budgets.rules import check
from tests.makers.clean_budget import SUBJECTS, clean
from tests.makers.facts import yuan
from tests.makers.published_ledgers import laoting, putuo

OFFERED = re.compile(r"或用 \[\[(.+?)\]\] 引用")


def furnished(table_set: str):
    """A budget with every annex filled in."""
    ledger = clean() if table_set == "hebei_2023" else putuo()
    return replace(
        ledger,
        procurements=(Procurement("大厅", general_public=yuan("3.00")),),
        assets=(Asset(AssetItem.VEHICLES, yuan("0.0001"), yuan("18.00")),),
    )


def offers(ledger, text: str) -> list[str]:
    chapter = next(n for n in ledger.narratives if n.key in ("overview",))
    others = tuple(n for n in ledger.narratives if n is not chapter)
    told = check(replace(ledger, narratives=(replace(chapter, text=text), *others)), SUBJECTS)
    return [name for f in told if f.rule == "text-amount-agrees" for name in OFFERED.findall(f.message)]


@pytest.mark.slow
@pytest.mark.parametrize("table_set", [key for key, _ in tablesets.choices()])
def test_every_figure_that_a_text_may_mean_is_offered_only_when_it_may_be_quoted(table_set):
    ledger = furnished(table_set)
    document = compose(tablesets.get(table_set), ledger, SUBJECTS)
    names = quotable_names(document)
    known = Figures(document).known
    assert len(known) > len(names) > 10
    seen = set()
    for figure in known.values():
        wrong = figure.yuan + 123_400_000_000
        for name in offers(ledger, f"{figure.label}{wrong / 10_000:.2f}万元。"):
            assert name in names.values()
            seen.add(name)
    assert len(seen) > len(names) / 2, "the test sees offers"


@pytest.mark.slow
@pytest.mark.parametrize("table_set", [key for key, _ in tablesets.choices()])
def test_every_name_that_may_be_quoted_is_accepted_and_every_other_refused(table_set):
    ledger = furnished(table_set)
    document = compose(tablesets.get(table_set), ledger, SUBJECTS)
    for figure in Figures(document).known.values():
        text = Narrative(ledger.narratives[0].key, "章", f"[[{figure.label}]]")
        told = check(replace(ledger, narratives=(text,)), SUBJECTS)
        refused = [f for f in told if f.rule == "figures-known"]
        assert bool(refused) == (figure.label not in quotable_names(document).values()), figure.label


def test_the_names_that_a_refusal_lists_are_the_names_accepted():
    ledger = laoting()
    text = Narrative(ledger.narratives[0].key, "章", "[[没有这个]]")
    (refused,) = [
        f for f in check(replace(ledger, narratives=(text,)), SUBJECTS) if f.rule == "figures-known"
    ]
    listed = refused.message.partition("名称之一：")[2].rstrip("。").split("、")
    document = compose(tablesets.get("hebei_2023"), ledger, SUBJECTS)
    assert sorted(listed) == sorted(quotable_names(document).values())

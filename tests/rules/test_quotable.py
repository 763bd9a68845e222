"""A name that one finding offers is a name that another accepts."""

import re
from dataclasses import replace

import pytest

from budgets import tablesets
from budgets.domain.composing import compose
from budgets.domain.figures import Figures
from budgets.domain.ledgers import Asset, Narrative, Procurement
from budgets.domain.terms import AssetItem, Stage
from budgets.rules import check
from tests.makers.clean_account import clean_account
from tests.makers.clean_budget import SUBJECTS, clean
from tests.makers.facts import yuan
from tests.makers.published_ledgers import laoting, putuo

OFFERED = re.compile(r"或用 \[\[(.+?)\]\] 引用")


def furnished(table_set: str):
    """A disclosure of a set, of its stage, with every annex filled in."""
    stage = tablesets.get(table_set).stage
    ledger = clean_account() if stage is Stage.FINAL else clean() if table_set == "hebei_2023" else putuo()
    return replace(
        ledger,
        table_set=table_set,
        stage=stage.value,
        procurements=(Procurement("大厅", general_public=yuan("3.00")),),
        assets=(Asset(AssetItem.VEHICLES, yuan("0.0001"), yuan("18.00")),),
    )


def offers(ledger, text: str) -> list[str]:
    chapter = next(n for n in ledger.narratives if n.key in ("overview",))
    others = tuple(n for n in ledger.narratives if n is not chapter)
    told = check(replace(ledger, narratives=(replace(chapter, text=text), *others)), SUBJECTS)
    return [name for f in told if f.rule == "text-amount-agrees" for name in OFFERED.findall(f.message)]


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("table_set", [key for key, _ in tablesets.choices()])
def test_every_figure_that_a_text_may_mean_is_offered_by_a_name_that_is_accepted(table_set):
    ledger = furnished(table_set)
    known = Figures(compose(tablesets.get(table_set), ledger, SUBJECTS)).known
    assert len(known) > 10
    seen = set()
    for figure in known.values():
        wrong = figure.yuan + 123_400_000_000
        for name in offers(ledger, f"{figure.label}{wrong / 10_000:.2f}万元。"):
            assert not refusals(ledger, name), name
            seen.add(name)
    assert len(seen) > len(known) / 2, "the test sees offers"


def refusals(ledger, name: str) -> list:
    text = Narrative(ledger.narratives[0].key, "章", f"[[{name}]]")
    told = check(replace(ledger, narratives=(text, *ledger.narratives[1:])), SUBJECTS)
    return [f for f in told if f.rule == "figures-known"]


@pytest.mark.slow
@pytest.mark.parametrize("table_set", [key for key, _ in tablesets.choices()])
def test_every_figure_may_be_quoted_by_its_label(table_set):
    ledger = furnished(table_set)
    for figure in Figures(compose(tablesets.get(table_set), ledger, SUBJECTS)).known.values():
        assert not refusals(ledger, figure.label), figure.label


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    "name", ["没有这个", "人员经验", "表5/2010301/没有的列", "人员经费·多少", "人员经费·占没有"]
)
def test_a_name_that_means_nothing_is_refused_with_names_that_are_accepted(name):
    ledger = laoting()
    (refused,) = refusals(ledger, name)
    assert refused.message.startswith(f"[[{name}]] 不能印出：")
    near = re.findall(r"\[\[(.+?)\]\]", refused.message)[1:]
    assert not any(refusals(ledger, offered) for offered in near)
    assert name != "人员经验" or near == ["人员经费"]

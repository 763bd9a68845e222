"""范文 of both sets: every reference means a cell, with and without last year, whatever the figures, and the checks find no fault."""

from dataclasses import replace

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.ledgers import Narrative
from budgets.rules import check
from budgets.sentences.chapter_models import SLOT, model_of, slots_in
from budgets.sentences.live_documents import composed_words
from budgets.sentences.references import references
from tests.makers.published_ledgers import laoting
from tests.sentences.roll_forward import at_random, filler_of, shanghai_2025

BOTH = pytest.mark.parametrize("ledger", [laoting, shanghai_2025], ids=["hebei_2023", "shanghai_2023"])
WORDS = {
    "text-amount-agrees", "text-unit", "text-amount-rounded", "text-change-adds-up", "text-percent-agrees",
    "unchanged-verified", "figures-known", "item-named-as-printed", "chapters-written",
}  # fmt: skip


def drafted(ledger, seed: int, *, compared: bool):
    table_set = tablesets.get(ledger.table_set)
    narratives = tuple(
        Narrative(word.key, word.title, model_of(table_set, word.key, compared=compared))
        for word in table_set.chapters
    )
    facts = at_random(ledger, seed)
    money = tuple(replace(project, amount=project.amount or 0) for project in ledger.projects)
    named = tuple(replace(goal, project=money[n].name) for n, goal in enumerate(ledger.goals))
    return replace(
        ledger,
        year=ledger.year + 1,
        facts=facts,
        narratives=narratives,
        projects=money,
        goals=named,
        given=(),
    )


@BOTH
def test_every_chapter_of_a_set_has_one_with_live_figures(ledger):
    table_set = tablesets.get(ledger().table_set)
    assert all(word.model for word in table_set.chapters)
    live = [len(references(word.model)) for word in table_set.chapters]
    assert sum(live) > 40


@pytest.mark.sweep(1)
@BOTH
@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_every_sentence_prints_and_no_rule_finds_a_fault_in_it(ledger, compared, seed):
    new = drafted(ledger(), seed, compared=compared)
    previous = ledger() if compared else None
    composed = composed_words(filler_of(new), previous)
    assert [fault.why for one in composed.written for fault in one.faults] == []
    assert all("[[" not in one.printed.text for one in composed.written)
    told = check(new, subjects_of(new.year), previous=previous)
    assert [f.message for f in told if f.rule in WORDS] == []


@BOTH
def test_without_last_year_nothing_is_compared_and_no_reason_asked_for(ledger):
    table_set = tablesets.get(ledger().table_set)
    for word in table_set.chapters:
        text = model_of(table_set, word.key, compared=False)
        assert "·比" not in text and "主要原因" not in text
        assert "·比" in word.model or text == word.model or word.key in ("other_matters", "overview")


def test_what_is_left_to_write_is_told_sentence_by_sentence():
    text = tablesets.get("hebei_2023").chapters[3].model
    told = list(slots_in(text))
    assert len(told) == len(SLOT.findall(text)) == 3
    assert all(one.sentence in text for one in told)
    assert list(slots_in("没有要填的。")) == []

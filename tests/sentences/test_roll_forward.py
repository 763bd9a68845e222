"""Last year's sentences in a following year: equal to those written by hand, no old figure left unsaid, and how many came right."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import composed
from budgets.domain.ledgers import Ledger
from budgets.domain.passages import lines_of
from budgets.domain.quantities import SENTENCES, plain_digits, quantities
from budgets.rules import check
from budgets.sentences.binding import Binder, Bound
from budgets.sentences.live_documents import Composed
from budgets.sentences.moving_years import years_in
from budgets.sentences.statements import QUOTED_TEXTS
from tests.makers.published_ledgers import laoting
from tests.sentences.roll_forward import (
    at_random,
    bound,
    filler_of,
    laoting_2024,
    next_year,
    projects_2026,
    sentences_of,
    shanghai_2025,
    shanghai_2026,
    with_money,
)

HERE = Path(__file__).parent
SETS = {
    "laoting_2024": (laoting, lambda: next_year(laoting, laoting_2024())),
    "shanghai_2026": (
        shanghai_2025,
        lambda: next_year(shanghai_2025, shanghai_2026(), projects=projects_2026()),
    ),
}
NEEDED = 0.9  # of the sentences with money of both come right without typing


def by_hand(name: str) -> tuple[list[str], list[str]]:
    """The sentences that can be written from the tables, and those that cannot."""
    lines = [
        line for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
    ]
    return [line for line in lines if line[:1] != "?"], [
        line[1:].strip() for line in lines if line[:1] == "?"
    ]


def printed(rolled: Composed) -> list[str]:
    return [sentence for one in rolled.written for sentence in sentences_of(one.printed.text)]


def marked(chapters: dict[str, Bound]) -> dict[str, list[str]]:
    return {key: [reread.sentence for reread in chapter.reread] for key, chapter in chapters.items()}


@pytest.mark.parametrize("name", SETS)
def test_each_sentence_is_equal_to_the_one_written_by_hand(name):
    ledger, rolled = SETS[name]
    right, typed = by_hand(name)
    assert len(right) + len(typed) >= (30 if name == "shanghai_2026" else 13)
    here = printed(rolled())
    assert [sentence for sentence in right if sentence not in here] == []
    assert [sentence for sentence in typed if sentence in here] == [], (
        "the negative control: these need typing"
    )
    assert not [fault for one in rolled().written for fault in one.faults]


@pytest.mark.parametrize("name", SETS)
def test_what_needs_typing_is_on_the_list_of_what_must_be_read_again(name):
    """A sentence of the list begins as the one by hand does, up to its first figure."""
    ledger, rolled = SETS[name]
    told = [r.sentence for chapter in bound(ledger).values() for r in chapter.reread if r.sentence]
    live = [
        s.replace("[[年度]]", str(ledger().year + 1)).replace("[[上年]]", str(ledger().year)) for s in told
    ]
    for sentence in by_hand(name)[1]:
        start = sentence[:14] if "原因" in sentence else sentence.partition("万元")[0].rstrip("0123456789., ")
        assert [one for one in live if one.startswith(start)], start


def test_nine_in_ten_sentences_with_money_come_right_without_typing():
    """Of the sample's and Shanghai's sentences that say an amount; counted against the sentences written by hand."""
    come, all_of = 0, 0
    told = []
    for name, (ledger, rolled) in SETS.items():
        here, right = printed(rolled()), set(by_hand(name)[0])
        count = len(with_money(ledger(), QUOTED_TEXTS))
        live = len([s for s in here if s in right and any(True for _ in quantities(plain_digits(s), 0))])
        come, all_of = come + live, all_of + count
        told.append(f"{name}: {live} of {count}")
    share = come / all_of
    assert share >= NEEDED, f"{'; '.join(told)}; together {share:.1%}"
    assert (come, all_of) == (38, 42), f"{'; '.join(told)}; together {share:.1%}: say so in the changelog"


def stale(ledger: Ledger, rolled: Composed, chapters: dict[str, Bound]) -> list[tuple[str, str]]:
    """The amounts and years of the new text that are neither worked out nor in a sentence that must be read again."""
    found = []
    for one in rolled.written:
        key = one.typed.key
        if key in QUOTED_TEXTS:
            continue
        again = set(marked(chapters)[key])
        for start, line in lines_of(one.printed):
            plain = plain_digits(line)
            spans = [
                (q.begin + q.at, q.begin + q.at + len(q.text)) for q in quantities(line, ledger.year + 1)
            ]
            spans += [(a, b) for a, b, name in years_in(line, ledger.year) if name == "[[上年]]"]
            for a, b in spans:
                live = any(s <= start + a < e for _, _, s, e in one.pieces)
                place = one._back(start + a, 0)
                if not live and not any(place_in(one.typed.text, place, sentence) for sentence in again):
                    found.append((key, plain[a:b]))
    return found


def place_in(text: str, at: int, sentence: str) -> bool:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else None]
    return any(
        m.start() <= at - start < m.end() and m[0].strip() == sentence for m in SENTENCES.finditer(line)
    )


@pytest.mark.sweep(6)
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("ledger", [laoting, shanghai_2025], ids=["hebei", "shanghai"])
def test_no_old_figure_survives_unmarked_whatever_the_new_ones_are(ledger: Callable[[], Ledger], seed):
    rolled = next_year(ledger, at_random(ledger(), seed))
    assert stale(ledger(), rolled, bound(ledger)) == []


def test_the_control_without_the_list_old_figures_are_seen():
    rolled = next_year(laoting, laoting_2024())
    blank = {key: Bound(chapter.text) for key, chapter in bound(laoting).items()}
    assert len(stale(laoting(), rolled, blank)) > 5


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("ledger", [laoting, shanghai_2025], ids=["hebei", "shanghai"])
def test_the_checks_find_no_fault_in_what_was_written_live(ledger: Callable[[], Ledger], seed):
    """Amounts, changes and shares that are worked out agree with the tables as the rules read them."""
    chapters = bound(ledger)
    narratives = tuple(
        replace(
            n, text="".join(s for s in sentences_of(chapters[n.key].text) if s not in marked(chapters)[n.key])
        )
        for n in ledger().narratives
    )
    new = replace(
        ledger(), year=ledger().year + 1, facts=at_random(ledger(), seed), narratives=narratives, given=()
    )
    told = check(new, subjects_of(new.year), previous=ledger())
    words = {"text-amount-agrees", "text-unit", "text-amount-rounded", "text-change-adds-up", "text-percent-agrees",
             "unchanged-verified", "figures-known"}  # fmt: skip
    assert [f.message for f in told if f.rule in words] == []


@pytest.mark.parametrize("ledger", [laoting, shanghai_2025], ids=["hebei", "shanghai"])
def test_bound_again_a_bound_text_stays_as_it_is(ledger: Callable[[], Ledger]):
    binder = Binder(filler_of(ledger()), composed(filler_of(ledger())))
    for narrative in ledger().narratives:
        once = binder.bind(narrative).text
        assert binder.bind(replace(narrative, text=once)).text == once

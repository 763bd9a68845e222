"""Every rule has one of six states, and it is what the rules say: nothing holds that nobody looked at."""

from collections import defaultdict
from dataclasses import replace
from functools import cache, partial

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.certificates import Certificate, Checked, State, dumps, loads
from budgets.domain.documents import Explanation
from budgets.domain.sheets import Filler
from budgets.rules import BESIDE_MISTYPED, REGISTRY, examine, typed_units
from budgets.rules.criteria import HELD_AGAINST, OF_ENTERED, SPARING, without_object
from budgets.rules.registry import Case
from budgets.rules.rule_states import certified
from budgets.sentences.live_documents import composed_words
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.clean_account import clean_account, other_stage
from tests.makers.clean_budget import PUBLISHED_ON, SUBJECTS, a_year_before, clean, found, glyphs, transcribed
from tests.makers.published_ledgers import laoting, putuo

from .test_rules import FAULTS

TOLD = (State.FINDING, State.EXPLAINED)


def states(ledger, **known) -> dict[str, State]:
    return {each.rule: each.state for each in checked(ledger, **known)}


def checked(ledger, **known) -> tuple[Checked, ...]:
    filler = Filler(tablesets.get(ledger.table_set), ledger, SUBJECTS)
    known = {"published_on": PUBLISHED_ON, "other_stage": other_stage(ledger)} | known
    return certified(filler, glyphs, **known)


@cache
def of_the_clean_budget() -> dict[str, State]:
    return states(clean())


@pytest.mark.sweep(4)
@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("key", ["hebei_2023", "shanghai_2023"])
def test_each_rule_of_the_set_has_one_state_and_it_is_what_the_rules_say(key, seed):
    table_set = tablesets.get(key)
    ledger = random_ledger(seed, table_set)
    filler = Filler(table_set, ledger, subjects_of(2023))
    before = replace(ledger, year=ledger.year - 1) if seed % 2 else None
    known = {"previous": before, "published_on": PUBLISHED_ON}
    known["other_stage"] = other_stage(ledger) if before else None
    every = certified(filler, glyphs, **known)
    assert [each.rule for each in every] == list(REGISTRY.rules)
    found_by = examine(filler, glyphs, **known | {"other_stage": lambda: known["other_stage"]})
    told = {f.rule for f in found_by.findings}
    assert {each.rule for each in every if each.state in TOLD} == told
    assert all(bool(each.told) == (each.state in TOLD) for each in every)
    assert all(each.lacking for each in every if each.state not in (*TOLD, State.HOLDS))
    missing = {each.rule for each in every if each.state is State.MISSING}
    assert missing <= {
        rule for need in ("last_year", "previous", "other_stage") for rule in HELD_AGAINST[need]
    }
    assert bool(missing) == (before is None)
    idle = without_object(table_set, transcribed=False)
    assert {each.rule for each in every if each.state is State.NOT_APPLICABLE} >= idle - told


def test_a_clean_budget_has_no_finding_and_says_what_it_lacks():
    """The negative control of all faults."""
    mine = of_the_clean_budget()
    assert not set(mine.values()) & {*TOLD, State.NOT_CHECKED}
    assert {r for r in mine if mine[r] is State.MISSING} == {
        *HELD_AGAINST["last_year"],
        *HELD_AGAINST["previous"],
    }
    assert State.MISSING not in states(clean(), previous=a_year_before(clean())).values()


@pytest.mark.sweep(12)
@pytest.mark.parametrize("rule", FAULTS)
def test_each_fault_gives_its_rule_the_state_and_no_rule_that_says_nothing(rule):
    faulty = FAULTS[rule](clean())
    mine = states(faulty)
    assert mine[rule] is State.FINDING
    assert {each for each in mine if mine[each] in TOLD} == set(found(faulty))
    was = of_the_clean_budget()
    changed = {each for each in set(mine) - set(found(faulty)) if mine[each] is not was[each]}
    # Others differ only by what they cannot look at any more, or now can.
    spared = {*SPARING, *OF_ENTERED, *BESIDE_MISTYPED}
    assert all(each in spared or State.NOT_APPLICABLE in (mine[each], was[each]) for each in changed)


def test_an_explanation_is_told_with_its_words_or_without_them():
    faulty = replace(clean(), assets_as_of=None, narratives=FAULTS["no-template-residue"](clean()).narratives)
    (finding,) = found(faulty)["no-template-residue"]
    words = [Explanation(finding.rule, finding.message, "原文如此。")]

    def mine(**how) -> Checked:
        return next(each for each in checked(faulty, **how) if each.rule == finding.rule)

    assert mine().state is State.FINDING
    said, kept = mine(words=words), mine(explained=[finding.key])
    assert said.state is kept.state is State.EXPLAINED
    assert (said.told[0].explanation, kept.told[0].explanation) == ("原文如此。", "")
    assert mine(words=[replace(words[0], rule="contact-given")]).state is State.FINDING


def test_what_a_rule_leaves_out_is_not_called_held():
    wrong = states(transcribed(clean(), "5.00"))
    assert wrong["text-amount-agrees"] is State.NOT_CHECKED
    assert wrong["families-meet"] is State.NOT_APPLICABLE
    assert states(transcribed(clean()))["text-amount-agrees"] is State.HOLDS
    blind = certified(Filler(tablesets.get("hebei_2023"), clean(), SUBJECTS), published_on=PUBLISHED_ON)
    assert {e.rule for e in blind if e.state is State.NOT_CHECKED} == {"characters-printable"}


class Watched(Case):
    """A case that notes what is asked of it."""

    __slots__ = ()
    asked: set[str] = set()

    def once(self, make):
        self.asked.add(make.__name__)
        return super().once(make)

    def __getattribute__(self, name):
        if name in HELD_AGAINST:
            Watched.asked.add(name)
        return super().__getattribute__(name)


def reads(ledgers) -> dict[str, set[str]]:
    """By rule: what of the declared needs it asks for, and whether it leaves out doubtful amounts."""
    asked: dict[str, set[str]] = defaultdict(set)
    for ledger in ledgers:
        filler = Filler(tablesets.get(ledger.table_set), ledger, subjects_of(ledger.year))
        made = composed_words(filler)
        for rule in REGISTRY.rules.values():
            for plain in (True, False):
                case = Watched(
                    filler,
                    made.document,
                    written=made.written,
                    find_other=partial(other_stage, ledger),
                )
                if plain:  # what mistyped amounts are is another rule's
                    case._made[typed_units._mistyped] = ()
                Watched.asked = set()
                list(rule.find(case))
                if plain:
                    asked[rule.id] |= Watched.asked & set(HELD_AGAINST)
                asked[rule.id] |= Watched.asked & {"_mistyped", "_doubtful_cells"}
    return asked


def test_what_rules_need_is_declared_as_they_ask_for_it():
    asked = reads([laoting(), random_ledger(3, tablesets.get("shanghai_2023")), clean(), clean_account()])
    needs = {need: {rule for rule in asked if need in asked[rule]} for need in HELD_AGAINST}
    needs["previous"] -= needs["last_year"]  # which is read from it
    needs["previous"].add("typed-in-its-unit")  # it alone asks through what is shared
    assert needs == {need: set(rules) for need, rules in HELD_AGAINST.items()}
    sparing = {rule for rule in asked if asked[rule] & {"_mistyped", "_doubtful_cells"}}
    assert sparing - {"typed-in-its-unit"} == set(SPARING)


@pytest.mark.slow
def test_the_transcribed_sample_tells_its_known_faults():
    ledger = putuo(transcribed=True)
    every = certified(Filler(tablesets.get(ledger.table_set), ledger, subjects_of(2025)))
    (told,) = next(each for each in every if each.rule == "text-amount-agrees").told
    assert "887.36" in told.message and "873,617.00" in told.message
    assert told.cells == ("cell/general_public_expenditure/2080506/total",)


def test_a_certificate_is_read_back_from_its_bytes_and_from_no_others():
    certificate = Certificate("0", checked(FAULTS["contact-given"](clean())), 2022, "a" * 64)
    content = dumps(certificate)
    assert loads(content) == certificate
    for spoilt in (b"", b"{}", content[:-1], content + b" ", content.replace(b"checks/1", b"checks/2")):
        with pytest.raises(ValueError, match="核对"):
            loads(spoilt)

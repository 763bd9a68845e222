"""The final accounts of a real department: read whole, printed again cell by cell; random accounts tie, and a changed cell is noticed."""

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.facts import Fact
from budgets.domain.findings import Severity
from budgets.domain.identities import Identity, amounts, broken, identities
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.places import CellRef
from budgets.domain.suspects import suspects
from budgets.domain.terms import Family, Measure, ThreePublicItem
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.synthetic.accounts_drawn import account_of
from budgets.synthetic.draws import random_facts
from budgets.synthetic.ledgers_drawn import random_ledger

KEY = "shanghai_final_2024"
SET = tablesets.get(KEY)
SAMPLES = Path(__file__).parents[1] / "sample"
NAME = "shanghai-putuo-planning-final-2024"
GIVEN = json.loads((SAMPLES / f"{NAME}.json").read_text())
CENT = Decimal("0.01")


def taken(name: str, **how):
    return take_in(
        SAMPLES / name, region="310107", unit="302", unit_name=GIVEN["department"]["name"], year=2024,
        subjects=subjects_of, table_set=KEY, **how,
    )  # fmt: skip


def named_once(row: list[str]) -> list[str]:
    """A printed row with the word of its total in one place: it spans code and name."""
    words = [text for text in row[:2] if text]
    return ["".join(words), *row[2:]] if len(words) == 1 and words[0] == "合计" else row


def check_every_cell(ledger: Ledger) -> None:
    document = compose(SET, ledger, subjects_of(2024))
    for sheet, given in zip(document.tables, GIVEN["tables"], strict=True):
        assert sheet.key == given["key"]
        printed = [[cell.text for cell in row.cells] for row in sheet.rows]
        wanted = [row for row in given["rows"] if any(row)]
        assert list(map(named_once, printed)) == list(map(named_once, wanted)), sheet.title


def test_every_cell_of_the_real_accounts_prints_as_it_was_published():
    found = taken(f"{NAME}.xlsx", transcribed=True)
    check_every_cell(found.ledger)
    assert (found.ledger.stage, found.unread, found.ledger.left_out) == ("final", [], ())


@pytest.mark.slow
def test_the_pdf_says_the_same_and_its_chapters():
    found = taken(f"{NAME}.pdf", transcribed=True)
    *declared, beside = found.ledger.given
    assert beside.undeclared and [row.cells[0].text for row in beside.rows] == list("12345"), (
        "the units in 部门概况"
    )
    check_every_cell(replace(found.ledger, given=tuple(declared)))
    assert [n.key for n in found.ledger.narratives] == [word.key for word in SET.chapters]
    assert found.ledger.facts == taken(f"{NAME}.xlsx").ledger.facts
    told = {finding.rule: finding.message for finding in found.findings}
    assert "4896.98万元" in told["text-amount-agrees"] or "236.63万元" in told["text-amount-agrees"]
    assert not found.errors


def test_its_own_facts_print_it_but_for_what_was_rounded():
    """Its parent rows and totals were rounded one by one: derived from the items they miss by a cent or two."""
    ledger = taken(f"{NAME}.xlsx").ledger
    document = compose(SET, ledger, subjects_of(2024))
    far = [
        (sheet.key, row.key, column.key)
        for sheet, given in zip(document.tables, GIVEN["tables"], strict=True)
        for row, wanted in zip(sheet.rows, given["rows"], strict=False)
        for cell, column, text in zip(row.cells, sheet.columns, wanted, strict=True)
        if column.kind == "amount" and abs((cell.amount or 0) - Decimal(text or 0)) > 2 * CENT
    ]
    assert far == []


def test_a_budget_is_no_final_account_and_the_other_way_round():
    with pytest.raises(Unreadable, match="是部门决算，不是部门预算"):
        take_in(SAMPLES / f"{NAME}.xlsx", subjects=subjects_of, table_set="shanghai_2023", year=2024)
    with pytest.raises(Unreadable, match="是部门预算，不是部门决算"):
        taken("shanghai-putuo-finance-bureau-2025.xlsx")


@pytest.mark.sweep(5, 40)
@pytest.mark.parametrize("seed", range(1000))
def test_random_accounts_tie_and_a_changed_cell_is_noticed(seed):
    facts = random_facts(seed, KEY)
    ledger = Ledger(KEY, "310107", "某区", "302", "某局", 2024, "final", facts=facts)
    cells = amounts(compose(SET, ledger, subjects_of(2024)).tables)
    among = identities(SET, cells)
    assert broken(among, cells) == []
    chance = random.Random(seed)  # noqa: S311
    changed = chance.choice([cell for cell in cells if cell.table != "three_public"])
    wrong = {**cells, changed: cells[changed] + chance.choice((1, -1)) * chance.randint(1, 10_000) * CENT}
    assert broken(among, wrong)
    # An item of 基本支出 stands in its class's sum alone: which of its neighbours is wrong nothing tells.
    assert where(among, changed) in [where(among, suspect) for suspect in suspects(among, wrong)]


def where(among: list[Identity], cell: CellRef) -> list[tuple[int, int]]:
    """The identities that a cell stands in, with its sign in each."""
    return [
        (n, sign) for n, identity in enumerate(among) for other, sign in identity.terms() if other == cell
    ]


@pytest.mark.sweep(3, 20)
@pytest.mark.parametrize("budget", ["hebei_2023", "shanghai_2023"])
@pytest.mark.parametrize("seed", range(500))
def test_accounts_drawn_from_a_budget_are_clean_and_follow_it(budget, seed):
    planned = random_ledger(seed, tablesets.get(budget))
    ledger = account_of(planned, seed)
    found = rules.check(ledger, subjects_of(2023), other_stage=lambda: planned)
    assert [f.message for f in found if f.severity is Severity.ERROR] == []
    assert "plan-as-published" not in {finding.rule for finding in found}


def breaks_told(ledger: Ledger, rule: str, other: Ledger) -> list[str]:
    found = rules.check(ledger, subjects_of(ledger.year), other_stage=lambda: other)
    return [finding.message for finding in found if finding.rule == rule]


@pytest.mark.sweep(0, 4)
@pytest.mark.parametrize("budget", ["hebei_2023", "shanghai_2023"])
@pytest.mark.parametrize("seed", range(50))
def test_each_break_of_the_chain_of_three_documents_is_named_with_both_addresses(budget, seed):
    """Budget, its accounts, the next budget: an amount planned otherwise than published, one spent otherwise than told."""
    chance = random.Random(seed)  # noqa: S311
    planned = random_ledger(seed, tablesets.get(budget))
    accounts = account_of(planned, seed)
    following = random_ledger(seed + 1000, tablesets.get(budget), year=planned.year + 1)
    addresses = [
        f"/{d.region_code}/{d.unit_code}/{d.year}/{d.stage}/" for d in (planned, accounts, following)
    ]

    plans = [fact for fact in accounts.facts if fact.measure is Measure.INITIAL and SET.prints(fact.family)]
    of_hospitality = ThreePublicItem.OFFICIAL_HOSPITALITY
    none = Fact(Family.THREE_PUBLIC_BUDGETED, Decimal(0), item=of_hospitality, measure=Measure.INITIAL)
    wrong = chance.choice(plans or [none])
    facts = [*(f for f in accounts.facts if f is not wrong), replace(wrong, amount=wrong.amount + 100)]
    (told,) = breaks_told(replace(accounts, facts=tuple(facts)), "plan-as-published", planned)
    assert all(each in told for each in addresses[:2]) and "相差 0.01" in told

    spent = sum(fact.amount for fact in accounts.facts if fact.family is Family.EXPENDITURE)
    for more, times in ((Decimal(0), 0), (Decimal(100), 1)):
        text = f"{planned.year}年决算支出{(spent + more) / 10000:.2f}万元。"
        said = replace(following, narratives=(Narrative("overview", "收支预算总体情况", text),))
        messages = breaks_told(said, "accounts-as-published", accounts)
        assert len(messages) == times, messages
        assert all(each in message for message in messages for each in addresses[1:])

"""Every finding of the Shanghai disclosure, each judged by hand in docs/findings-on-a-real-disclosure.md."""

import random
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgets import rules
from budgets.data.subject_lists import subjects_of
from budgets.domain.findings import Severity
from tests.importing.sweeps import times
from tests.makers.published_ledgers import putuo

JUDGED = Path(__file__).resolve().parents[2] / "docs" / "findings-on-a-real-disclosure.md"
OVERVIEW, OTHER = "overview", "other_matters"
# (rule, table or chapter) -> words that its message must hold: both figures, the place, the name
FINDINGS = {
    ("text-amount-agrees", OVERVIEW): (Severity.ERROR, "887.36万元", "2080506", "873,617.00元", "表5"),
    ("text-amount-rounded", OVERVIEW): (
        Severity.WARNING, "4 处", "87.70万元", "877,080.00元", "87.71万元", "78.21万元", "204.91万元", "268.77万元",
    ),
    ("item-named-as-printed", OVERVIEW): (Severity.WARNING, "其它行政事业单位养老支出", "2080599", "其他行政"),
    ("unchanged-verified", OVERVIEW): (Severity.WARNING, "107.62万元", "2024年", "无法核对"),
    ("unchanged-verified", OTHER): (Severity.WARNING, "“三公”经费", "公务接待费", "无法核对"),
    ("goals-cover-projects", OTHER): (Severity.WARNING, "4 个", "5,984,600.00元", "6,093,114.80元", "108,514.80元"),
    ("empty-note-names-its-fund", "state_capital_expenditure"): (
        Severity.WARNING, "无政府性基金预算", "国有资本经营",
    ),
    ("no-project-under-administration", "expenditure"): (Severity.WARNING, "2010601", "138,514.80元"),
    ("approval-dated", "approved_on"): (Severity.ADVICE,),
    ("contact-given", "contact"): (Severity.ADVICE,),
}  # fmt: skip


@pytest.fixture(scope="module")
def findings():
    return rules.check(putuo(), subjects_of(2025))


def of(finding) -> tuple[str, str]:
    """The rule with the part of the disclosure that its place lies in."""
    place = finding.at
    return finding.rule, next(
        getattr(place, name) for name in ("chapter", "table", "field") if hasattr(place, name)
    )


def test_the_findings_are_exactly_these(findings):
    assert sorted(map(of, findings)) == sorted(FINDINGS)


@pytest.mark.parametrize("place", FINDINGS, ids=lambda place: place[0])
def test_each_finding_weighs_and_says_what_was_judged(findings, place):
    severity, *words = FINDINGS[place]
    finding = next(f for f in findings if of(f) == place)
    assert finding.severity is severity
    assert [word for word in words if word not in finding.message] == []


def test_each_finding_was_judged_by_hand(findings):
    of_the_budget, _, _ = JUDGED.read_text(encoding="utf-8").partition(
        "\n## "
    )  # other documents have sections
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| (true|false) \|", of_the_budget, re.MULTILINE)
    assert sorted(rule for rule, _ in rows) == sorted(f.rule for f in findings)
    assert {verdict for _, verdict in rows} == {"true"}


@pytest.mark.slow
def test_as_transcribed_it_has_the_same_findings_and_no_error(findings):
    ledger = putuo(transcribed=True)
    assert len(ledger.given) == 9
    transcribed = rules.check(ledger, subjects_of(2025))
    assert sorted((f.rule, f.key, f.message) for f in transcribed) == sorted(
        (f.rule, f.key, f.message) for f in findings
    )
    assert {f.severity for f in transcribed} == {Severity.WARNING, Severity.ADVICE}


@pytest.mark.slow
def test_the_mended_sentence_is_silent():
    ledger = putuo()
    texts = tuple(replace(n, text=n.text.replace("887.36万元", "87.36万元")) for n in ledger.narratives)
    mended = rules.check(replace(ledger, narratives=texts), subjects_of(2025))
    assert "text-amount-agrees" not in {f.rule for f in mended}


@pytest.mark.slow
def test_one_wrong_cell_of_the_transcribed_tables_is_one_warning(findings):
    ledger, known = putuo(transcribed=True), {f.key for f in findings}
    rng = random.Random(2025)
    places = [
        (t, r, c)
        for t, sheet in enumerate(ledger.given)
        for r, row in enumerate(sheet.rows)
        for c, cell in enumerate(row.cells)
        if cell.amount
    ]
    for t, r, c in rng.sample(places, min(times(25), len(places))):
        told = rules.check(with_cell(ledger, t, r, c, Decimal("1234.56")), subjects_of(2025))
        # Only 机关运行经费, of a table in another unit, stands in no identity: the words tell it.
        new = [f.rule for f in told if f.key not in known and f.severity is Severity.WARNING]
        assert new in (["given-cells-tie"], ["text-amount-agrees"]), (ledger.given[t].title, r, c)


def with_cell(ledger, t: int, r: int, c: int, more: Decimal):
    """The ledger with one printed cell of table `t` raised."""
    sheet = ledger.given[t]
    row = sheet.rows[r]
    cell = replace(row.cells[c], amount=row.cells[c].amount + more)
    row = replace(row, cells=(*row.cells[:c], cell, *row.cells[c + 1 :]))
    sheet = replace(sheet, rows=(*sheet.rows[:r], row, *sheet.rows[r + 1 :]))
    return replace(ledger, given=(*ledger.given[:t], sheet, *ledger.given[t + 1 :]))

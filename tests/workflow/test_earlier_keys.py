"""Explanations that were written under an earlier release, whose keys were words and cells, still stand.

`earlier_keys.json` is what that release found in the faults of the rules: [fault, rule, key, message].
"""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from budgets import ledger as rows
from budgets import rules
from budgets.domain.findings import Severity
from budgets.models import Explanation
from budgets.workflow.drafts import draft_of
from budgets.workflow.earlier_keys import adopt, explained
from tests.makers.clean_budget import PUBLISHED_ON, SUBJECTS, clean, glyphs, telling
from tests.makers.disclosures import a_sound_disclosure
from tests.rules.test_rules import FAULTS

EARLIER = json.loads((Path(__file__).parent / "earlier_keys.json").read_text(encoding="utf-8"))
TWO_LINES = "2022年决算支出数1000.00万元。与2022年相比，变化不大。\n与2022年相比，2022年决算较好。"
BUDGETS = FAULTS | {
    "twice": lambda b: telling(b, TWO_LINES),
    "two": lambda b: telling(b, "人员经费801.00元。人员经费800.00元。公用经费预算100.00元。"),
}


def warnings(ledger) -> list:
    found = rules.check(ledger, SUBJECTS, glyphs, published_on=PUBLISHED_ON)
    return [finding for finding in found if finding.severity is Severity.WARNING]


def rows_of(fault: str, **changes) -> list[Explanation]:
    mine = [each for each in EARLIER if each[0] == fault]
    return [
        Explanation(pk=n, **({"rule": rule, "finding_key": key, "message": message, "text": key} | changes))
        for n, (_, rule, key, message) in enumerate(mine, 1)
    ]


@pytest.mark.sweep(8)
@pytest.mark.parametrize("fault", dict.fromkeys(each[0] for each in EARLIER))
def test_every_explanation_of_the_earlier_release_finds_its_finding(fault):
    findings = warnings(BUDGETS[fault](clean()))
    found = explained(findings, rows_of(fault))
    assert found.keys() == {finding.key for finding in findings}
    said = {(finding.rule, finding.message) for finding in findings}
    for finding in findings:  # where its words are said still, it is theirs that it answers
        row = found[finding.key]
        assert row.rule == finding.rule
        assert row.message == finding.message or (row.rule, row.message) not in said


def test_another_rule_or_another_place_is_not_explained_by_it():
    fault = "no-project-under-administration"
    findings = [f for f in warnings(BUDGETS[fault](clean())) if f.rule == fault]
    assert explained(findings, rows_of("text-unit")) == {}
    elsewhere = rows_of(
        fault, message="2010350 事业运行列有项目支出 1.00万元。", finding_key="x:expenditure/2010350/project"
    )
    assert explained(findings, elsewhere) == {}


def test_amounts_may_have_changed_since():
    fault = "no-project-under-administration"
    findings = [f for f in warnings(BUDGETS[fault](clean())) if f.rule == fault]
    changed = [replace(f, message=f.message.replace("1.00万元", "7.35万元")) for f in findings]
    assert changed != findings
    assert len(explained(changed, rows_of(fault))) == len(findings) == 1


@pytest.fixture
def disclosure(db):
    """A draft as the earlier release left it: one word for two lines of a chapter, and one of an amount."""
    disclosure = a_sound_disclosure()
    ledger = rows.read(disclosure)
    chapters = tuple(replace(n, text=TWO_LINES) if n.key == "overview" else n for n in ledger.narratives)
    rows.write(disclosure, replace(ledger, narratives=chapters))
    Explanation.objects.all().delete()
    for _, rule, key, message in (each for each in EARLIER if each[0] == "twice"):
        Explanation.objects.get_or_create(
            disclosure=disclosure, finding_key=key, defaults={"rule": rule, "message": message, "text": "同口径。", "public": True},
        )  # fmt: skip
    return disclosure


def test_read_from_the_database_one_word_explains_both_and_is_printed_once(disclosure):
    draft = draft_of(disclosure)
    both = [f for f in draft.findings if f.rule == "compared-with-budget"]
    assert len(both) == 2
    assert {draft.explanations[f.key].text for f in both} == {"同口径。"}
    assert [e.rule for e in draft.document.explanations] == ["compared-with-budget"]


def test_saved_again_each_finding_has_its_own(disclosure):
    draft = draft_of(disclosure)
    at = Explanation.objects.get().at - timedelta(days=3)
    Explanation.objects.update(at=at)
    adopt(draft_of(disclosure).explanations)
    kept = Explanation.objects.order_by("pk")
    assert {row.finding_key for row in kept} == draft.explanations.keys()
    assert [(row.text, row.public, row.at) for row in kept] == [("同口径。", True, at)] * 2
    assert draft_of(disclosure).explanations.keys() == draft.explanations.keys()

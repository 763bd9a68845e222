"""All rules on a whole disclosure: 300 ms of processor time."""

import time

import pytest

from budgets import rules
from budgets.data.subject_lists import subjects_of
from budgets.fonts.glyphs import missing_glyphs
from tests.makers.clean_budget import a_year_before
from tests.makers.published_ledgers import laoting, putuo

LIMIT = 0.3  # seconds


@pytest.mark.sweep(1)
@pytest.mark.parametrize("document", [laoting, putuo])
def test_all_rules_take_less_than_300_ms(document):
    ledger = document()
    subjects = subjects_of(ledger.year)
    rules.check(ledger, subjects, missing_glyphs, previous=a_year_before(ledger))
    spent = []
    for _ in range(3):
        began = time.process_time()
        rules.check(ledger, subjects, missing_glyphs, previous=a_year_before(ledger))
        spent.append(time.process_time() - began)
    assert min(spent) < LIMIT

"""The script that costs the country, on a twentieth of what it measures."""

import pytest

from .country import BODIES, measured, written

pytestmark = pytest.mark.checks  # the extra with DuckDB
DISCLOSURES = 500


def test_every_county_adds_up_and_every_question_is_answered():
    pytest.importorskip("duckdb")
    told = measured(DISCLOSURES, 1, of_each=2)
    assert told.wrong == [] and told.cells > 1000 * DISCLOSURES
    assert min(*told.seconds.values(), *told.bytes.values()) > 0
    assert f"{BODIES * 10:,} disclosures" in written(told, DISCLOSURES)


def test_a_sum_that_differs_is_named(monkeypatch):
    pytest.importorskip("duckdb")
    monkeypatch.setattr("tests.long.country.SPENT", ("balance", "current_revenue", "revenue"))
    assert measured(10, 1, of_each=1).wrong

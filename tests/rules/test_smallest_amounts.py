"""Amounts finer than the tables print, wherever they stand, are one finding a kind; rounding mends them all."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Asset, Procurement, Project, Service, UnitRow
from budgets.domain.record_amounts import MONEY, record_amounts
from budgets.domain.terms import AssetItem
from budgets.tablesets.rounding import fine_records, to_quantum
from tests.makers.clean_budget import clean, found, transcribed

RULE = "amount-fits-unit"
SETS = sorted(tablesets.SETS)
FIELDS = [(source, field) for source, fields in MONEY.items() for field in fields]


def with_one(table_set: str, source: str, field: str, quanta: str):
    """The clean budget with one record more, in which this field is so many of the smallest amounts."""
    amount = Decimal(quanta) * tablesets.get(table_set).quantum
    records = {
        "procurements": Procurement("窗口运行", item="椅子"),
        "projects": Project("新项目"),
        "services": Service("窗口运行"),
        "unit_rows": UnitRow("某中心"),
        "assets": Asset(AssetItem.VEHICLES, Decimal(1)),
    }
    ledger = replace(clean(), table_set=table_set)
    kept = () if source == "assets" else getattr(ledger, source)
    return replace(ledger, **{source: (*kept, replace(records[source], **{field: amount}))})


@pytest.mark.sweep(4, 24)
@pytest.mark.parametrize(("source", "field"), FIELDS)
@pytest.mark.parametrize("table_set", SETS)
def test_a_record_finer_than_the_set_prints_is_told_with_its_place(table_set, source, field):
    ledger = with_one(table_set, source, field, "7.5")
    (finding,) = found(ledger)[RULE]
    assert finding.severity is (Severity.WARNING if field == "unit_price" else Severity.ERROR)
    (fine,) = fine_records(ledger)
    assert finding.at == fine.place
    assert fine.label in finding.message and f"{fine.amount.normalize():f}元" in finding.message
    rounded = to_quantum(ledger)
    assert RULE not in found(rounded)
    assert [
        each.amount for each in record_amounts(rounded) if each.place == fine.place and each.field == field
    ] == [8 * tablesets.get(table_set).quantum]
    assert RULE not in found(with_one(table_set, source, field, "7"))  # the negative control


def test_several_of_a_kind_are_one_finding_and_what_would_round_to_nothing_stays():
    chairs = (Procurement("甲", item="椅", unit_price=Decimal("25"), general_public=Decimal("1250")),) * 2
    ledger = replace(clean(), procurements=chairs, projects=(Project("乙", Decimal("10050")),))
    purchases, project = found(ledger)[RULE]
    assert "4 个金额" in purchases.message and "（第2个）" in purchases.message
    assert "项目“乙”金额 10050元" in project.message
    rounded = to_quantum(ledger)
    assert [row.unit_price for row in rounded.procurements] == [Decimal("25")] * 2
    assert [row.general_public for row in rounded.procurements] == [Decimal("1300.00")] * 2
    assert [row.amount for row in rounded.projects] == [Decimal("10100.00")]


def test_of_a_document_taken_over_it_is_to_be_explained():
    ledger = replace(transcribed(clean()), projects=(Project("乙", Decimal("10050")),))
    (finding,) = found(ledger)[RULE]
    assert finding.severity is Severity.WARNING

"""The amounts of records: procurement, projects, fixed assets; each with its place and what it is called."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from budgets.domain.ledgers import Ledger
from budgets.domain.places import Record, counted

# Which fields of a record are money, by the ledger's name of the records; 单价 is not added up to anything.
MONEY: dict[str, dict[str, str]] = {
    "procurements": {
        "project_funds": "项目资金",
        "unit_price": "单价",
        "general_public": "一般公共预算拨款",
        "government_fund": "基金预算拨款",
        "state_capital": "国有资本经营预算拨款",
        "special_account": "财政专户核拨",
        "own_funds": "单位资金",
        "fiscal_carry_over": "财政拨款结转结余",
        "non_fiscal_carry_over": "非财政拨款结转结余",
        "sme_share": "预留中小微企业份额",
    },
    "services": {
        "general_public": "一般公共预算拨款",
        "government_fund": "政府性基金预算拨款",
        "state_capital": "国有资本经营预算拨款",
        "own_funds": "单位资金",
    },
    "unit_rows": {"basic": "基本支出", "project": "项目支出", "business": "经营支出"},
    "projects": {"amount": "金额"},
    "assets": {"book_value": "价值"},
}
PLACED_AS = {
    "procurements": "procurement", "services": "service", "unit_rows": "unit_row", "projects": "project", "assets": "asset",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordAmount:
    """An amount (yuan) of a record, where it is typed, and the name of its field."""

    place: Record
    field: str
    label: str
    amount: Decimal


def record_amounts(ledger: Ledger) -> Iterator[RecordAmount]:
    """Every amount of the records that is not blank, in their order."""
    for source, money in MONEY.items():
        records = getattr(ledger, source)
        names = [_names(source, record) for record in records]
        for record, name, nth in zip(records, names, counted(names), strict=True):
            for field, label in money.items():
                if (amount := getattr(record, field)) is not None:
                    yield RecordAmount(Record(PLACED_AS[source], *name, nth), field, label, amount)


def _names(source: str, record: Any) -> tuple[str, str]:
    if source == "assets":
        return str(record.item), ""
    if source == "unit_rows":
        return record.name, record.code
    return (record.project, record.item) if source in ("procurements", "services") else (record.name, "")


def with_amounts(ledger: Ledger, change: Callable[[Decimal], Decimal]) -> Ledger:
    """The ledger with every amount of its records changed; blanks stay blank."""
    records: dict[str, Any] = {
        source: tuple(_changed(record, money, change) for record in getattr(ledger, source))
        for source, money in MONEY.items()
    }
    return replace(ledger, **records)


def _changed[T: Any](record: T, money: dict[str, str], change: Callable[[Decimal], Decimal]) -> T:
    given = {field: getattr(record, field) for field in money}
    changed: T = replace(
        record, **{field: change(amount) for field, amount in given.items() if amount is not None}
    )
    return changed

"""Database rows of one disclosure -> Ledger and back: the one bridge from the ORM to the domain."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import F, Subquery
from django.db.models.functions import Coalesce

from budgets import tablesets
from budgets.domain import ledgers
from budgets.domain.classification import Confidence, Subjects
from budgets.domain.classification import Subject as Code
from budgets.domain.codec import decode, encode
from budgets.domain.crosswalk import Crosswalk, Move
from budgets.domain.documents import Sheet
from budgets.domain.facts import ZERO, Fact, order_of, typed
from budgets.domain.families import FAMILIES, OF_ACCOUNTS
from budgets.domain.ledgers import Ledger
from budgets.domain.money import in_unit
from budgets.domain.tables import TableSet
from budgets.domain.terms import AssetItem, Family, Stage
from budgets.models import (
    LINES,
    AssetLine,
    Disclosure,
    Goal,
    Indicator,
    LastYearLine,
    Narrative,
    Organization,
    ProcurementItem,
    Project,
    PurchasedService,
    Subject,
    SubjectMove,
    UnitRow,
    Wording,
)
from budgets.tablesets.rounding import off_quantum


class CannotWrite(ValueError):
    """The ledger does not fit the disclosure; the message, in Chinese, says why."""


# Families that are one amount of the disclosure, by the field that holds it.
OWN_AMOUNTS = {Family.AGENCY: "agency_running_costs"}
# The ledger's records by attribute: their model and plain kind, which name their fields alike.
RECORDS: dict[str, tuple[type[Any], type]] = {
    "organizations": (Organization, ledgers.Organization),
    "goals": (Goal, ledgers.Goal),
    "projects": (Project, ledgers.Project),
    "procurements": (ProcurementItem, ledgers.Procurement),
    "services": (PurchasedService, ledgers.Service),
    "unit_rows": (UnitRow, ledgers.UnitRow),
    "assets": (AssetLine, ledgers.Asset),
    "narratives": (Narrative, ledgers.Narrative),
    "last_year": (LastYearLine, ledgers.LastYear),
}
# Records that are looked for only where a set prints them.
SELDOM: dict[str, Callable[[TableSet], bool]] = {
    "services": lambda each: each.lists("services"),
    "unit_rows": lambda each: each.lists("unit_rows"),
    "last_year": lambda each: each.prints_last_year,
}
HEADER = (
    "table_set", "narrative_title", "lead", "approved_on", "contact", "assets_as_of", "states_no_money",
)  # fmt: skip
LINE_BY_LINE = {"goals"}  # stored as text, a line each


type Rows = dict[type[models.Model], dict[int, list[Any]]]  # by model and by the key of their disclosure


def _rows_of(disclosures: Collection[Disclosure], only: str) -> Rows:
    """Every row of some disclosures in its order: a query for each model, however many disclosures they are."""
    keys = [disclosure.pk for disclosure in disclosures]
    found: Rows = defaultdict(lambda: defaultdict(list))
    lines = _lines_of(disclosures) if only in ("", "facts") else ()
    sets = _sets_of(disclosures)
    records = [
        model
        for source, (model, _) in RECORDS.items()
        if only in ("", source) and (source not in SELDOM or any(map(SELDOM[source], sets)))
    ]
    for model in (*lines, *records, Wording):
        order = [name for name in model._meta.ordering if name != "disclosure"]
        rows = model._default_manager.filter(disclosure__in=keys).order_by(*order)
        for row in rows.prefetch_related("indicators") if model is Goal else rows:
            found[model][row.disclosure_id].append(row)
    return found


def _sets_of(disclosures: Iterable[Disclosure]) -> list[TableSet]:
    return [tablesets.SETS[key] for key in {each.table_set for each in disclosures} if key in tablesets.SETS]


def _lines_of(disclosures: Iterable[Disclosure]) -> list[type[models.Model]]:
    """The line models that are looked up: those of accounts only for accounts, and what a summary alone divides, its money
    being in other lines, only where a set prints it.
    """
    sets = _sets_of(disclosures)
    accounts = any(each.stage is Stage.FINAL for each in sets)
    return [
        model
        for family, model in LINES.items()
        if (accounts or family not in OF_ACCOUNTS)
        and (not FAMILIES[family].seldom or any(each.prints(family) for each in sets))
    ]


def _facts(disclosure: Disclosure, rows: Rows) -> tuple[Fact, ...]:
    facts = []
    for family, model in LINES.items():
        shape = FAMILIES[family]
        for line in rows[model][disclosure.pk]:
            named: dict[str, Any] = {name: typed(name, getattr(line, name)) for name in shape.named_by}
            for column in shape.amounts:
                if amount := getattr(line, column):
                    facts.append(Fact(family, amount, **named | {shape.across: typed(shape.across, column)}))
    for family, name in OWN_AMOUNTS.items():
        if amount := getattr(disclosure, name):
            facts.append(Fact(family, amount))
    return tuple(sorted(facts, key=order_of))


def _value(row: models.Model, name: str) -> Any:
    """A row's field as a record holds it: lines apart, line ends as one character, numbers as written."""
    value = getattr(row, name)
    if name in LINE_BY_LINE:
        return [line.rstrip("\r") for line in value.split("\n")] if value else []
    if name == "quantity" and value is not None:
        return Decimal(f"{value.normalize():f}")
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _record(kind: type, row: models.Model) -> Any:
    names = [field.name for field in fields(kind) if field.name != "indicators"]
    record = {name: _value(row, name) for name in names}
    if isinstance(row, Goal):
        record["indicators"] = [
            {field.name: _value(indicator, field.name) for field in fields(ledgers.Indicator)}
            for indicator in row.indicators.all()
        ]
    return decode(kind, record)


def _records(disclosure: Disclosure, source: str, rows: Rows) -> tuple[Any, ...]:
    model, kind = RECORDS[source]
    records = tuple(_record(kind, row) for row in rows[model][disclosure.pk])
    if kind is ledgers.LastYear:  # a blank is no amount; databases sort letters in ways of their own
        return tuple(sorted(record for record in records if record.amount))
    return _assets(records) if kind is ledgers.Asset else records


def _assets(records: Iterable[ledgers.Asset]) -> tuple[ledgers.Asset, ...]:
    """The asset rows that say something, in printed order: a form shows blank ones, too."""
    order = list(AssetItem)
    said = (asset for asset in records if asset.quantity is not None or asset.book_value is not None)
    return tuple(sorted(said, key=lambda asset: order.index(asset.item)))


def read(disclosure: Disclosure, only: str = "") -> Ledger:
    """Everything the disclosure says, as plain values; amounts in yuan. `only` is the one kind of rows that is looked up:
    facts, or the records of that name; the others are left empty.

    Blank and zero are the same amount: a zero is no fact. The order is canonical: the same content gives the
    same ledger whatever order it was entered in.
    """
    return read_all([disclosure], only)[disclosure.pk]


def read_all(disclosures: Collection[Disclosure], only: str = "") -> dict[int, Ledger]:
    """What `read` gives of each, by their keys, in as many queries as for one."""
    rows = _rows_of(disclosures, only)
    return {disclosure.pk: _ledger(disclosure, rows) for disclosure in disclosures}


def _ledger(disclosure: Disclosure, rows: Rows) -> Ledger:
    department = disclosure.department
    header: dict[str, Any] = {name: getattr(disclosure, name) for name in HEADER}
    records: dict[str, Any] = {source: _records(disclosure, source, rows) for source in RECORDS}
    return Ledger(
        region_code=department.region.code,
        region_name=department.region.name,
        unit_code=department.code,
        unit_name=department.name,
        year=disclosure.fiscal_year,
        stage=disclosure.stage,
        facts=_facts(disclosure, rows),
        wording={row.place: row.caption for row in rows[Wording][disclosure.pk]},
        left_out=tuple(disclosure.left_out.splitlines()),
        given=decode(tuple[Sheet, ...], json.loads(disclosure.given)) if disclosure.given else (),
        **header,
        **records,
    )


def _check(disclosure: Disclosure, ledger: Ledger) -> None:
    department = disclosure.department
    own = (department.region.code, department.code, disclosure.fiscal_year, disclosure.stage)
    if own != (ledger.region_code, ledger.unit_code, ledger.year, ledger.stage):
        raise CannotWrite("内容属于另一个部门、年度或类别，没有写入。")
    if not disclosure.editable:
        raise CannotWrite(f"{disclosure}{disclosure.get_status_display()}，不能改动。")
    if not tablesets.known(ledger.table_set):
        raise CannotWrite(f"没有名为“{ledger.table_set}”的表样。")
    if fine := off_quantum(ledger):
        unit = tablesets.get(ledger.table_set).unit
        raise CannotWrite(
            f"有 {len(fine)} 个金额比表中能印出的更细（{unit}保留两位小数），例如 {fine[0].amount} 元，"
            f"印出来是 {in_unit(fine[0].amount, unit)} {unit}。请先取整。"
        )


def write(disclosure: Disclosure, ledger: Ledger) -> None:
    """Replace every row and the header words of the disclosure by the ledger's, in one transaction.

    The version goes up by one, so that a form opened before is refused. Explanations, files taken in, and the
    log stay. Raises CannotWrite when the ledger belongs elsewhere, the disclosure is not being edited, or an
    amount is finer than the set's quantum.
    """
    with transaction.atomic():
        locked = Disclosure.objects.select_for_update(of=("self",)).select_related("department__region")
        current = locked.get(pk=disclosure.pk)
        _check(current, ledger)
        replaced: list[type[Any]] = [*LINES.values(), Wording, *(model for model, _ in RECORDS.values())]
        for model in replaced:
            model._default_manager.filter(disclosure=current).delete()
        _write_facts(current, ledger.facts)
        for source in RECORDS:
            _write_records(current, source, getattr(ledger, source))
        Wording.objects.bulk_create(
            Wording(disclosure=current, place=place, caption=caption)
            for place, caption in sorted(ledger.wording.items())
        )
        header = {name: getattr(ledger, name) for name in HEADER}
        header["given"] = json.dumps(encode(ledger.given), ensure_ascii=False) if ledger.given else ""
        header["left_out"] = "\n".join(ledger.left_out)
        for family, name in OWN_AMOUNTS.items():
            header[name] = sum((fact.amount for fact in ledger.facts if fact.family is family), ZERO)
        Disclosure.objects.filter(pk=current.pk).update(version=F("version") + 1, **header)
    disclosure.refresh_from_db()


def _write_facts(disclosure: Disclosure, facts: Iterable[Fact]) -> None:
    amounts: dict[Family, Any] = {family: defaultdict(lambda: defaultdict(Decimal)) for family in LINES}
    for fact in facts:
        if fact.family in LINES:
            shape = FAMILIES[fact.family]
            key = tuple(str(getattr(fact, name)) for name in shape.named_by)
            amounts[fact.family][key][getattr(fact, shape.across).value] += fact.amount
    for family, model in LINES.items():
        names = FAMILIES[family].named_by
        model._default_manager.bulk_create(
            model(disclosure=disclosure, **dict(zip(names, key, strict=True)), **columns)
            for key, columns in sorted(amounts[family].items())
        )


def _columns(record: Any) -> dict[str, Any]:
    values = {
        field.name: getattr(record, field.name) for field in fields(record) if field.name != "indicators"
    }
    return {name: "\n".join(value) if name in LINE_BY_LINE else value for name, value in values.items()}


def _write_records(disclosure: Disclosure, source: str, records: Iterable[Any]) -> None:
    model, _ = RECORDS[source]
    placed = any(field.name == "position" for field in model._meta.fields)
    rows = [
        model(disclosure=disclosure, **_columns(record), **({"position": n} if placed else {}))
        for n, record in enumerate(records, 1)
    ]
    model._default_manager.bulk_create(rows)
    if model is Goal:
        Indicator.objects.bulk_create(
            Indicator(goal=row, position=n, **_columns(indicator))
            for row, goal in zip(rows, records, strict=True)
            for n, indicator in enumerate(goal.indicators, 1)
        )


def subjects_for(year: int) -> Subjects:
    """The subject codes in use in a fiscal year.

    A year without a list of its own uses the latest one before it, else the earliest there is.
    """
    years = Subject.objects.values("fiscal_year")
    nearest = Coalesce(
        Subquery(years.filter(fiscal_year__lte=year).order_by("-fiscal_year")[:1]),
        Subquery(years.order_by("fiscal_year")[:1]),
    )
    rows = Subject.objects.filter(fiscal_year=nearest, active=True).values_list(
        "code", "name", "level", "scheme", "parent_code", "budget", "confidence", "basic_group"
    )
    return Subjects(Code(*row[:6], Confidence(row[6]), row[7]) for row in rows)


def crosswalk(earlier: int, later: int) -> Crosswalk:
    """What became of the codes of an earlier fiscal year by a later one; no move where none was loaded."""
    rows = SubjectMove.objects.filter(fiscal_year__gt=earlier, fiscal_year__lte=later)
    return Crosswalk(Move(*row) for row in rows.values_list("fiscal_year", "scheme", "old_code", "new_code"))

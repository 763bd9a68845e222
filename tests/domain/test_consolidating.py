"""Tables of many documents added up: equal to an independent sum of the payloads, to 0.00."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.consolidating import THREE_PUBLIC, consolidated
from budgets.domain.documents import Document, Paragraph
from budgets.domain.money import to_yuan
from budgets.domain.snapshots import dumps
from tests.makers.large_budgets import large_ledger
from tests.makers.summed_payloads import summed

MANY = 5  # documents; 60 random departments of both sets were added up once by hand
SUBJECTS = subjects_of(2023)


def documents_of(table_set: str) -> list[tuple[Document, bytes]]:
    """Documents of different departments with their payloads."""
    made = []
    for n in range(MANY):
        ledger = replace(large_ledger(6 + n, table_set, n), unit_code=f"{101 + n}", unit_name=f"第{n}局")
        document = compose(tablesets.get(table_set), ledger, SUBJECTS)
        made.append((document, dumps(ledger, document)))
    return made


def added(table_set: str, documents: list[Document], **more) -> Document:
    return consolidated(tablesets.get(table_set), documents, SUBJECTS, name="乐亭县", **more)


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_every_cell_is_the_sum_of_the_payloads(table_set):
    made = documents_of(table_set)
    total = added(table_set, [document for document, _ in made])
    mine = summed([dumps(large_ledger(1, table_set, 0), total)])
    wanted = summed([payload for _, payload in made])
    assert mine == wanted and len(wanted) > 100
    assert mine != summed([payload for _, payload in made[1:]])  # the negative control: one is left out


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_three_public_by_department_adds_up(table_set):
    documents = [document for document, _ in documents_of(table_set)]
    sheet = next(b for b in added(table_set, documents).chapters[0].blocks if not isinstance(b, Paragraph))
    assert [row.key for row in sheet.rows] == [*(d.unit_code for d in documents), "total"]
    keys = [column.key for column in sheet.columns[2:]]
    assert set(keys) == set(THREE_PUBLIC)
    for n, key in enumerate(keys, 2):
        said = [to_yuan(f.amount, f.unit) if (f := d.figure(key)) else None for d in documents]
        shown = [None if (a := row.cells[n].amount) is None else to_yuan(a, sheet.unit) for row in sheet.rows]
        assert shown == [*said, sum((a for a in said if a is not None), Decimal(0))]


def change(document: Document, key: str, rows) -> Document:
    tables = tuple(replace(s, rows=tuple(rows(s))) if s.key == key else s for s in document.tables)
    return replace(document, tables=tables)


def test_a_row_that_one_document_does_not_print_counts_with_what_lies_under_it():
    made = [document for document, _ in documents_of("hebei_2023")[:2]]
    key = "general_public_expenditure"
    bare = change(made[0], key, lambda sheet: [row for row in sheet.rows if len(row.key) == 7])
    whole, short = added("hebei_2023", made), added("hebei_2023", [bare, made[1]])
    amounts = [
        {
            row.key: [cell.amount for cell in row.cells]
            for sheet in d.tables
            if sheet.key == key
            for row in sheet.rows
        }
        for d in (whole, short)
    ]
    assert amounts[0] == amounts[1] and len(amounts[0]) > 10


def test_names_that_differ_for_one_code_are_told():
    made = [document for document, _ in documents_of("hebei_2023")[:3]]
    key = "general_public_expenditure"
    code = next(row.key for s in made[0].tables if s.key == key for row in s.rows if len(row.key) == 7)

    def renamed(sheet):
        for row in sheet.rows:
            cells = row.cells
            if row.key == code:
                cells = tuple(
                    replace(cell, text="别的名称") if column.kind == "caption" else cell
                    for column, cell in zip(sheet.columns, row.cells, strict=True)
                )
            yield replace(row, cells=cells)

    other = replace(change(made[0], key, renamed), unit_name="别局")
    told = [
        {b.text for b in added("hebei_2023", [made[0], each]).chapters[0].blocks if isinstance(b, Paragraph)}
        for each in (made[0], other)
    ]
    new = [text for text in told[1] - told[0] if f"编码 {code} " in text]
    assert len(new) == 1 and "别局称“别的名称”" in new[0]


def test_amounts_of_another_unit_are_brought_into_the_own_one():
    made = [document for document, _ in documents_of("hebei_2023")[:2]]
    tables = []
    for sheet in made[1].tables:
        rows = [
            replace(
                row,
                cells=tuple(
                    replace(c, amount=None if c.amount is None else c.amount * 10_000) for c in row.cells
                ),
            )
            for row in sheet.rows
        ]
        tables.append(replace(sheet, unit="元", rows=tuple(rows)))
    inyuan = replace(made[1], tables=tuple(tables))
    assert added("hebei_2023", [made[0], inyuan]).tables == added("hebei_2023", made).tables


def test_nothing_to_add_up_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        added("hebei_2023", [])

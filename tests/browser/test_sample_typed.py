"""The sample's amounts, entered in Chromium from an empty draft by keyboard and clipboard alone: keys and clicks are counted."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from budgets import ledger, tablesets
from budgets.admin.declaring import grids_of
from budgets.admin.grid_layout import Layout
from budgets.domain.documents import ColumnKind
from budgets.models import Disclosure, Role
from budgets.models.lines import Line
from budgets.workflow.starting import lay_out
from tests.makers.disclosures import a_department, a_person
from tests.makers.sample_document import sample

from .desk import PASSWORD, Desk
from .grid_pages import saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_KEYS, MOST_CLICKS = 300, 25


def block_of(layout: Layout) -> list[list[str]]:
    """The rows of a table as a department's workbook has them: with codes and names, or the amounts beside given rows."""
    sheet = layout.sheet()
    amounts = [n for n, column in enumerate(sheet.columns) if column.kind is ColumnKind.AMOUNT]
    typed = [n for n in amounts if sheet.columns[n].key in layout.typed]
    rows = []
    for row in sheet.rows:
        shown = ["" if row.cells[n].amount is None else f"{row.cells[n].amount:,.2f}" for n in amounts]
        if layout.grid.scheme:
            code = "" if row.total else row.key
            rows.append(
                [code, "合计" if row.total else layout.subjects.name(code, layout.grid.scheme), *shown]
            )
        else:
            rows.append(shown[amounts.index(typed[0]) :])
    first = (
        next(n for n, row in enumerate(sheet.rows) if row.key in dict(layout.lines()))
        if layout.lines()
        else 0
    )
    return rows[first:]


def test_the_amounts_of_the_sample_are_entered_by_pasting_its_tables(page, live_server, settings, no_pdf):
    settings.ALLOWED_HOSTS = ["*"]
    call_command("load_subjects")
    full, empty = (
        Disclosure.objects.create(department=a_department(), fiscal_year=year) for year in (2022, 2023)
    )
    given, _ = sample()
    ledger.write(full, replace(ledger.read(full), facts=given.facts))
    lay_out(full)
    lay_out(empty)
    person = a_person(Role.ACCOUNTANT.value, password=PASSWORD, department=a_department())
    desk = Desk(page, live_server.url)
    desk.sign_in(person)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    keys = clicks = 0
    grids = [
        grid for grid in grids_of(tablesets.get(empty.table_set)).values() if issubclass(grid.model, Line)
    ]
    page.goto(f"{live_server.url}/admin/budgets/disclosure/{empty.pk}/enter/{grids[0].key}/")
    for n, grid in enumerate(grids):
        page.wait_for_selector("table[data-grid] :focus")
        layout = Layout(grid, full)
        block = block_of(layout)
        text = "\n".join("\t".join(line) for line in block)
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        if block:
            page.keyboard.press("ControlOrMeta+v")
            keys += 1
            if page.evaluate("Grid.changes().length"):
                saved(page)
        if n < len(grids) - 1:
            with page.expect_navigation():
                page.keyboard.press("Alt+PageDown")
            keys += 1
    assert ledger.read(empty).facts == ledger.read(full).facts
    amounts = len(given.facts)
    assert (keys, clicks) == (15, 0), amounts

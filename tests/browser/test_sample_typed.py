"""A whole draft, entered in Chromium from nothing to 提交 by keyboard and clipboard: every key and click is counted."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from django.core.management import call_command

from budgets import ledger, tablesets
from budgets.admin.declaring import grids_of
from budgets.admin.grid_layout import Layout
from budgets.domain.documents import Cell
from budgets.domain.facts import total, where
from budgets.domain.ledgers import Goal, Ledger
from budgets.domain.money import YUAN_IN
from budgets.domain.terms import Family
from budgets.models import Disclosure, Role, Status
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.disclosures import a_department, a_person, an_open_year
from tests.makers.sample_document import sample

from .desk import PASSWORD, Desk
from .grid_pages import saved
from .hand import Hand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_KEYS, MOST_CLICKS = 300, 25
HEAD = ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"]
EXPLAINED = "与批复一致，已核对。"


def shown(cell: Cell) -> str:
    """A cell as a spreadsheet copies it: amounts with separators, text with line breaks in quotes."""
    if cell.amount is not None:
        return f"{cell.amount:,.2f}"
    return '"' + cell.text.replace('"', '""') + '"' if "\n" in cell.text else cell.text


def block_of(layout: Layout) -> str:
    """A table as a department's workbook has it: with codes and names, or what stands beside given rows."""
    sheet = layout.sheet()
    first = 0 if layout.grid.scheme else min(n for n, c in enumerate(sheet.columns) if c.key in layout.typed)
    lines = dict(layout.lines())
    start = next((n for n, row in enumerate(sheet.rows) if row.key in lines), 0)
    rows = [[shown(cell) for cell in row.cells[first:]] for row in sheet.rows[start:]]
    return "\n".join("\t".join(row) for row in rows)


def indicators_of(goal: Goal) -> str:
    """The table of a goal as the document prints it: 指标值 is one cell, a name stands once over its rows."""
    names = ("dimension", "aspect", "name", "description", "target", "basis")
    rows = [[str(getattr(row, name)) for name in names] for row in goal.indicators]
    for before, row in reversed(list(pairwise(rows))):
        if row[0] == before[0]:
            row[0] = ""
    return "\n".join("\t".join(row) for row in [HEAD, *rows])


def enter(hand: Hand, given: Ledger, full: Disclosure) -> None:
    """From the first page of an empty draft to its task list, page after page."""
    enter_basics(hand, given)
    for grid in grids_of(tablesets.get(given.table_set)).values():
        if block := block_of(Layout(grid, full)):
            hand.paste(block)
        hand.turn()
    if given.goals:
        hand.paste("\n".join(goal.project for goal in given.goals))
        hand.turn(at_once=True)
    for goal in given.goals:
        hand.paste(indicators_of(goal))
        hand.press("Shift+Tab", 2)
        hand.paste("\n".join(goal.goals))
        hand.turn()
    for chapter in given.narratives:
        hand.paste(chapter.text)
        hand.turn()


def enter_basics(hand: Hand, given: Ledger) -> None:
    """The fields in their order, each left by Tab; a date is a field of four stops: month, day, year, calendar."""
    hand.click("基本信息")
    for field in (given.approved_on, given.contact, given.narrative_title, given.lead, given.assets_as_of):
        if isinstance(field, date):
            hand.type(f"{field:%m%d%Y}")
            hand.press("Tab", 2)
        elif field:
            hand.paste(field)
            hand.press("Tab")
        else:
            hand.press("Tab", 4 if field is None else 1)
    if costs := total(given.facts, where(family=Family.AGENCY)):
        hand.press("Tab")
        hand.paste(f"{costs / YUAN_IN[tablesets.get(given.table_set).unit]:,.2f}")
    hand.turn()


def explain(hand: Hand) -> None:
    """Every warning, one after the other."""
    count = hand.page.locator("#findings textarea").count()
    for _ in range(count):
        hand.press("Alt+PageDown")
        hand.type(EXPLAINED)
    saved(hand.page)


def submit(hand: Hand) -> None:
    hand.page.get_by_role("heading", name="都已处理，可以提交").wait_for()
    hand.click("提交")
    hand.click("确认提交", "button")


@pytest.fixture
def hand(page, live_server, settings, no_pdf):
    settings.ALLOWED_HOSTS = ["*"]
    call_command("load_subjects")
    an_open_year()
    Desk(page, live_server.url).sign_in(
        a_person(Role.ACCOUNTANT.value, password=PASSWORD, department=a_department())
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    return Hand(page)


def elsewhere(given: Ledger) -> Disclosure:
    """The same budget at another department: from its tables the blocks are copied."""
    other = a_department("999", "另一个部门")
    full = Disclosure.objects.create(department=other, fiscal_year=given.year, table_set=given.table_set)
    ledger.write(full, replace(given, unit_code=other.code, unit_name=other.name))
    return full


def entered(hand: Hand, given: Ledger, full: Disclosure) -> tuple[int, int]:
    """Keys and clicks from the pages of the draft to 提交, which leaves it as `given`, nothing saved by hand."""
    enter(hand, given, full)
    explain(hand)
    submit(hand)
    draft = Disclosure.objects.exclude(pk=full.pk).get()
    assert draft.status == Status.SUBMITTED
    assert ledger.read(draft) == given
    assert [path.partition("/disclosure/")[2] for path in hand.sent] == ["add/", f"{draft.pk}/steps/submit/"]
    assert hand.keys <= MOST_KEYS and hand.clicks <= MOST_CLICKS, (hand.keys, hand.clicks)
    return hand.keys, hand.clicks


def test_the_sample_is_entered_from_nothing_to_submission(hand):
    given = replace(sample()[0], wording={})  # captions of that one file, which nobody types
    full = elsewhere(given)
    hand.click("开始一个新年度")
    hand.click("建立", "button")
    assert entered(hand, given, full) == (265, 5), len(given.facts)


@pytest.mark.long
def test_a_budget_of_shanghai_is_entered_the_same_way(hand):
    unit, region = ("483", "乐亭县行政审批局"), ("130225", "乐亭县")
    drawn = random_ledger(7, tablesets.get("shanghai_2023"), region=region, unit=unit)
    full = elsewhere(drawn)
    given = replace(drawn, facts=ledger.read(full).facts)  # in the order in which they are read
    an_open_year(2023, "shanghai_2023")
    hand.click("开始一个新年度")
    hand.click("建立", "button")
    assert entered(hand, given, full) == (95, 5), len(given.facts)

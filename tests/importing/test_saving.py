"""A file goes into a draft and out again; whoever may not write is refused, and nothing is half done."""

import hashlib
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import ledger
from budgets.data.subject_lists import subjects_of
from budgets.importing.pipeline import take_in
from budgets.importing.reading.sources import read
from budgets.models import Action, Disclosure, Intake, LogEntry, Status
from budgets.tablesets import get
from budgets.workflow import intake_saving
from budgets.workflow.intake_saving import NotTaken, replaced, save, undo
from budgets.workflow.stepping import EditedMeanwhile, NotAllowed
from tests.makers.disclosures import a_department, a_disclosure, a_person
from tests.makers.facts import yuan
from tests.makers.sample_files import WORD, WORKBOOK, amount, taken, with_cells, workbook

pytestmark = pytest.mark.django_db


def from_file(path):
    return take_in(
        path,
        region="130225",
        region_name="乐亭县",
        unit="483",
        unit_name="乐亭县行政审批局",
        year=2023,
        subjects=subjects_of,
    )


@pytest.fixture
def accountant():
    return a_person(department=a_department())


@pytest.fixture
def draft():
    return a_disclosure(facts=())


def test_the_draft_says_what_the_word_file_says(draft, accountant):
    file = from_file(WORD)
    save(file, draft, accountant)
    saved = ledger.read(draft)
    said = [asset for asset in saved.assets if asset.quantity is not None or asset.book_value is not None]
    assert replace(saved, assets=tuple(said)) == file.ledger


def test_the_file_is_kept_with_its_hash_and_the_step_is_logged(draft, accountant):
    intake = save(from_file(WORKBOOK), draft, accountant)
    content = WORKBOOK.read_bytes()
    assert intake.sha256 == hashlib.sha256(content).hexdigest()
    assert intake.file.read() == content
    assert (intake.size, intake.name, intake.person) == (len(content), WORKBOOK.name, accountant)
    assert LogEntry.objects.get(disclosure=draft).action == Action.INTAKE
    assert Disclosure.objects.get(pk=draft.pk).updated_by == accountant


def test_the_workbook_after_the_word_file_keeps_the_chapters(draft, accountant):
    save(from_file(WORD), draft, accountant)
    before = ledger.read(draft)
    intake = save(from_file(WORKBOOK), draft, accountant)
    assert ledger.read(draft) == before
    assert intake.report["replaced"] == [
        "一般公共预算基本支出金额 23 个",
        "支出金额 7 个",
        "资金收支与结转金额 1 个",
        "收入金额 6 个",
        "“三公”经费金额 2 个",
    ]


def test_undo_brings_the_draft_back_and_only_once(draft, accountant):
    save(from_file(WORD), draft, accountant)
    before = ledger.read(draft)
    changed = with_cells(workbook(), 8, *(amount(row, c, "0.31") for row in (14,) for c in (3, 4)))
    intake = save(taken(changed), draft, accountant, accept=True)
    assert ledger.read(draft) != before
    undo(intake, accountant)
    assert ledger.read(draft) == before
    assert [entry.action for entry in LogEntry.objects.filter(disclosure=draft)][-1] == Action.UNDO
    with pytest.raises(NotTaken, match="已经撤销过"):
        undo(intake, accountant)


def test_undo_is_refused_after_a_later_edit(draft, accountant):
    intake = save(from_file(WORKBOOK), draft, accountant)
    ledger.write(draft, ledger.read(draft))
    with pytest.raises(NotTaken, match="又有改动"):
        undo(intake, accountant)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.APPROVED, Status.PUBLISHED, Status.WITHDRAWN])
def test_what_is_not_being_edited_refuses(draft, accountant, status):
    people = {"submitted_by": accountant, "approved_by": a_person("bureau_officer")}
    hashes = {"submitted_hash": "1" * 64, "approved_hash": "1" * 64}
    Disclosure.objects.filter(pk=draft.pk).update(status=status, **people, **hashes)
    before = ledger.read(draft)
    for by in (accountant, None):
        with pytest.raises(NotAllowed, match=status.label):
            save(from_file(WORKBOOK), draft, by)
    assert ledger.read(draft) == before
    assert not Intake.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "bureau_officer", "bureau_administrator", "auditor"])
def test_who_may_not_edit_may_not_take_in(draft, role):
    with pytest.raises(NotAllowed):
        save(from_file(WORKBOOK), draft, a_person(role))


def test_an_accountant_of_another_department_is_refused(draft):
    other = a_person(department=a_department("484", "乐亭县另一局"))
    with pytest.raises(NotAllowed):
        save(from_file(WORKBOOK), draft, other)


def test_somebody_elses_edit_meanwhile_is_not_overwritten(draft, accountant):
    seen = draft.version
    ledger.write(draft, ledger.read(draft))
    with pytest.raises(EditedMeanwhile):
        save(from_file(WORKBOOK), draft, accountant, version=seen)


def test_a_file_of_another_department_is_never_saved_not_even_when_accepted(accountant):
    other = a_disclosure(a_department("484", "乐亭县另一局"), facts=())
    person = a_person(department=other.department)
    file = take_in(WORKBOOK, region="130225", unit="484", year=2023, subjects=subjects_of)
    assert {error.rule for error in file.misplaced} == {"intake-department"}
    for accept in (False, True):
        with pytest.raises(NotTaken, match="483"):
            save(file, other, person, accept=accept)


def test_a_file_of_another_year_is_never_saved(draft, accountant):
    file = take_in(WORKBOOK, region="130225", unit="483", year=2024, subjects=subjects_of)
    with pytest.raises(NotTaken, match="2023"):
        save(file, draft, accountant, accept=True)


def test_differences_are_saved_only_when_accepted(draft, accountant):
    file = taken(with_cells(workbook(), 0, amount(6, 3, "990.63")))
    with pytest.raises(NotTaken, match="1 处"):
        save(file, draft, accountant)
    assert not Intake.objects.exists()
    intake = save(file, draft, accountant, accept=True)
    assert intake.accepted
    assert len(ledger.read(draft).facts) == 39


def test_an_amount_finer_than_the_unit_is_refused(draft, accountant):
    cells = (amount(row, column, "0.305") for row, column in ((14, 3), (14, 4)))
    with pytest.raises(NotTaken, match="取整"):
        save(taken(with_cells(workbook(), 8, *cells)), draft, accountant, accept=True)


def test_a_text_too_long_for_its_column_is_refused_with_its_words(draft, accountant):
    file = from_file(WORD)
    long = replace(file.ledger.organizations[0], name="乐亭县" * 200)
    file = replace(file, ledger=replace(file.ledger, organizations=(long,)))
    with pytest.raises(NotTaken, match="600 字"):
        save(file, draft, accountant)


def test_a_failure_on_the_way_leaves_neither_rows_nor_file(draft, accountant, settings, monkeypatch):
    def broken(*_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(intake_saving, "log_intake", broken)
    before = ledger.read(draft)
    with pytest.raises(RuntimeError):
        save(from_file(WORKBOOK), draft, accountant)
    assert ledger.read(draft) == before
    assert not Intake.objects.exists()
    assert not [path for path in settings.UPLOAD_ROOT.rglob("*") if path.is_file()]


def test_a_table_alone_replaces_only_its_own_family(draft, accountant):
    save(from_file(WORD), draft, accountant)
    before = ledger.read(draft)
    source = read(WORKBOOK)
    alone = taken(replace(source, blocks=(source.blocks[8],)))
    assert replaced(before, alone) == ["“三公”经费金额 2 个"]
    save(alone, draft, accountant)
    assert ledger.read(draft) == before


def test_the_printed_unit_is_converted_to_yuan(draft, accountant):
    save(from_file(WORKBOOK), draft, accountant)
    assert get(draft.table_set).unit == "万元"
    assert sum(fact.amount for fact in ledger.read(draft).facts if fact.family == "fund") == yuan("990.62")
    assert yuan("990.62") == Decimal(9906200)

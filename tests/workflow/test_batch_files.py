"""Many files at once: every outcome twice and in both table sets, one bad file stops none, and what was killed goes on."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from budgets import access, ledger
from budgets.access import May
from budgets.importing.belonging import belongs
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.models import (
    BatchFile,
    DepartmentYear,
    Disclosure,
    FileState,
    FiscalYear,
    Intake,
    Status,
    Verdict,
)
from budgets.workflow import batch_files, batch_matching, intake_saving
from budgets.workflow.batch_files import choose, hand_in_many
from budgets.workflow.stepping import NotAllowed, Refused
from tests.makers.batches import a_file, with_a_wrong_cell, zipped
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_region,
    an_open_year,
    some_subjects,
)

pytestmark = pytest.mark.django_db
NAMES = {
    "101": "甲局", "102": "乙局", "103": "丙局", "104": "丁局", "105": "戊局", "106": "己局", "107": "庚局", "108": "辛局",
}  # fmt: skip
OTHER = "shanghai_2023"


@pytest.fixture
def here(monkeypatch):
    """Files are read in this process: the children have tests of their own."""

    def said(name, content):
        return belongs(read(io.BytesIO(content), name))

    def taken(name, content, **asked):
        return take_in(read(io.BytesIO(content), name), **asked)

    monkeypatch.setattr(batch_matching, "belongs_apart", said)
    monkeypatch.setattr(batch_matching, "take_in_apart", taken)


@pytest.fixture
def officer(db):
    some_subjects()
    for code, name in NAMES.items():
        a_department(code, name)
    year = an_open_year()
    DepartmentYear.objects.create(year=year, department=a_department("102", "乙局"), table_set=OTHER)
    return a_person("bureau_officer")


def one(code: str, table_set: str = "hebei_2023") -> tuple[str, bytes]:
    return f"{code}.xlsx", a_file(code, NAMES[code], table_set)


def batch_of(officer, *files):
    return hand_in_many(files, officer.region, by=officer)


def verdicts(batch) -> list[str]:
    return [file.verdict for file in batch.files.order_by("position")]


def twelve() -> list[tuple[str, bytes]]:
    """Two of every outcome: fits (of each set), fits a blank draft, differs, unknown, double, no file at all."""
    bad, worse = one("103"), one("104")
    return [
        one("101"), one("102", OTHER),
        (bad[0], with_a_wrong_cell(bad[1])), (worse[0], with_a_wrong_cell(worse[1], 9.0)),
        ("生局.xlsx", a_file("199", "生局")), ("死局.xlsx", a_file("198", "死局", OTHER)),
        ("又一次.xlsx", one("101")[1]), one("105"),
        one("106"), one("107", OTHER),
        ("空.xlsx", b""), ("坏.pdf", b"%PDF-1.4 nothing"),
    ]  # fmt: skip


@pytest.mark.slow
def test_two_of_every_outcome_and_one_bad_file_stops_none(here, officer):
    """105 has content, 106 and 107 blank drafts, the second of them of the other set."""
    a_disclosure(a_department("105", "戊局"))
    Disclosure.objects.update(version=2)
    Disclosure.objects.create(department=a_department("106", "己局"), fiscal_year=2023)
    Disclosure.objects.create(
        department=a_department("107", "庚局"), fiscal_year=2023, table_set="hebei_2023"
    )
    batch = batch_of(officer, *twelve())
    fits, differs, unknown, double = Verdict.FITS, Verdict.DIFFERS, Verdict.UNKNOWN, Verdict.DOUBLE
    assert verdicts(batch) == [
        fits, fits, differs, differs, unknown, unknown, double, double, fits, differs, unknown, unknown,
    ]  # fmt: skip
    for file in batch.files.all():
        assert file.state == FileState.READ
        assert file.reason
        assert (file.verdict == fits) == (not file.remedy)
        assert bool(file.taken) == (file.verdict == fits)
    rows = {file.position: file for file in batch.files.all()}
    assert "生局" in rows[5].reason
    assert "已经开始填报" in rows[8].reason
    assert "上海" in rows[10].reason
    assert not Intake.objects.exists()  # nothing of any draft changed
    assert choose(batch, [file.pk for file in rows.values()], by=officer) == 3
    assert verdicts(batch).count(Verdict.TAKEN) == 3
    for position in (1, 2, 9):
        file = BatchFile.objects.get(batch=batch, position=position)
        assert file.disclosure.status == Status.DRAFT
        assert ledger.read(file.disclosure).facts
        assert file.disclosure.table_set == (OTHER if position == 2 else "hebei_2023")
        last = file.disclosure.log.order_by("pk").last()
        assert (last.person, last.role, last.action) == (officer, "bureau_officer", "intake")
    again = batch_of(officer, one("101"), one("102", OTHER))  # handed in once more
    assert verdicts(again) == [double, double]


@pytest.mark.parametrize("closed", ["not open", "locked"])
def test_a_year_that_is_not_open_is_told_with_what_to_do(here, officer, closed):
    if closed == "locked":
        FiscalYear.objects.update(locked_at=timezone.now(), locked_by=officer)
    else:
        FiscalYear.objects.update(fiscal_year=2030)
    file = batch_of(officer, one("101")).files.get()
    assert file.verdict == Verdict.DIFFERS
    assert ("解除锁定" if closed == "locked" else "开放这个年度") in file.remedy


def test_a_file_becomes_a_draft_that_the_department_may_undo(here, officer):
    batch = batch_of(officer, one("101"))
    assert verdicts(batch) == [Verdict.FITS]
    choose(batch, [batch.files.get().pk], by=officer)
    file = batch.files.get()
    assert (file.verdict, file.department.code, file.fiscal_year) == (Verdict.TAKEN, "101", 2023)
    assert [entry.action for entry in file.disclosure.log.all()] == ["create", "intake"]
    assert not access.may(officer, May.FILL, file.disclosure)  # what somebody filled is the department's
    assert not access.may(officer, May.SUBMIT, file.disclosure)
    accountant = a_person("accountant", department=file.department)
    with pytest.raises(Refused):
        intake_saving.undo(file.intake, officer)
    intake_saving.undo(file.intake, accountant)
    assert not ledger.read(Disclosure.objects.get(pk=file.disclosure.pk)).facts


@pytest.fixture
def fakes(monkeypatch, officer):
    """Files that say of themselves what their bytes say; none is opened."""

    def found(file, content):
        if content == b"breaks":
            raise RuntimeError("a fault of ours")
        return batch_matching.Found(
            Verdict.FITS, "好", "", a_department("101", "甲局"), 2023, "hebei_2023", "{}"
        )

    monkeypatch.setattr(batch_files, "found_in", found)
    return found


def test_a_fault_of_ours_stays_with_its_file(fakes, officer):
    batch = batch_of(officer, ("a", b"a"), ("b", b"breaks"), ("c", b"c"))
    assert verdicts(batch) == [Verdict.FITS, Verdict.UNKNOWN, Verdict.FITS]
    assert "联系管理员" in batch.files.get(position=2).remedy


@pytest.mark.parametrize("lost", [False, True], ids=["stale", "lost its place"])
def test_what_a_killed_worker_left_goes_on(fakes, officer, lost):
    batch = batch_of(officer, ("a", b"a"), ("b", b"b"), ("c", b"c"))
    long_ago = timezone.now() - timedelta(hours=1)
    BatchFile.objects.filter(position=2).update(
        state=FileState.QUEUED if lost else FileState.READING, verdict="", started_at=None if lost else long_ago, beat_at=None, attempts=1
    )  # fmt: skip
    BatchFile.objects.filter(position=3).update(state=FileState.QUEUED, verdict="")
    call_command("settle")
    assert verdicts(batch) == [Verdict.FITS] * 3
    assert [file.attempts for file in batch.files.order_by("position")] == [1, 2, 2]


def test_what_is_being_read_is_left_alone_and_what_never_ends_is_given_up(fakes, officer):
    batch = batch_of(officer, ("a", b"a"), ("b", b"b"))
    BatchFile.objects.filter(position=1).update(
        state=FileState.READING, verdict="", started_at=timezone.now()
    )
    call_command("settle")
    assert verdicts(batch) == ["", Verdict.FITS]
    BatchFile.objects.filter(position=1).update(beat_at=timezone.now() - timedelta(hours=1), attempts=3)
    call_command("settle")
    assert verdicts(batch) == [Verdict.UNKNOWN, Verdict.FITS]
    assert batch.files.get(position=1).state == FileState.READ


def test_files_are_forgotten_after_a_month(fakes, officer):
    batch = batch_of(officer, ("a", b"a"), ("b", b"b"))
    paths = [file.file.path for file in batch.files.all()]
    type(batch).objects.update(at=timezone.now() - timedelta(days=29))
    assert batch_files.forget_batches().number == 0
    type(batch).objects.update(at=timezone.now() - timedelta(days=31))
    assert batch_files.forget_batches().number == 1
    assert not BatchFile.objects.exists()
    assert not any(Path(path).exists() for path in paths)


@pytest.mark.parametrize("role", ["accountant", "reviewer", "auditor", "central_administrator"])
def test_who_may_not_hands_nothing_in(officer, role):
    with pytest.raises(NotAllowed):
        hand_in_many([("a", b"a")], officer.region, by=a_person(role))
    assert not BatchFile.objects.exists()


def test_nobody_hands_in_for_another_county(fakes, officer):
    far = a_person("bureau_officer", region=a_region("130224", "滦南县"))
    with pytest.raises(NotAllowed):
        hand_in_many([("a", b"a")], officer.region, by=far)
    assert not access.batches_for(far).exists()
    batch = batch_of(officer, ("a", b"a"))
    choose(batch, [batch.files.get().pk], by=far)  # as a forged request would
    assert "不能为甲局导入" in batch.files.get().reason
    assert not Disclosure.objects.exists()


@pytest.mark.slow
def test_a_zip_is_read_file_by_file_in_children(officer):
    """Nothing is replaced here: the archive and each file are read in confined children."""
    inner = zipped(("x.xlsx", b"x"))
    batch = batch_of(officer, ("收集.zip", zipped(one("101"), ("里面.zip", inner))))
    assert verdicts(batch) == [Verdict.FITS, Verdict.UNKNOWN]
    with pytest.raises(Unreadable, match="密码|损坏|指向别处"):
        batch_of(officer, ("坏.zip", zipped(("../x.xlsx", b"x"))))


CASES = {
    "code": (("101", "", 2023), "101"),
    "name": (("", "甲局", 2023), "101"),
    "name with the county": (("", "乐亭县甲局", 2023), "101"),
    "full width": (("１０１", "", 2023), "101"),
    "neither": (("", "", 2023), "没有写明是哪个部门"),
    "unknown": (("999", "无名局", 2023), "没有这个部门"),
    "out of use": (("", "停局", 2023), "已停用"),
}


@pytest.mark.parametrize("which", CASES)
def test_a_department_is_found_by_code_or_name(officer, which):
    (unit, name, year), expected = CASES[which]
    a_department("190", "停局")
    officer.region.departments.filter(code="190").update(active=False)
    said = batch_matching.Belongs(unit, name, year, "hebei_2023", 9)
    department, why, remedy = batch_matching.department_of(said, officer.region)
    assert (department.code if department else why) == expected if department else expected in why
    assert bool(remedy) == (department is None)

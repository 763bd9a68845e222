"""The commands as people and scripts call them: one JSON object, exit status, one sentence for a bad file."""

import json
import subprocess
import sys
from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from budgets import ledger
from budgets.admin.intakes import FileForm
from budgets.data.subject_lists import subjects_of
from budgets.management.commands.load_subjects import load
from budgets.management.file_options import FILES
from budgets.models import Disclosure, Intake
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_region, an_open_year
from tests.makers.sample_files import TABLES, WORD, WORKBOOK

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def run(command: str, *args) -> tuple[int, str, str]:
    """Exit status, standard output, standard error of a command in this process."""
    out, err = StringIO(), StringIO()
    try:
        call_command(command, *map(str, args), stdout=out, stderr=err)
    except SystemExit as status:
        return int(status.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def changed(path: Path, sheet: str, cell: str, value) -> Path:
    """A copy of the sample workbook with one cell changed, as Excel would save it."""
    book = openpyxl.load_workbook(WORKBOOK)
    book[sheet][cell] = value
    book.save(path)
    return path


@pytest.mark.parametrize(("file", "tables"), [(WORKBOOK, 9), (WORD, 18)])
def test_a_dry_run_needs_no_database(file, tables):
    code, out, _ = run("import_disclosure", file, "--dry-run", "--json")
    report = json.loads(out)
    assert code == 0
    assert list(report) == ["tables", "differences", "suspects", "findings", "unread", "origins"]
    assert len(report["tables"]) == tables
    assert [table["key"] for table in report["tables"][:9]] == list(TABLES)
    assert all(list(table) == ["key", "title", "sheet"] for table in report["tables"])
    assert (report["differences"], report["suspects"], report["unread"]) == ([], [], [])
    assert all(
        list(finding) == ["rule", "severity", "message", "cells", "follows"] for finding in report["findings"]
    )
    cells = [cell for finding in report["findings"] for cell in finding["cells"]]
    assert cells
    assert all(list(cell) == ["table", "sheet", "cell"] for cell in cells)


def test_as_a_process_it_prints_one_object_and_exits_zero(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "import_disclosure", str(WORKBOOK), "--dry-run", "--json"],
        cwd=ROOT,
        env={"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["tables"]) == 9


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "place"),
    [
        ("部门预算收支总表", "E13", 78.89, ("balance", "E13")),
        ("部门预算收入总表", "F12", 5.23, ("revenue", "F12")),
        ("财政拨款收支总表", "G20", 0.01, ("fiscal_balance", "G20")),
        ("一般公共预算财政拨款基本支出表", "F22", 41.07, ("basic_expenditure", "F22")),
        ("财政拨款“三公”经费支出表", "D9", 0.01, ("three_public", "D9")),
    ],
)
def test_one_cell_changed_in_a_file_is_named(tmp_path, sheet, cell, value, place):
    file = changed(tmp_path / "changed.xlsx", sheet, cell, value)
    code, out, _ = run("import_disclosure", file, "--dry-run", "--json")
    report = json.loads(out)
    assert code == 1
    assert [(s["table"], s["sheet"], s["cell"]) for s in report["suspects"]] == [(place[0], sheet, place[1])]
    assert all(
        list(d) == ["table", "sheet", "cell", "row", "column", "given", "derived", "follows"]
        for d in report["differences"]
    )


def test_a_difference_is_told_in_captions_and_printed_amounts(tmp_path):
    file = changed(tmp_path / "changed.xlsx", "部门预算收支总表", "C38", 0.5)
    report = json.loads(run("import_disclosure", file, "--dry-run", "--json")[1])
    assert {
        "table": "balance",
        "sheet": "部门预算收支总表",
        "cell": "C39",
        "row": "收入总计",
        "column": "预算数",
        "given": "990.62",
        "derived": "991.12",
        "follows": True,  # C38 says it
    } in report["differences"]


def test_in_words_it_names_the_suspect_and_what_to_do(tmp_path):
    file = changed(tmp_path / "changed.xlsx", "部门预算收支总表", "E13", 78.89)
    code, out, _ = run("import_disclosure", file, "--dry-run")
    assert code == 1
    told = "“部门预算收支总表”单元格 E13，“八、社会保障和就业支出”行“预算数”列：文件为 78.89，改为 78.88 即可相符"
    assert out.splitlines()[2:4] == ["最可能填错的 1 格：", f"  {told}"], "the cell to mend comes first"


def test_a_file_of_another_table_set_is_read_by_that_set():
    file = WORKBOOK.with_name("shanghai-putuo-finance-bureau-2025.xlsx")
    for command in (("import_disclosure", file, "--dry-run"), ("check_disclosure", file)):
        code, out, _ = run(*command, "--table-set", "shanghai_2023", "--json")
        report = json.loads(out)
        assert (code, len(report["tables"]), report["differences"], report["unread"]) == (0, 9, [], [])


def test_an_unreadable_file_exits_two_with_one_sentence(tmp_path):
    file = tmp_path / "表.xlsx"
    file.write_bytes(b"not a workbook")
    for command in (("import_disclosure", file, "--dry-run", "--json"), ("check_disclosure", file)):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert err.strip().count("\n") == 0
        assert "表.xlsx" in err


@pytest.mark.django_db
def test_without_dry_run_it_writes_the_draft_that_the_file_names():
    a_department()
    code, out, _ = run("import_disclosure", WORD)
    assert code == 0
    assert "已写入" in out
    disclosure = Disclosure.objects.get()
    assert (disclosure.department.code, disclosure.fiscal_year) == ("483", 2023)
    assert len(ledger.read(disclosure).facts) == 39
    assert Intake.objects.get().person is None


@pytest.mark.django_db
def test_a_second_file_says_what_it_replaces():
    a_department()
    run("import_disclosure", WORD)
    _, out, _ = run("import_disclosure", WORD)
    assert "替换了：" in out
    assert "收入金额 6 个" in out
    assert "情况说明 9 项" in out


@pytest.mark.django_db
def test_a_file_is_held_against_last_year_and_the_thresholds(settings):
    a_disclosure(year=2022)
    code, out, _ = run("import_disclosure", WORD)
    assert "没有2022年的预算" not in out and "平均每辆 10.43万元" in out
    settings.PER_VEHICLE_LIMIT = Decimal(200_000)
    load(2023)
    load(2023)
    assert "平均每辆" not in run("import_disclosure", WORD)[1]
    assert (
        "没有2022年的预算" in run("import_disclosure", WORD, "--dry-run")[1]
    )  # asks nothing of the database


@pytest.mark.django_db
def test_differences_are_saved_only_with_accept(tmp_path):
    a_department()
    file = changed(tmp_path / "changed.xlsx", "部门预算收支总表", "E13", 78.89)
    code, out, err = run("import_disclosure", file, "--json")
    assert (code, Disclosure.objects.count(), Intake.objects.count()) == (1, 0, 0)
    assert "没有保存" in err
    assert json.loads(out)["differences"]
    code, out, _ = run("import_disclosure", file, "--accept", "--json")
    assert (code, Intake.objects.get().accepted) == (0, True)
    assert json.loads(out)["differences"]


@pytest.mark.django_db
def test_a_person_writes_only_their_own_department():
    own = a_person(department=a_department())
    other = a_person(department=a_department("484", "乐亭县另一局"))
    with pytest.raises(CommandError, match="无权写入"):
        run("import_disclosure", WORKBOOK, "--as", other.username)
    with pytest.raises(CommandError, match="没有用户名"):
        run("import_disclosure", WORKBOOK, "--as", "nobody")
    assert not Disclosure.objects.exists()
    assert "还没有开放2023年度" in run("import_disclosure", WORKBOOK, "--as", own.username)[1]
    an_open_year()
    assert run("import_disclosure", WORKBOOK, "--as", own.username)[0] == 0
    assert Intake.objects.get().person == own


@pytest.mark.django_db
def test_a_person_cannot_turn_another_departments_file_into_their_own():
    other = a_person(department=a_department("484", "乐亭县另一局"))
    code, out, _ = run("import_disclosure", WORKBOOK, "--unit", "484", "--as", other.username, "--accept")
    assert code == 1
    assert "这里选择的是“484”" in out
    assert not Disclosure.objects.exists()


@pytest.mark.django_db
def test_what_the_file_does_not_say_must_be_given():
    a_department()
    a_region("130224", "滦南县")
    with pytest.raises(CommandError, match="--region"):
        run("import_disclosure", WORKBOOK)
    assert run("import_disclosure", WORKBOOK, "--region", "130225")[0] == 0


@pytest.mark.django_db
def test_checking_a_stored_disclosure_lists_its_findings():
    load(2023)
    disclosure = a_disclosure(a_department())
    code, out, _ = run("check_disclosure", "--unit", "483", "--year", "2023", "--json")
    report = json.loads(out)
    assert code == 1  # its chapters are not written yet
    assert "chapters-written" in {finding["rule"] for finding in report["findings"]}
    assert len(report["tables"]) >= 9
    places = [cell for finding in report["findings"] for cell in finding["cells"]]
    assert all(cell["table"] in TABLES for cell in places)
    assert str(disclosure) in run("check_disclosure", "--unit", "483", "--year", "2023")[1]
    with pytest.raises(CommandError, match="没有这个部门"):
        run("check_disclosure", "--unit", "999", "--year", "2023")


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2023, 2024])
def test_codes_from_the_files_are_those_of_the_database(year):
    load(year)
    stored = ledger.subjects_for(year)
    for scheme in ("function", "economic", "government_economic"):
        assert subjects_of(year).all(scheme) == stored.all(scheme)


@pytest.mark.django_db
def test_several_files_are_taken_in_one_after_the_other(tmp_path):
    a_department()
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"no workbook")
    code, out, err = run("import_disclosure", bad, WORKBOOK, WORD)
    assert code == 2
    assert "坏.xlsx" in err
    assert [intake.name for intake in Intake.objects.order_by("id")] == [WORKBOOK.name, WORD.name]
    assert out.count("== ") == 3
    code, out, _ = run("import_disclosure", WORKBOOK, WORD, "--dry-run", "--json")
    assert [len(json.loads(line)["tables"]) for line in out.splitlines()] == [9, 18]
    code, out, _ = run("import_disclosure", bad, WORKBOOK, "--dry-run", "--json")
    first, second = map(json.loads, out.splitlines())
    assert (code, first["file"], second["file"]) == (2, str(bad), str(WORKBOOK))
    assert "坏.xlsx" in first["refused"]


@pytest.mark.django_db
def test_a_file_on_which_the_program_fails_ends_neither_batch_nor_report(tmp_path, monkeypatch):
    from budgets.management.commands import import_disclosure

    a_department()
    real = import_disclosure.take_in

    def failing(source, **asked):
        if source.name == "难.xlsx":
            raise KeyError("no such row")
        return real(source, **asked)

    monkeypatch.setattr(import_disclosure, "take_in", failing)
    hard = tmp_path / "难.xlsx"
    hard.write_bytes(WORKBOOK.read_bytes())
    code, out, err = run("import_disclosure", hard, WORKBOOK, WORD, "--json")
    first, *others = map(json.loads, out.splitlines())
    assert code == 3
    assert first["file"] == str(hard) and "程序出错（KeyError）" in first["failed"]
    assert "难.xlsx" in err
    assert [Path(each["file"]).name for each in others] == [WORKBOOK.name, WORD.name]
    assert [intake.name for intake in Intake.objects.order_by("id")] == [WORKBOOK.name, WORD.name]
    code, out, err = run("import_disclosure", hard)
    assert (code, "程序出错" in err) == (3, True)


@pytest.mark.django_db
def test_both_commands_hold_a_file_against_the_same(settings):
    """The limits of the portal, and last year's disclosure where the options name a department and year."""
    settings.PER_VEHICLE_LIMIT = Decimal(200_000)
    load(2023)
    department = a_department()
    a_disclosure(department, year=2022)
    place = ("--region", "130225", "--unit", "483", "--year", "2023")
    checked = json.loads(run("check_disclosure", WORD, *place, "--json")[1])["findings"]
    imported = json.loads(run("import_disclosure", WORD, *place, "--accept", "--json")[1])["findings"]
    assert {f["rule"] for f in checked} == {f["rule"] for f in imported}
    assert "vehicle-cost-plausible" not in {f["rule"] for f in checked}
    claims = [f["message"] for f in checked if f["rule"] == "unchanged-verified"]
    assert claims and not any("无法核对" in message for message in claims)


@pytest.mark.django_db
def test_what_was_not_taken_over_is_to_be_explained_after_it_is_accepted(tmp_path):
    from budgets.workflow.drafts import draft_of

    a_department()
    book = openpyxl.load_workbook(WORKBOOK)
    del book["财政拨款“三公”经费支出表"]
    book.save(tmp_path / "a.xlsx")
    assert run("import_disclosure", tmp_path / "a.xlsx", "--transcribe", "--accept")[0] == 0
    disclosure = Disclosure.objects.get()
    (finding,) = (f for f in draft_of(disclosure).unexplained if f.rule == "taken-over-whole")
    assert "“三公”经费支出表" in finding.message
    assert b'"left_out":' in draft_of(disclosure).payload
    run("import_disclosure", WORKBOOK, "--transcribe", "--accept")
    disclosure.refresh_from_db()
    assert "taken-over-whole" not in {f.rule for f in draft_of(disclosure).findings}
    assert b'"left_out":' not in draft_of(disclosure).payload


def test_the_help_names_every_format_that_the_page_takes():
    suffixes = FileForm.base_fields["file"].widget.attrs["accept"].split(",")
    assert len(suffixes) > 5 and [suffix for suffix in suffixes if suffix not in FILES] == []

"""A file is taken in by a child process within limits: what it does there reaches nobody else."""

import os
import sys
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from budgets.data.subject_lists import subjects_of
from budgets.importing.confined_intake import take_in_apart
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.pdf_child import STOPPED
from budgets.importing.taken import MOST

from .sample import WORKBOOK

SUBJECTS = subjects_of(2023)
ASKED = {"region": "130225", "unit": "483", "year": 2023}
LIMITED = "from budgets.importing import intake_child as child; child.CPU_SECONDS = 1; child.limit(); "
SAYS = "import json; print(json.dumps({'refused': 'all went well'}))"
GREEDY = f"data = bytearray(1 << 30); {SAYS}"
ENDLESS = f"import time; start = time.process_time()\nwhile time.process_time() - start < 3: pass\n{SAYS}"
WRITING = f"import pathlib; pathlib.Path('written.bin').write_bytes(b'0'); {SAYS}"


def answer(code: str, wall_seconds: float = 60) -> str:
    """What is said of a file when the child runs `code`."""
    command = (sys.executable, "-c", f"import sys; sys.stdin.buffer.read(); {code}")
    with pytest.raises(Unreadable) as refusal:
        take_in_apart("a.xlsx", b"PK", subjects=SUBJECTS, command=command, wall_seconds=wall_seconds, **ASKED)
    return str(refusal.value)


def test_the_child_says_what_this_process_would_say():
    apart = take_in_apart(WORKBOOK.name, WORKBOOK.read_bytes(), subjects=SUBJECTS, **ASKED)
    here = take_in(WORKBOOK, subjects=SUBJECTS, **ASKED)
    assert (apart.ledger, apart.parts, apart.families) == (here.ledger, here.parts, here.families)
    assert apart.report() == here.report()
    assert apart.source.content == WORKBOOK.read_bytes()


def test_a_refusal_comes_back_word_for_word():
    with pytest.raises(Unreadable, match="文件“旧.xls”是旧版格式"):
        take_in_apart("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", subjects=SUBJECTS, **ASKED)


@pytest.mark.parametrize("code", [GREEDY, ENDLESS], ids=["memory", "time"])
def test_a_greedy_child_is_stopped(code):
    assert answer(LIMITED + code) == f"文件“a.xlsx”{STOPPED}"


@pytest.mark.parametrize("code", [GREEDY, ENDLESS], ids=["memory", "time"])
def test_without_limits_it_would_go_on(code):
    """The negative control: the same code runs to its end where nothing limits it."""
    assert answer(code) == "all went well"


def test_the_child_writes_no_file(tmp_path):
    assert answer(f"import os; os.chdir({str(tmp_path)!r}); {LIMITED}{WRITING}") == f"文件“a.xlsx”{STOPPED}"
    assert answer(f"import os; os.chdir({str(tmp_path)!r}); {WRITING}") == "all went well"


@pytest.mark.slow
def test_a_child_that_hangs_ends_with_its_own_children(tmp_path):
    note = tmp_path / "pid"
    code = (
        "import subprocess, time; p = subprocess.Popen(['sleep', '60']); "
        f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    start = time.monotonic()
    assert answer(code, wall_seconds=8) == f"文件“a.xlsx”{STOPPED}"
    assert time.monotonic() - start < 30
    assert not alive(int(note.read_text()))


def alive(pid: int) -> bool:
    """True while a process runs; one that ended and was not collected yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("said", ["", "no json", "[]", "{}", '{"taken": "{}"}', '{"taken": 7}'])
def test_a_child_that_says_nothing_useful_is_no_result(said):
    assert answer(f"print({said!r})") == f"文件“a.xlsx”{STOPPED}"


def test_a_child_that_fails_is_noted_for_whoever_runs_the_portal(caplog):
    answer("raise SystemExit(3)")
    assert "without an answer (status 3)" in caplog.text


def test_a_file_full_of_junk_does_not_fill_a_page(tmp_path):
    book = load_workbook(WORKBOOK)
    sheet = book.create_sheet("其他")
    for n in range(1, 3001):
        sheet.cell(n, 1).value = f"第{n}行"
    sheet = book["部门预算支出总表"]
    for n in range(40, 1040):
        sheet.cell(n, 4).value = n
    book.save(tmp_path / "junk.xlsx")
    taken = take_in_apart("junk.xlsx", (tmp_path / "junk.xlsx").read_bytes(), subjects=SUBJECTS, **ASKED)
    assert len(taken.unread) == MOST + 1
    assert "还有" in taken.unread[-1].text
    (lost,) = (fault for fault in taken.findings if fault.rule == "intake-amount-not-read")
    assert "等 1000 格" in lost.message and len(lost.cells) == MOST, "one cause is one fault"
    assert not taken.complete

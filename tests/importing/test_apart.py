"""A file is taken in by a child process within limits: what it does there reaches nobody else."""

import os
import sys
import time
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from budgets.confined.children import Ending
from budgets.data.subject_lists import subjects_of
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing import intake_child
from budgets.importing.comparing.reports import FoundFault
from budgets.importing.confined_intake import take_in_apart
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import Unread
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.pdf import __main__ as pdf_reader
from budgets.importing.reading.unfinished import damaged, unfinished
from budgets.importing.taken import MOST, dumps, loads
from tests.makers.pace import AGAIN_AND_AGAIN
from tests.makers.sample_files import SAMPLE, WORKBOOK

from .test_cases import CASES

pytestmark = pytest.mark.slow
SUBJECTS = subjects_of(2023)
ASKED = {"region": "130225", "unit": "483", "year": 2023}
# A child that does as told in the request, within the limits of the child that takes in files, or within none.
CHILD = """
import time, sys
from budgets.confined.serving import Limits, serve
from budgets.importing import intake_child
def work(head, blobs, say):
{code}
    raise intake_child.Refused("all went well")
limited = Limits(intake_child.ADDRESS_SPACE, 1)
serve(lambda: work, {limits})
"""
GREEDY = "    data = bytearray(1 << 30)"
ENDLESS = "    start = time.process_time()\n    while time.process_time() - start < 3: pass"
UNLIMITED = "Limits(-1, 600)"
UNGUARDED = """
from budgets.confined import serving
serving.resource.RLIMIT_FSIZE = serving.resource.RLIMIT_CORE
serving.Guard.__call__ = lambda *_: None
"""


def answer(code: str, limits: str = "limited", wall_seconds: float = 60, content: bytes = b"PK") -> str:
    """What is said of a file when the child runs `code`."""
    return said(CHILD.format(code=code, limits=limits), wall_seconds, content)


def said(script: str, wall_seconds: float = 60, content: bytes = b"PK") -> str:
    command = (sys.executable, "-c", script)
    with pytest.raises(Unreadable) as refusal:
        take_in_apart(
            "a.xlsx", content, subjects=SUBJECTS, command=command, wall_seconds=wall_seconds, **ASKED
        )
    return str(refusal.value)


def test_the_child_says_what_this_process_would_say():
    apart = take_in_apart(WORKBOOK.name, WORKBOOK.read_bytes(), subjects=SUBJECTS, **ASKED)
    here = take_in(WORKBOOK, subjects=SUBJECTS, **ASKED)
    assert (apart.ledger, apart.parts, apart.families) == (here.ledger, here.parts, here.families)
    assert apart.report() == here.report()
    assert apart.source.content == WORKBOOK.read_bytes()


@pytest.mark.sweep(0, 5)
@pytest.mark.parametrize(
    "path", [*sorted(CASES.glob("*.*")), *sorted(SAMPLE.glob("*.*"))], ids=lambda path: path.name
)
def test_no_honest_file_meets_the_guard(path, caplog):
    """Whatever the libraries do with files of every kind, pictures and old formats too, the guard does not forbid."""

    def outcome(read) -> object:
        try:
            return read().report()
        except Unreadable as refusal:
            return str(refusal)

    asked = {"year": 2025, "table_set": "shanghai_2023"} if path.name.startswith("sh") else ASKED
    subjects = subjects_of(asked["year"])
    apart = outcome(lambda: take_in_apart(path.name, path.read_bytes(), subjects=subjects, **asked))
    assert apart == outcome(lambda: take_in(path, subjects=subjects, glyphs=missing_glyphs, **asked))
    assert "confined child" not in caplog.text


def test_a_refusal_comes_back_word_for_word():
    with pytest.raises(Unreadable, match="文件“旧.xls”是旧版格式"):
        take_in_apart("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", subjects=SUBJECTS, **ASKED)


@pytest.mark.parametrize(
    ("code", "how"), [(GREEDY, Ending.MEMORY), (ENDLESS, Ending.CPU)], ids=["memory", "time"]
)
def test_a_greedy_child_is_stopped(code, how):
    assert answer(code) == unfinished("a.xlsx", b"PK", how)


@pytest.mark.parametrize("code", [GREEDY, ENDLESS], ids=["memory", "time"])
def test_without_limits_it_would_go_on(code):
    """The negative control: the same code runs to its end where nothing limits it."""
    assert answer(code, UNLIMITED) == "all went well"


@pytest.mark.parametrize(
    "code",
    [
        "import pathlib; pathlib.Path('written.bin').write_bytes(b'0')",
        "import os; os.open('written.bin', os.O_CREAT)",
        "import pathlib; pathlib.Path('folder').mkdir()",
        "import socket; socket.create_server(('127.0.0.1', 0))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.kill(os.getppid(), 0)",
        "open('/etc/passwd').read()",
        "open(sys.prefix + '/..' * 20 + '/etc/passwd').read()",
        # caught by what it harms, it is refused all the same
        "import contextlib\n    with contextlib.suppress(OSError): open('/etc/passwd')",
    ],
)
def test_the_child_reaches_nothing(code, tmp_path, caplog):
    script = CHILD.format(code=f"    import os; os.chdir({str(tmp_path)!r})\n    {code}", limits="limited")
    assert said(script) == damaged("a.xlsx", b"PK")
    assert "trespassed" in caplog.text
    assert list(tmp_path.iterdir()) == []
    assert said(UNGUARDED + script) == "all went well"


def test_no_file_is_written_even_past_the_guard(tmp_path):
    note = tmp_path / "written.bin"
    writing = CHILD.format(
        code=f"    import pathlib; pathlib.Path({str(note)!r}).write_bytes(b'0')", limits="limited"
    )
    past = "from budgets.confined import serving; serving.Guard.__call__ = lambda *_: None\n"
    assert said(past + writing) == damaged("a.xlsx", b"PK")
    assert not note.read_bytes()
    assert said(UNGUARDED + writing) == "all went well"
    assert note.read_bytes() == b"0"


def test_the_child_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s3cr3t")
    told = answer("    import os; raise intake_child.Refused(' '.join(os.environ))")
    assert set(told.split()) - {"LC_CTYPE"} == {"PATH", "LANG"}


@pytest.mark.parametrize(
    "content", [b"PK", b"PK word/document.xml", b"%PDF-1.7"], ids=["xlsx", "docx", "pdf"]
)
@pytest.mark.parametrize("how", [how for how in Ending if how is not Ending.REFUSED])
def test_it_is_told_what_was_too_much_and_what_to_do_by_kind(content, how):
    words = unfinished("甲", content, how)
    assert words.startswith("文件“甲”") and words.endswith("。") and words.count("。") == 1
    assert "恶意" not in words
    assert ("制作它时所用" in words) == content.startswith(b"%PDF")
    assert ("时间" in words) == (how is Ending.CPU) and ("内存" in words) == (how is Ending.MEMORY)


@pytest.fixture(scope="module")
def heavy() -> bytes:
    """The sample's workbook with a sheet of 4,900 honest rows more."""
    book = load_workbook(WORKBOOK)
    sheet = book.create_sheet("采购台账")
    for n in range(4900):
        sheet.append([f"第{n}项", "办公设备", n, f"{n}.50"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("lowered", "how"),
    [("CPU_SECONDS = 1", Ending.CPU), ("ADDRESS_SPACE = 1 << 20", Ending.MEMORY)],
)
def test_a_file_that_is_honest_and_too_big_is_told_so(heavy, lowered, how):
    script = f"from budgets.importing import intake_child as child\n{AGAIN_AND_AGAIN}\nchild.{lowered}; child.main()"
    command = (sys.executable, "-c", script)
    with pytest.raises(Unreadable) as refusal:
        take_in_apart("大.xlsx", heavy, subjects=SUBJECTS, command=command, **ASKED)
    assert str(refusal.value) == unfinished("大.xlsx", heavy, how)


def test_it_is_the_limit_that_was_lowered(heavy):
    """The negative control: within the limits that stand the same file is read."""
    taken = take_in_apart("大.xlsx", heavy, subjects=SUBJECTS, **ASKED)
    assert taken.ledger.facts and any("采购台账" in each.sheet for each in taken.unread)


def test_a_bomb_is_refused_as_one(caplog):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (60 << 20))
    with pytest.raises(Unreadable, match="可能是恶意文件"):
        take_in_apart("弹.xlsx", packed.getvalue(), subjects=SUBJECTS, **ASKED)
    assert "without an answer" not in caplog.text, "it was refused, not stopped"


def test_no_file_costs_more_than_forty_seconds():
    assert intake_child.CPU_SECONDS == pdf_reader.CPU_SECONDS == 40


def test_a_pdf_and_what_comes_of_it_share_one_limit():
    """It is read in the child that takes it in: no process of its own brings more seconds, and none can be started."""
    spent = doing("child.read_pdf = lambda name, content, say: len([0 for n in range(10**9)])")
    with pytest.raises(Unreadable, match="时间内没有读完"):
        take_in_apart("a.pdf", b"%PDF-1.7", subjects=SUBJECTS, command=spent, **ASKED)
    whole = doing(AGAIN_AND_AGAIN)
    path = SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf"
    with pytest.raises(Unreadable, match="时间内没有读完，请只提供预算公开的部分"):
        take_in_apart(path.name, path.read_bytes(), subjects=SUBJECTS, command=whole, **ASKED)


def doing(line: str) -> tuple[str, ...]:
    """The child that takes in files with one second of CPU, after a line."""
    begin = "from budgets.importing import intake_child as child; child.CPU_SECONDS = 1"
    return (sys.executable, "-c", f"{begin}\n{line}\nchild.main()")


def test_a_child_that_hangs_ends_with_its_own_children(tmp_path):
    note = tmp_path / "pid"
    code = (
        "    import subprocess; p = subprocess.Popen(['sleep', '60'])\n"
        f"    open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    start = time.monotonic()
    script = UNGUARDED + CHILD.format(code=code, limits="limited")
    assert said(script, wall_seconds=3) == unfinished("a.xlsx", b"PK", Ending.SLOW)
    assert time.monotonic() - start < 30
    assert not alive(int(note.read_text()))


def alive(pid: int) -> bool:
    """True while a process runs; one that ended and was not collected yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "print('no message')",
        "from budgets.confined.frames import send; send(1, {})",
        "from budgets.confined.frames import send; send(1, {}); send(1, {})",
        "from budgets.confined.frames import send; send(1, {}); send(1, {'taken': '{}'})",
        "from budgets.confined.frames import send; send(1, {}); send(1, {'taken': 7})",
        "from budgets.confined.frames import send; send(1, {}); send(1, [])",
        "from budgets.confined.frames import send; send(1, {}); send(1, {'done': 1})",
        "from budgets.confined.frames import send; send(1, {}); send(1, {'ended': 'somehow'})",
    ],
)
def test_a_child_that_says_nothing_useful_is_no_result(script):
    assert said(script) == damaged("a.xlsx", b"PK")


def test_a_child_that_fails_is_noted_for_whoever_runs_the_portal(caplog):
    said("import os; os.write(2, b'no luck'); raise SystemExit(3)")
    assert "without an answer (status 3): no luck" in caplog.text


def test_a_reader_that_falls_over_is_noted_too(caplog):
    assert answer("    raise ValueError('over this')") == damaged("a.xlsx", b"PK")
    assert "ValueError: over this" in caplog.text


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
    assert [
        entry.cell.endswith(f"等 {count} 格") for entry, count in zip(taken.unread, (1000, 3000), strict=True)
    ]
    (lost,) = (fault for fault in taken.findings if fault.rule == "intake-amount-not-read")
    assert "等 1000 格" in lost.message and len(lost.cells) == MOST, "one cause is one fault"
    assert not taken.complete


def test_lists_without_end_are_cut_off_and_say_so():
    taken = take_in(str(WORKBOOK), subjects=SUBJECTS, **ASKED)
    many = replace(
        taken,
        unread=[Unread(f"表{n}", "A1", "甲", "不属于任何一张表") for n in range(MOST + 7)],
        findings=[FoundFault("text-unit", "warning", f"第{n}条") for n in range(MOST + 9)],
    )
    short = loads(dumps(many))
    assert (len(short.unread), len(short.findings)) == (MOST + 1, MOST + 1)
    assert "还有 7 处" in short.unread[-1].text and "还有 9 条" in short.findings[-1].message

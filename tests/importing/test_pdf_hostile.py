"""PDFs that cannot be read for certain, or would harm a parser: refused in one sentence, this process untouched."""

import io
import os
import random
import resource
import sys
import time
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Permissions

from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.pdf_child import read_pdf
from budgets.importing.reading.sources import read
from tests.makers.pace import AGAIN_AND_AGAIN
from tests.makers.papers import Paper, altered, bound
from tests.makers.sample_files import SAMPLE

pytestmark = pytest.mark.slow

PDF = SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf"
BOMB = 120 * 2**20
SOON = 10  # seconds of CPU
UNMEASURED = "structure.MOST_DRAWN = 1 << 40"


def paper(words: str = "一、总体情况。本年收入为十二万元。") -> Paper:
    page = Paper().text(50, 60, words)
    page.table(50, 100, (60, 200, 100), [["编码", "名称", "合计"], ["201", "一般公共服务支出", "12.00"]])
    return page


def spent() -> float:
    """CPU seconds of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def scanned(*, guessed: bool) -> bytes:
    """A picture, with or without the invisible words that a scanner lays under it."""
    page = Paper()
    if guessed:
        page.text(50, 60, "一、总体情况。本年收入为十二万元。", mode=3)
    return bound(page, picture=True)


def encrypted(**how) -> bytes:
    return bound(paper(), encryption=Encryption(owner="owner", **how))


def changed(alter) -> bytes:
    with pikepdf.open(io.BytesIO(bound(paper()))) as pdf:
        alter(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def bomb(size: int = BOMB) -> bytes:
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b" " * 2**20) for _ in range(size // 2**20)) + packer.flush()

    def alter(pdf: pikepdf.Pdf) -> None:
        more = pdf.make_stream(b"")
        more.write(data, filter=Name.FlateDecode)
        pdf.pages[0].Contents = Array([pdf.pages[0].Contents, pdf.make_indirect(more)])

    return changed(alter)


def forms_without_end() -> bytes:
    """Forty forms, each drawing the next twice."""

    def alter(pdf: pikepdf.Pdf) -> None:
        inner = pdf.make_stream(b"")
        for _ in range(40):
            outer = pdf.make_stream(b"/X Do /X Do")
            outer.stream_dict = Dictionary(
                Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
                Resources=Dictionary(XObject=Dictionary(X=inner)),
            )  # fmt: skip
            inner = pdf.make_indirect(outer)
        pdf.pages[0].Resources.XObject = Dictionary(X=inner)
        pdf.pages[0].Contents = pdf.make_stream(b"/X Do")

    return changed(alter)


def replaced(old: bytes, new: bytes) -> bytes:
    content = bound(paper(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert content.count(old) == 1
    return content.replace(old, new)


def pages_in_a_circle() -> bytes:
    """The root of the pages has itself as its only page."""
    return replaced(b"/Kids [ 3 0 R ]", b"/Kids [ 2 0 R ]")


def a_page_less_than_counted() -> bytes:
    return replaced(b"/Count 1", b"/Count 2")


def spoilt_stream() -> bytes:
    content = bytearray(PDF.read_bytes())
    at = content.index(b"stream", len(content) // 3) + 400
    content[at : at + 4] = b"\0\0\0\0"
    return bytes(content)


HOSTILE = {
    "scanned": (lambda: scanned(guessed=False), "是扫描件"),
    "scanned, with words guessed by a machine": (lambda: scanned(guessed=True), "是扫描件"),
    "blank": (lambda: bound(Paper()), "是扫描件"),
    "encrypted": (lambda: encrypted(user="secret"), "打开密码"),
    "not to be copied": (lambda: encrypted(user="", allow=Permissions(extract=False)), "不许复制"),
    "cut off": (lambda: PDF.read_bytes()[:100_000], "不完整"),
    "cut off at the end": (lambda: PDF.read_bytes()[:-40], "不完整"),
    "one stream spoilt": (spoilt_stream, "损坏"),
    "only the mark of a PDF": (lambda: b"%PDF-1.7\n%%EOF\n", "损坏"),
    "noise between marks": (lambda: b"%PDF-1.7\n" + os.urandom(50_000) + b"%%EOF\n", "损坏"),
    "a font that is not there": (
        lambda: bound(paper().draw("BT /F9 12 Tf 50 600 Td <4E00> Tj ET")),
        "第 1 页已损坏",
    ),
    "a form that is not there": (lambda: bound(paper().draw("/Form9 Do")), "第 1 页已损坏"),
    "too many pages": (lambda: bound(*[Paper() for _ in range(301)]), "超过 300 页"),
    "too many rules": (
        lambda: bound(paper().draw("0 0 m 9 9 l S\n" * 31_000)),
        "第 1 页的内容过多",
    ),
    "too many characters": (lambda: bound(paper("一" * 31_000)), "第 1 页的内容过多"),
    "too many characters in one": (lambda: bound(paper("一" * 17_000)), "第 1 页的内容过多"),
    "too much to draw": (bomb, "第 1 页的内容过多"),
    "forms without end": (forms_without_end, "第 1 页的内容过多"),
    "a page less than counted": (a_page_less_than_counted, "损坏"),
    "pages in a circle": (pages_in_a_circle, "损坏"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_refused_soon_in_one_sentence(kind):
    make, words = HOSTILE[kind]
    content = make()
    start = spent()
    with pytest.raises(Unreadable) as refused:
        read(io.BytesIO(content), "预算.pdf")
    message = str(refused.value)
    assert spent() - start < SOON
    assert message.startswith("文件“预算.pdf”") and words in message
    assert message.endswith("。") and message.count("。") == 1


def test_what_harms_nobody_is_read_the_same():
    assert read_pdf("试.pdf", bound(paper().draw("[" * 200_000))) == read_pdf("试.pdf", bound(paper()))


def test_memory_is_limited():
    small = altered("child.ADDRESS_SPACE = 160 << 20")
    with pytest.raises(Unreadable, match="内存"):
        read_pdf("试.pdf", bomb(), command=small)
    unlimited = altered(
        "child.ADDRESS_SPACE = -1", "child.CPU_SECONDS = 600", "child.in_time = lambda: None", UNMEASURED
    )
    blocks, _ = read_pdf("试.pdf", bomb(), command=unlimited)
    assert len(blocks) == 2  # without the limit the page is read: it was the limit that refused


def test_time_is_limited_also_in_native_code():
    # Without a limit of memory, which such a page reaches about as soon: the library then ends the process itself.
    limits = "child.STEP_SECONDS = child.GRACE_SECONDS = 0.5; child.ADDRESS_SPACE = -1"
    endless = (limits, "structure.DEEPEST = marks.DEEPEST = 99")
    start = spent()
    with pytest.raises(Unreadable, match="时间"):
        read_pdf("试.pdf", forms_without_end(), command=altered(*endless))
    assert spent() - start < SOON


def test_time_is_limited_where_a_parser_swallows_what_tells_it():
    stubborn = (
        "def open_pdf(content):\n  try:\n    while True: pass\n  except TimeoutError:\n    while True: pass"
    )
    start = spent()
    with pytest.raises(Unreadable, match="时间"):
        read_pdf(
            "试.pdf", b"", command=altered("child.STEP_SECONDS = 0.5", stubborn, "child.open_pdf = open_pdf")
        )
    assert spent() - start < SOON


def test_a_long_pdf_that_is_honest_is_told_that_it_is_long():
    with pytest.raises(Unreadable, match="时间内没有读完，请只提供预算公开的部分") as refused:
        read_pdf("试.pdf", PDF.read_bytes(), command=altered("child.CPU_SECONDS = 1", AGAIN_AND_AGAIN))
    assert "恶意" not in str(refused.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import time; time.sleep(60)", "等了很久"),
        ("import os; os.abort()", "意外中止"),
        ("print('{}')", "意外中止"),
        ("from budgets.confined.frames import send; send(1, {})", "意外中止"),
    ],
)
def test_a_child_that_fails_refuses_the_file(line, words):
    ready = "from budgets.confined.frames import send; send(1, {}); "
    start = time.monotonic()
    with pytest.raises(Unreadable, match=words):
        read_pdf("试.pdf", PDF.read_bytes(), command=(sys.executable, "-c", ready + line), wall_seconds=2)
    assert time.monotonic() - start < SOON


def test_the_child_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s3cr3t")
    told = (
        "import os; assert 'SECRET_KEY' not in os.environ; from budgets.confined import serving; "
        "serving.serve(lambda: lambda *asked: ({'blocks': [], 'unread': []}, []), serving.Limits(-1, 9))"
    )
    assert read_pdf("试.pdf", b"", command=(sys.executable, "-c", told)) == ((), ())


@pytest.mark.parametrize(
    ("kind", "switched_off"),
    [
        ("scanned, with words guessed by a machine", "marks.INVISIBLE = ()"),
        ("one stream spoilt", "import pdfminer.pdftypes as t; structure.whole = t.decompress_corrupted"),
        ("a page less than counted", "child.pages_of = lambda d: [*structure.PDFPage.create_pages(d)]; marks.Opened.pages = 1"),
        ("not to be copied", "from pdfminer.pdfdocument import PDFStandardSecurityHandlerV5 as h; h.is_extractable = lambda s: True"),
        ("too many pages", "structure.MAX_PAGES = 400"),
        ("a font that is not there", "structure.called = lambda drawn: ()"),
        ("a form that is not there", "structure.called = lambda drawn: ()"),
        ("too many characters in one", "structure.LONG = structure.re.compile(b'^$')"),
        ("too many rules", "marks.MAX_MARKS = 1 << 30"),
        ("too much to draw", UNMEASURED),
    ],
)  # fmt: skip
def test_it_is_this_guard_that_refuses(kind, switched_off):
    make, words = HOSTILE[kind]
    try:
        read_pdf("试.pdf", make(), command=altered(switched_off))
    except Unreadable as refused:
        assert words not in str(refused)


def test_a_spoilt_copy_is_read_right_or_refused():
    content = bound(paper(), paper("二、支出情况。"))
    right = read_pdf("试.pdf", content)
    chance = random.Random(20231122)
    refused = 0
    for _ in range(10):
        copy = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            copy[chance.randrange(len(copy))] = chance.randrange(256)
        try:
            blocks, unread = read_pdf("试.pdf", bytes(copy))
        except Unreadable:
            refused += 1
        else:
            assert unread or blocks == right[0]
    assert 0 < refused < 10


def test_a_pdf_of_another_name_is_still_a_pdf():
    assert read(io.BytesIO(bound(paper())), "预算.xlsx").kind == "pdf"
    assert read(io.BytesIO(b"\n\n" + bound(paper())), "预算.pdf").kind == "pdf"

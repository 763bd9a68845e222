"""The PDF of the sample as a file: archival, accessible, with our fonts only, the same bytes every time."""

import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from budgets.domain.addresses import Addressed
from budgets.domain.documents import Cell
from budgets.domain.money import parse_amount
from budgets.rendering.pdf.renderer import Renderer
from tests.rendering.conftest import ADDRESS, ATTACHMENTS, CREATED, print_of
from tests.rendering.tagged import Tagged, fold

pytestmark = [pytest.mark.pango, pytest.mark.slow]
FAMILIES = {"Noto-Serif-SC", "Noto-Serif-SC-Bold", "Noto-Sans-SC", "Noto-Sans-SC-Bold"}


def elements(tagged: Tagged, tag: str) -> list:
    return [element for element in tagged.walk(tagged.root) if tagged.tag(element) == tag]


def annotations(pdf: pikepdf.Pdf) -> list:
    return [annotation for page in pdf.pages for annotation in page.obj.get("/Annots", [])]


def outline(pdf: pikepdf.Pdf) -> list[tuple[int, str, int]]:
    """(depth, label, page) of every bookmark."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    found = []

    def visit(items, depth):
        for item in items:
            found.append((depth, item.title, pages[item.destination[0].objgen]))
            visit(item.children, depth + 1)

    with pdf.open_outline() as tree:
        visit(tree.root, 1)
    return found


def test_only_our_four_faces_are_embedded(sample):
    fonts = [font for page in sample.pdf.pages for font in page.resources.get("/Font", {}).values()]
    names = {str(font.BaseFont) for font in fonts}
    assert {name.partition("+")[2] for name in names} == FAMILIES
    for font in fonts:
        assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor, "an embedded TrueType program"


@pytest.mark.skipif(not shutil.which("qpdf"), reason="needs qpdf")
def test_qpdf_finds_no_fault(pdf, tmp_path):
    path = tmp_path / "disclosure.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_attachments_open_unchanged(sample):
    assert set(sample.pdf.attachments) == {attachment.name for attachment in ATTACHMENTS}
    for attachment in ATTACHMENTS:
        spec = sample.pdf.attachments[attachment.name]
        assert spec.get_file().read_bytes() == attachment.content
        assert str(spec.obj.AFRelationship) == f"/{attachment.relationship}"
    assert len(sample.pdf.Root.AF) == len(ATTACHMENTS)


def test_it_says_that_it_is_archival_and_accessible(sample):
    with sample.pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "乐亭县行政审批局2023年部门预算"
        assert metadata["xmp:CreateDate"] == "2023-02-10T09:00:00+08:00"
    assert str(sample.pdf.Root.Lang) == "zh-CN"
    assert sample.pdf.Root.MarkInfo.Marked
    assert sample.pdf.Root.ViewerPreferences.DisplayDocTitle
    assert sample.pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert sample.pdf.trailer.ID


def test_tables_are_rectangular_and_headers_resolve(sample):
    tables = [block.table for block in sample.blocks() if block.table]
    assert [table.faults for table in tables] == [[]] * 18
    for table in tables:
        for cell in table.cells:
            assert (cell.scope in ("Row", "Column")) == (cell.tag == "TH"), cell
            assert cell.headers or cell.tag == "TH", f"a cell that nothing heads: {cell}"


def test_identifiers_are_indexed(sample):
    names = list(sample.root.IDTree.Names)
    assert [bytes(key) for key in names[::2]] == sorted(sample.ids)
    assert all(bytes(element.ID) == bytes(key) for key, element in zip(names[::2], names[1::2], strict=True))


def test_headings_go_down_one_level_at_a_time(sample):
    levels = [int(block.table.heading[1] if block.table else block.tag[1]) for block in sample.blocks()
              if block.table or block.tag.startswith("H")]  # fmt: skip
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_qr_code_has_its_address_as_alternative_text(sample):
    figure = elements(sample, "Figure")[0]
    assert str(figure.Alt) == f"二维码，网址：{ADDRESS}"
    left, bottom, right, top = map(float, figure.A.BBox)
    assert 300 < left < right < 596 and 0 < bottom < top < 300, "at the foot of the cover"


def test_the_page_of_pictures_says_in_words_what_it_draws(sample, document):
    """一图读懂 stands behind the contents, each picture with its alternative text, each number of it in a table behind it."""
    alternatives = [str(figure.Alt) for figure in elements(sample, "Figure")]
    assert any(alt.startswith("每 100 元花在哪：人员经费 721.19 万元，73 元") for alt in alternatives)
    assert "" not in alternatives and "None" not in alternatives
    text = "".join(sample.marked[2].values())
    assert all(words in text for words in ("一图读懂", "990.62", "成本上限", "≥5000件"))
    cells = {
        cell.text for sheet in document.sheets() for row in sheet.rows for cell in row.cells if cell.amount
    }
    assert set(re.findall(r"\d+\.\d\d(?!万|\d)", text)) <= cells


def test_a_paragraph_over_two_pages_is_one_element(sample):
    """And each of its lines is found from its own page."""
    pages = [{sample.page(kid) for kid in sample.kids(p)} for p in elements(sample, "P")]
    assert any(len(on) == 2 for on in pages)
    broken = next(p for p, on in zip(elements(sample, "P"), pages, strict=True) if len(on) == 2)
    assert sample.text(broken).endswith(("。", "；", "：", "变化"))


def test_contents_bookmarks_and_pages_agree(sample, document):
    marks = outline(sample.pdf)
    top = [label for depth, label, _ in marks if depth == 1]
    assert top == [
        "目录",
        "一图读懂",
        *(f"表{sheet.number} {sheet.title}" for sheet in document.tables),
        document.narrative_title,
        "核对提示与部门说明",
    ]
    entries = [sample.text(item) for item in elements(sample, "TOCI")]
    pages = {label.replace(" ", ""): page for depth, label, page in marks if depth <= 2}
    del pages["目录"]
    assert entries == [f"{label}{page}" for label, page in pages.items()]
    texts = [block for block in sample.blocks() if block.table]
    assert [pages[f"表{n}{block.text}"] for n, block in enumerate(texts[:9], 1)] == [
        block.page + 1 for block in texts[:9]
    ]


def test_pages(sample):
    """One page for each of the nine tables (the two empty ones share theirs), wide ones turned; no blank page."""
    boxes = [tuple(map(float, page.mediabox)) for page in sample.pdf.pages]
    turned = [number for number, (_, _, width, height) in enumerate(boxes) if width > height]
    tables = [block.table for block in sample.blocks() if block.table]
    assert [table.page for table in tables[:9]] == [3, 4, 5, 6, 7, 8, 9, 9, 10]
    assert turned == [4, 5], "表2 and 表3"
    assert 24 <= len(boxes) <= 30
    for number, texts in enumerate(sample.marked[1:-1], 2):
        assert sum(map(len, texts.values())) > 150, f"page {number} is almost empty"


def test_page_numbers_stand_outside_and_the_footer_says_what_it_is(sample):
    for number, texts in enumerate(sample.marked[1:], 2):
        together = "".join(texts.values())
        assert f"— {number} —" in together
        assert "乐亭县行政审批局　2023年部门预算　第1版　指纹 9f2c 41ab 77e0" in together
    assert "— 1 —" not in "".join(sample.marked[0].values())


def test_text_stays_inside_the_margins(pdf, tmp_path):
    """No line runs out of its page: every word of pdftotext lies between the least margins."""
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    path = tmp_path / "disclosure.pdf"
    path.write_bytes(pdf)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    width = 0.0
    for line in boxes.splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            width = float(page[1])
        elif word := re.search(r'xMin="([\d.]+)".*xMax="([\d.]+)".*>(.*)</word>', line):
            assert float(word[1]) > 36 and float(word[2]) < width - 36, word[3]


def test_full_lines_reach_both_margins(pdf, tmp_path):
    """The words are justified: lines that are not a paragraph's last end where the text area ends."""
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    path = tmp_path / "disclosure.pdf"
    path.write_bytes(pdf)
    ask = ["pdftotext", "-f", "16", "-l", "16", "-bbox-layout", path, "-"]
    lines = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    ends = [float(end) for end in re.findall(r'<line [^>]*xMax="([\d.]+)"', lines)]
    full = [end for end in ends if end > 480]
    assert len(full) > 10
    assert max(full) - min(full) < 1.0


def test_links_lead_to_the_web_or_into_the_document(sample):
    targets = annotations(sample.pdf)
    assert len(targets) > 20
    outside = {str(a.A.URI) for a in targets if "/A" in a and "/URI" in a.A}
    assert outside == {ADDRESS}
    assert all("/Contents" in a for a in targets), "each link says where it leads"


def test_amounts_of_the_text_lead_to_their_cells_and_say_so(sample, document):
    """Each a tagged link of its paragraph, its target the cell's own place on the page of its table."""
    cells = Addressed(document.sheets())
    names = pikepdf.NameTree(sample.pdf.Root.Names.Dests)
    pages = {page.obj.objgen: number for number, page in enumerate(sample.pdf.pages)}
    tables = {block.table.title: block.table.page for block in sample.blocks() if block.table}
    led = [a for a in annotations(sample.pdf) if cells.find(str(a.get("/Dest", "")))]
    assert len(led) >= 15
    for link in led:
        found = cells.find(str(link.Dest))
        said, _, where = str(link.Contents).partition("，见")
        assert parse_amount(said.removesuffix("万元")) == (
            found.sheet.rows[found.row].cells[found.column].amount or 0
        )
        assert where.endswith(found.sheet.title)
        page, _, left, top, _ = names[str(link.Dest)]
        assert pages[page.objgen] == tables[fold(found.sheet.title)] and left > 0 < top
    inside = [e.K for e in elements(sample, "Link") if sample.tag(e.P) == "P"]
    kids = [kid for each in inside for kid in each if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid]
    tagged = {
        kid.Obj.objgen for kid in kids if cells.find(str(kid.Obj.get("/Dest", "")))
    }  # others lead elsewhere
    assert {link.objgen for link in led} == tagged, "each is an element of a paragraph"


def test_the_same_document_gives_the_same_bytes_in_another_process(pdf, renderer, printed):
    again = renderer.render(printed, attachments=ATTACHMENTS, created=CREATED)
    other = Renderer()
    try:
        elsewhere = other.render(printed, attachments=ATTACHMENTS, created=CREATED)
    finally:
        other.close()
    assert {hashlib.sha256(content).hexdigest() for content in (pdf, again, elsewhere)} == {
        hashlib.sha256(pdf).hexdigest()
    }


def test_a_table_of_several_pages_repeats_its_head_and_splits_no_row(renderer, document):
    table = document.tables[2]
    rows = tuple(
        replace(row, key=f"{turn}-{row.key}", cells=(Cell(str(turn * 15 + n + 1)), *row.cells[1:]))
        for turn in range(8)
        for n, row in enumerate(table.rows)
    )
    content = renderer.render(
        print_of(replace(document, tables=(replace(table, rows=rows),), chapters=(), figures=())),
        created=CREATED,
    )
    parts = [block.table for block in Tagged(content).blocks() if block.table]
    assert len(parts) > 2
    assert [part.page for part in parts] == list(range(2, 2 + len(parts)))
    assert all(part.texts(0) == parts[0].texts(0) and part.texts(2)[0] == "栏次" for part in parts)
    serials = [part.texts(row)[0] for part in parts for row in range(3, part.rows)]
    assert serials == [str(n) for n in range(1, 121)]
    assert all(not part.faults for part in parts)


def test_a_draft_says_so_on_every_page(renderer, document):
    content = renderer.render(print_of(document, band="未公开"), created=CREATED)
    assert renderer.report["log"] == []
    with pikepdf.open(BytesIO(content)) as pdf:
        assert not pdf.attachments
    draft = Tagged(content)
    assert all("未公开" in "".join(texts.values()) for texts in draft.marked)
    assert not [f for f in elements(draft, "Figure") if "二维码" in str(f.Alt)], "no address to scan yet"
    assert "5d5d" not in "".join("".join(texts.values()) for texts in draft.marked)

"""The fonts in the project: what they cover, where they come from, that they may be embedded."""

import hashlib
import io
import json
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location

import openpyxl
import pytest
from fontTools.ttLib import TTFont

from budgets.domain import snapshots
from budgets.domain.documents import Cell
from budgets.fonts.glyphs import COVERAGE, missing_glyphs, printable
from budgets.rendering.data.data_package import sheet_csv
from budgets.rendering.pdf.renderer import FACES
from budgets.rendering.workbook.xlsx import workbook
from tests.makers.documents import document_of, ledger_of
from tests.makers.sample_document import SAMPLE

FONTS = COVERAGE.parent
RECORD = json.loads((FONTS / "fonts.json").read_text())


def gbk() -> set[str]:
    """Every character of GBK."""
    pairs = (bytes([high, low]) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF))
    return {text for pair in pairs if len(text := pair.decode("gbk", "ignore")) == 1 and ord(text) > 0x7F}


def test_all_of_gbk_can_be_printed():
    assert len(gbk()) > 21_000
    assert missing_glyphs("".join(gbk())) <= {"≒"}, "the one sign that the sources themselves lack"


# The ideographs that every implementation of GB 18030-2022 has (level 1): of Unicode's first block, its extension A, and 21 more.
FIRST, EXTENSION_A = range(0x4E00, 0x9FF0), range(0x3400, 0x4DB6)
AND_MORE = "\uf92c\uf979\uf995\uf9e7\uf9f1\ufa0c\ufa0d\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa18\ufa1f\ufa20\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29"


def test_of_gb_18030_all_but_extension_a_can_be_printed_and_the_rest_is_named():
    """Of 27,579 ideographs 6,505 of extension A have no glyph: 77 that names use have; beyond the first plane 222 have."""
    assert not missing_glyphs("".join(map(chr, FIRST)) + AND_MORE)
    lacking = missing_glyphs("".join(map(chr, EXTENSION_A)))
    assert len(lacking) == len(EXTENSION_A) - 77
    assert sum(ord(character) >= 0x20000 for character in printable()) == 222


@pytest.mark.slow
def test_every_ideograph_survives_every_data_file():
    """Also those that cannot be printed: in the frozen content, the workbook and the CSV they are what was typed."""
    characters = (
        "".join(map(chr, (*FIRST, *EXTENSION_A)))
        + AND_MORE
        + "".join(c for c in printable() if ord(c) >= 0x20000)
    )
    pieces = [characters[n : n + 1000] for n in range(0, len(characters), 1000)]
    whole = document_of("shanghai_2023", "entered")
    sheet = whole.tables[0]
    row = sheet.rows[0]
    rows = tuple(replace(row, cells=(Cell(piece), *row.cells[1:])) for piece in pieces)
    changed = replace(whole, tables=(replace(sheet, rows=rows),), chapters=())
    book = openpyxl.load_workbook(io.BytesIO(workbook(changed))).worksheets[0]
    kept = {cell.value for line in book.iter_rows() for cell in line}
    table = sheet_csv(changed.tables[0]).decode("utf-8-sig")
    frozen = snapshots.dumps(ledger_of("shanghai_2023", "entered"), changed)
    texts = {
        cell["text"]
        for line in json.loads(frozen)["document"]["tables"][0]["rows"]
        for cell in line["cells"]
        if "text" in cell
    }
    assert [piece for piece in pieces if piece not in kept or piece not in table or piece not in texts] == []
    assert characters not in table, "the control: a piece is found as a piece"


def test_marks_and_rare_names_can_be_printed():
    assert not missing_glyphs("ABC xyz 0123456789\n\t㎡①⑳〔〕√□—…≥≤％＋“”‘’·№℃㈠Ⅳ—")
    assert not missing_glyphs("喆堃镕䶮㛃𬭛𫖯𬀩"), "names in 通用规范汉字表, beyond GBK too"


def test_what_has_no_glyph_is_named():
    assert missing_glyphs("勾☑选👍\u200b\ue000") == {"☑", "👍", "\u200b", "\ue000"}
    assert missing_glyphs("") == set()


def test_the_sample_can_be_printed():
    assert not missing_glyphs((SAMPLE / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FACES)
def test_each_face_is_the_recorded_static_truetype(name):
    path = FONTS / name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == RECORD["faces"][name]["sha256"]
    with TTFont(path, lazy=True) as font:
        assert "glyf" in font and "fvar" not in font and "CFF " not in font
        assert font["OS/2"].fsType == 0, "embedding is unrestricted"
        family, style = name.removeprefix("Noto").removesuffix(".ttf").split("SC-")
        assert font["name"].getDebugName(1) == f"Noto {family} SC"
        assert font["name"].getDebugName(2) == style


@pytest.mark.slow
def test_coverage_is_what_the_faces_have():
    characters: set[str] = set("\n\r\t")
    for name in FACES:
        with TTFont(FONTS / name, lazy=True) as font:
            characters.update(map(chr, font.getBestCmap()))
    assert characters == printable()


def test_the_faces_are_small_enough_and_licensed():
    assert set(RECORD["faces"]) == set(FACES)
    assert sum((FONTS / name).stat().st_size for name in FACES) <= 40 * 1024 * 1024
    for licence in ("OFL-NotoSerifSC.txt", "OFL-NotoSansSC.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / licence).read_text()


def test_the_script_pins_what_is_recorded():
    spec = spec_from_file_location("make_fonts", FONTS / "make.py")
    assert spec and spec.loader
    make = module_from_spec(spec)
    spec.loader.exec_module(make)
    pinned = {
        name: (package, digest)
        for package, members in make.SOURCES.items()
        for name, digest in members.values()
        if name.endswith(".ttf")
    }
    assert pinned == {n: (face["from"], face["source_sha256"]) for n, face in RECORD["faces"].items()}
    assert make.ranges([0x20, 0x21, 0x22, 0x4E00]) == ["20-22", "4e00"]
    assert make.wanted([0x4E00, 0x3400, ord("䶮"), 0xAC00, 0x2C9DB]) == {0x4E00, ord("䶮"), 0x2C9DB}

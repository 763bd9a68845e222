"""The fonts in the project: what they cover, where they come from, that they may be embedded."""

import hashlib
import json
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from fontTools.ttLib import TTFont

from budgets.fonts.glyphs import COVERAGE, missing_glyphs, printable
from budgets.rendering.pdf.renderer import FACES
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

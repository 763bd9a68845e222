"""Makes the four faces in this folder from the Google Fonts builds of Noto Serif SC and Noto Sans SC.

`python budgets/fonts/make.py` (it needs npm) packs the two packages pinned below, refuses a source
file with another SHA-256, keeps the characters of `wanted` and the kerning of horizontal text, and writes the
faces, their licences, `fonts.json` (versions, hashes) and `coverage.txt` (the characters that can be printed,
as ranges). The same sources and the same fontTools give the same bytes.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset, version
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
LIMIT = 40 * 1024 * 1024

# Package -> file in it -> (name here, SHA-256 of the source).
SOURCES = {
    "@expo-google-fonts/noto-serif-sc@0.4.3": {
        "400Regular/NotoSerifSC_400Regular.ttf": (
            "NotoSerifSC-Regular.ttf",
            "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
        ),
        "700Bold/NotoSerifSC_700Bold.ttf": (
            "NotoSerifSC-Bold.ttf",
            "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
        ),
        "LICENSE_FONT": (
            "OFL-NotoSerifSC.txt",
            "5e0da210fb04058a8c0087985d2d456b931c2579811a49655721d3cf0c36b6d6",
        ),
    },
    "@expo-google-fonts/noto-sans-sc@0.4.3": {
        "400Regular/NotoSansSC_400Regular.ttf": (
            "NotoSansSC-Regular.ttf",
            "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
        ),
        "700Bold/NotoSansSC_700Bold.ttf": (
            "NotoSansSC-Bold.ttf",
            "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
        ),
        "LICENSE_FONT": (
            "OFL-NotoSansSC.txt",
            "1c05c68c34f9708415aada51f17e1b0092d2cea709bf4a94cd38114f9e73d7d9",
        ),
    },
}

# The characters of 通用规范汉字表 that lie in extension A; names of persons and places use them.
EXTENSION_A = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠"
    "䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
NOT_NEEDED = (range(0x3400, 0x4DC0), range(0xAC00, 0xD7B0))  # the rest of extension A; Hangul


def wanted(present: Iterable[int]) -> set[int]:
    """The code points to keep of those `present`: all of GBK, and what lies outside it and is not too big."""
    return {
        code
        for code in present
        if chr(code) in EXTENSION_A or not any(code in excluded for excluded in NOT_NEEDED)
    }


def shrink(source: Path, target: Path) -> set[int]:
    """Write the subset of one face and return its code points. Hints and vertical setting are left out."""
    font = TTFont(source, recalcTimestamp=False)
    codes = wanted(font.getBestCmap())
    options = subset.Options(
        layout_features=["ccmp", "locl", "mark", "kern", "chws", "halt", "palt", "pwid"],
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        name_IDs=["*"],
        recalc_timestamp=False,
    )
    options.drop_tables += ["BASE", "DSIG", "GlyphOrder", "STAT", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.save(target)
    return codes


def ranges(codes: Iterable[int]) -> list[str]:
    """Code points as sorted hexadecimal ranges, `4e00-9fa5` or `3000`."""
    spans: list[list[int]] = []
    for code in sorted(codes):
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return [f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in spans]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    covered: set[int] = set()
    record: dict[str, object] = {"fonttools": version, "faces": {}}
    faces: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package, members in SOURCES.items():
            packed = subprocess.run(  # noqa: S603
                ["npm", "pack", "--silent", package],  # noqa: S607
                cwd=folder,
                check=True,
                capture_output=True,
                text=True,
            ).stdout.split()[-1]
            with tarfile.open(Path(folder) / packed) as archive:
                for member, (name, expected) in members.items():
                    archive.extract(f"package/{member}", folder, filter="data")
                    source = Path(folder) / "package" / member
                    if sha256(source) != expected:
                        raise SystemExit(f"{package}: {member} is not the file that was pinned")
                    if source.suffix != ".ttf":
                        (HERE / name).write_bytes(source.read_bytes())
                        continue
                    codes = shrink(source, HERE / name)
                    covered |= codes
                    faces[name] = {
                        "from": package,
                        "source_sha256": expected,
                        "sha256": sha256(HERE / name),
                        "bytes": (HERE / name).stat().st_size,
                        "characters": len(codes),
                    }
    total = sum((HERE / name).stat().st_size for name in faces)
    if total > LIMIT:
        raise SystemExit(f"the faces come to {total} bytes, more than {LIMIT}")
    record["faces"] = faces
    (HERE / "fonts.json").write_text(json.dumps(record, indent=2) + "\n")
    (HERE / "coverage.txt").write_text("\n".join(ranges(covered)) + "\n")


if __name__ == "__main__":
    main()

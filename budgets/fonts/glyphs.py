"""Which characters the fonts of the PDF can print; needs neither Pango nor the font files."""

from functools import lru_cache
from pathlib import Path

COVERAGE = Path(__file__).parent / "coverage.txt"
_LAYOUT = frozenset("\n\r\t")


@lru_cache(maxsize=1)
def printable() -> frozenset[str]:
    """Every character that at least one of our faces draws, read from `coverage.txt`."""
    characters = set(_LAYOUT)
    for span in COVERAGE.read_text().split():
        first, _, last = span.partition("-")
        characters.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(characters)


def missing_glyphs(text: str) -> set[str]:
    """The characters of `text` that would print as an empty box; an empty set when all can be printed."""
    return set(text) - printable()

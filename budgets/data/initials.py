"""Names as they are spoken: their pinyin and its first letters, by which people look things up (行政运行 is xzyx)."""

from collections.abc import Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Places that people spell in a second way: as they are called there, or as their characters are read elsewhere.
SPELT_TOO = {
    "乐亭": ("le", "ting"),
    "长寿区": ("chang", "shou", "qu"),
    "六安": ("lu", "an"),
    "蔚县": ("yu", "xian"),
    "浚县": ("xun", "xian"),
    "番禺": ("pan", "yu"),
    "东阿": ("dong", "e"),
    "铅山": ("yan", "shan"),
    "洪洞": ("hong", "tong"),
    "莘县": ("shen", "xian"),
    "单县": ("shan", "xian"),
    "任丘": ("ren", "qiu"),
}
MOST_SYLLABLES = 10  # what people type of a name at once


@lru_cache(maxsize=10_000)
def initials(name: str) -> str:
    """The letters in lower case, digits and Latin letters as they are; marks are left out."""
    parts = lazy_pinyin(
        name, style=Style.FIRST_LETTER, errors=lambda text: "".join(filter(str.isalnum, text))
    )
    return "".join(parts).lower()


def readings(name: str) -> Iterator[list[str]]:
    """The syllables of the name's Chinese characters; a second time, as its place is spelt too."""
    syllables: list[str] = lazy_pinyin(name, errors="ignore")
    yield syllables
    for place, other in SPELT_TOO.items():
        before = name.find(place)
        if before >= 0 and len(syllables) == len(name) and tuple(syllables[before:][: len(other)]) != other:
            yield [*syllables[:before], *other, *syllables[before + len(other) :]]


@lru_cache(maxsize=1000)
def spoken(name: str) -> frozenset[str]:
    """The whole name in pinyin and by its initials; none for a name without Chinese characters."""
    return frozenset(each for syllables in readings(name) for each in _forms(syllables) if each)


def spoken_parts(name: str) -> set[str]:
    """The pinyin and the initials of every two and more characters of the name that follow each other."""
    found: set[str] = set()
    for syllables in readings(name):
        for start in range(len(syllables)):
            for end in range(start + 2, min(start + MOST_SYLLABLES, len(syllables)) + 1):
                found.update(_forms(syllables[start:end]))
    return found


def _forms(syllables: list[str]) -> tuple[str, str]:
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)

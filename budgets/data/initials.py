"""The first letters of a name's pinyin, by which people look things up: 行政运行 is xzyx."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=10_000)
def initials(name: str) -> str:
    """The letters in lower case, digits and Latin letters as they are; marks are left out."""
    parts = lazy_pinyin(
        name, style=Style.FIRST_LETTER, errors=lambda text: "".join(filter(str.isalnum, text))
    )
    return "".join(parts).lower()

"""Words as the search compares them: width, case, quotes, brackets and blanks do not count, a number counts by its value.

A text is indexed by its grams: every Chinese character and every two that follow each other, every number, every run of
Latin letters. Grams are letters and digits alone, so that any index can keep them as one word each.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

CHINESE = r"\u3007\u3400-\u9fff\uf900-\ufaff"
# What may stand between two characters of a word without parting it. Line ends and tabs part passages.
BETWEEN = "[ \\u00a0\\u3000\"'“”‘’„‟「」『』《》〈〉<>（）()【】\\[\\]〔〕·•・、—–\\-]"
MARKS = r"[^\w\n\t]*"  # what may stand between a number and a word, or between two that a mark parts
PARTED = re.compile(f"(?<=[{CHINESE}]){BETWEEN}+(?=[{CHINESE}])")
PART = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?)"
    rf"|(?P<latin>[a-z]+)|(?P<chinese>[{CHINESE}]+)"
)
POINT = "d"  # stands for the decimal point, which would part a word of an index


def folded(text: str) -> str:
    """The text in half width and lower case, without what may stand between two Chinese characters."""
    return PARTED.sub("", unicodedata.normalize("NFKC", text).lower())


def number_gram(number: str) -> str:
    """A number by its value: 36,652.940 and 36652.94 are one; zeros in front stay, for codes have them."""
    plain = number.replace(",", "")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", POINT)


def grams(text: str) -> set[str]:
    """Every gram of the text."""
    found: set[str] = set()
    for part in PART.finditer(folded(text)):
        if part["chinese"]:
            found.update(part[0])
            found.update(map("".join, pairwise(part[0])))
        else:
            found.add(number_gram(part[0]) if part["number"] else part[0])
    return found


@lru_cache(maxsize=1000)
def needed(word: str) -> frozenset[str]:
    """The grams that a text must have to hold the word; none for a word of marks alone."""
    found: set[str] = set()
    for part in PART.finditer(folded(word)):
        if part["chinese"]:
            found.update(map("".join, pairwise(part[0])) if len(part[0]) > 1 else part[0])
        else:
            found.add(number_gram(part[0]) if part["number"] else part[0])
    return frozenset(found)


@lru_cache(maxsize=1000)
def pattern(word: str) -> re.Pattern[str]:
    """Matches the word in a text as it is written, whatever its width and case and whatever stands between.

    A number matches a whole number alone, with or without separators and zeros at its end. A word of marks alone
    matches nothing.
    """
    parts = [_part(part) for part in PART.finditer(folded(word))]
    return re.compile(MARKS.join(parts) if parts else r"(?!)")


def _part(part: re.Match[str]) -> str:
    if part["chinese"]:
        return f"{BETWEEN}*".join(part[0])
    # What may not stand in front is looked at behind the first letter: to look for that letter is quick.
    if part["latin"]:
        first, *rest = map(_either, part[0])
        return f"{first}(?<![A-Za-z].){''.join(rest)}(?![A-Za-z])"
    whole, _, decimals = part[0].replace(",", "").partition(".")
    first, *rest = map(_either, whole)
    decimals = "".join(map(_either, decimals.rstrip("0")))
    behind = rf"\.{decimals}0*" if decimals else r"(?:\.0+)?"
    front = f"{first}(?<![0-9０-９].)(?<![0-9][.,].)"
    return f"{front}{''.join(f',?{digit}' for digit in rest)}{behind}(?![0-9０-９])(?![.,][0-9])"


def _either(letter: str) -> str:
    """The letter in either case and width."""
    wide = chr(ord(letter) + 0xFEE0)
    return f"[{''.join(dict.fromkeys((letter, letter.upper(), wide, wide.upper())))}]"

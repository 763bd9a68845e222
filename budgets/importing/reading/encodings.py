"""Text files in the encodings that programs here write."""

import codecs
import re
from collections import Counter

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk"}

SEPARATORS = ",\t;"
FEWEST = 2  # rows with a separator: less is no table


def decoded(content: bytes) -> str:
    """The text of a file: by its mark, as it says itself, as UTF-8, else as GB 18030, of which GBK is a part.

    What is none of these comes back with U+FFFD in place of what cannot be read.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    said = CHARSET.search(content[:2048])
    if said and said[1].decode("ascii").lower() in CHINESE:
        return content.decode("gb18030", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def separator(text: str) -> str:
    """The character that parts the cells of most lines; blank when no line has any."""
    lines = text.splitlines()[:200]
    counts = Counter({mark: sum(mark in line for line in lines) for mark in SEPARATORS})
    mark, count = counts.most_common(1)[0]
    return mark if count >= FEWEST else ""

"""Words as people compare them: 水务局（本级） and 水务局(本级) are one name, ２０８ ０５ and 20805 one code."""

import unicodedata


def same_words(text: str) -> str:
    """The text without blanks, its full-width letters, digits and marks made half-width; equal for equal words."""
    return "".join(unicodedata.normalize("NFKC", text).split())

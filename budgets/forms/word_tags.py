"""Tags of the content controls that a narrative is written with: what they mark, known again when it comes back."""

import hashlib
import re

CHAPTER, REFERENCE = "mz-chapter:", "mz-ref:"
LONGEST_TAG = 64  # that Word allows
KEY = re.compile(r"[a-z0-9_-]{1,50}")
NAMED = re.compile(rf"{REFERENCE}(?P<name>[^\[\]#]+)#(?P<mark>[0-9a-f]{{8}})")


def chapter_tag(key: str) -> str:
    """The tag of a chapter's heading; blank for a key that no tag can hold."""
    return f"{CHAPTER}{key}" if KEY.fullmatch(key) else ""


def chapter_of(tag: str) -> str:
    """The key of the chapter that a tag marks; blank for every other tag."""
    key = tag.removeprefix(CHAPTER)
    return key if key != tag and KEY.fullmatch(key) else ""


def reference_tag(name: str, words: str) -> str:
    """The tag of a reference that prints these words; blank where it is too long for one."""
    tag = f"{REFERENCE}{name}#{_mark(words)}"
    return tag if len(tag) <= LONGEST_TAG and NAMED.fullmatch(tag) else ""


def reference_of(tag: str, words: str) -> str:
    """The reference that a tag marks, as it is typed, while its words are what they were; else blank."""
    named = NAMED.fullmatch(tag)
    return f"[[{named['name']}]]" if named and named["mark"] == _mark(words) else ""


def _mark(words: str) -> str:
    return hashlib.sha256("".join(words.split()).encode()).hexdigest()[:8]

"""References in the words of a chapter beside what they print: which `[[…]]` became which words."""

import re
from collections.abc import Iterable, Mapping

from budgets.domain.documents import Chapter, Paragraph
from budgets.domain.paragraphs import TABLE

REFERENCE = re.compile(r"\[\[([^\[\]]+)\]\]")


def typed_lines(text: str) -> list[str]:
    """The lines of a chapter that say something, without the blanks around them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def lines_beside(text: str, chapter: Chapter | None) -> list[tuple[str, Paragraph]]:
    """Each typed line of a chapter with the paragraph that it prints; a line that places a table prints none of its own.

    Empty where the chapter prints other paragraphs than it has lines: then nothing is known of its references.
    """
    lines = typed_lines(text)
    printed = iter([block for block in chapter.blocks if isinstance(block, Paragraph)] if chapter else [])
    out = []
    for line in lines:
        paragraph = Paragraph(line) if TABLE.fullmatch(line) else next(printed, None)
        if paragraph is None:
            return []
        out.append((line, paragraph))
    return [] if next(printed, None) else out


def references(line: str, printed: str) -> list[tuple[str, str]]:
    """The references of a line in order, each as typed with the words that it prints; those that print as typed are left out."""
    parts = REFERENCE.split(line)
    pattern = "(.*?)".join(map(re.escape, parts[::2]))
    match = re.fullmatch(pattern, printed)
    found = zip(parts[1::2], match.groups(), strict=True) if match else ()
    return [(name, words) for name, words in found if words and words != f"[[{name}]]"]


def words_of(chapters: Iterable[tuple[str, Chapter | None]]) -> dict[str, str]:
    """What each reference of some chapters prints, by its name; `chapters` are their texts, each as printed beside."""
    return {
        name: words
        for text, chapter in chapters
        for line, paragraph in lines_beside(text, chapter)
        for name, words in references(line, paragraph.text)
    }


def as_printed(text: str, words: Mapping[str, str]) -> str:
    """A text with its known references written as their words."""
    return REFERENCE.sub(lambda found: words.get(found[1], found[0]), text)

"""The levels of the headings in a chapter, the same on a page and on paper."""

from collections.abc import Iterator

from budgets.domain.documents import Chapter, Paragraph, Sheet

CHAPTER_HEADING = 3  # above it the document or the cover, and its halves or the narrative's title
DEEPEST_HEADING = 6


def with_headings(chapter: Chapter) -> Iterator[tuple[Paragraph | Sheet, int]]:
    """Each paragraph and table of a chapter with its heading's level, 0 for body text.

    Headings go down one level at a time, as PDF/UA wants; a table stands below the last heading.
    """
    last = CHAPTER_HEADING
    for part in chapter.blocks:
        if isinstance(part, Paragraph):
            heading = min(CHAPTER_HEADING - 1 + part.level, last + 1, DEEPEST_HEADING) if part.level else 0
            last = heading or last
            yield part, heading
        else:
            yield part, min(last + 1, DEEPEST_HEADING)

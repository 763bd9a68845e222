"""The binder process: counts pages, binds PDFs, reaches nothing else. pikepdf is imported here only."""

from budgets.confined.frames import Head
from budgets.confined.serving import Answer, Limits, Say, Work, serve
from budgets.rendering.book.book_binding import Bound

ADDRESS_SPACE = 1 << 30  # bytes
CPU_SECONDS = 240


def start() -> Work:
    """pikepdf made ready."""
    from budgets.rendering.book import binder

    def work(head: Head, blobs: list[bytes], say: Say) -> Answer:
        if "count" in head:
            return {"pages": [binder.pages_of(content) for content in blobs]}, []
        front, specimen, *contents = blobs
        named = zip(head["titles"], contents, head["withins"], strict=True)
        return {}, [binder.bind(front, specimen, [Bound(*each) for each in named], say)]

    return work


def main() -> None:
    serve(start, Limits(ADDRESS_SPACE, CPU_SECONDS))


if __name__ == "__main__":
    main()

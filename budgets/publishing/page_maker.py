"""Which program makes the pages: what it reads to make them, as one short hash."""

import hashlib
from functools import lru_cache
from pathlib import Path

import django
from django.conf import settings

from budgets.publishing.site_words import site

READ = ("budgets/domain", "budgets/rendering", "budgets/sentences", "templates/public", "templates/tables", "templates/changes", "static")  # fmt: skip


def page_maker() -> str:
    """Sixteen hexadecimal digits that differ where another program, template or site's words would make other pages.

    Pages that one made can be made anew and compared by the same; a release made by another is held against its manifest.
    """
    return _hashed(settings.BASE_DIR, repr(site()))


@lru_cache(maxsize=4)
def _hashed(base: Path, words: str) -> str:
    found = hashlib.sha256(f"{django.__version__} {words}".encode())
    for folder in READ:
        for file in sorted((base / folder).rglob("*")):
            if file.suffix in (".py", ".html", ".css", ".svg"):
                found.update(file.relative_to(base).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]

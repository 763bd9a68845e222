"""The scripts that a page loads: file by file while developing, one shortened file in production.

A page names its kind of work; the files stand here once. In production `collectstatic` joins the files of each kind, takes
out what only people read, and the storage gives the result its hash and its compressed twin like any other static file.
"""

from collections.abc import Iterator
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from whitenoise.storage import CompressedManifestStaticFilesStorage

GRID = (
    "elements",
    "amounts",
    "rows",
    "sums",
    "undo",
    "keys",
    "clipboard",
    "codes",
    "changes",
    "saving",
    "beside",
)
ENTRY = ("admin.js", *(f"grid/{name}.js" for name in GRID))
CODES, LISTED = (
    "grid/codes.js",
    "grid/beside.js",
)  # of tables with codes, of tables that stand on the task list
GOALS = tuple(name for name in ENTRY if name not in (CODES, LISTED))  # their pages are neither
WORDS = ("admin.js", "grid/elements.js", "grid/saving.js", "fresh.js")
SCRIPTS = {
    "desk": ("admin.js", "look_again.js"),
    "passkeys": ("passkeys.js",),
    "overview": ("admin.js", "overview.js", "look_again.js"),
    "going_on": ("going_on.js",),
    "words": WORDS,
    "explaining": (*WORDS, "explaining.js"),
    "chapter": (*WORDS, "chapter.js"),
    "entry": ENTRY,
    "indicators": (*GOALS, "grid/indicators.js"),
    "goals": (*GOALS, "fresh.js"),
}
register = template.Library()


def joined(work: str) -> str:
    """The name of the file that holds the scripts of a kind of work in production."""
    return f"{work}.joined.js"


@register.simple_tag
def scripts(work: str) -> SafeString:
    """The script elements of a kind of work, run in this order once the page is there."""
    bundled = isinstance(staticfiles_storage, JoinedScripts)
    names = (joined(work),) if bundled else SCRIPTS[work]
    return format_html_join(
        "", '<script src="{}" defer></script>', ((staticfiles_storage.url(n),) for n in names)
    )


class JoinedScripts(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise says no types
    """Hashed, compressed static files, and with them the scripts of each kind of work as one file."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join the scripts, then hash and compress them with the rest; names as Django's storage tells them."""
        if not dry_run:
            paths |= {joined(work): (self, joined(work)) for work in SCRIPTS}
            for work in SCRIPTS:
                self._join(work)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join(self, work: str) -> None:
        import minify  # a compiled library that nothing but `collectstatic` needs

        sources = []
        for name in SCRIPTS[work]:
            with self.open(name) as file:
                sources.append(file.read().decode())
        shortened = minify.string("application/javascript", "\n".join(sources))
        self.delete(joined(work))
        self.save(joined(work), ContentFile(shortened.encode()))

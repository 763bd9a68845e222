"""The links of a page made fit for a folder on a disk: each leads to a file beside it, or to the portal."""

import re
from collections.abc import Callable
from html import escape, unescape
from posixpath import relpath

TAG = re.compile(r"<(?!script\b)[a-zA-Z][^>]*>")
LINK = re.compile(r'\s(href|src|action)="([^"]*)"')
KEPT = re.compile(r'rel="canonical"')  # says where the page is public, wherever its copy lies

type Placing = Callable[[str, str], str | None]


def relinked(html: str, at: str, placed: Placing) -> str:
    """The page with its links rewritten, for the file `at` of the folder.

    `placed` gives, by attribute and link, the file that it leads to (with its anchor), an address with a scheme for one outside, None for
    one that has no counterpart in a folder: that one becomes plain words.
    """

    def tag(found: re.Match[str]) -> str:
        return found[0] if KEPT.search(found[0]) else LINK.sub(link, found[0])

    def link(found: re.Match[str]) -> str:
        target = placed(found[1], unescape(found[2]))
        if target is None:
            return ""
        return f' {found[1]}="{escape(beside(at, target))}"'

    return TAG.sub(tag, html)


def beside(at: str, target: str) -> str:
    """The way from one file of the folder to another; addresses with a scheme and anchors of the page itself stay."""
    path, mark, anchor = target.partition("#")
    if not path or "://" in path or target.startswith(("mailto:", "tel:")):
        return target
    if path == at and mark:
        return f"#{anchor}"
    return f"{relpath(path, at.rpartition('/')[0] or '.')}{mark}{anchor}"

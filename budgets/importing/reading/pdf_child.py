"""Published PDFs with text as blocks, read in a child process that cannot harm this one; blocks as JSON between the two."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from budgets.confined.children import Child, Ended, Progress
from budgets.domain.codec import decode, encode
from budgets.importing.reading.grids import Block, Grid, GridCell, Merge, Text, Unread
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.unfinished import damaged, unfinished

COMMAND = (sys.executable, "-m", "budgets.importing.reading.pdf")
WALL_SECONDS = 180  # the child's own limits, of CPU, come first unless the machine is overloaded


def read_pdf(
    name: str,
    content: bytes,
    progress: Progress | None = None,
    *,
    command: Sequence[str] = COMMAND,
    wall_seconds: float = WALL_SECONDS,
) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of a PDF in order, and what of it could not be read for certain.

    `progress` is called after each page, in this thread. Raises Unreadable with one Chinese sentence for scanned,
    encrypted, damaged and hostile files.
    """
    try:
        with Child(command, wall_seconds=wall_seconds) as child:
            answer, _ = child.ask({"name": name}, [content], progress)
        return from_json(answer)
    except Ended as ended:
        raise Unreadable(ended.words if ended.refused else unfinished(name, content, ended.how)) from None
    except (KeyError, TypeError, ValueError):
        raise Unreadable(damaged(name, content)) from None


def as_json(blocks: Iterable[Block], unread: Iterable[Unread]) -> dict[str, Any]:
    """Blocks and what was not read, as JSON takes them."""
    return {
        "blocks": [
            {"name": b.name, "cells": encode(list(b.cells.values())), "merges": encode(b.merges)}
            if isinstance(b, Grid)
            else encode(b)
            for b in blocks
        ],
        "unread": encode(list(unread)),
    }


def from_json(message: dict[str, Any]) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks and what was not read. Raises KeyError, TypeError or ValueError for anything else."""
    return tuple(map(_block, message["blocks"])), decode(tuple[Unread, ...], message["unread"])


def _block(entry: dict[str, Any]) -> Block:
    if "text" in entry:
        text: Text = decode(Text, entry)
        return text
    grid = Grid(entry["name"], merges=list(decode(tuple[Merge, ...], entry["merges"])))
    for cell in decode(tuple[GridCell, ...], entry["cells"]):
        grid.put(cell)
    return grid

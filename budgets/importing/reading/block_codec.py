"""Blocks as JSON, between the process that reads a PDF and the one that asked for it."""

from collections.abc import Iterable
from typing import Any

from budgets.importing.reading.grids import Block, Grid, GridCell, Merge, Text, Unread


def as_json(blocks: Iterable[Block], unread: Iterable[Unread]) -> dict[str, Any]:
    """Blocks and what was not read, as JSON takes them."""
    return {
        "blocks": [_text(block) if isinstance(block, Text) else _grid(block) for block in blocks],
        "unread": [[u.sheet, u.cell, u.text, u.why] for u in unread],
    }


def from_json(message: dict[str, Any]) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks and what was not read. Raises KeyError, TypeError or ValueError for anything else."""
    blocks = tuple(_block(entry) for entry in message["blocks"])
    return blocks, tuple(Unread(*entry) for entry in message["unread"])


def _text(text: Text) -> dict[str, Any]:
    return {"text": text.text, "place": text.place, "body": text.body}


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "name": grid.name,
        "cells": [[cell.row, cell.column, cell.raw, cell.problem] for cell in grid.cells.values()],
        "merges": [[merge.top, merge.left, merge.bottom, merge.right] for merge in grid.merges],
    }


def _block(entry: dict[str, Any]) -> Block:
    if "text" in entry:
        return Text(entry["text"], entry["place"], entry["body"])
    grid = Grid(entry["name"], merges=[Merge(*merge) for merge in entry["merges"]])
    for row, column, raw, problem in entry["cells"]:
        grid.put(GridCell(row, column, raw, problem=problem))
    return grid

"""The sample as a Document made from expected.json, so that pages are tested apart from the derivation of tables."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from budgets import tablesets
from budgets.domain.composing import locate
from budgets.domain.documents import Cell, Chapter, Column, ColumnKind, Document, Paragraph, Row, Sheet
from budgets.domain.facts import EVERYTHING
from budgets.domain.narrative import paragraphs
from budgets.domain.tables import Balance, Field, Lines, Listing, Table

SAMPLE = Path(__file__).parents[1] / "sample" / "expected.json"
HEBEI = tablesets.get("hebei_2023")
ANNEX_KEYS = {"ORG": "organization", "PROC": "procurement", "ASSET": "fixed_assets"}


@cache
def expected() -> dict[str, Any]:
    return json.loads(SAMPLE.read_text(encoding="utf-8"))


def expected_tables() -> list[dict[str, Any]]:
    """The 18 tables in document order."""
    blocks = [block for s in expected()["sections"] for block in [s, *s.get("blocks", ())]]
    return [block for block in blocks if block["kind"] == "table"]


def expected_paragraphs() -> list[str]:
    """The 94 paragraphs of the chapters in order; the lead stands before them."""
    blocks = [block for s in expected()["sections"] for block in s.get("blocks", ())]
    return [text for block in blocks for text in block.get("paragraphs", ())]


def sheet(block: dict[str, Any], word: Table | Listing, key: str) -> Sheet:
    """The expected cells in a sheet with the declared kinds of column."""
    leaves = word.leaves()
    kinds = [leaf.word.kind if isinstance(leaf.word, Field) else ColumnKind.AMOUNT for leaf in leaves]
    captions = [i for i, kind in enumerate(kinds) if kind == ColumnKind.CAPTION]
    columns = tuple(
        Column(leaf.word.key, tuple(path), kind, max((c for c in captions if c <= i), default=captions[0]))
        for i, (leaf, path, kind) in enumerate(zip(leaves, block["columns"], kinds, strict=True))
    )
    rows = [row(word, n, texts, kinds) for n, texts in enumerate(block["rows"])]
    return Sheet(
        key=key,
        number=word.number if isinstance(word, Table) else None,
        title=block["title"],
        meta=tuple(block["meta"]),
        columns=columns,
        rows=tuple(rows),
        notes=tuple(block["notes"]),
        unit=HEBEI.unit,
        numbered=isinstance(word, Table),
        wide=word.wide,
        preface=(("绩效目标", tuple(block["goals"])),) if block.get("goals") else (),
    )


def row(word: Table | Listing, n: int, texts: list[str], kinds: list[ColumnKind]) -> Row:
    level, total, keys = 1, texts[kinds.index(ColumnKind.CAPTION)] in ("合计", "资产总额"), ["", ""]
    rows = word.rows if isinstance(word, Table) else None
    if isinstance(rows, Balance):
        left, right = rows.pairs()[n]
        level, total, keys = max(left.level, right.level), left.total, [left.key, right.key]
    elif isinstance(rows, Lines):
        line = rows.lines[n]
        level, total, keys = line.level, line.total, [line.key, ""]
    elif ColumnKind.CODE in kinds and rows:
        code = texts[kinds.index(ColumnKind.CODE)]
        level, keys = (len(code) - 1) // 2, [code or "total", ""]
    elif texts[0].startswith("其中"):
        level = 2
    captions = iter(keys)
    cells = [
        Cell(
            text,
            Decimal(text) if kind == ColumnKind.AMOUNT and text else None,
            next(captions) if kind == ColumnKind.CAPTION else "",
            EVERYTHING if kind == ColumnKind.AMOUNT else None,
        )
        for text, kind in zip(texts, kinds, strict=True)
    ]
    return Row(str(n + 1), 0 if total else level, tuple(cells), total)


@cache
def document() -> Document:
    """The whole sample disclosure, its wording as published."""
    tables = expected_tables()
    statutory = tuple(sheet(b, word, word.key) for b, word in zip(tables, HEBEI.tables, strict=False))
    by_key = {s.key: s for s in statutory}
    title = next(s for s in expected()["sections"] if s["kind"] == "title")
    chapters = [s for s in expected()["sections"] if s["kind"] == "chapter"]
    return Document(
        table_set="hebei_2023",
        region_code=expected()["region"]["code"],
        region_name=expected()["region"]["name"],
        unit_code=expected()["department"]["code"],
        unit_name=expected()["department"]["name"],
        year=expected()["year"],
        stage="budget",
        tables=statutory,
        narrative_title=title["text"],
        lead=title["lead"],
        chapters=tuple(
            Chapter(word.key, s["number"], s["title"], tuple(chapter_blocks(s)))
            for word, s in zip(HEBEI.chapters, chapters, strict=True)
        ),
        figures=tuple(f for word in HEBEI.figures if (f := locate(word, by_key, HEBEI.unit))),
        contact="乐亭县行政审批局办公室",
    )


def chapter_blocks(section: dict[str, Any]) -> list[Paragraph | Sheet]:
    out: list[Paragraph | Sheet] = []
    for block in section["blocks"]:
        if block["kind"] == "text":
            # Level by numbering over the whole run; the words are checked against expected.json as they stand.
            out.extend(p for p in paragraphs("\n".join(block["paragraphs"]), str) if isinstance(p, Paragraph))
        else:
            key = ANNEX_KEYS.get(block["id"], "goal")
            word = HEBEI.annex(key)
            out.append(sheet(block, word, f"goal_{block['id'][1:]}" if key == "goal" else key))
    return out

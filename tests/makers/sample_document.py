"""The sample disclosure as it would be published: taken in from Word, composed, frozen, read back from the payload."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain import snapshots
from budgets.domain.composing import compose
from budgets.domain.documents import Document, Explanation
from budgets.domain.ledgers import Ledger
from budgets.importing.pipeline import take_in
from budgets.rendering.imprint import Imprint, Site, downloads

SAMPLE = Path(__file__).parents[1] / "sample"
SITE = Site("明账", "部门预算公开平台", "https://budget.example", "乐亭县财政局", "0315-0000000")
EXPLAINED = Explanation(
    "goals-within-projects", "绩效目标合计 188.10，项目支出 188.94。", "差额为小额零星项目。"
)


@cache
def expected() -> dict[str, Any]:
    return json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))


def expected_tables() -> list[dict[str, Any]]:
    """The 18 tables in document order."""
    blocks = [block for s in expected()["sections"] for block in [s, *s.get("blocks", ())]]
    return [block for block in blocks if block["kind"] == "table"]


def expected_paragraphs() -> list[str]:
    """The 94 paragraphs of the chapters in order; the lead stands before them."""
    blocks = [block for s in expected()["sections"] for block in s.get("blocks", ())]
    return [text for block in blocks for text in block.get("paragraphs", ())]


@cache
def sample() -> tuple[Ledger, Document]:
    """The whole sample as taken in from Word, with an approval date and one explained finding."""
    codes = subjects_of(2023)
    taken = take_in(
        SAMPLE / "laoting-483-2023-disclosure.docx",
        region="130225",
        unit="483",
        year=2023,
        subjects=codes,
    )
    ledger = replace(
        taken.ledger, region_name="乐亭县", approved_on=date(2023, 1, 29), contact="办公室 0315-0000001"
    )
    return ledger, compose(tablesets.get(ledger.table_set), ledger, codes, [EXPLAINED])


@cache
def document() -> Document:
    """The sample read back from its payload, as everything public is rendered."""
    return snapshots.loads(snapshots.dumps(*sample()))[1]


def imprint(**changes: Any) -> Imprint:
    """The first revision with all its files; any field can be changed."""
    first = Imprint(
        site=SITE,
        published_on=date(2023, 2, 10),
        digest="9f2c41ab77e0" + "0" * 52,
        downloads=downloads(
            document(), 1, {"pdf": 310_000, "xlsx": 30_000, "csv.zip": 20_000, "json": 40_000}
        ),
    )
    return replace(first, **changes)

"""Documents of every declared table set: entered, given, empty and as large as can be. A new set joins by being declared."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain import ledgers, snapshots
from budgets.domain.composing import compose
from budgets.domain.documents import Document, Explanation
from budgets.domain.facts import Fact
from budgets.domain.ledgers import Ledger
from budgets.domain.terms import AssetItem, Comparator, Family, Flow, Fund, Use
from budgets.importing.pipeline import take_in
from budgets.importing.reading.sources import read
from budgets.synthetic.draws import random_facts
from tests.makers.disguises import disguised
from tests.makers.foreign_forms import drawn_form
from tests.makers.workers import YEAR

SAMPLES = Path(__file__).parents[1] / "sample"
# The real disclosure of a set, where there is one: file, region, unit, year.
REAL = {
    "hebei_2023": ("laoting-483-2023-disclosure.docx", "130225", "483", 2023),
    "shanghai_2023": ("shanghai-putuo-finance-bureau-2025.xlsx", "310107", "301", 2025),
    "shanghai_final_2024": ("shanghai-putuo-planning-final-2024.xlsx", "310107", "302", 2024),
}
MOST = Decimal("999999999999.99")  # the longest number that stays one in a workbook
DANGEROUS = ("=1+1", "+86 315", "-1+1", "@某处", "00123")


def a_ledger(table_set: str, facts: tuple[Fact, ...] = (), **more: object) -> Ledger:
    stage = tablesets.get(table_set).stage.value
    return Ledger(table_set, "130225", "乐亭县", "0483", "乐亭县行政审批局", YEAR, stage, facts=facts, **more)


def records(amounts: tuple[str, ...] = ("12.00", "-3.50", "0.00")) -> dict[str, object]:
    """Two of every record, with an amount that is negative, one that is zero, blanks, and texts like formulas."""
    one, two, zero = (Decimal(amount) * 10000 for amount in amounts)
    indicators = tuple(
        ledgers.Indicator(dimension, aspect, f"{text}{n}", text, Comparator.AT_LEAST, "95", "%", "计划")
        for n, (dimension, aspect, text) in enumerate(
            (
                ("产出指标", "数量指标", "=1+1"),
                ("产出指标", "数量指标", "-1"),
                ("产出指标", "质量指标", "+1"),
                ("效益指标", "社会效益指标", "@"),
            )
        )
    )
    return {
        "organizations": tuple(ledgers.Organization(text, "行政", "正科级", "财政拨款") for text in DANGEROUS),
        "goals": tuple(ledgers.Goal(text, ("目标一", "-目标二"), indicators) for text in DANGEROUS[:2]),
        "projects": (ledgers.Project("甲", one), ledgers.Project("乙")),
        "procurements": (
            ledgers.Procurement("甲", one, "=纸", "A0201", "台", Decimal("3"), Decimal("1200.50"), one, sme_share=zero),
            ledgers.Procurement("乙", None, "笔", "00123", "支", Decimal("0.5"), None, two, own_funds=one),
        ),
        "assets": (
            ledgers.Asset(AssetItem.VEHICLES, Decimal(2), one),
            ledgers.Asset(AssetItem.OFFICE_SPACE, Decimal("1520.25"), zero),
        ),
    }  # fmt: skip


def entered(table_set: str) -> Ledger:
    """A random budget that ties, two of every record, and chapters of paragraphs on three levels."""
    words = tablesets.get(table_set).chapters
    texts = tuple(
        ledgers.Narrative(word.key, word.title, f"（一）{word.title}\n1.安排情况\n支出 12.00万元。\n=1+1")
        for word in words
    )
    return a_ledger(
        table_set,
        random_facts(11, table_set),
        narratives=texts,
        approved_on=date(YEAR, 1, 16),
        **records(),
    )


def largest(table_set: str) -> Ledger:
    """Forty items of every fund, the first with the largest amount, and negative ones beside it."""
    codes = [subject.code for subject in subjects_of(YEAR).all() if subject.level == 3][::10][:40]
    facts = [
        Fact(Family.EXPENDITURE, amount, fund=Fund.GENERAL_PUBLIC, function=code, use=use)
        for n, code in enumerate(codes)
        for use, amount in ((Use.BASIC, MOST if n == 0 else -MOST / 100), (Use.PROJECT, Decimal("0.01")))
    ]
    facts.append(Fact(Family.FUND, MOST, fund=Fund.GENERAL_PUBLIC, flow=Flow.REVENUE))
    return a_ledger(table_set, tuple(facts), **records())


def transcribed(source: object, table_set: str, region: str, unit: str, year: int) -> Ledger:
    return take_in(
        source, region=region, unit=unit, unit_name="某局", year=year, table_set=table_set,
        subjects=subjects_of, transcribed=True,
    ).ledger  # fmt: skip


def real(table_set: str) -> Ledger:
    """The real disclosure of the set, printed with its own cells."""
    name, region, unit, year = REAL[table_set]
    return transcribed(read(SAMPLES / name), table_set, region, unit, year)


def worn(table_set: str) -> Ledger:
    """A random budget kept in a workbook as a department would, printed with its own cells."""
    content = io.BytesIO(disguised(3, table_set).content())
    return transcribed(read(content, "预算.xlsx"), table_set, "130225", "483", YEAR)


def foreign(table_set: str) -> Ledger:
    """A workbook of a form that nobody declared, with two chapters of words, taken over as it stands."""
    form = drawn_form(8)
    ledger = transcribed(
        read(io.BytesIO(form.workbook()), "附表.xlsx"), "hebei_2023", "530000", "101", form.year
    )
    texts = (
        ledgers.Narrative("chapter_1", "一、概况", "（一）职责\n负责=1+1。"),
        ledgers.Narrative("chapter_2", "二、说明", "无。"),
    )
    return replace(ledger, narratives=texts)


KINDS: dict[str, Callable[[str], Ledger]] = {
    "entered": entered,
    "empty": a_ledger,
    "largest": largest,
    "real": real,
    "worn": worn,
}
CASES = [
    (table_set, kind) for table_set in tablesets.SETS for kind in KINDS if kind != "real" or table_set in REAL
] + [("as_it_stands", "foreign")]
every_document = pytest.mark.parametrize(("table_set", "kind"), CASES, ids=["-".join(case) for case in CASES])


@cache
def ledger_of(table_set: str, kind: str) -> Ledger:
    return foreign(table_set) if kind == "foreign" else KINDS[kind](table_set)


@cache
def payload_of(table_set: str, kind: str) -> bytes:
    """What a publication of it would freeze."""
    ledger = ledger_of(table_set, kind)
    said = (Explanation("rule", "收入 1.00，支出 2.00。", "情况属实。"), Explanation("other", "=1", "@"))
    document = compose(tablesets.get(table_set), ledger, subjects_of(ledger.year), said)
    return snapshots.dumps(ledger, document)


@cache
def document_of(table_set: str, kind: str) -> Document:
    """The document read back from its payload, as everything public is rendered."""
    return snapshots.loads(payload_of(table_set, kind))[1]


@cache
def random_document(table_set: str, seed: int) -> Document:
    ledger = a_ledger(table_set, random_facts(seed, table_set))
    return compose(tablesets.get(table_set), replace(ledger, lead="=1"), subjects_of(YEAR))

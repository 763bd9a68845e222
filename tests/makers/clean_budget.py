"""A budget without any finding, and the small changes that spoil it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from budgets import rules, tablesets
from budgets.domain.classification import Confidence, Subject, Subjects
from budgets.domain.composing import compose
from budgets.domain.findings import Finding
from budgets.domain.ledgers import Goal, Indicator, Ledger, Narrative
from budgets.domain.terms import Comparator
from tests.makers.facts import project, small_budget

SET = tablesets.get("hebei_2023")
FUNCTION = (
    ("201", "一般公共服务支出"),
    ("20103", "政府办公厅（室）及相关机构事务"),
    ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"),
    ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
)
ECONOMIC = (
    ("30101", "基本工资"),
    ("30108", "养老保险"),
    ("30201", "办公费"),
    ("30217", "公务接待费"),
    ("30231", "公务用车运行维护费"),
)
SUBJECTS = Subjects(
    [Subject(code, name, (len(code) - 1) // 2) for code, name in FUNCTION]
    + [Subject(code, name, 2, "economic") for code, name in ECONOMIC]
    + [Subject("2010399", "其他", 3, confidence=Confidence.LOW)]
)
PUBLISHED_ON = date(2023, 2, 20)


def indicators(cap: str) -> tuple[Indicator, ...]:
    return (
        Indicator("产出指标", "成本指标", "控制数", "控制数", Comparator.AT_MOST, cap, "万元"),
        Indicator("效益指标", "社会效益指标", "效益", "效益"),
        Indicator("满意度指标", "服务对象满意度指标", "满意度", "满意度"),
    )


def a_year_before(ledger: Ledger) -> Ledger:
    """The same amounts, said for the year before."""
    return replace(ledger, year=ledger.year - 1)


def clean() -> Ledger:
    """A budget without any finding."""
    moved = tuple(
        project("2010302", "300.00") if fact == project("2010301", "300.00") else fact
        for fact in small_budget()
    )
    return Ledger(
        "hebei_2023", "130225", "乐亭县", "483", "某局", 2023,
        facts=moved,
        goals=(Goal("大厅业务经费", ("目标1：办结。",), indicators("300")),),
        narratives=tuple(Narrative(c.key, c.title, "无。") for c in SET.chapters),
        approved_on=date(2023, 2, 1),
        contact="0315-0000000",
    )  # fmt: skip


def swapped(ledger: Ledger, old, *new) -> Ledger:
    assert old in ledger.facts
    return replace(ledger, facts=(*(f for f in ledger.facts if f != old), *new))


def plus(ledger: Ledger, *facts) -> Ledger:
    return replace(ledger, facts=(*ledger.facts, *facts))


def goals(ledger: Ledger, *new: Goal) -> Ledger:
    return replace(ledger, goals=new)


def telling(ledger: Ledger, text: str, chapter: str = "overview") -> Ledger:
    return replace(
        ledger, narratives=tuple(replace(n, text=text) if n.key == chapter else n for n in ledger.narratives)
    )


def with_indicator(ledger: Ledger, **changes: object) -> Ledger:
    goal = ledger.goals[0]
    return goals(ledger, replace(goal, indicators=(*goal.indicators, replace(goal.indicators[0], **changes))))


def transcribed(ledger: Ledger, by: str = "0.00") -> Ledger:
    """The same budget with its tables as given, one printed cell of them raised."""
    sheets = compose(SET, ledger, SUBJECTS).tables
    sheet = next(s for s in sheets if s.key == "expenditure")
    row = sheet.row("2010302")
    cell = replace(row.cells[3], amount=row.cells[3].amount + Decimal(by), text="x")
    wrong = replace(row, cells=(*row.cells[:3], cell, *row.cells[4:]))
    rows = tuple(wrong if r is row else r for r in sheet.rows)
    return replace(ledger, given=tuple(replace(s, rows=rows) if s is sheet else s for s in sheets))


def column_in_another_unit(ledger: Ledger) -> Ledger:
    """A document as given, one column of one table ten times too large: its rows add up, and no one cell is to blame."""
    sheet = next(s for s in ledger.given if s.key == "revenue")
    at = next(c for c, column in enumerate(sheet.columns) if column.key == "fiscal_appropriation")
    rows = tuple(
        replace(
            row,
            cells=tuple(
                replace(cell, amount=cell.amount * 10) if c == at and cell.amount else cell
                for c, cell in enumerate(row.cells)
            ),
        )
        for row in sheet.rows
    )
    return replace(ledger, given=tuple(replace(s, rows=rows) if s is sheet else s for s in ledger.given))


def printed_from(ledger: Ledger, table: str, other: Ledger) -> Ledger:
    """The budget as given, with one table as another budget prints it."""
    sheets = {sheet.key: sheet for sheet in compose(SET, other, SUBJECTS).tables}
    own = transcribed(ledger).given
    return replace(ledger, given=tuple(sheets[s.key] if s.key == table else s for s in own))


def without_note(ledger: Ledger, table: str) -> Ledger:
    """The budget as given, one table without its notes."""
    own = transcribed(ledger).given
    return replace(ledger, given=tuple(replace(s, notes=()) if s.key == table else s for s in own))


def glyphs(text: str) -> set[str]:
    return set(text) & {"𠮷"}


def found(ledger: Ledger) -> dict[str, list[Finding]]:
    from tests.makers.clean_account import other_stage

    out: dict[str, list[Finding]] = {}
    known = {"published_on": PUBLISHED_ON, "other_stage": lambda: other_stage(ledger)}
    for finding in rules.check(ledger, SUBJECTS, glyphs, **known):
        out.setdefault(finding.rule, []).append(finding)
    return out

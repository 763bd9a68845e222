"""Rules on goals as written: names of projects, indicators, sections left empty (domain rule R47)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from budgets.domain.documents import Paragraph
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE, GOAL_GUIDANCE
from budgets.domain.ledgers import Narrative
from budgets.domain.paragraphs import paragraphs, too_long
from budgets.domain.passages import first, lines_of, passage
from budgets.domain.places import GOALS, Passage, counted
from budgets.rules.naming import goal_tables, indicators
from budgets.rules.registry import Case, Found, Report, rule

LISTED = re.compile(r"^\d+[、.．]\s*(?P<name>[^：:。；;，,]+)$")
ITEM_LIST = re.compile(r"分项绩效目标")
SECTION = re.compile(r"第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、")
BARE_UNITS = {"万": "万元", "亿": "亿元"}
PERCENT = {"%", "％", "百分比"}


def listed_projects(case: Case) -> list[str]:
    """The project names of 分项绩效目标 in the performance chapter, in order; empty when there is no such list."""
    text = next((narrative.text for narrative in _performance(case)), "")
    names: list[str] = []
    inside = False
    for part in paragraphs(text, lambda name: None):
        if not isinstance(part, Paragraph):
            continue
        if part.level and ITEM_LIST.search(part.text):
            inside = True
        elif inside and (match := LISTED.match(part.text)):
            names.append(match["name"].strip())
        elif inside and part.level and re.match(r"第|[一二三四五六七八九十]+、", part.text):
            break
    return names


@rule(
    "project-names-agree",
    Severity.WARNING,
    source=GOAL_GUIDANCE,
    formula="分项绩效目标与绩效目标表的项目名称一致",
)
def project_names_agree(case: Case, report: Report) -> Found:
    """The list of projects and the goal tables use the same names (R47)."""
    listed = listed_projects(case)
    tables = [goal.project for goal in case.ledger.goals]
    if listed and tables:
        only_listed = [name for name in listed if name not in tables]
        only_tables = [name for name in tables if name not in listed]
        if only_listed or only_tables:
            yield report(
                f"项目名称不一致：分项绩效目标中的{_names(only_listed)}在绩效目标表中没有同名项目，"
                f"绩效目标表中的{_names(only_tables)}在分项绩效目标中没有。请统一名称或说明。",
                at=GOALS,
                meant=[
                    *(first(narrative, name) for narrative in _performance(case) for name in only_listed),
                    *(place for goal, place in goal_tables(case) if goal.project in only_tables),
                ],
            )


def _performance(case: Case) -> list[Narrative]:
    return [narrative for narrative in case.ledger.narratives if narrative.key == "performance"][:1]


def _names(names: list[str]) -> str:
    return "、".join(f"“{name}”" for name in names) or "（无）"


@rule("indicator-money-unit", Severity.WARNING, source=GOAL_GUIDANCE, formula="金额指标值写明“元”")
def indicator_money_unit(case: Case, report: Report) -> Found:
    """A target of money ends in 元: ≤11万 lacks it."""
    for goal, indicator, place in indicators(case):
        if indicator.unit in BARE_UNITS:
            yield report(
                f"“{goal.project}”的{indicator.name}指标值“{indicator.target}”没有写“元”，"
                f"应为“{indicator.comparator}{indicator.value}{BARE_UNITS[indicator.unit]}”。请改正或说明。",
                at=place,
            )


@rule("indicator-percent-sign", Severity.ADVICE, source=GOAL_GUIDANCE, formula="百分数写作“%”")
def indicator_percent_sign(case: Case, report: Report) -> Found:
    """98百分比 is meant as 98%."""
    found = [(one.target, place) for _, one, place in indicators(case) if one.unit == "百分比"]
    if found:
        yield report(
            f"{len(found)} 个指标值写作“{found[0][0]}”一类，宜写作“%”。",
            at=GOALS,
            meant=[place for _, place in found],
        )


@rule(
    "time-indicator-measures-time",
    Severity.WARNING,
    source=GOAL_GUIDANCE,
    formula="时限、及时性等时效指标用时间计量",
)
def time_indicator_measures_time(case: Case, report: Report) -> Found:
    """An indicator of time that is not called a rate is measured in time, not in percent."""
    found = [
        (f"{indicator.name}（{indicator.target}）", place)
        for _, indicator, place in indicators(case)
        if indicator.aspect.startswith("时效")
        and indicator.unit in PERCENT
        and not indicator.name.endswith("率")
    ]
    if found:
        yield report(
            f"时效指标用百分数表示：{'、'.join(name for name, _ in found)}。请改用天、小时等时间单位，或改为“……率”并说明。",
            at=GOALS,
            meant=[place for _, place in found],
        )


@rule("sections-not-empty", Severity.WARNING, source=CATALOGUE, formula="没有内容的部分写明“无”")
def sections_not_empty(case: Case, report: Report) -> Found:
    """A section heading with nothing below it says so."""
    for chapter in case.document.chapters:
        typed = next((n for n in case.ledger.narratives if n.key == chapter.key), None)
        if typed and too_long(typed.text):
            continue  # told by a rule of its own
        empty = list(_empty_sections(chapter.blocks))
        lines = {(line.strip(), nth): start for start, line, nth in _lines(typed)} if typed and empty else {}
        for title, nth in empty:
            start = lines.get((title, nth), -1)
            yield report(
                f"“{title}”下没有内容，也没有说明。请填写内容，或写明“无”。",
                at=passage(typed, start, start + len(title))
                if typed and start >= 0
                else Passage(chapter.key, title),
            )


def _lines(narrative: Narrative) -> Iterator[tuple[int, str, int]]:
    """The lines of a chapter: where each starts without its indent, its text, how many equal ones stand up to it."""
    lines = [(start + len(line) - len(line.lstrip()), line.strip()) for start, line in lines_of(narrative)]
    for (start, line), nth in zip(lines, counted([line for _, line in lines]), strict=True):
        yield start, line, nth


def _empty_sections(blocks: tuple[object, ...]) -> Iterator[tuple[str, int]]:
    """The headings with nothing below, each with how many equal paragraphs stand up to it."""
    times = iter(counted([block.text if isinstance(block, Paragraph) else "" for block in blocks]))
    for here, following in pairwise((*blocks, None)):
        nth = next(times)
        empty = following is None or (isinstance(following, Paragraph) and 0 < following.level <= 2)
        if empty and isinstance(here, Paragraph) and here.level == 2 and SECTION.match(here.text):
            yield here.text, nth

"""The numbers that accounts state in words alone: counts of 三公, projects with goals and their scores, reserved procurement.

Data: how each is said in the model of 部门决算公开 and what it is called. Money is in the unit of the text, 万元.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.ledgers import Narrative

N, M = r"(?P<number>\d+)", r"(?P<number>\d[\d,]*(?:\.\d+)?)"
PROJECTS = r"的(?:\d{4}年度?)?项目(?:共|数)?"
MONEY_OF = rf"\d+个，?(?:共)?涉及预算(?:金额|资金)?{M}万元"
TAKEN = r"(?:中标或成交的，?)?(?:采购)?金额"
RESERVED = r"预留(?:的)?政府采购项目(?:中)?"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number that is said: how it is called, its unit, and the pattern that finds it."""

    label: str
    unit: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Heard:
    """A number as a chapter says it, with the words and where they start in the chapter's text."""

    number: Decimal
    chapter: str
    start: int
    end: int


def _said(label: str, unit: str, pattern: str) -> Spoken:
    return Spoken(label, unit, re.compile(pattern))


SPOKEN: dict[str, Spoken] = {
    "overseas_groups": _said("因公出国（境）团组", "个", rf"出国（境）团组(?:数)?{N}个"),
    "overseas_people": _said("因公出国（境）人次", "人次", rf"出国（境）团组(?:数)?\d+个、?(?:累计)?{N}人次"),
    "cars_bought": _said("购置公务用车", "辆", rf"购置(?:了)?(?:公务用车|车辆){N}辆"),
    "cars_kept": _said("公务用车保有量", "辆", rf"公务用车保有量为?{N}辆"),
    "receptions": _said("国内公务接待", "批次", rf"公务接待{N}批次"),
    "guests": _said("国内公务接待人次", "人次", rf"公务接待\d+批次、?{N}人次"),
    "foreign_receptions": _said("接待外宾", "批次", rf"接待外宾{N}批次"),
    "goals_set": _said("编报绩效目标的项目", "个", rf"编报绩效目标{PROJECTS}{N}个"),
    "goals_set_money": _said("编报绩效目标的金额", "万元", rf"编报绩效目标{PROJECTS}{MONEY_OF}"),
    "goals_followed": _said("绩效跟踪的项目", "个", rf"绩效跟踪(?:评价)?{PROJECTS}{N}个"),
    "goals_followed_money": _said("绩效跟踪的金额", "万元", rf"绩效跟踪(?:评价)?{PROJECTS}{MONEY_OF}"),
    "goals_judged": _said("绩效自评的项目", "个", rf"绩效自评{PROJECTS}{N}个"),
    "goals_judged_money": _said("绩效自评的金额", "万元", rf"绩效自评{PROJECTS}{MONEY_OF}"),
    "score": _said("绩效自评平均得分", "分", rf"平均得分(?:为)?{M}分"),
    "excellent": _said("评级为“优”的项目", "个", rf"“优”的项目{N}个"),
    "good": _said("评级为“良”的项目", "个", rf"“良”的项目{N}个"),
    "fair": _said("评级为“合格”的项目", "个", rf"“合格”的项目{N}个"),
    "poor": _said("评级为“不合格”的项目", "个", rf"“不合格”的项目{N}个"),
    "problems": _said("自评发现的问题", "个", rf"(?:共)?发现问题{N}个"),
    "mended": _said("已经整改的问题", "个", rf"(?:已经?)?完成整改的{N}个"),
    "mending": _said("正在整改的问题", "个", rf"正在整改的{N}个"),
    "procured": _said("政府采购金额", "万元", rf"政府采购金额(?:（[^）]*）)?为?{M}万元"),
    "kept_for_smaller": _said("面向中小企业预留", "万元", rf"面向中小企业{RESERVED}预算金额{M}万元"),
    "kept_for_small": _said("面向小微企业预留", "万元", rf"面向小微企业{RESERVED}预算金额{M}万元"),
    "won_by_smaller": _said("中小企业中标或成交", "万元", rf"面向中小企业{RESERVED}，由中小企业供应商{TAKEN}{M}万元"),
    "won_by_small": _said("小微企业中标或成交", "万元", rf"面向小微企业{RESERVED}，由小微企业供应商{TAKEN}{M}万元"),
    "won_elsewhere": _said("其他项目中中小企业中标或成交", "万元", rf"其他政府采购项目中，由中小企业供应商{TAKEN}{M}万元"),
}  # fmt: skip

# What may not be more than what, and what adds up to what: all must be said for either to be asked.
WITHIN = (
    ("goals_followed", "goals_set"), ("goals_judged", "goals_set"), ("goals_followed_money", "goals_set_money"),
    ("goals_judged_money", "goals_set_money"), ("foreign_receptions", "receptions"), ("receptions", "guests"),
    ("overseas_groups", "overseas_people"), ("kept_for_small", "kept_for_smaller"), ("won_by_small", "won_by_smaller"),
    ("won_by_smaller", "procured"), ("kept_for_smaller", "procured"),
)  # fmt: skip
SUMS = (
    ("goals_judged", ("excellent", "good", "fair", "poor")),
    ("problems", ("mended", "mending")),
)
# 三公 by the figure of the money, and the counts of which there are some exactly where there is money.
COUNTED = (
    ("overseas_visits", "overseas_groups"), ("official_hospitality", "receptions"),
    ("vehicle_purchase", "cars_bought"), ("vehicle_running", "cars_kept"),
)  # fmt: skip
MAY_BE_FREE = {"cars_kept"}  # a car that is kept and not driven costs nothing
FULL_SCORE = Decimal(100)


def heard(narratives: Iterable[Narrative]) -> dict[str, Heard]:
    """The numbers that the chapters state, by key, each where it is said first."""
    found: dict[str, Heard] = {}
    for narrative in narratives:
        for key, spoken in SPOKEN.items():
            if key not in found and (match := spoken.pattern.search(narrative.text)):
                number = Decimal(match["number"].replace(",", ""))
                found[key] = Heard(number, narrative.key, match.start(), match.end())
    return found

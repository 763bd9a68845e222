"""For each rule of final accounts: the accounts of the clean budget's year with its fault, and mended ones."""

from budgets.domain.facts import Fact
from budgets.domain.terms import Family, Measure, ThreePublicItem
from tests.makers.clean_account import clean_account
from tests.makers.clean_budget import swapped, telling
from tests.makers.facts import yuan

JUDGED = "编报绩效目标的2023年度项目9个，涉及预算金额2.00万元。绩效自评的2023年度项目{}个，涉及预算金额1.00万元，平均得分99.33分（其中，绩效评级为“优”的项目3个；绩效评级为“良”的项目1个；绩效评级为“合格”的项目0个；绩效评级为“不合格”的项目0个）。"
ACTUAL = "2022年决算支出{}万元。"


def plan(amount: str) -> Fact:
    item = ThreePublicItem.OFFICIAL_HOSPITALITY
    return Fact(Family.THREE_PUBLIC_BUDGETED, yuan(amount), item=item, measure=Measure.INITIAL)


def accounts(text: str, chapter: str):
    return telling(clean_account(), text, chapter)


FAULTS = {
    "counts-fit-money": lambda b: accounts("国内公务接待0批次、0人次。", "three_public"),
    "stated-numbers-agree": lambda b: accounts(JUDGED.format(5), "performance"),
    "plan-as-published": lambda b: swapped(clean_account(), plan("1.00"), plan("1.01")),
    "accounts-as-published": lambda b: telling(b, ACTUAL.format("1200.01")),
}
MENDED = {
    "counts-fit-money": lambda b: accounts("国内公务接待2批次、26人次。", "three_public"),
    "stated-numbers-agree": lambda b: accounts(JUDGED.format(4), "performance"),
    "plan-as-published": lambda b: clean_account(),
    "accounts-as-published": lambda b: telling(b, ACTUAL.format("1200.00")),
}

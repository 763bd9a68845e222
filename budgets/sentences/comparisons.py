"""How sentences compare with last year, as patterns: 比2024年预算增加…, 与上年持平, 主要原因是…. Bases, directions, reasons."""

import re

from budgets.domain.money import ANY_UNIT

BEFORE = r"(?:上年|去年|上一年|\d{4}年)(?:度)?(?:预算|决算)?(?:数|执行数)?"
UNCHANGED = re.compile(rf"与{BEFORE}(?:相比)?[，,]?(?:持平|一致|相同)|无增减变化")
ACTUAL = re.compile(r"决算|执行数")  # of last year: no amounts of its budget
REASON = re.compile(r"(?:主要是|主要原因(?:是|为)?|主要由于|原因是|是由于)(?P<reason>[^。]+)")

BASE = r"(?P<base>(?:上年|去年|上一年|\d{4}年)(?:度)?(?:年初)?(?:预算|决算)?(?:数|执行数|批复数)?)"
UP, DOWN = r"(?:增加|增长|上升)", r"(?:减少|下降|降低)"
AMOUNT = rf"-?\d[\d,]*(?:\.\d+)?\s*(?:{ANY_UNIT})"
# Right before an amount: 比2024年预算增加, and 收入增加 without its base.
CHANGED = re.compile(rf"(?P<lead>比|较|与|同){BASE}(?:相比)?[，,]?(?:{UP}|{DOWN})了?\s*$")
MOVED = re.compile(rf"(?:{UP}|{DOWN})了?\s*$")
# Behind a change: ，增长3.57%.
RATE_BEHIND = re.compile(rf"[，,]?\s*(?:{UP}|{DOWN}|增幅|降幅)[了为]?\s*(?P<rate>\d+(?:\.\d+)?)\s*[%％]")
FLAT = re.compile(
    rf"(?:与|同|和|比|较){BASE}(?:相比)?[，,]?(?:基本)?(?:(?:持平|一致|相同)(?:\s*{AMOUNT})?(?:[，,]?无增减变化)?|无(?:增减)?变化)"
)
COMPARING = re.compile(rf"(?:与|同|比|较){BASE.replace('(?P<base>', '(?:')}")
DIRECTION = re.compile(rf"{UP}|{DOWN}|持平|无增减")
ONLY_DIRECTION = re.compile(rf"(?:{UP}|{DOWN})[了为]?")
PERCENTAGE = re.compile(r"\d+(?:\.\d+)?\s*[%％]")

# Roles of an amount in the sentence of a final account, by the words right before it.
PLAN = re.compile(r"(?:年初|全年|调整|批复|完成(?:了)?)预算(?:数|安排)?(?:为|是|共|[：:])?\s*$")
PLAN_BESIDE = re.compile(r"预算(?:数|安排)?(?:为|是|共|[：:])?\s*$")  # where what was spent stands beside it
DONE = re.compile(r"决算|执行|实际|支出|完成")
# What opens a list of parts, and the parts that are the whole of something.
OPENER = re.compile(r"其中|(?:主要)?用于以下(?:几个)?方面|包括以下|分别为|具体为|构成如下")
SUBJECT_OFF = re.compile(
    rf"(?:与|同|和|比|较)?{BASE.replace('(?P<base>', '(?:')}(?:相比)?|{UP}|{DOWN}|增幅|降幅|[了为共约的]|其中|安排|本年度?|\d{{4}}年度?"
    r"|[，,：:“”\"\s（）()]"
)
SAME_THING = re.compile(r"预算|决算|支出|经费|合计|总计|总额|数$")


def subject_of(called: str) -> str:
    """Whose change it is: the words before an amount without base and direction; blank for 比上年增加."""
    return SUBJECT_OFF.sub("", called)


def akin(one: str, other: str) -> bool:
    """True when two subjects can be one: either says nothing, or one holds the other but for words like 支出."""
    a, b = SAME_THING.sub("", subject_of(one)), SAME_THING.sub("", subject_of(other))
    return not a or not b or a in b or b in a

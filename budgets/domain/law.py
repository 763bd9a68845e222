"""What the law sets: each number with its article and the day from which it holds, and the sources that rules name."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from budgets.domain.numerals import numeral

BUDGET_LAW_32 = "《预算法》第三十二条"
CATALOGUE = "《财政预决算领域基层政务公开标准目录》部门预算"
GOAL_GUIDANCE = "财预〔2021〕101号《中央部门项目支出核心绩效目标和指标设置及取值指引》"
SCHEME = "《政府收支分类科目》"
PER_VEHICLE = Decimal(
    60_000
)  # yuan a year; no law: above it this portal asks for a word unless it is set otherwise


@dataclass(frozen=True, slots=True)
class Period:
    """A number of days that an article sets, for what happened from `since` on."""

    days: int
    since: date
    article: str

    @property
    def words(self) -> str:
        """The days as laws write them: 二十."""
        return numeral(self.days)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole that is to be reached, in percent, from the fiscal year `since` on."""

    percent: int
    since: int
    article: str


# Of the projects of 一般公共预算 (一级项目), 政府性基金 and 国有资本经营 these are published with their goals.
GOALS_PUBLISHED = Share(60, 2026, "2026年中央部门预算绩效目标公开要求")

# A budget is made public within twenty days after its approval (批复); before 2015 the law named no term.
DISCLOSURE = Period(20, date(2015, 1, 1), "《预算法》第十四条")


def due(approved_on: date) -> date | None:
    """The last day on which the budget is public in time; None for an approval older than the law."""
    return approved_on + timedelta(days=DISCLOSURE.days) if approved_on >= DISCLOSURE.since else None


def days_late(approved_on: date, on: date) -> int:
    """How many days after its last day `on` lies; zero or less while there is time, and where there is no last day."""
    last = due(approved_on)
    return (on - last).days if last else 0

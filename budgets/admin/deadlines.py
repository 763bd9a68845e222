"""The twenty days after approval (批复) within which a budget is made public (《预算法》第十四条)."""

from dataclasses import dataclass
from datetime import date, timedelta

from budgets.models import Disclosure, Status

DAYS = 20
SOON = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, how many days are left (negative when late), and the words and tone for it."""

    due: date | None
    left: int | None
    words: str
    tone: str

    @property
    def late(self) -> bool:
        return self.left is not None and self.left < 0


def deadline(disclosure: Disclosure | None, today: date) -> Deadline:
    """Where a disclosure stands against its deadline; without an approval date there is none to count from."""
    if disclosure is None:
        return Deadline(None, None, "尚未开始", "warn")
    if disclosure.status == Status.PUBLISHED:
        return Deadline(None, None, "已公开", "good")
    if disclosure.approved_on is None:
        return Deadline(None, None, "未填批复日期", "warn")
    due = disclosure.approved_on + timedelta(days=DAYS)
    left = (due - today).days
    if left < 0:
        return Deadline(due, left, f"逾期 {-left} 天", "bad")
    return Deadline(due, left, "今天到期" if left == 0 else f"还有 {left} 天", "warn" if left <= SOON else "")

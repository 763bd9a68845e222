"""An entry of the audit trail as people read it: when in Beijing, who as what, from where, and each old and new value."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from budgets.admin.saving_words import BLANK, lines_of
from budgets.domain.audit_records import visible
from budgets.models.audit import Told

BEIJING = ZoneInfo("Asia/Shanghai")
HASH = re.compile("[0-9a-f]{64}")
STATED = ("修改序号", "内容摘要")  # of a step: said of it, with nothing before; not changed by it
MOST_LINES = 60
MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Worded:
    """An entry in words; `lines` are the single changes, `more` those that are not shown."""

    row: Told
    time: str
    words: str
    lines: tuple[str, ...]
    more: int


def worded(row: Told, most: int = MOST_LINES) -> Worded:
    """The entry in words, every line one line."""
    data = row.data
    lines = [
        f"{name}：{_short(new)}" if name in STATED else f"{name}：{_short(old)} → {_short(new)}"
        for name, (old, new) in data.get("fields", {}).items()
        if old != new
    ]
    lines += lines_of(data.get("tables", ()))
    words = "；".join(part for part in (data.get("words", ""), _times(data.get("times", 1))) if part)
    shown = tuple(visible(each, MOST_LETTERS) for each in lines[:most])
    return Worded(row, time_of(row), visible(words, MOST_LETTERS), shown, len(lines) - len(shown))


def time_of(row: Told) -> str:
    """Beijing time to the second; of savings told as one until when they went on."""
    said = f"{row.at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    until = f"{row.until.astimezone(BEIJING):%H:%M:%S}" if row.until else ""
    return f"{said} 至 {until}" if until and not said.endswith(until) else said


def _short(value: str) -> str:
    """A value of a field; of a hash its beginning."""
    return f"{value[:12]}…" if HASH.fullmatch(value) else value or BLANK


def _times(times: int) -> str:
    return f"共 {times} 次" if times > 1 else ""

"""A pasted list of dates of approval (批复日期): a department a line, its code first and the date last."""

import re
from collections.abc import Iterable
from datetime import date

from budgets.models import Department

DAY = re.compile(r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?")
EIGHT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
LINE = re.compile(r"(?P<code>\d{2,12})(?:[\s,，;；、]+(?P<rest>.+))?")
HOW = "例如 2024-01-16"
MOST_TOLD = 20  # lines that are refused, each with its reason


def read_day(text: str) -> date:
    """A date as people write it: 2024-01-16, 2024/1/16, 2024.1.16, 2024年1月16日, 20240116. Raises ValueError in words."""
    text = text.strip()
    found = DAY.fullmatch(text) or EIGHT.fullmatch(text)
    if not found or not text.isascii() and not re.fullmatch(r"[0-9年月日\s/.-]+", text):
        raise ValueError(f"“{text[:30]}”不是日期，请写成年月日，{HOW}。")
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise ValueError(f"没有“{text}”这一天，请核对月份和日。") from None


def read_list(text: str, departments: Iterable[Department]) -> tuple[dict[Department, date], list[str]]:
    """The dates of a list by department, and why lines were refused; blank lines and a heading without any digit are passed over."""
    by_code = {department.code: department for department in departments}
    found: dict[Department, date] = {}
    at: dict[str, int] = {}
    refused = []
    for n, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not re.search(r"[0-9]", line):
            continue
        try:
            code, day = _read_line(line)
            if code not in by_code:
                raise ValueError(f"本地区没有编码为 {code} 的在用部门。")
            if code in at:
                raise ValueError(f"编码 {code} 在第 {at[code]} 行已经写过，请只留一行。")
        except ValueError as error:
            refused.append(f"第 {n} 行：{error}")
            continue
        at[code], found[by_code[code]] = n, day
    return found, refused[:MOST_TOLD] + (
        [f"另有 {len(refused) - MOST_TOLD} 行。"] if len(refused) > MOST_TOLD else []
    )


def _read_line(line: str) -> tuple[str, date]:
    """The code that a line begins with and the date that it ends with; a name may stand between."""
    found = LINE.fullmatch(line)
    if not found:
        raise ValueError(f"“{line[:30]}”不是以部门预算编码开头，请写成“编码 日期”。")
    rest = found["rest"] or ""
    day = re.search(r"(?:\d{4}\s*[-/.年]\s*\d+\s*[-/.月]\s*\d+\s*日?|\d{8})$", rest)
    if not day:
        words = re.split(r"[\s,，;；、]+", rest.strip())[-1]
        raise ValueError(
            f"编码 {found['code']} 后面的“{words[:30]}”不是日期，{HOW}。"
            if words
            else f"编码 {found['code']} 后面没有日期，{HOW}。"
        )
    return found["code"], read_day(day[0])

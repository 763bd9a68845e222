"""The audit trail as a file that proves its own completeness: every entry of some days, chained, and how to check it."""

import csv
import io
import shutil
import tempfile
import zipfile
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from django.db.models import Max, Min
from django.utils import timezone

from budgets.admin.audit_words import BEIJING, worded
from budgets.domain.audit_records import GENESIS, SCHEMA, Head, line
from budgets.models import AuditEntry, AuditHead
from budgets.rendering.data.data_package import safe

HEADINGS = (
    "序号", "时间（北京）", "姓名", "用户名", "角色", "来自地址", "事项", "对象", "部门编码", "改动", "上一链值", "链值", "记录",
)  # fmt: skip
LINES, TABLE, HOW = "audit.jsonl", "audit.csv", "核验方法.txt"
EVERY_LINE = 10_000

HOW_TO = """审计日志的核验方法

{about}

audit.jsonl 第一行说明本文件：共几条（count）、第一条和最后一条的序号（first、last）、第一条接在哪个链值之后（previous）、
最后一条的链值（entry），以及导出时整条链的末尾（head）。以后每行一条，序号连续；每条的链值是下面三行（用换行符连接）的 SHA-256：
    {schema}
    上一条的链值
    本条的 record，写成 JSON（键按字母排序，不留空格，中文写成 \\uXXXX）
少一条、多一条、改一个字、换一次顺序，都会对不上。第一行也可能被改：请把最后一条的序号和链值与审计日志页面上的、
或 manage.py verify --database 列出的相比。audit.csv 的内容相同，最后一列就是 record。

用 Python 核验（任何一台电脑都可以）：

{program}"""
PROGRAM = """\
import hashlib, json
lines = open("audit.jsonl", encoding="ascii").read().split("\\n")[:-1]
said = json.loads(lines[0])
at, number = said["previous"], said["first"] - 1
for one in map(json.loads, lines[1:]):
    text = json.dumps(one["record"], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    hashed = hashlib.sha256("\\n".join(["mingzhang-audit/1", at, text]).encode("ascii")).hexdigest()
    number += 1
    assert one["previous"] == at and one["entry"] == hashed, f"第 {number} 条不符"
    assert one["record"]["number"] == number, f"第 {number} 条缺失或被移动"
    at = hashed
assert (len(lines) - 1, number, at) == (said["count"], said["last"], said["entry"]), f"第 {number} 条之后缺失"
print("相符", number, at)
"""


def numbers_of(region: str, since: date | None, until: date | None) -> tuple[int, int]:
    """The first and last number of the entries of these days in Beijing, both included; (1, 0) for none."""
    rows = AuditEntry.objects.filter(region=region)
    if since:
        rows = rows.filter(at__gte=beginning(since))
    if until:
        rows = rows.filter(at__lt=beginning(until + timedelta(days=1)))
    found = rows.aggregate(first=Min("number"), last=Max("number"))
    return found["first"] or 1, found["last"] or 0


def beginning(day: date) -> datetime:
    """The first moment of a day in Beijing."""
    return datetime.combine(day, time(), BEIJING)


def export(region: str, first: int, last: int, about: str) -> IO[bytes]:
    """A ZIP with the entries of these numbers, without a gap whatever else was asked for; open at its beginning."""
    rows = AuditEntry.objects.filter(region=region, number__range=(first, last)).order_by("number")
    before = AuditEntry.objects.filter(region=region, number=first - 1).first()
    end = AuditEntry.objects.filter(region=region, number=last).first()
    head = AuditHead.objects.filter(region=region).first()
    kept = Head(head.number, head.entry) if head else Head()
    said = {
        "schema": SCHEMA,
        "region": region,
        "count": max(last - first + 1, 0),
        "first": first,
        "last": last,
        "previous": before.entry if before else GENESIS,
        "entry": end.entry if end else (before.entry if before else GENESIS),
        "head": {"number": kept.number, "entry": kept.entry},
        "exported": timezone.now().astimezone(BEIJING).isoformat(timespec="seconds"),
    }
    file = tempfile.TemporaryFile()  # noqa: SIM115 # the answer closes it
    with (
        tempfile.TemporaryFile() as beside,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
    ):
        text = io.TextIOWrapper(beside, "utf-8-sig", newline="")
        table = csv.writer(text)
        table.writerow(HEADINGS)
        with archive.open(LINES, "w", force_zip64=True) as out:
            out.write(f"{line(said)}\n".encode("ascii"))
            for row in rows.iterator(chunk_size=2000):
                record = row.record
                told = {"record": record, "previous": row.previous, "entry": row.entry}
                out.write(f"{line(told)}\n".encode("ascii"))
                table.writerow([safe(str(each)) for each in (*_columns(row), line(record))])
        text.flush()
        beside.seek(0)
        with archive.open(TABLE, "w", force_zip64=True) as out:
            shutil.copyfileobj(beside, out)
        archive.writestr(HOW, HOW_TO.format(about=about, schema=SCHEMA, program=PROGRAM))
    file.seek(0)
    return file


def _columns(row: AuditEntry) -> list[Any]:
    said = worded(row, EVERY_LINE)
    changes = "；".join(part for part in (said.words, *said.lines) if part)
    return [
        row.number, said.time, row.name, row.username, row.role_label, row.address, row.action_label, row.about,
        row.department, changes, row.previous, row.entry,
    ]  # fmt: skip

"""Whole years of the audit trail as sealed files, outside the database: who changes the trail there is found by them.

    sealed/<region or 平台>-<year>.jsonl.gz
        {"entry": …, "number": …, "region": …, "schema": "mingzhang-sealed-audit/1", "year": …}   what the file follows
        {"entry": …, "record": {…}}                                                             each entry, in order

The last entry of a file is what the first of the next year's follows. The rows stay in the database as well: the
triggers that forbid their deletion know no exception (decision 0045).
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from budgets.domain.audit_records import Head, Linked, faults
from budgets.domain.snapshots import canonical
from budgets.models import AuditEntry, AuditPending
from budgets.publishing.audit_proofs import PLATFORM, linked
from budgets.publishing.folders import make_folder, replace

SCHEMA = "mingzhang-sealed-audit/1"
SUFFIX = ".jsonl.gz"
PRIVATE = 0o750


class NotSealed(Exception):
    """In Chinese, why a year is not sealed."""


def sealed_root() -> Path:
    """The folder of the sealed files."""
    return Path(settings.DATA_DIR) / "sealed"


def sealed_file(region: str, year: int) -> Path:
    return sealed_root() / f"{region or PLATFORM}-{year}{SUFFIX}"


def seal(year: int) -> list[tuple[Path, int]]:
    """Seal a year that is over: a file for each region that has entries of it, and how many each has; those sealed before stay.

    Years before it are sealed first. Raises NotSealed while it lasts or something of it waits to be chained, and for a
    chain that is not whole.
    """
    if year >= timezone.localdate().year:
        raise NotSealed(f"{year} 年还没有过完，不能封存。")
    if AuditPending.objects.filter(at__lt=_end(year)).exists():
        raise NotSealed(f"{year} 年还有没有入链的记录，请先运行 settle，几分钟后再封存。")
    made = []
    for region in sorted(set(AuditEntry.objects.order_by().values_list("region", flat=True).distinct())):
        first = AuditEntry.objects.filter(region=region).order_by("number").values_list("at", flat=True)[0]
        for each in range(timezone.localtime(first).year, year + 1):
            if not sealed_file(region, each).exists() and (number := _seal(region, each)):
                made.append((sealed_file(region, each), number))
    return made


def _end(year: int) -> datetime:
    return timezone.make_aware(datetime(year + 1, 1, 1))


def _seal(region: str, year: int) -> int:
    start = _head(region, year)
    rows = AuditEntry.objects.filter(region=region, number__gt=start.number)
    # What was chained after the first entry of the next year goes into its file, whatever its own moment.
    after = rows.filter(at__gte=_end(year)).order_by("number").values_list("number", flat=True).first()
    found = list(linked(region, number__gt=start.number, **({"number__lt": after} if after else {})))
    if not found:
        return 0
    end = Head(found[-1].number, found[-1].entry)
    if fault := next(faults(found, end, start), ""):
        raise NotSealed(f"审计日志 {region or PLATFORM}：{fault}，没有封存；请运行 verify --database。")
    head = {"schema": SCHEMA, "region": region, "year": year, "number": start.number, "entry": start.entry}
    lines = [head, *({"entry": each.entry, "record": each.record} for each in found)]
    content = gzip.compress(b"\n".join(map(canonical, lines)) + b"\n", 9, mtime=0)
    make_folder(sealed_root())
    sealed_root().chmod(PRIVATE)  # names and addresses of people
    replace(sealed_file(region, year), content)
    return len(found)


def _head(region: str, year: int) -> Head:
    """The end of the region's last sealed year before this one; the beginning where none is."""
    before = [file for file in _files(region) if _year(file) < year]
    if not before:
        return Head()
    _, entries = read_sealed(before[-1])
    return Head(entries[-1].number, entries[-1].entry)


def read_sealed(file: Path) -> tuple[Head, list[Linked]]:
    """What a sealed file follows, and its entries. Raises ValueError for a file that is none."""
    try:
        lines = gzip.decompress(file.read_bytes()).split(b"\n")[:-1]
        head, *entries = [json.loads(line) for line in lines]
        if [*map(canonical, (head, *entries))] != lines:
            raise ValueError("不是封存时的写法")
        if head["schema"] != SCHEMA or (head["region"], head["year"]) != (_region(file), _year(file)):
            raise ValueError("别的格式，或别的地区、年度")
        start, previous, found = Head(head["number"], head["entry"]), head["entry"], []
        for each in entries:
            found.append(Linked(each["record"]["number"], each["record"], previous, each["entry"]))
            previous = each["entry"]
        if not found:
            raise ValueError("没有记录")
    except (OSError, EOFError, zlib.error, KeyError, TypeError, IndexError) as error:
        raise ValueError(str(error)) from error
    return start, found


def sealed_faults(*, database: bool) -> Iterator[tuple[str, str]]:
    """Name of each sealed file that is not as it was sealed, and in Chinese what is wrong; with `database` also against its rows."""
    regions = dict.fromkeys(_region(file) for file in _files())
    for region in regions:
        at = Head()
        for file in _files(region):
            try:
                start, entries = read_sealed(file)
            except ValueError:
                yield f"封存 {file.name}", "不能读取"
                break
            end = Head(entries[-1].number, entries[-1].entry)
            if start != at:
                yield f"封存 {file.name}", f"没有接在第 {at.number} 条之后：前一年的封存缺失或被改动"
                break
            if fault := next(faults(entries, end, at), ""):
                yield f"封存 {file.name}", fault
                break
            if database and (fault := _against_rows(region, entries)):
                yield f"封存 {file.name}", fault
            at = end


def _against_rows(region: str, entries: list[Linked]) -> str:
    rows = dict(
        AuditEntry.objects.filter(region=region, number__lte=entries[-1].number).values_list(
            "number", "entry"
        )
    )
    other = next((each.number for each in entries if rows.get(each.number) != each.entry), None)
    return "" if other is None else f"数据库里的第 {other} 条与封存的不同或已经缺失"


def _files(region: str | None = None) -> list[Path]:
    """The sealed files, of one region alone where it is named, by year."""
    found = [file for file in sealed_root().glob(f"*-????{SUFFIX}") if file.name[0] != "."]
    return sorted(
        (f for f in found if region is None or _region(f) == region), key=lambda f: (_region(f), _year(f))
    )


def _region(file: Path) -> str:
    name = file.name.rpartition("-")[0]
    return "" if name == PLATFORM else name


def _year(file: Path) -> int:
    return int(file.name.removesuffix(SUFFIX).rpartition("-")[2])

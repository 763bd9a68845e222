"""Sealed years: each file follows the one before, every change in file or database is named, and rows are never deleted."""

import gzip
import io
import random
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from budgets.keeping.sealing import NotSealed, read_sealed, seal, sealed_faults, sealed_file, sealed_root
from budgets.models import AuditEntry, AuditHead, AuditPending, Happening
from budgets.workflow import trail
from tests.makers.disclosures import a_person

from ..conftest import GUARDS

pytestmark = pytest.mark.django_db
REGIONS = ("130225", "")


def at(monkeypatch, year: int, month: int = 6, day: int = 1) -> None:
    moment = timezone.make_aware(datetime(year, month, day, 12))
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def three_years(monkeypatch):
    """Two chains with entries of 2023, 2024 and 2025; today is in 2026."""
    people = [a_person("bureau_officer"), a_person("central_administrator")]
    for year in (2023, 2024, 2025):
        at(monkeypatch, year)
        for n in range(4):
            for person in people:
                trail.tell(Happening.LOGIN, person, words=f"{year} 第 {n} 次")
        trail.link()
    at(monkeypatch, 2026)


def found(*, database: bool = True) -> list[str]:
    return [f"{name} {what}" for name, what in sealed_faults(database=database)]


def test_each_year_follows_the_one_before_and_the_database(three_years):
    made = seal(2025)
    assert [(file.name, number) for file, number in made] == [
        (f"{region}-{year}.jsonl.gz", 4) for region in ("平台", "130225") for year in (2023, 2024, 2025)
    ]  # fmt: skip
    for region in REGIONS:
        parts = [read_sealed(sealed_file(region, year)) for year in (2023, 2024, 2025)]
        for (_, before), (start, entries) in zip(parts, parts[1:], strict=False):
            assert (start.number, start.entry) == (before[-1].number, before[-1].entry) and entries
        assert [each.number for _, entries in parts for each in entries] == list(range(1, 13))
        head = AuditHead.objects.get(region=region)
        assert parts[-1][1][-1].entry == head.entry
    assert found() == [] and seal(2025) == []
    assert sealed_root().stat().st_mode & 0o007 == 0
    before = {file: file.read_bytes() for file in sealed_root().iterdir()}
    sealed_file("", 2024).unlink()
    assert "封存 平台-2025.jsonl.gz" in found()[0] and "前一年的封存缺失" in found()[0]
    seal(2025)  # made anew of the rows: the same bytes
    assert {file: file.read_bytes() for file in sealed_root().iterdir()} == before


def test_a_year_is_sealed_when_it_is_over_and_linked(three_years, monkeypatch):
    with pytest.raises(CommandError, match="2026 年还没有过完"):
        call_command("seal_audit", 2026)
    pending = AuditPending.objects.create(region="130225", at=timezone.now() - timedelta(days=365), action="login", closes_at=timezone.now() + timedelta(days=1))  # fmt: skip
    with pytest.raises(NotSealed, match="还有没有入链的记录"):
        seal(2025)
    pending.delete()
    out = io.StringIO()
    call_command("settle", stdout=out)  # the timer does it by itself
    assert "封存了审计日志 130225-2025.jsonl.gz：4 条" in out.getvalue() and found() == []


def test_what_happened_in_one_year_and_was_linked_in_the_next_is_in_the_next_file(monkeypatch):
    person = a_person("central_administrator")
    for year in (2024, 2023, 2024):  # the second was told before and linked after
        at(monkeypatch, year)
        trail.tell(Happening.LOGIN, person)
        trail.link()
    at(monkeypatch, 2025)
    seal(2024)
    assert not sealed_file("", 2023).exists() and len(read_sealed(sealed_file("", 2024))[1]) == 3
    assert found() == []


def verified() -> str:
    out = io.StringIO()
    try:
        call_command("verify", "--database", stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return ""


def test_any_changed_byte_of_a_sealed_file_is_found_without_the_database(three_years):
    seal(2025)
    drawn = random.Random(20261130)
    for _ in range(40):
        file = drawn.choice(sorted(sealed_root().iterdir()))
        content = file.read_bytes()
        text = bytearray(gzip.decompress(content))
        text[drawn.randrange(len(text) - 1)] ^= 1 << drawn.randrange(7)
        file.write_bytes(gzip.compress(bytes(text)))
        assert found(database=False) and file.name.partition("-")[0] in found(database=False)[0]
        file.write_bytes(content)
    assert found(database=False) == []
    sealed_file("", 2023).write_bytes(b"")
    assert "封存 平台-2023.jsonl.gz：不能读取" in verified()


def test_a_chain_made_anew_as_a_whole_is_found(three_years):
    """Who owns the database changes an entry and everything after it, head included: only the sealed file knows."""
    seal(2025)
    assert verified() == ""
    GUARDS.remove(connection)
    rows = list(AuditEntry.objects.filter(region="").order_by("number"))
    told = {name: getattr(rows[0], name) for name in trail.TOLD}
    AuditEntry.objects.filter(region="").delete()
    AuditHead.objects.filter(region="").delete()
    AuditPending.objects.bulk_create([AuditPending(**told | {"about": f"另一件 {n}"}) for n in range(12)])
    trail.link()
    GUARDS.install(connection)
    words = verified()
    assert "封存 平台-2023.jsonl.gz：数据库里的第 1 条与封存的不同或已经缺失" in words
    assert "✗ 审计日志" not in words  # by itself the new chain is whole


def test_sealing_opens_no_way_to_delete(three_years):
    seal(2025)
    for change in (
        lambda: AuditEntry.objects.filter(number=1).delete(),
        lambda: AuditEntry.objects.filter(number=1).update(name="别人"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert AuditEntry.objects.count() == 24


def test_a_broken_chain_is_not_sealed(three_years):
    GUARDS.remove(connection)
    AuditEntry.objects.filter(region="130225", number=3).update(name="别人")
    GUARDS.install(connection)
    with pytest.raises(NotSealed, match="审计日志 130225：第 3 条的内容与链值不符，没有封存"):
        seal(2023)
    assert not sealed_file("130225", 2023).exists()

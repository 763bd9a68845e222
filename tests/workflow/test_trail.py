"""Writing the audit trail: what was told enters one chain in order, savings of a quarter hour as one, by many at once."""

import json
import random
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from budgets.models import AuditEntry, AuditHead, AuditPending, Happening, Job, JobKind
from budgets.models.audit import HASHED
from budgets.publishing.audit_proofs import chains
from budgets.workflow import background, lifecycle, trail
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_region,
    a_sound_disclosure,
    approved,
)

from ..conftest import GUARDS

pytestmark = pytest.mark.django_db
CHANGES = 60  # single changes by the owner of the database; 1,000 by hand
SEED = 20261129
WRITERS, DEEDS = 8, 12


def some_trail(entries: int = 12) -> None:
    """Two chains, with values of every kind."""
    people = [a_person("bureau_officer"), a_person("auditor"), a_person("central_administrator")]
    disclosure = a_disclosure()
    for n in range(entries):
        with trail.coming_from(f"10.0.0.{n}"):
            trail.tell(Happening.LOGIN, people[n % 3])
            trail.tell(
                Happening.CHANGE, people[0], disclosure, words=f"第 {n} 次", fields={"甲": ["旧", "新"]}
            )
    trail.link()


def found() -> list[str]:
    return [f"{chain.name}：{chain.fault}" for chain in chains() if chain.fault]


def test_each_region_has_a_chain_of_its_own_from_one(db):
    some_trail()
    assert found() == [] and AuditPending.objects.count() == 0
    for region in ("130225", ""):
        numbers = AuditEntry.objects.filter(region=region).order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, len(numbers) + 1)) and numbers
    far = a_person("auditor", region=a_region("130224", "滦南县"))
    trail.tell(Happening.LOGIN, far)
    trail.link()
    assert AuditEntry.objects.get(region="130224").number == 1


def test_what_is_not_kept_is_not_told(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        trail.tell(Happening.LOGIN, a_person())
        raise ZeroDivisionError
    assert not AuditPending.objects.exists()


def test_the_next_writer_links_what_a_process_left_behind(db, django_capture_on_commit_callbacks):
    person = a_person()
    trail.tell(Happening.LOGIN, person)  # the process dies before its commit is followed by the link
    assert not AuditEntry.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        trail.tell(Happening.LOGOUT, person)
    assert [row.action for row in AuditEntry.objects.order_by("number")] == ["login", "logout"]


def test_savings_are_open_for_a_quarter_hour_and_enter_before_the_step_that_follows(db, monkeypatch):
    disclosure, person = a_sound_disclosure(), a_person("accountant")
    row = trail.opened(person, disclosure, "revenue")
    trail.save(row, {"words": "一"})
    assert trail.opened(person, disclosure, "revenue").pk == row.pk
    assert trail.opened(person, disclosure, "basics").pk is None
    assert trail.link() == 0
    lifecycle.submit(disclosure, by=person)
    trail.link()
    assert [each.action for each in AuditEntry.objects.order_by("number")] == ["edit", "submit"]
    again = trail.opened(person, disclosure, "revenue")
    assert again.pk is None
    trail.save(again, {"words": "二"})
    later = timezone.now() + timedelta(minutes=15)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert trail.opened(person, disclosure, "revenue").pk is None
    assert trail.link() == 1 and found() == []


def test_somebody_elses_saving_closes_mine(db):
    disclosure, one, other = a_disclosure(), a_person("accountant"), a_person("accountant")
    trail.save(trail.opened(one, disclosure, "revenue"), {"words": "甲"})
    trail.save(trail.opened(other, disclosure, "revenue"), {"words": "乙"})
    assert trail.opened(one, disclosure, "revenue").pk is None
    assert trail.link() == 2


def change_once(drawn: random.Random) -> str:
    """One change by somebody who owns the database; in which chain."""
    row = drawn.choice(list(AuditEntry.objects.all()))
    rows = AuditEntry.objects.filter(pk=row.pk)
    kind = drawn.choice(("column", "delete", "tail", "head", "change", "insert"))
    if kind == "delete":
        rows.delete()
    elif kind == "tail":
        AuditEntry.objects.filter(region=row.region, number__gte=row.number).delete()
    elif kind == "head":
        field, value = drawn.choice((("number", row.number + 1000), ("entry", "f" * 64)))
        AuditHead.objects.filter(region=row.region).update(**{field: value})
    elif kind == "insert":
        row.pk, row.number, row.previous = None, row.number + 1000, "e" * 64
        row.save(force_insert=True)
    elif kind == "change":
        rows.update(change=json.dumps(row.data | {"words": "别的"}, ensure_ascii=False))
    else:
        name = drawn.choice([*HASHED, "previous", "entry"])
        value = getattr(row, name)
        if name in ("at", "until"):
            other = (value or timezone.now()) + timedelta(microseconds=1)
        else:
            other = value + 1000 if name == "number" else drawn.choice("甲x0") + str(value)[1:]
            other = f"{str(value)[:1]}~" if other == value or name == "region" else other
        rows.update(**{name: other})
    return row.region


@pytest.mark.slow
def test_any_single_change_by_the_owner_of_the_database_is_named(db):
    some_trail()
    assert found() == []
    drawn = random.Random(SEED)
    missed = []
    connection.check_constraints()
    GUARDS.remove(connection)
    try:
        for n in range(CHANGES):
            with transaction.atomic():
                region = change_once(drawn)
                if not any((region or "平台") in each for each in found()):
                    missed.append(n)
                transaction.set_rollback(True)
            assert n % 20 or found() == []  # no false alarm
    finally:
        GUARDS.install(connection)
    assert missed == []


def test_verify_names_the_first_broken_entry(db, capsys):
    some_trail()
    call_command("verify", "--database")
    said = capsys.readouterr().out
    assert f"链头 {AuditHead.objects.get(region='').entry}" in said
    connection.check_constraints()
    GUARDS.remove(connection)
    AuditEntry.objects.filter(region="130225", number__in=(4, 9)).update(name="别人")
    GUARDS.install(connection)
    with pytest.raises(CommandError, match="1 处不符"):
        call_command("verify", "--database")
    assert "审计日志 130225：第 4 条的内容与链值不符" in capsys.readouterr().out


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)")
def test_many_writers_at_once_make_one_chain():
    people = [a_person("bureau_officer") for _ in range(WRITERS)]
    failed: list[BaseException] = []
    ready = threading.Barrier(WRITERS)

    def work(person) -> None:
        close_old_connections()
        try:
            ready.wait(10)
            for n in range(DEEDS):
                with transaction.atomic():
                    trail.tell(Happening.CHANGE, person, words=str(n))
        except BaseException as error:  # told below, in the test's own thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    trail.link()
    assert failed == [] and found() == []
    assert AuditEntry.objects.count() == WRITERS * DEEDS
    for person in people:
        told = AuditEntry.objects.filter(username=person.username).order_by("number")
        assert [row.data["words"] for row in told] == [str(n) for n in range(DEEDS)]


def test_only_the_trail_writes_the_log():
    """Every line of the disclosures' own log goes with an entry of the trail: one function writes both."""
    from pathlib import Path

    import budgets

    writers = [
        path.name
        for path in Path(budgets.__file__).parent.rglob("*.py")
        if "LogEntry.objects.create" in path.read_text()
        and "django.contrib.admin.models" not in path.read_text()
    ]
    assert writers == ["trail.py"]


def test_two_departments_of_a_region_share_its_chain(db):
    for code in ("483", "301"):
        trail.tell(Happening.LOGIN, a_person("accountant", department=a_department(code, f"{code}局")))
    trail.link()
    assert [row.department for row in AuditEntry.objects.order_by("number")] == ["483", "301"]


def test_a_job_is_told_with_the_address_of_who_asked_for_it(db, no_pdf, few_pages):
    disclosure, officer = approved(a_sound_disclosure()), a_person("bureau_officer")
    now = type(disclosure).objects.get(pk=disclosure.pk)
    job = Job.objects.create(
        kind=JobKind.PUBLISH, disclosure=now, person=officer, version=now.version, address="203.0.113.7"
    )
    background.run.call(job.pk)
    assert AuditPending.objects.get(action="publish").address == "203.0.113.7"
    assert trail.address() == ""

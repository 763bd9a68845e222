"""What was published, and the log, cannot be changed or deleted in any way the application has."""

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models.deletion import ProtectedError

from budgets.models import AuditEntry, Comment, LogEntry, Publication, Reply
from tests.makers.disclosures import a_department, a_disclosure, a_person

from ..conftest import GUARDS

pytestmark = pytest.mark.django_db
HASH = "0" * 64
FIELDS = {
    "payload": b"other",
    "payload_hash": "1" * 64,
    "chain_previous": "1" * 64,
    "chain_entry": "1" * 64,
    "public_reason": "别的",
    "revision": 9,
    "fiscal_year": 2030,
    "published_on": "2020-01-01",
}


@pytest.fixture
def publication():
    disclosure = a_disclosure()
    submitter, approver = a_person("accountant"), a_person("bureau_officer")
    return Publication.objects.create(
        department=disclosure.department,
        disclosure=disclosure,
        fiscal_year=2023,
        stage="budget",
        revision=1,
        payload=b"{}",
        payload_hash=HASH,
        chain_previous=HASH,
        chain_entry="a" * 64,
        published_on="2026-01-01",
        published_at="2026-01-01T00:00Z",
        submitted_by=submitter,
        approved_by=approver,
        published_by=approver,
    )


@pytest.fixture
def entry(publication):
    return LogEntry.objects.create(
        disclosure=publication.disclosure,
        person=publication.approved_by,
        action="approve",
        version=1,
        at="2026-01-01T00:00Z",
    )


@pytest.fixture
def remark(publication):
    who = {"person": publication.approved_by, "role": "bureau_officer", "at": "2026-01-01T00:00Z"}
    return Comment.objects.create(
        disclosure=publication.disclosure, place="whole", text="请核对", submission=1, **who
    )


@pytest.fixture
def reply(remark):
    who = {"person": remark.person, "role": "bureau_officer", "at": "2026-01-01T00:00Z"}
    return Reply.objects.create(comment=remark, kind="close", **who)


@pytest.fixture
def audited(db):
    return AuditEntry.objects.create(
        number=1, previous=HASH, entry="a" * 64, action="login", at="2026-01-01T00:00Z"
    )


def raw(sql: str):
    def run(row: models.Model) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.format(table=row._meta.db_table, pk=row.pk))

    return run


WORDS = {
    Publication: "public_reason",
    LogEntry: "reason",
    Comment: "text",
    Reply: "text",
    AuditEntry: "about",
}


def saved(row):
    row.at = row.published_at = "2030-01-01T00:00Z"
    row.save()


def updated(row):
    type(row).objects.filter(pk=row.pk).update(**{WORDS[type(row)]: "x"})


def bulk_updated(row):
    field = WORDS[type(row)]
    setattr(row, field, "x")
    type(row).objects.bulk_update([row], [field])


def upserted(row):
    field = WORDS[type(row)]
    setattr(row, field, "x")
    type(row).objects.bulk_create([row], update_conflicts=True, update_fields=[field], unique_fields=["id"])


WAYS = {
    "save": saved,
    "update": updated,
    "bulk_update": bulk_updated,
    "upsert": upserted,
    "delete": lambda row: type(row).objects.filter(pk=row.pk).delete(),
    "instance delete": lambda row: row.delete(),
    "_raw_delete": lambda row: (
        type(row).objects.filter(pk=row.pk)._raw_delete(type(row).objects.filter(pk=row.pk).db)
    ),
    "raw update": raw("UPDATE {table} SET id = id WHERE id = {pk}"),
    "raw delete": raw("DELETE FROM {table} WHERE id = {pk}"),
    "delete everything": raw("DELETE FROM {table}"),
}
ON_SQLITE = {
    "update or ignore": raw("UPDATE OR IGNORE {table} SET id = id + 1 WHERE id = {pk}"),
    "update or replace": raw("UPDATE OR REPLACE {table} SET id = id WHERE id = {pk}"),
    "insert or replace": raw("INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = {pk}"),
    "replace": raw("REPLACE INTO {table} SELECT * FROM {table}"),
}
ON_POSTGRES = {
    "truncate": raw("TRUNCATE {table} CASCADE"),
    "on conflict": raw(
        "INSERT INTO {table} SELECT * FROM {table} WHERE id = {pk} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id"
    ),
    "as a replica": raw("SET LOCAL session_replication_role = replica; DELETE FROM {table} WHERE id = {pk}"),
}
WAYS |= ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRES


def attempt(way, row) -> bool:
    """Whether that way changed anything; what the row was is looked up past the guards."""
    before = list(type(row).objects.filter(pk=row.pk).values())
    try:
        with transaction.atomic():
            way(row)
    except (DatabaseError, ProtectedError):
        assert list(type(row).objects.filter(pk=row.pk).values()) == before
        return False
    return True


@pytest.mark.parametrize("name", WAYS)
def test_a_publication_stays_as_it_was(publication, name):
    assert not attempt(WAYS[name], publication)


@pytest.mark.parametrize("name", WAYS)
def test_a_log_entry_stays_as_it_was(entry, name):
    assert not attempt(WAYS[name], entry)


@pytest.mark.parametrize("name", WAYS)
def test_comments_and_replies_stay_as_they_were(reply, name):
    assert not attempt(WAYS[name], reply.comment)
    assert not attempt(WAYS[name], reply)


def test_a_comment_is_closed_once_and_an_answer_says_something(reply):
    who = {"person": reply.person, "role": "bureau_officer", "at": "2026-01-01T00:00Z"}
    for wrong in ({"kind": "close"}, {"kind": "answer", "text": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Reply.objects.create(comment=reply.comment, **wrong, **who)


@pytest.mark.parametrize("name", WAYS)
def test_an_audit_entry_stays_as_it_was(audited, name):
    assert not attempt(WAYS[name], audited)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("guarded", ["publication", "audited"])
def test_without_its_guards_that_way_would_succeed(request, guarded, name):
    row = request.getfixturevalue(guarded)
    connection.check_constraints()  # PostgreSQL changes no table that has checks to come
    GUARDS.remove(connection)
    try:
        assert attempt(WAYS[name], row)
    finally:
        connection.check_constraints()
        GUARDS.install(connection)


@pytest.mark.parametrize("field", FIELDS)
def test_no_column_of_a_publication_changes(publication, field):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(**{field: FIELDS[field]})


@pytest.mark.parametrize(
    "owner",
    [
        lambda p: p.department,
        lambda p: p.disclosure,
        lambda p: p.submitted_by,
        lambda p: p.approved_by,
        lambda p: p.department.region,
    ],
)
def test_nothing_that_a_publication_names_can_be_deleted(publication, owner):
    with pytest.raises(ProtectedError):
        owner(publication).delete()


def test_a_department_has_one_chain(publication):
    fork = Publication.objects.get()
    fork.pk, fork.revision, fork.chain_entry = None, 2, "b" * 64
    with pytest.raises(DatabaseError), transaction.atomic():
        fork.save(force_insert=True)


def test_submitter_and_approver_are_two_people():
    disclosure, person = a_disclosure(a_department()), a_person("bureau_officer")
    rows = type(disclosure).objects.filter(pk=disclosure.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(submitted_by=person, approved_by=person)
    assert rows.update(submitted_by=person, approved_by=a_person("bureau_officer")) == 1

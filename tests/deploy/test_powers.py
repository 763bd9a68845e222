"""The roles of PostgreSQL: what the application and the public side may do, tried on every guarded table."""

from contextlib import contextmanager
from itertools import product

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError, ProgrammingError

from budgets.management import powers
from budgets.models import LogEntry
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_disclosure, a_person, a_sound_disclosure, published
from tests.makers.questions import CELL, a_question

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)"),
]
APPLICATION, PUBLIC = powers.Role("power_application", "a'b"), powers.Role("power_public")
GUARDED = [
    "budgets_auditentry",
    "budgets_comment",
    "budgets_logentry",
    "budgets_publication",
    "budgets_reply",
]
WAYS = {
    "update": "UPDATE {table} SET id = id",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
    "drop trigger": "DROP TRIGGER {table}_no_change ON {table}",
    "disable trigger": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "replica": "SET LOCAL session_replication_role = replica",
    "add trigger": "CREATE TRIGGER other BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION budgets_refuse_change()",
    "other function": "CREATE OR REPLACE FUNCTION budgets_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "drop": "DROP TABLE {table} CASCADE",
    "table before it": "CREATE TEMPORARY TABLE {table} (id int)",
}


@pytest.fixture
def granted(db):
    assert powers.grant(connection, APPLICATION, PUBLIC) == GUARDED


@contextmanager
def acting_as(role: powers.Role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role.name}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def done(statement: str, role: powers.Role | None = None) -> bool:
    """Whether that role (the owner, if none) may do it; whatever it did is undone."""
    point = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            if role:
                cursor.execute(f"SET LOCAL ROLE {role.name}")
            cursor.execute(statement)
    except (ProgrammingError, IntegrityError, InternalError):
        return False
    finally:
        transaction.savepoint_rollback(point)
    return True


def test_neither_role_changes_what_is_only_added_to(granted):
    connection.check_constraints()
    tried = [way.format(table=table) for table, way in product(GUARDED, WAYS.values())]
    assert [sql for sql in tried for role in (APPLICATION, PUBLIC) if done(sql, role)] == []
    # The control: the owner may do each of them where no trigger stands in its way (these tables are empty).
    assert [sql for sql in tried if not done(sql)] == [f"TRUNCATE {table} CASCADE" for table in GUARDED]


def test_the_guarded_tables_are_those_of_the_triggers(granted):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seals (id int)")
        cursor.execute(
            "CREATE TRIGGER kept BEFORE DELETE ON seals FOR EACH ROW EXECUTE FUNCTION budgets_refuse_change()"
        )
    assert not done("DELETE FROM seals", APPLICATION)  # nothing was granted yet
    assert powers.grant(connection, APPLICATION, PUBLIC) == [*GUARDED, "seals"]
    assert done("INSERT INTO seals VALUES (1)", APPLICATION) and not done("DELETE FROM seals", APPLICATION)


@pytest.mark.parametrize("table", ["django_migrations", "auth_permission", "django_content_type"])
def test_what_migrations_write_is_read_only(granted, table):
    assert done(f"SELECT * FROM {table}", APPLICATION) and done(f"UPDATE {table} SET id = id")
    assert not done(f"UPDATE {table} SET id = id", APPLICATION)


@pytest.mark.usefixtures("no_pdf", "few_pages")
def test_the_application_takes_every_step(granted, client):
    disclosure = a_sound_disclosure()
    officer = a_person("bureau_officer", password="长长的密码一二三四")
    with acting_as(APPLICATION):
        published(disclosure, officer)
        lifecycle.correct(disclosure, by=officer, reason="更正")
        disclosure.refresh_from_db()
        lifecycle.withdraw(disclosure, by=officer, reason="撤回")
        client.force_login(officer)
        assert client.get("/admin/").status_code == 200
        call_command("settle")
        call_command("verify", "--database")
    assert {"submit", "approve", "publish", "correct", "withdraw"} <= set(
        LogEntry.objects.values_list("action", flat=True)
    )


@pytest.mark.usefixtures("no_pdf", "few_pages")
def test_the_public_side_reads_what_is_public_and_nothing_else(granted, client):
    publication = published()
    a_question(publication.department, state="published")
    type(publication.department.region).objects.update(questions_open=True)
    a_disclosure(year=2024)
    pages = [
        "/", "/?q=审批", "/130225/", "/130225/2023/", "/130225/483/", "/130225/2023/figures.csv", "/data/",
        "/130225/483/2023/budget/", f"/130225/483/2023/budget/figures/{CELL}/", "/130225/483/feed.atom",
        "/130225/483/2023/budget/questions/", "/data/disclosures.json", "/sitemap.xml", "/130225/glossary/", "/healthz",
    ]  # fmt: skip
    with acting_as(PUBLIC):
        assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)
        assert client.get("/130225/483/2024/budget/").status_code == 404
    read = {model._meta.db_table for model in powers.PUBLIC}
    tables = connection.introspection.table_names()
    assert {name for name in tables if not done(f"SELECT * FROM {name}", PUBLIC)} - {
        "budgets_question"
    } == set(tables) - read
    assert not done("SELECT email FROM budgets_question", PUBLIC) and done(
        "SELECT text FROM budgets_question", PUBLIC
    )
    assert [name for name in tables if done(f"DELETE FROM {name}", PUBLIC)] == []


def test_who_cannot_be_limited_is_refused(granted):
    for role, other in ((connection.settings_dict["USER"], "power_public"), ("power_public", "power_public")):
        with pytest.raises(powers.NotGranted):
            powers.grant(connection, powers.Role(role), powers.Role(other))
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE power_public CREATEROLE")
    with pytest.raises(powers.NotGranted, match="power_public"):
        powers.grant(connection, APPLICATION, PUBLIC)


def test_the_password_is_set_as_the_database_keeps_it(granted, settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE 'power_%' ORDER BY 1")
        (_, kept), (_, none) = cursor.fetchall()
    assert kept.startswith("SCRAM-SHA-256$") and none is None
    settings.DATABASE_ROLES = {"application": ("power_public", ""), "public": ("power_public", "")}
    with pytest.raises(CommandError, match="两个角色同名"):
        call_command("grant")

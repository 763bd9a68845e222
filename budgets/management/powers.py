"""Who may do what in PostgreSQL, as statements: the owner migrates, the application works with rows, the public side reads.

A role that does not own a table can neither drop nor disable its triggers, nor empty it: whatever takes over the
application changes nothing of what was published, of the log and of the audit trail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from budgets.models import (
    Department,
    Publication,
    PublicationState,
    Question,
    Region,
    RegionTerm,
    SearchEntry,
    SubjectMove,
)
from budgets.models.publications import YearSum
from budgets.models.questions import PRIVATE_OF_A_QUESTION

# All that public pages are made of: no draft, no person, no session.
PUBLIC = (
    Department, Publication, PublicationState, Question, Region, RegionTerm, SearchEntry, SubjectMove, YearSum,
)  # fmt: skip
PRIVATE: dict[type[models.Model], tuple[str, ...]] = {Question: PRIVATE_OF_A_QUESTION}
# Written by migrations alone.
SCHEMA = ("auth_permission", "django_content_type", "django_migrations")
GUARD = "budgets_refuse_change"  # the function of the triggers on whatever is only added to
GUARDED = """
SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE p.proname = %s AND n.nspname = 'public' ORDER BY 1
"""
ROLE = """
SELECT rolsuper OR rolcreaterole OR rolbypassrls, pg_has_role(rolname, current_user, 'MEMBER')
FROM pg_roles WHERE rolname = %s
"""


class NotGranted(Exception):
    """A role to which rights cannot be given; the message, in Chinese, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role beside the owner; a blank password leaves the one it has, or none."""

    name: str
    password: str = ""


def guarded_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables to which rows are only added, as the database itself guards them."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDED, [GUARD])
        return [name for (name,) in cursor.fetchall()]


def grant(connection: BaseDatabaseWrapper, application: Role, public: Role) -> list[str]:
    """Make the roles that are missing and give each exactly its rights; the tables to which rows are only added.

    Within the transaction of the caller: before its end nobody is without a right. May be repeated, and is after
    every migration. Raises NotGranted.
    """
    guarded = guarded_tables(connection)
    if not guarded:
        raise NotGranted("数据库里还没有受保护的表，请先运行 manage.py migrate。")
    if application.name == public.name:
        raise NotGranted(f"两个角色同名（{public.name}）。请给 PUBLIC_ROLE 另起一个名字。")
    for role in (application, public):
        _make(connection, role)
    with connection.cursor() as cursor:
        for statement in statements(
            application.name, public.name, guarded, connection.get_connection_params()["dbname"]
        ):
            cursor.execute(statement)
    return guarded


def _make(connection: BaseDatabaseWrapper, role: Role) -> None:
    name = sql.Identifier(role.name)
    with connection.cursor() as cursor:
        cursor.execute(ROLE, [role.name])
        found = cursor.fetchone()
        if found is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        elif any(found):
            raise NotGranted(
                f"角色 {role.name} 是超级用户、可以建立角色，或者就是数据库的所有者，限制不住。"
                "请换一个角色，或者先收回它的这些权利。"
            )
        if role.password:  # made here, so that no log of the database ever holds it
            made = connection.connection.pgconn.encrypt_password(role.password.encode(), role.name.encode())
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(made.decode())))


def statements(
    application_name: str, public_name: str, guarded: list[str], database: str
) -> Iterator[sql.Composed]:
    """First everything is taken away, then each right is given."""
    application, public = sql.Identifier(application_name), sql.Identifier(public_name)
    both = sql.SQL(", ").join([application, public])
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        yield sql.SQL("REVOKE ALL ON ALL {} IN SCHEMA public FROM {}").format(sql.SQL(kind), both)
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC, {}").format(both)
    # A table of one's own, temporary, would be found before the real one.
    whole = sql.Identifier(database)
    yield sql.SQL("REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC, {}").format(whole, both)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(whole, both)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(both)
    rows = sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}")
    yield rows.format(application)
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(application)
    yield sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(_tables(guarded), application)
    yield sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(_tables(SCHEMA), application)
    for model in PUBLIC:
        own = sql.SQL(", ").join(sql.Identifier(name) for name in columns(model))
        table = _tables([model._meta.db_table])
        yield sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(own, table, public)


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a model that public pages read: of a question nothing that leads to who asked."""
    hidden = PRIVATE.get(model, ())
    return [str(field.column) for field in model._meta.concrete_fields if field.name not in hidden]


def _tables(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))

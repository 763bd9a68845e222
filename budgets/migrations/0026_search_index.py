"""The index of the search, filled from what is public already: FTS5 tables on SQLite, GIN indexes on PostgreSQL."""

import django.db.models.deletion
from django.db import migrations, models

import budgets.models.search_names
from budgets.publishing.word_index import entry_words, key_of

INDEXED = {"budgets_searchentry": "grams", "budgets_department": "name_words", "budgets_region": "callings"}
# `detail=none` keeps no positions: grams are single words, and what holds them is proven by its text.
SQLITE = (
    "CREATE VIRTUAL TABLE {table}_words USING fts5({column}, content='{table}', content_rowid='id', detail=none,"
    " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co'\")"
)
ENTER = "INSERT INTO {table}_words(rowid, {column}) VALUES (NEW.id, NEW.{column});"
LEAVE = "INSERT INTO {table}_words({table}_words, rowid, {column}) VALUES ('delete', OLD.id, OLD.{column});"
TRIGGERS = {
    "entered": f"AFTER INSERT ON {{table}} BEGIN {ENTER} END",
    "left": f"AFTER DELETE ON {{table}} BEGIN {LEAVE} END",
    "changed": "AFTER UPDATE OF {column} ON {table} WHEN OLD.{column} IS NOT NEW.{column}"
    f" BEGIN {LEAVE} {ENTER} END",
}
# A tsvector, for its index answers "this and (that or that)" by itself; of an array each part would be asked of the rows.
POSTGRESQL = (
    "CREATE INDEX {table}_words ON {table} USING gin (array_to_tsvector(string_to_array({column}, ' ')))"
    " WITH (fastupdate = off)"
)


def guard(connection):
    """The triggers by which SQLite keeps its indexes, and these anew: a row that none knows could not be deleted.

    A migration that makes one of the tables anew calls this again.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table, column in INDEXED.items():
            for name, trigger in TRIGGERS.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_words_{name}")
                cursor.execute(f"CREATE TRIGGER {table}_words_{name} {trigger.format(table=table, column=column)}")
            cursor.execute(f"INSERT INTO {table}_words({table}_words) VALUES ('rebuild')")


def install(apps, schema_editor):
    connection = schema_editor.connection
    statement = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    with connection.cursor() as cursor:
        for table, column in INDEXED.items():
            cursor.execute(statement.format(table=table, column=column))
    guard(connection)


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for table in INDEXED:
            if vendor == "sqlite":
                for name in TRIGGERS:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_words_{name}")
                cursor.execute(f"DROP TABLE IF EXISTS {table}_words")
            else:
                cursor.execute(f"DROP INDEX IF EXISTS {table}_words")


def fill(apps, schema_editor):
    """A row at a time, so that no memory grows with what was published."""
    for name in ("Region", "Department"):
        for row in apps.get_model("budgets", name).objects.order_by("pk").iterator():
            row.save()  # its columns for the search are made whenever it is saved
    publications = apps.get_model("budgets", "Publication").objects
    states = apps.get_model("budgets", "PublicationState").objects.filter(status="current")
    entries = apps.get_model("budgets", "SearchEntry").objects
    for number in states.order_by("pk").values_list("pk", flat=True):
        told = publications.values_list("fiscal_year", "department", "department__region").get(pk=number)
        year, department, region = told
        text = states.values_list("text", flat=True).get(pk=number)
        entries.create(
            id=key_of(year, number), publication_id=number, grams=entry_words(text, department, region)
        )


class Migration(migrations.Migration):
    dependencies = [("budgets", "0025_addresses_by_meaning")]

    operations = [
        migrations.AddField(
            model_name="region",
            name="callings",
            field=budgets.models.search_names.RegionWords(verbose_name="检索称呼"),
        ),
        migrations.AddField(
            model_name="department",
            name="name_words",
            field=budgets.models.search_names.DepartmentWords(verbose_name="检索词元"),
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("grams", models.TextField(verbose_name="检索词元")),
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="search_entry",
                        to="budgets.publication",
                        verbose_name="公开版本",
                    ),
                ),
            ],
            options={"verbose_name": "检索条目", "verbose_name_plural": "检索条目"},
        ),
        migrations.RunPython(install, remove),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

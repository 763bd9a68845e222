"""The search finds the items of tables whose rows have no name: their text is read again from the frozen content."""

from django.db import migrations

from budgets import tablesets
from budgets.domain.documents import ColumnKind
from budgets.domain.snapshots import document_of
from budgets.domain.tables import Field
from budgets.publishing.listing import searchable
from budgets.publishing.word_index import entry_words


def without_names() -> list[str]:
    """The sets that have such a table, and those whose tables nobody declared."""
    names = (
        (key, [isinstance(leaf.word, Field) and leaf.word.kind == ColumnKind.CAPTION for leaf in table.leaves()])
        for key, table_set in tablesets.SETS.items()
        for table in table_set.tables
    )
    return sorted({*tablesets.AS_IT_STANDS, *(key for key, captions in names if not any(captions))})


def read_again(apps, schema_editor):
    """A row at a time, so that no memory grows with what was published; what has another schema stays as it is."""
    publications = apps.get_model("budgets", "Publication").objects
    states = apps.get_model("budgets", "PublicationState").objects
    entries = apps.get_model("budgets", "SearchEntry").objects
    for number in states.filter(table_set__in=without_names()).values_list("pk", flat=True):
        payload, department, region = publications.values_list(
            "payload", "department_id", "department__region_id"
        ).get(pk=number)
        try:
            text = searchable(document_of(bytes(payload)))
        except (ValueError, KeyError):  # a row for a load test holds no document
            continue
        states.filter(pk=number).update(text=text)
        entries.filter(publication=number).update(grams=entry_words(text, department, region))


class Migration(migrations.Migration):
    dependencies = [("budgets", "0045_year_lists")]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]

"""Rows beside the frozen content: whatever stands in one of their columns is named, and nothing of it ends the verification."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, models, transaction

from budgets.models import AuditEntry, LogEntry, PublicationState
from budgets.publishing import rows_proved
from budgets.workflow import trail
from tests.conftest import GUARDS
from tests.makers.disclosures import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages")]
NONSENSE = ("甲", "", "[]", "{}", '{"fields": []}', '{"fields": {"修改序号": []}}', "null", "-1", "9" * 40)
# What the trail's own chain holds, and what is shown of these rows nowhere.
OTHERWISE = {
    "AuditEntry": {"region", "username", "name", "address", "about", "department", "previous", "entry"}
}


def changes() -> Iterator[tuple[type[models.Model], int, str, str]]:
    """Each text column of a row of each kind, with the nonsense that fits."""
    for model in (AuditEntry, LogEntry, PublicationState):
        texts = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and field.name not in OTHERWISE.get(model.__name__, ())
        ]
        rows = model._base_manager.all()
        if model is AuditEntry:
            rows = rows.filter(kind="disclosure", action__in=rows_proved.STEPS).exclude(username="")
        for row in rows[:1]:
            for field in texts:
                for value in NONSENSE if field.name == "change" else NONSENSE[:3]:
                    if len(value) <= (field.max_length or 99) and value != getattr(row, field.name):
                        yield model, row.pk, field.name, value


def test_a_standing_that_is_none_and_one_that_is_lost_do_not_end_the_reading():
    publication = published()
    assert len(list(rows_proved.readable())) == 1
    connection.check_constraints()
    GUARDS.remove(connection)
    try:
        with transaction.atomic():
            PublicationState.objects.all()._raw_delete("default")
            assert list(rows_proved.readable()) == []
            assert (publication.chain_entry, "公开版本没有列表和检索用的记录") in rows_proved.row_faults()
            transaction.set_rollback(True)
    finally:
        GUARDS.install(connection)


@pytest.mark.slow
def test_whatever_stands_there_is_named():
    published()
    trail.link()
    assert list(rows_proved.row_faults()) == []
    connection.check_constraints()
    GUARDS.remove(connection)
    unnamed, tried = [], Counter()
    try:
        for model, key, name, value in list(changes()):
            with transaction.atomic():
                if connection.vendor == "sqlite":
                    connection.cursor().execute("PRAGMA ignore_check_constraints = ON")
                model._base_manager.filter(pk=key).update(**{name: value})
                unnamed += [] if list(rows_proved.row_faults()) else [f"{model.__name__}.{name}={value}"]
                transaction.set_rollback(True)
            tried[model] += 1
    finally:
        GUARDS.install(connection)
    assert (
        unnamed == [] and tried.keys() == {AuditEntry, LogEntry, PublicationState} and min(tried.values()) > 9
    )

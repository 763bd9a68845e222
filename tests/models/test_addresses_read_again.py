"""What was published before leads to cells by their new addresses, read from its frozen content."""

from importlib import import_module

import pytest
from django.apps import apps

from budgets.models import PublicationState
from budgets.publishing.listing import passages
from tests.makers.disclosures import a_department, a_disclosure, a_public_row
from tests.makers.documents import payload_of

MIGRATION = import_module("budgets.migrations.0025_addresses_by_meaning")


@pytest.mark.django_db
def test_stored_anchors_are_made_anew_and_what_holds_no_document_is_left():
    old = {"text": "三公", "figures": {"three_public": ["107300", "three_public-2-3"]}}
    kept = a_public_row(
        a_disclosure(facts=()), payload=payload_of("hebei_2023", "real"), contact="办公室", **old
    )
    empty = a_public_row(a_disclosure(a_department("484", "甲局"), facts=()), payload=b"x", **old)
    MIGRATION.read_again(apps, None)
    state = PublicationState.objects.get(pk=kept.pk)
    assert state.figures["three_public"] == ["107300.00", "three_public.three_public.total"]
    assert "basic_expenditure.30208.name" in {anchor for anchor, _, _ in passages(state.text)}
    assert state.contact == "办公室"
    assert PublicationState.objects.get(pk=empty.pk).figures == old["figures"]

"""An amount without what names its row is refused where it is typed: every grid of every set."""

import pytest

from budgets import tablesets
from budgets.admin.declaring import declaration, grids_of
from budgets.domain.tables import Amount
from budgets.models import Disclosure
from tests.makers.disclosures import a_sound_disclosure

from .forms import fields, page_of

pytestmark = pytest.mark.django_db
GRIDS = [
    (key, grid)
    for key in tablesets.SETS
    for grid in grids_of(tablesets.get(key)).values()
    if not grid.fixed_rows
    and any(isinstance(leaf.word, Amount) for leaf in declaration(grid, tablesets.get(key)).leaves())
]


@pytest.fixture
def disclosure(client, accountant):
    return a_sound_disclosure()


@pytest.mark.sweep(2, 10)
@pytest.mark.parametrize(("table_set", "grid"), GRIDS, ids=lambda each: getattr(each, "key", each))
def test_an_amount_alone_in_a_row_is_refused(accountant, disclosure, table_set, grid):
    Disclosure.objects.filter(pk=disclosure.pk).update(table_set=table_set)
    address = page_of(disclosure, grid.key)
    data = fields(accountant.get(address))
    prefix = max(
        (name.split("-")[1] for name in data if name.startswith("rows-") and name.split("-")[1].isdigit()),
        key=int,
    )
    own = [name for name in data if name.startswith(f"rows-{prefix}-")]
    before = list(grid.model.objects.filter(disclosure=disclosure).values_list("pk", flat=True))
    refused = 0
    for name in own:
        field = name.removeprefix(f"rows-{prefix}-")
        if (
            not hasattr(grid.model(), field)
            or "Amount" not in type(grid.model._meta.get_field(field)).__name__
        ):
            continue
        page = accountant.post(address, data | {name: "5.00"})
        assert page.status_code == 200, f"{name} alone was saved"
        assert "请填写" in page.text
        refused += 1
    assert refused
    assert list(grid.model.objects.filter(disclosure=disclosure).values_list("pk", flat=True)) == before


def test_both_sets_have_grids_to_try():
    assert {key for key, _ in GRIDS} == set(tablesets.SETS)
    assert len({grid.key for _, grid in GRIDS}) >= 8

"""A share of the tampering: each kind of change is named, what is untouched is not; without what compares the rows, forged ones pass."""

import random
import time

import pytest
from django.db import connection, transaction

from budgets.publishing import rows_proved
from tests.conftest import GUARDS
from tests.makers.logs import KEY

from . import tampering
from .tampering import DATABASE, KINDS, faults, grounds, run, small_files

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
OF_EACH = 2
ROWS = ("a column of its standing, figures or text", "a line of the workflow log removed", "one removed")


@pytest.fixture
def ground(tmp_path, settings):
    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key")
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "kept").mkdir()
    with small_files():
        yield grounds(tmp_path / "kept")


def test_every_change_is_named_and_nothing_else(ground, monkeypatch):
    told = run(ground, OF_EACH * len(KINDS), 6, seed=1, until=time.monotonic() + 600)
    assert told.missed == [] and told.alarms == []
    assert set(told.tried) == set(KINDS) and told.clean == 6
    # The negative control: forged rows pass where nobody compares them.
    monkeypatch.setattr(rows_proved, "row_faults", lambda: iter(()))
    GUARDS.remove(connection)
    for name in ROWS:
        with transaction.atomic():
            DATABASE[name](ground, random.Random(3))
            assert faults(ground) == [], name
            transaction.set_rollback(True)
    GUARDS.install(connection)
    assert tampering.faults(ground) == []

"""A share of the faults and of the soak on one portal: nothing is lost; what would be is named."""

import argparse
import shutil
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from . import acknowledged, faults_passed, kills, promises_kept, soak, standing_portal
from .own_portal import Own
from .supervised import Line, Part, Rules

WISH = argparse.Namespace(seed=3, kills=2, stops=0, others=1, departments=2, minutes=2.0, rate=8.0)
SOAK = argparse.Namespace(seed=3, minutes=0.05, rate=10.0)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.nginx
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)")
def test_nothing_that_was_acknowledged_is_lost(settings, tmp_path, tmp_path_factory):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    call_command("load_subjects", verbosity=0)
    county = standing_portal.a_county(WISH.departments, WISH.seed, minutes=0)
    place = connection.settings_dict
    line = Line(int(place["PORT"]))
    direct, cut = (
        f"postgres://{place['USER']}@127.0.0.1:{port}/{place['NAME']}" for port in (place["PORT"], line.port)
    )
    scratch = tmp_path_factory.mktemp("logs")
    ledger = acknowledged.Ledger()
    with standing_portal.standing(tmp_path, scratch, direct, cut, cut) as portal:
        own = Own(portal, county, None, line, None)
        assert kills.run(own, WISH, ledger).wrong == []
        assert soak.run(own, SOAK, ledger).wrong == []
    assert ledger.acknowledged >= kills.FIRST

    # The control: what was promised and is not there is named.
    number = county[0].disclosure
    ledger.contacts[number].append(("0315-0", True))
    ledger.promised.append((number, {"没有"}))
    ledger.done["approve", number] = 100
    ledger.files[number] = [("没有.xlsx", True)]
    assert len(list(promises_kept.lost(ledger))) == 4


def test_a_part_is_started_again_as_its_unit_says(tmp_path: Path):
    assert Rules.of_the_unit() == Rules(1, 0, 5)
    dying = [str(shutil.which("false"))]
    limited = Part("limited", dying, {}, tmp_path / "log", Rules(0, 60, 3))
    forever = Part("forever", dying, {}, tmp_path / "log", Rules(0, 0, 3))
    until = time.monotonic() + 30
    while not limited.given_up or forever.starts < 5:
        assert time.monotonic() < until
        time.sleep(0.01)
    limited.end()
    forever.end()
    assert (limited.starts, forever.given_up) == (3, False)


def test_a_page_is_one_of_those_that_were_made(tmp_path: Path):
    for name, text in (("old", "<p>old"), ("new", "<p>new")):
        (tmp_path / "releases" / name).mkdir(parents=True)
        (tmp_path / "releases" / name / "index.html").write_text(text)
    whole = faults_passed.Whole(tmp_path)
    assert whole("/1/2/2023/budget/", b"<p>old") and whole("/1/2/2023/budget/", b"<p>new")
    assert not whole("/1/2/2023/budget/", b"<p>o")

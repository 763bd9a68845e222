"""Whatever is published, corrected or withdrawn, the log has each version once, and every checkpoint of the way holds."""

import random
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from budgets import ledger
from budgets.checks import publications_are_anchored
from budgets.models import Publication
from budgets.publishing import chain_log, pointers, year_sums
from budgets.publishing.signed_notes import Checkpoint, SigningKey
from budgets.publishing.verification import verify
from budgets.workflow import lifecycle, remaking
from budgets.workflow.withdrawing import scopes_of
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved
from tests.makers.logs import KEY, entered

from ..conftest import GUARDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages")]


@pytest.fixture
def key(settings, tmp_path) -> SigningKey:
    """The portal's own key in a file."""
    file = tmp_path / "checkpoint.key"
    file.write_text(f"{KEY}\n")
    settings.CHECKPOINT_KEY_FILE = str(file)
    return KEY


def note() -> bytes:
    return (chain_log.root_folder() / "checkpoint").read_bytes()


def a_year(chance: random.Random, steps: int):
    """Drawn publications, corrections and withdrawals of three departments; after each step."""
    officer = a_person("bureau_officer")
    disclosures = [a_sound_disclosure(a_department(code)) for code in ("483", "484", "485")]
    for number in range(steps):
        disclosure = chance.choice(disclosures)
        disclosure.refresh_from_db()
        scopes = list(scopes_of(disclosure))
        if scopes and chance.random() < 0.3:
            scope = chance.choice(scopes)
            lifecycle.withdraw(disclosure, by=officer, reason="有误", scope=scope)
        else:
            if disclosure.status in ("published", "withdrawn"):
                lifecycle.correct(disclosure, by=officer, reason=f"第 {number} 次更正")
                disclosure.refresh_from_db()
                ledger.write(disclosure, replace(ledger.read(disclosure), contact=f"0315-{number:07}"))
            lifecycle.publish(approved(disclosure, officer), by=officer)
        yield


@pytest.mark.parametrize(("seed", "steps"), [(1, 5), pytest.param(2, 16, marks=pytest.mark.slow)])
def test_drawn_steps_leave_a_whole_log_and_raise_no_alarm(key, seed, steps):
    kept = []
    for _ in a_year(random.Random(seed), steps):
        kept.append(note())
        assert Checkpoint.read(kept[-1]).size == Publication.objects.count()
    for anchor in {*kept}:
        assert verify(key=key.verifier, anchor=anchor).mismatches == []
    assert len({*kept}) == Publication.objects.count() < steps  # a withdrawal adds no entry
    call_command("verify", "--database", stdout=(out := StringIO()))
    assert "全部相符" in out.getvalue()


def test_without_a_key_nothing_is_written_and_with_one_everything_that_was_published(settings, key):
    settings.CHECKPOINT_KEY_FILE = ""
    for _ in a_year(random.Random(3), 2):
        assert not chain_log.root_folder().exists()
    assert verify().mismatches == []
    settings.CHECKPOINT_KEY_FILE = str(settings.DATA_DIR / "checkpoint.key")
    assert ["没有检查点" in each.what for each in verify(key=key.verifier).mismatches] == [True]
    pointers.settle()
    rows = Publication.objects.order_by("pk").values_list("chain_entry", flat=True)
    assert [each.split(b"\n")[2].decode() for each in chain_log.entries(len(rows))] == list(rows)
    assert verify(key=key.verifier).mismatches == []


def test_what_was_committed_and_not_logged_the_next_settling_logs(key, monkeypatch, caplog):
    """A full disk stops no publication that is committed; the operator is told."""

    def full(*said):
        raise OSError(28, "No space left on device")

    steps = a_year(random.Random(1), 2)
    next(steps)
    monkeypatch.setattr(chain_log, "add", full)
    next(steps)
    monkeypatch.undo()
    assert [each.name for each in caplog.records if each.levelname == "CRITICAL"] == ["budgets.alarm"]
    call_command("settle", stdout=StringIO())
    assert Checkpoint.read(note()).size == Publication.objects.count()
    assert verify(key=key.verifier).mismatches == []


def test_the_last_publication_deleted_in_database_and_folder_together_is_named(key, tmp_path, capsys):
    """By the log alone; with the log made anew, by who kept a checkpoint."""
    for _ in a_year(random.Random(1), 2):
        kept = note()
    GUARDS.remove(connection)
    last = Publication.objects.order_by("-pk").first()
    disclosure = last.disclosure
    last.search_entry.delete()
    last.state.delete()
    Publication.objects.filter(pk=last.pk).delete()
    connection.check_constraints()
    GUARDS.install(connection)
    if not remaking.rebuild(disclosure):  # it was the only version of its address
        disclosure.department.releases.all().delete()
        address = pointers.releases.address(("130225", disclosure.department.code, 2023, "budget"))
        address.unlink()
    year_sums.renew(disclosure.department.region_id)
    with pytest.raises(CommandError):
        call_command("verify", "--database")
    assert "检查点记有、公开文件夹中没有的版本" in capsys.readouterr().out
    for file in sorted(chain_log.root_folder().rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    pointers.settle()
    call_command("verify", "--database")
    (tmp_path / "kept").write_bytes(kept)
    with pytest.raises(CommandError):
        call_command("verify", "--database", anchor=tmp_path / "kept")
    assert "记录被截短或回退" in capsys.readouterr().out


def test_a_publication_asks_for_the_latest_rows_alone(key, django_assert_num_queries):
    next(a_year(random.Random(1), 1))
    with django_assert_num_queries(1) as asked:
        chain_log.renew()
    assert f"LIMIT {chain_log.LATEST}" in asked[0]["sql"]
    beyond = [f"entry {n}".encode() for n in range(600)]
    entered([*chain_log.entries(Checkpoint.read(note()).size), *beyond])
    assert chain_log.renew() == 0  # a database from before: nothing is logged twice


def test_the_key_is_made_once_and_checked(settings, tmp_path):
    file, out = tmp_path / "own.key", StringIO()
    settings.SITE_ADDRESS = "https://ys.example.gov.cn"
    (missing,) = publications_are_anchored(None)
    assert missing.id == "budgets.W002" and "checkpoint_key" in missing.hint
    for _ in range(2):
        call_command("checkpoint_key", file, stdout=out, stderr=StringIO())
    first, second = out.getvalue().split()
    assert first == second and first.startswith("ys.example.gov.cn/log+")
    assert file.stat().st_mode & 0o777 == 0o600
    settings.CHECKPOINT_KEY_FILE = str(file)
    assert publications_are_anchored(None) == []
    file.write_text("x")
    assert [each.id for each in publications_are_anchored(None)] == ["budgets.E002"]
    with pytest.raises(CommandError, match="只有 checkpoint_key 生成的一行"):
        call_command("checkpoint_key", file)
    with pytest.raises(CommandError, match="不能有空格和加号"):
        call_command("checkpoint_key", tmp_path / "other", name="a b")

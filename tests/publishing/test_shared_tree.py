"""Two machines over one object store: what one publishes the other serves, whoever dies in between; nothing stale is written.

The store is moto's server, which proves calls and conditions, not durability or the races of a real one.
"""

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from budgets import ledger
from budgets.keeping.sweeping import forget_orphans
from budgets.models import Intake, Publication, Release
from budgets.publishing import (
    folders,
    object_store,
    pointers,
    releases,
    revision_files,
    shared_log,
    shared_tree,
    store_proofs,
    verification,
)
from budgets.publishing.editions import edition_of
from budgets.publishing.object_store import Changed, Store
from budgets.workflow import kept_files, lifecycle, remaking
from tests.makers.disclosures import a_person, a_sound_disclosure, approved
from tests.makers.logs import KEY
from tests.makers.object_stores import KEYS, a_bucket, an_object_store

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages")]
PLACE = ("130225", "483", 2023, "budget")
NAME = "130225/483/2023/budget"


@pytest.fixture(scope="session")
def server():
    with an_object_store() as address:
        yield address.rpartition("/")[0]


@pytest.fixture
def machines(server, settings, tmp_path):
    """Two machines with folders of their own over a store; `at` says whose turn it is, `calls` what the store was asked."""
    settings.OBJECT_STORE = f"{server}/{a_bucket(server)}"
    settings.OBJECT_STORE_KEYS = KEYS

    def at(name: str) -> None:
        settings.DATA_DIR = tmp_path / name
        settings.PUBLISHED_ROOT = tmp_path / name / "published"

    at("first")
    return SimpleNamespace(at=at, store=object_store.shared(), root=tmp_path)


@pytest.fixture
def officer():
    return a_person("bureau_officer")


@pytest.fixture
def first(machines, officer):
    disclosure = a_sound_disclosure()
    lifecycle.publish(approved(disclosure, officer), by=officer)
    disclosure.refresh_from_db()
    return disclosure


def about_to_be_corrected(disclosure, officer, contact="0315-1"):
    """Approved with another telephone number: its publication is the next version."""
    lifecycle.correct(disclosure, by=officer, reason="联系方式有误")
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact=contact))
    return approved(disclosure, officer)


def page() -> str:
    file = releases.address(PLACE) / "index.html"
    return file.read_text() if file.is_file() else ""


def proved() -> None:
    """This machine serves what was published, whole, and the store has the same."""
    proof = verification.verify()
    assert (proof.mismatches, list(store_proofs.store_faults(object_store.shared()))) == ([], [])
    assert proof.releases == 1


def test_the_other_machine_serves_it_and_goes_on_from_there(machines, officer, first):
    made = page()
    machines.at("second")
    assert page() == "" and pointers.settle() == [NAME] and page() == made
    lifecycle.publish(about_to_be_corrected(first, officer), by=officer)
    assert page().startswith("r2") and Publication.objects.count() == 2
    proved()
    machines.at("first")
    assert page() == made  # until the timer looks
    pointers.follow()
    assert page().startswith("r2")
    proved()


def test_a_machine_without_a_database_copies_all_of_it(machines, first, django_assert_num_queries):
    machines.at("second")
    with django_assert_num_queries(0):
        call_command("follow", stdout=(told := StringIO()))
        proved()
    assert NAME in told.getvalue() and page().startswith("r1")
    assert pointers.copy() == []


def test_what_is_withdrawn_is_gone_with_the_next_look(machines, officer, first):
    machines.at("second")
    pointers.copy()
    machines.at("first")
    lifecycle.withdraw(first, by=officer, reason="误公开")
    machines.at("second")
    (old,) = folders.releases().iterdir()
    os.utime(old, (0, 0))
    assert page() != "" and pointers.copy() == [NAME] and page() == ""
    assert not old.exists()
    proved()


def test_a_condition_that_is_stale_is_refused(machines, first):
    """Control: without the condition the older release would stand."""
    store: Store = machines.store
    seen = shared_tree.pointers([NAME])[NAME]
    shared_tree.point(NAME, "a" * 64, seen)
    with pytest.raises(Changed):
        shared_tree.point(NAME, "b" * 64, seen)
    with pytest.raises(Changed):
        shared_tree.point(NAME, "b" * 64, None)
    assert store.get(f"site/{NAME}").content == b"a" * 64
    with pytest.raises(Changed):
        store.put("site/none", b"x", over=seen.tag)
    assert store.get("site/none") is None


@pytest.mark.parametrize("guarded", [True, False])
def test_who_was_slow_does_not_set_an_address_back(machines, officer, first, monkeypatch, guarded):
    """Between its commit and its flip another machine publishes the version after. Control: without the condition it does."""
    flip, then = releases.flip, [1]

    def flipping(place, name):
        while then:
            then.pop()
            lifecycle.publish(about_to_be_corrected(first, officer, "0315-2"), by=officer)
        return flip(place, name)

    if not guarded:
        put = Store.put
        monkeypatch.setattr(
            Store, "put", lambda self, key, content, over="": put(self, key, content, now(self, key))
        )
    monkeypatch.setattr(releases, "flip", flipping)
    lifecycle.publish(about_to_be_corrected(first, officer), by=officer)
    assert Publication.objects.count() == 3
    stands = machines.store.get(f"site/{NAME}").content == Release.objects.get().name.encode()
    assert (stands, page()[:2] == "r3") == (guarded, guarded)


def now(store: Store, key: str) -> str:
    there = store.get(key)
    return there.tag if there else ""


class Died(BaseException):
    """The process is gone."""


def test_died_at_each_write_leaves_what_was_public(machines, officer, first, monkeypatch):
    """At each write of a correction to the store: the old version stays whole until the pointer, then the new one is."""
    put, died = Store.put, 0
    machines.at("second")
    pointers.copy()
    old = page()
    ready = about_to_be_corrected(first, officer)
    while page() == old:
        machines.at(f"worker-{died}")
        pointers.copy()
        left = died

        def dying(store, key, content, over=""):
            nonlocal left
            if left == 0:
                raise Died
            left -= 1
            put(store, key, content, over)

        monkeypatch.setattr(Store, "put", dying)
        monkeypatch.setattr(shared_tree, "AT_ONCE", 1)
        try:
            lifecycle.publish(ready, by=officer)
        except Died:
            died += 1
        monkeypatch.setattr(Store, "put", put)
        machines.at("second")
        pointers.copy()
        assert verification.verify().mismatches == [] and died < 99
    proved()
    assert died > 9 and page().startswith("r2") and Publication.objects.count() == 2
    print(f"died at {died} writes")


def test_a_store_that_is_away_stops_no_address_here(machines, officer, first, settings, caplog):
    address = settings.OBJECT_STORE
    settings.OBJECT_STORE = "http://127.0.0.1:9/none"
    ready = about_to_be_corrected(first, officer)
    with pytest.raises(object_store.StoreAway):
        lifecycle.publish(ready, by=officer)
    assert page().startswith("r1") and Publication.objects.count() == 1
    caplog.clear()
    settings.STORAGES = settings.STORAGES | {"default": object_store.uploads(settings.OBJECT_STORE, *KEYS)}
    call_command("settle", stdout=StringIO())  # before a worker begins
    assert "object store: site/" in caplog.text and "object store away" in caplog.text
    settings.OBJECT_STORE = address
    lifecycle.publish(ready, by=officer)
    proved()


def test_what_was_published_before_there_was_a_store_goes_there(machines, officer, settings):
    address, settings.OBJECT_STORE = settings.OBJECT_STORE, ""
    lifecycle.publish(approved(a_sound_disclosure(), officer), by=officer)
    assert machines.store.listed("") == {}
    settings.OBJECT_STORE = address
    assert pointers.settle() == []
    proved()


def test_a_pdf_that_one_adds_is_the_others_too(machines, first, monkeypatch):
    entry = edition_of(Publication.objects.select_related("state").get())
    machines.at("second")
    pointers.copy()
    machines.at("first")
    monkeypatch.setattr(revision_files, "render_pdf", lambda html, **more: b"%PDF first")
    assert remaking.add_pdfs(first) == 1
    machines.at("second")
    monkeypatch.setattr(revision_files, "render_pdf", lambda html, **more: b"%PDF second")
    revision_files.add_pdf(entry)
    assert (revision_files.folder_of(entry) / revision_files.PDF).read_bytes() == b"%PDF first"
    pointers.settle()
    proved()


def test_of_two_that_make_a_pdf_at_once_the_first_ones_stands(machines, first, monkeypatch):
    entry = edition_of(Publication.objects.select_related("state").get())
    machines.at("second")
    pointers.copy()

    def meanwhile(html, **more):
        machines.at("first")
        monkeypatch.setattr(revision_files, "render_pdf", lambda html, **more: b"%PDF first")
        revision_files.add_pdf(entry)
        machines.at("second")
        return b"%PDF second"

    monkeypatch.setattr(revision_files, "render_pdf", meanwhile)
    revision_files.add_pdf(entry)
    for machine in ("first", "second"):
        machines.at(machine)
        assert (revision_files.folder_of(entry) / revision_files.PDF).read_bytes() == b"%PDF first"
        proved()


def test_what_is_changed_in_the_store_is_named(machines, first):
    """Each change alone is one fault; taken back, there is none."""
    store: Store = machines.store
    file, *_ = store.listed("files/")
    entry, *_ = store.listed("revisions/")
    foreign, other, inside, missing = "不属于本系统的对象", "与本机公开的不同", "内容与名称不符", "缺失"
    for key, content, words in (
        ("index.html", b"x", foreign),
        ("site/130225/999/2023/budget", b"a" * 64, other),
        (f"site/{NAME}", b"a" * 64, other),
        (f"site/{NAME}", None, missing),
        (f"releases/{'a' * 64}/manifest.json", b"{}", other),
        (entry, b"{}", other),
        ("log/checkpoint", b"x", other),
        (f"files/{'a' * 64}", b"x", inside),
        (file, b"x", inside),
        (file, None, missing),
    ):
        before = store.get(key)
        if content is None:
            store.remove([key])
        else:
            store.put(key, content, before.tag if before else "")
        ((at, what),) = store_proofs.store_faults(store)
        assert at == key and words in what
        store.remove([key])
        if before:
            store.put(key, before.content)
    proved()
    store.remove([file])
    with pytest.raises(CommandError, match="发现 1 处不符"):
        call_command("verify", "--store", stdout=(told := StringIO()))
    assert f"✗ 对象存储 {file}：对象存储里缺失" in told.getvalue()
    store.remove([f"site/{NAME}"])  # as the runbook says
    pointers.settle()
    proved()


def test_a_file_that_was_changed_in_the_store_is_not_served(machines, first):
    (file, *_) = machines.store.listed("files/")
    machines.store.put(file, b"defaced", machines.store.get(file).tag)
    machines.at("second")
    with pytest.raises(ValueError, match="缺失或被改动"):
        pointers.copy()
    assert page() == ""


def test_what_leads_out_of_its_folder_is_not_taken(machines, first):
    """Whoever may write into the bucket writes nothing else on the machines that follow it; the other addresses go on."""
    store: Store = machines.store
    digest = folders.sha256(b"evil")
    store.put(f"files/{digest}", b"evil")
    known = {"bytes": 4, "sha256": digest}

    def offered(files, links, name=None):
        content = folders.canonical(
            {"schema": folders.SCHEMA, "files": files, "links": links, "revisions": []}
        )
        name = name or folders.sha256(content)
        store.put(f"releases/{name}/manifest.json", content)
        return name.encode()

    good = offered({"index.html": known}, {"r1/index.html": "../index.html"})
    for content in (
        offered({"../../../evil": known}, {}),
        offered({"/tmp/evil": known}, {}),
        offered({".hidden": known}, {}),
        offered({}, {"index.html": "../../../key"}),
        offered({}, {"index.html": "/etc/passwd"}),
        offered({"index.html": known}, {"r2/index.html": "../index.html"}, name="b" * 64),
        offered({"index.html": known | {"sha256": "../x"}}, {}),
        b"c" * 64,
        b"../../x",
    ):
        store.put("site/130225/500/2023/budget", content)
        machines.at(f"follows-{content[:8].hex()}")
        with pytest.raises(ValueError, match="对象存储"):
            pointers.copy()
        assert page().startswith("r1") and len(list(folders.releases().iterdir())) == 1
        assert len(list(folders.site().glob("*/*/*/*"))) == 1
        assert not list(machines.root.rglob("evil"))
        store.remove(["site/130225/500/2023/budget"])
    store.put("site/../../../x", good)
    with pytest.raises(ValueError, match="不是公开地址"):
        pointers.copy()
    store.remove(["site/../../../x"])
    store.put("site/130225/500/2023/budget", good)  # the control: one that stays inside is taken
    assert pointers.copy() == ["130225/500/2023/budget"]


def test_one_machine_signs_the_log_and_the_others_copy_it(machines, officer, first, settings, caplog):
    key = machines.root / "key"
    key.write_text(str(KEY))
    settings.CHECKPOINT_KEY_FILE = str(key)
    pointers.settle()
    lifecycle.publish(about_to_be_corrected(first, officer), by=officer)
    proved()
    note = machines.store.get(shared_log.NOTE).content
    settings.CHECKPOINT_KEY_FILE = ""
    machines.at("second")
    pointers.settle()
    assert verification.verify(key=KEY.verifier, anchor=note).mismatches == []
    proved()
    # A second machine with the key and without the log would sign another: it does not.
    settings.CHECKPOINT_KEY_FILE = str(key)
    machines.at("third")
    caplog.clear()
    pointers.settle()
    assert "checkpoint not renewed" in caplog.text and machines.store.get(shared_log.NOTE).content == note
    assert not (folders.root() / "log").exists()
    pointers.copy()
    pointers.settle()
    proved()


def test_a_file_that_one_made_is_downloaded_from_the_other(machines, settings):
    file = machines.root / "first" / "exports" / "7" / "result.pdf"
    file.parent.mkdir(parents=True)
    for content in (b"%PDF 1", b"%PDF 2"):  # a job that ran twice
        file.write_bytes(content)
        kept_files.lend(file)
    machines.at("second")
    other = settings.DATA_DIR / "exports" / "7" / "result.pdf"
    assert not other.is_file() and kept_files.is_at_hand(other)
    assert kept_files.at_hand(other).read_bytes() == b"%PDF 2"
    missing = other.with_name("other.pdf")
    assert not kept_files.is_at_hand(missing) and not kept_files.at_hand(missing).exists()


def test_an_upload_that_no_row_names_goes_from_the_store(machines, settings):
    settings.STORAGES = settings.STORAGES | {"default": object_store.uploads(settings.OBJECT_STORE, *KEYS)}
    names = [default_storage.save(f"intake/2026/11/{n}.xlsx", ContentFile(b"12345")) for n in (1, 2)]
    Intake.objects.create(
        disclosure=a_sound_disclosure(),
        person=a_person(),
        name="2.xlsx",
        file=names[1],
        size=5,
        at=timezone.now(),
    )
    assert forget_orphans(timedelta(days=1)) == (0, 0)
    assert forget_orphans(timedelta(seconds=-5), dry=True) == forget_orphans(timedelta(seconds=-5)) == (1, 5)
    assert [default_storage.exists(name) for name in names] == [False, True]
    assert list(machines.store.listed("")) == [f"uploads/{names[1]}"]


def test_a_publication_asks_the_store_once_for_each_file(machines, officer, first, monkeypatch):
    asked: list[str] = []
    for name in ("get", "put", "listed"):
        plain = getattr(Store, name)
        monkeypatch.setattr(
            Store, name, lambda *a, plain=plain, name=name: asked.append(f"{name} {a[1]}") or plain(*a)
        )
    lifecycle.publish(about_to_be_corrected(first, officer), by=officer)
    revision, release = (
        next(p for p in sorted(room.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True))
        for room in (folders.revisions(), folders.releases())
    )
    files = {
        file["sha256"]
        for folder in (revision, release)
        for file in folders.read_manifest(folder)["files"].values()
    }
    print(f"{len(asked)} requests, {len(files)} files")
    assert len(asked) - len(files) <= 16


def test_alone_nothing_is_asked(settings, officer):
    settings.OBJECT_STORE = ""
    shutil.rmtree(folders.root(), ignore_errors=True)
    disclosure = a_sound_disclosure()
    lifecycle.publish(approved(disclosure, officer), by=officer)
    assert object_store.shared() is None and page().startswith("r1")
    for words in (("verify", "--store"), ("follow",)):
        with pytest.raises(CommandError, match="没有设置 OBJECT_STORE"):
            call_command(*words)

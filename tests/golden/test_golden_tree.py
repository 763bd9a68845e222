"""What earlier releases published, on disk: it verifies, it reads, and not one of its bytes is another one."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from budgets.domain import snapshots
from budgets.publishing import verification

from .restoring import GOLDENS, differences, sha256

FORGED = ["disclosure.json", "disclosure.xlsx", "disclosure.csv.zip", "disclosure.pdf", "chain.json"]


@pytest.fixture(scope="module", params=GOLDENS, ids=lambda golden: golden.folder.name)
def tree(request, tmp_path_factory):
    """The golden and the folder it is unpacked in; to be read only."""
    folder = tmp_path_factory.mktemp("golden")
    request.param.unpack(folder)
    yield request.param, folder
    shutil.rmtree(folder)


@pytest.fixture
def unpacked(tree, settings):
    """The same, served by these settings."""
    settings.PUBLISHED_ROOT = tree[1] / "published"
    return tree


@pytest.fixture
def own(tree, settings, tmp_path):
    """A copy of the tree that may be spoilt."""
    shutil.copytree(tree[1] / "published", tmp_path / "published", symlinks=True)
    yield tree[0], tmp_path / "published"
    shutil.rmtree(tmp_path / "published")


def verified() -> bool:
    try:
        call_command("verify", verbosity=0)
    except CommandError:
        return False
    return True


def unread(content: bytes) -> str:
    """Why a payload is not what it was once it was read and written again; blank when it is."""
    try:
        ledger, document = snapshots.loads(content)
    except (ValueError, TypeError, KeyError) as error:
        return f"cannot be read: {error}"
    return "" if snapshots.dumps(ledger, document) == content else "other bytes come back"


def flip(file: Path, at: int) -> None:
    """Change one bit of a file."""
    content = bytearray(file.read_bytes())
    content[at % len(content)] ^= 1
    file.write_bytes(bytes(content))


def test_there_is_a_golden_with_both_table_sets_and_every_standing():
    items = [item for golden in GOLDENS for _, item in golden.revisions]
    assert {item["standing"] for item in items} == {"current", "superseded", "withdrawn"}
    assert len(items) >= 10
    assert len({address[:6] for golden in GOLDENS for address in golden.listed}) >= 2


def test_it_verifies_and_every_data_file_is_the_listed_one(unpacked):
    golden, folder = unpacked
    assert differences(golden, folder / "published") == []
    call_command("verify", verbosity=0)


@pytest.mark.slow
def test_making_data_files_anew_cries_no_tampering(unpacked):
    """A later release writes other workbooks: those of this one hold by their manifest, and that is said."""
    golden, _ = unpacked
    proof = verification.verify(render=True)
    assert proof.mismatches == []
    assert len(proof.otherwise_made) == 2 * proof.revisions


def test_every_payload_reads_and_gives_its_bytes_back(unpacked):
    golden, folder = unpacked
    sets = set()
    for address, item in golden.revisions:
        content = (folder / "published" / "revisions" / item["entry"] / "disclosure.json").read_bytes()
        assert unread(content) == "", address
        _, document = snapshots.loads(content)
        assert [document.region_code, document.unit_code] == address.split("/")[:2]
        assert all(sheet.rows or sheet.notes for sheet in document.tables), address
        sets.add(json.loads(content)["ledger"]["table_set"])
    assert sets >= {"hebei_2023", "shanghai_2023"}


def test_a_payload_with_another_field_or_without_one_is_not_read_as_the_same(unpacked):
    """The negative control of the test above."""
    golden, folder = unpacked
    address, item = golden.revisions[0]
    content = (folder / "published" / "revisions" / item["entry"] / "disclosure.json").read_bytes()
    data = json.loads(content)
    assert unread(snapshots.canonical(data)) == ""
    assert unread(snapshots.canonical(data | {"schema": "mingzhang-disclosure/0"}))
    assert unread(content.replace(b'"unit_name":', b'"other":', 1))
    data["ledger"]["unheard_of"] = "x"
    assert unread(snapshots.canonical(data))


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGED)
def test_one_changed_bit_is_found_by_verifying_and_by_the_list(own, settings, name):
    golden, published = own
    settings.PUBLISHED_ROOT = published
    assert verified()
    entry = next(item["entry"] for _, item in reversed(golden.revisions) if name in item["files"])
    flip(published / "revisions" / entry / name, 100)
    assert [fault.rpartition("/")[2] for fault in differences(golden, published)] == [f"{name}: changed"]
    assert not verified()


def test_a_file_more_and_a_file_less_is_found_by_the_list(own):
    golden, published = own
    folder = published / "revisions" / golden.revisions[0][1]["entry"]
    (folder / "disclosure.xml").write_bytes(b"x")
    (folder / "disclosure.xlsx").unlink()
    faults = differences(golden, published)
    assert [fault.rpartition("/")[2] for fault in faults] == [
        "disclosure.xml: not in the list",
        "disclosure.xlsx: missing",
    ]


@pytest.mark.slow
def test_a_changed_page_is_found_by_verifying(own, settings):
    golden, published = own
    settings.PUBLISHED_ROOT = published
    address = next(address for address, items in golden.listed.items() if items[-1]["standing"] == "current")
    flip(published / "site" / address / "index.html", 500)
    assert differences(golden, published) == []
    assert not verified()


def test_a_history_that_was_written_anew_throughout_is_found_by_the_list(own, settings, monkeypatch):
    """A forger who also renews every hash on disk deceives `verify`; the list, kept elsewhere, is not deceived."""
    golden, published = own
    address, item = golden.revisions[0]
    folder = published / "revisions" / item["entry"]
    changed = (folder / "disclosure.json").read_bytes().replace("元".encode(), "圆".encode(), 1)
    (folder / "disclosure.json").write_bytes(changed)
    forged = item | {
        "payload": sha256(changed),
        "files": item["files"] | {"disclosure.json": sha256(changed)},
    }
    monkeypatch.setitem(golden.listed, address, [forged, *golden.listed[address][1:]])
    assert "the list contradicts itself" in "".join(differences(golden, published))

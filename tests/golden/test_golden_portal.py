"""Portals of earlier releases, upgraded to this one: everything public answers as before, and work goes on.

They run in processes of their own, on the database of this test run: SQLite, or PostgreSQL when DATABASE_URL says so.
"""

import os

import pytest

from .restoring import GOLDENS, ON_POSTGRESQL, differences, restore, sha256

# The public addresses that are corrected on top: while a correction is written, after r2, and after a withdrawal.
CORRECTED = ["130225/483/2024/budget", "310107/101/2026/budget", "130225/301/2023/budget"]
if ON_POSTGRESQL:
    UNGUARDED = "ALTER TABLE budgets_publication DISABLE TRIGGER USER"
    CHANGED = "UPDATE budgets_publication SET payload = set_byte(payload, {0}, {1}) WHERE {2}"
else:
    UNGUARDED = "DROP TRIGGER budgets_publication_no_update"
    CHANGED = (
        "UPDATE budgets_publication SET payload = CAST(substr(payload, 1, {0}) || x'{1:x}' ||"
        " substr(payload, {0} + 2) AS BLOB) WHERE {2}"
    )
pytestmark = pytest.mark.database


@pytest.fixture(scope="module", params=GOLDENS, ids=lambda golden: golden.folder.name)
def portal(request, tmp_path_factory):
    """A golden upgraded to this release; to be looked at only."""
    restored = restore(request.param, tmp_path_factory.mktemp("portal"))
    restored.manage("migrate", "--no-input")
    yield restored
    restored.drop()


@pytest.fixture
def own(portal, tmp_path):
    """A copy of the upgraded portal that may be changed."""
    twin = portal.twin(tmp_path / "twin")
    yield twin
    twin.drop()


@pytest.mark.slow
def test_upgraded_it_is_complete_and_agrees_with_its_folder(portal):
    portal.manage("migrate", "--check")
    said = portal.manage("verify", "--database")
    assert f"{len(portal.golden.listed)} 个公开地址、{len(portal.golden.revisions)} 个版本" in said
    assert differences(portal.golden, portal.published) == []


@pytest.mark.slow
def test_every_public_address_answers_as_it_did(portal):
    answer = portal.ask("public")
    assert answer["faults"] == []
    assert answer["answered"] >= 5 * len(portal.golden.revisions)


@pytest.mark.slow
def test_a_changed_file_and_a_lost_withdrawal_are_seen_by_readers(own):
    """The negative control of the test above."""
    entry = next(item["entry"] for _, item in own.golden.revisions if item["standing"] == "current")
    file = own.published / "revisions" / entry / "disclosure.xlsx"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    own.execute("UPDATE budgets_publicationstate SET withdrawn_reason = 'x' WHERE status = 'withdrawn'")
    faults = own.ask("public")["faults"]
    assert any("other bytes" in fault for fault in faults)
    assert any("not 410 with its reason" in fault for fault in faults)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["130225/483", "310107/101", pytest.param("", marks=pytest.mark.long)])
def test_every_page_of_every_disclosure_opens_for_its_accountant(portal, unit):
    desks = portal.ask("desks", unit)
    assert len(desks) > (0 if unit else len(portal.golden.listed))  # those that were never public, too
    for disclosure, pages in desks.items():
        assert {path: status for path, status in pages.items() if status != 200} == {}, disclosure
        assert sum("/enter/" in path for path in pages) >= 6, disclosure


@pytest.mark.slow
def test_a_page_that_breaks_is_seen(own):
    """The negative control of the test above."""
    own.execute("UPDATE budgets_disclosure SET given = '{' WHERE given <> ''")
    pages = own.ask("desks", "310107/102").values()
    assert [500 in each.values() for each in pages] == [True]


@pytest.mark.slow
def test_what_was_published_is_still_guarded_after_the_upgrade(own):
    for statement in (
        "UPDATE budgets_publication SET public_reason = 'x'",
        "DELETE FROM budgets_publication",
        "DELETE FROM budgets_logentry",
    ):
        with pytest.raises(Exception, match="never changed"):
            own.execute(statement)


@pytest.mark.slow
@pytest.mark.parametrize("byte", [b"9", b"\xff"], ids=["another digit", "no text any more"])
def test_one_changed_byte_in_the_database_is_found(own, byte):
    """Past the guards, as only somebody with the whole database could."""
    item = own.golden.listed[CORRECTED[0]][0]
    content = (own.published / "revisions" / item["entry"] / "disclosure.json").read_bytes()
    at = content.index(b'"contact":"') + len('"contact":"')
    assert content[at : at + 1] != byte
    own.execute(UNGUARDED, CHANGED.format(at, byte[0], f"chain_entry = '{item['entry']}'"))
    done = own.run("manage.py", "verify", "--database")
    assert done.returncode == 1
    assert "数据库中的公开内容与其摘要不符" in done.stdout
    assert own.run("manage.py", "verify").returncode == 0  # the folder is as it was


@pytest.mark.slow
def test_settling_and_making_pages_anew_leave_every_data_file_as_it_is(own):
    for folder in (*(own.published / "releases").iterdir(), *(own.published / "revisions").iterdir()):
        os.utime(folder, (0, 0))  # old enough to be swept, if nobody needed them
    own.manage("settle")
    assert len(list((own.published / "releases").iterdir())) == len(own.golden.listed)
    assert differences(own.golden, own.published) == []
    own.manage("publish", "--rebuild")
    assert differences(own.golden, own.published) == []
    own.manage("verify", "--database")
    assert own.ask("public")["faults"] == []


@pytest.mark.slow
@pytest.mark.pango
def test_a_pending_pdf_comes_without_touching_another_file(own):
    (pending,) = [item for _, item in own.golden.revisions if item["pdf_pending"]]
    own.manage("publish", "--pending-pdf")
    assert (own.published / "revisions" / pending["entry"] / "disclosure.pdf").read_bytes()[:5] == b"%PDF-"
    assert differences(own.golden, own.published) == []
    assert "待生成" not in own.manage("verify", "--database")


@pytest.mark.slow
def test_corrections_are_published_on_top_and_the_chain_goes_on(own):
    for address in CORRECTED:
        region, unit, year, _ = address.split("/")
        assert own.ask("correct", address)["status"] == "approved"
        place = ("--region", region, "--unit", unit, "--year", year)
        number = own.golden.listed[address][-1]["revision"] + 1
        assert f"已公开为 r{number}" in own.manage("publish", *place, "--as", f"bureau_officer-{region}")
        site = own.published / "site" / address
        current, fixed = (
            (site / "disclosure.json").read_bytes(),
            (site / f"r{number}/disclosure.json").read_bytes(),
        )
        assert current == fixed != b""
        assert "0315-0009999" in current.decode()
        assert sha256(current) not in {item["payload"] for _, item in own.golden.revisions}
    said = own.manage("verify", "--database")
    assert f"{len(own.golden.revisions) + len(CORRECTED)} 个版本" in said
    assert differences(own.golden, own.published) == []

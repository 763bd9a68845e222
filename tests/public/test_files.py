"""Published files are served as files: no query, no rendering, validators, twins, and nothing outside the folder."""

import gzip
import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.template import Template
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from budgets.domain import snapshots
from budgets.public import published_files as serving
from budgets.publishing import releases, revision_files
from budgets.publishing.chain import GENESIS, Link
from budgets.publishing.editions import Edition
from budgets.rendering.pdf.renderer import PdfUnavailable
from tests.makers.sample_document import sample

ADDRESS = "/130225/483/2023/budget/"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The sample's first revision, built once: (folder, payload)."""
    root = tmp_path_factory.mktemp("published")
    payload = snapshots.dumps(*sample())
    link = Link(GENESIS, snapshots.digest(payload), 2023, "budget", 1, date(2023, 2, 10))
    edition = Edition(link, payload)

    def unavailable(*args, **options):
        raise PdfUnavailable("these tests make no PDF")

    with override_settings(PUBLISHED_ROOT=root), pytest.MonkeyPatch.context() as patch:
        patch.setattr(revision_files, "render_pdf", unavailable)
        revision_files.build(edition)
        releases.flip(edition.place, releases.build([edition]))
    return root, payload


@pytest.fixture
def publication(built, settings) -> bytes:
    """The payload of a published tree that tests only read. Most of them have no database at all."""
    settings.PUBLISHED_ROOT = built[0]
    return built[1]


@pytest.fixture
def own_copy(built, settings, tmp_path):
    """A published tree of the test's own, to be changed."""
    settings.PUBLISHED_ROOT = tmp_path / "published"
    shutil.copytree(built[0], settings.PUBLISHED_ROOT, symlinks=True)
    return settings.PUBLISHED_ROOT


@pytest.fixture
def no_rendering(monkeypatch):
    """A double that refuses to render any template."""

    def refuse(*_, **__):
        raise AssertionError("a template was rendered")

    monkeypatch.setattr(Template, "render", refuse)


def body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


PAGES = ("", "tables/balance/", "tables/balance/nonempty/", "r1/", "r1/tables/revenue/")
FILES = ("disclosure.json", "disclosure.xlsx", "disclosure.csv.zip", "r1/disclosure.json")


@pytest.mark.sweep(1)
@pytest.mark.parametrize("below", PAGES + FILES)
@pytest.mark.django_db
def test_neither_database_nor_template_is_touched(
    client, publication, no_rendering, django_assert_num_queries, below
):
    with django_assert_num_queries(0):
        response = client.get(ADDRESS + below)
    assert response.status_code == 200
    assert body(response)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
def test_a_table_without_empty_rows_has_one_page(client, publication):
    """What was the address of the other one before leads to it; what is no table leads nowhere."""
    answer = client.get(f"{ADDRESS}r1/tables/government_fund_expenditure/nonempty/")
    assert answer["Location"] == f"{ADDRESS}r1/tables/government_fund_expenditure/"
    assert client.get(f"{ADDRESS}tables/none/nonempty/").status_code == 404


@pytest.mark.django_db
def test_the_double_and_the_counter_would_notice(client, publication, no_rendering):
    """Negative control: a list page trips both guards."""
    with CaptureQueriesContext(connection) as asked, pytest.raises(AssertionError, match="was rendered"):
        client.get("/130225/")
    assert asked.captured_queries


@pytest.mark.parametrize(
    ("below", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("disclosure.json", "application/json; charset=utf-8"),
        ("disclosure.csv.zip", "application/zip"),
        ("disclosure.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_types(client, publication, below, kind):
    assert client.get(ADDRESS + below)["Content-Type"] == kind


def test_the_payload_is_served_byte_for_byte(client, publication):
    sent = body(client.get(f"{ADDRESS}disclosure.json"))
    assert hashlib.sha256(sent).hexdigest() == snapshots.digest(publication)


def test_strong_validator_and_304(client, publication):
    first = client.get(ADDRESS)
    assert first["ETag"].startswith('"')
    again = client.get(ADDRESS, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"] == "public, max-age=60"
    assert client.get(ADDRESS, headers={"if-none-match": '"another"'}).status_code == 200
    assert client.get(ADDRESS, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert client.get(ADDRESS, headers={"if-match": '"another"'}).status_code == 412


def test_head_says_the_same_without_a_body(client, publication):
    got, head = client.get(ADDRESS), client.head(ADDRESS)
    assert head.status_code == 200
    assert not head.content
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control", "Vary"):
        assert head[name] == got[name]
    assert int(got["Content-Length"]) == len(body(got))


def test_the_compressed_twin_is_sent_to_who_takes_it(client, publication):
    plain = client.get(ADDRESS)
    packed = client.get(ADDRESS, headers={"accept-encoding": "br, gzip;q=0.8"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Content-Type"] == plain["Content-Type"]
    assert packed["ETag"] != plain["ETag"]
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert gzip.decompress(body(packed)) == body(plain)
    refused = client.get(ADDRESS, headers={"accept-encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in refused


def test_what_may_be_taken_back_is_asked_for_again_within_a_minute(client, publication):
    for below in (
        "",
        "r1/",
        "disclosure.json",
        "r1/disclosure.json",
        "r1/disclosure.xlsx",
        "r1/tables/balance/",
    ):
        assert client.get(ADDRESS + below)["Cache-Control"] == "public, max-age=60"


@pytest.mark.django_db
def test_policy_without_script_or_nonce(client, publication):
    for address in (ADDRESS, "/", "/130225/", f"{ADDRESS}nothing/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
        assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_reading_only(client, publication, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


def test_a_folder_without_its_slash_leads_to_it(client, publication):
    response = client.get(f"{ADDRESS}tables/balance")
    assert response.status_code == 301
    assert response["Location"] == f"{ADDRESS}tables/balance/"
    assert client.get("/130225/483/2023/budget").status_code == 301


@pytest.mark.django_db
def test_a_year_leads_to_its_budget(client, publication):
    response = client.get("/130225/483/2023/")
    assert response.status_code == 302
    assert response["Location"] == ADDRESS
    assert client.get("/130225/483/2022/").status_code == 404


ESCAPES = (
    "../../../../../secret.json",
    "..%2f..%2f..%2f..%2fsecret.json",
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.json",
    "tables/../../../../../../secret.json",
    "tables//balance/",
    "//secret.json",
    ".hidden.json",
    "tables/.hidden.json",
    "index.html.gz",
    "disclosure.json%00",
    "disclosure.json%0A",
    "outside.json",
    "outside/secret.json",
    "notes.txt",
    f"{'x' * 300}.json",
    f"{'x' * 300}/",
    "x/" * 3000,
)


def plant(root: Path) -> None:
    """Things that must not be served: beside the published folder, hidden in it, of another type, behind links."""
    (root / "secret.json").write_text('{"secret": 1}')
    release = (root / "site" / "130225" / "483" / "2023" / "budget").resolve()
    (release / "notes.txt").write_text("secret")
    for hidden in (release / ".hidden.json", release / "tables" / ".hidden.json"):
        hidden.write_text('{"secret": 1}')
    (release / "outside.json").symlink_to(root / "secret.json")
    (release / "outside").symlink_to(root)


@pytest.mark.django_db
@pytest.mark.parametrize("below", ESCAPES)
def test_nothing_else_is_served(client, own_copy, below):
    plant(own_copy)
    response = client.get(ADDRESS + below)
    assert response.status_code == 404
    assert b"secret" not in body(response)


def test_the_link_guard_matters(client, own_copy, monkeypatch):
    """Negative control: with links followed anywhere, the planted file is served."""
    plant(own_copy)
    monkeypatch.setattr(serving, "FOLDERS", ("",))
    assert b"secret" in body(client.get(f"{ADDRESS}outside.json"))


def test_the_validator_follows_the_bytes(client, own_copy):
    """A release made again at another address of the disk, with other bytes, has another validator."""
    before = client.get(ADDRESS)["ETag"]
    page = (own_copy / "site/130225/483/2023/budget/index.html").resolve()
    page.write_text(page.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")
    assert client.get(ADDRESS)["ETag"] != before

"""Feeds, index, sitemap and robots.txt: what is public and what was taken back, nothing else; open to other sites."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Publication, PublicationState
from budgets.publishing import folders
from tests.makers.disclosures import a_department, a_sound_disclosure, published
from tests.makers.standing import corrected, taken_back
from tests.rendering.markup import find, parse

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
DATA = (
    "/130225/feed.atom",
    "/130225/483/feed.atom",
    "/data/disclosures.json",
    "/sitemap.xml",
    "/130225/sitemap.xml",
    "/robots.txt",
)


def titles(client, address: str = "/130225/feed.atom") -> list[str]:
    root = ElementTree.fromstring(client.get(address).content)
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


def test_a_feed_tells_publications_corrections_and_withdrawals(client, few_pages):
    first = published()
    other = published(a_sound_disclosure(a_department("301", "乐亭县财政局")))
    assert titles(client) == ["公开：乐亭县财政局2023年部门预算", "公开：乐亭县行政审批局2023年部门预算"]
    corrected(first)
    assert titles(client)[0] == "更正：乐亭县行政审批局2023年部门预算"
    taken_back(other)
    assert sorted(titles(client)) == sorted(
        ["更正：乐亭县行政审批局2023年部门预算", "公开：乐亭县行政审批局2023年部门预算", "撤回：乐亭县财政局2023年部门预算"]
    )  # fmt: skip
    assert titles(client, "/130225/301/feed.atom") == ["撤回：乐亭县财政局2023年部门预算"]
    assert client.get("/130225/999/feed.atom").status_code == 404
    assert client.get("/130226/feed.atom").status_code == 404


@pytest.mark.slow
def test_no_feed_is_longer_than_fifty_events_and_costs_two_queries(client, few_pages):
    published()
    template = Publication.objects.get()
    for n in range(2, 62):
        row = Publication.objects.create(
            **{
                field.attname: getattr(template, field.attname)
                for field in Publication._meta.fields
                if field.attname not in ("id", "revision", "chain_previous", "chain_entry")
            },
            revision=n,
            chain_previous=f"{n:064x}",
            chain_entry=f"{n + 1:064x}",
        )
        PublicationState.objects.create(publication=row, status="withdrawn", withdrawn_on=date(2023, 3, 1))
    with CaptureQueriesContext(connection) as asked:
        assert len(titles(client)) == 50
    assert len(asked) == 2
    assert all('"payload"' not in query["sql"] for query in asked)


def test_the_index_leads_to_files_that_are_there(client):
    published()
    gone = published(a_sound_disclosure(a_department("301", "乐亭县财政局")))
    taken_back(gone)
    index = client.get("/data/disclosures.json").json()
    one, other = sorted(index["disclosures"], key=lambda each: each["status"])
    assert (one["status"], other["status"]) == ("current", "withdrawn")
    assert not {"figures", "files", "sha256", "fixed"} & other.keys()
    assert index["regions"][0]["years"][0]["disclosures"] == 1
    assert "pdf" not in one["files"], "it is still to be made"
    for address in one["files"].values():
        answer = client.get(address.partition("8000")[2])
        assert answer.status_code == 200
        if address.endswith("json"):
            assert folders.sha256(b"".join(answer)) == one["sha256"]
    page = parse(b"".join(client.get("/130225/483/2023/budget/")).decode())
    anchors = {tag.get("id") for tag in page.iter() if tag.get("id")}
    assert {figure["at"].partition("#")[2] for figure in one["figures"].values()} <= anchors
    assert index["licence"] is None


@pytest.mark.slow
def test_the_sitemap_names_every_page_that_can_be_read(client):
    published()
    taken_back(published(a_sound_disclosure(a_department("301", "乐亭县财政局"))))
    (region,) = ElementTree.fromstring(client.get("/sitemap.xml").content)
    root = ElementTree.fromstring(client.get(region[0].text.partition("8000")[2]).content)
    pages = [url[0].text.partition("8000")[2] for url in root]
    assert set(pages) == {"/130225/", "/130225/2023/", "/130225/483/", "/130225/483/2023/budget/"}
    assert [client.get(page).status_code for page in pages] == [200] * 4
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in client.get("/robots.txt").text


def test_data_and_no_page_is_open_to_other_sites_and_says_whether_it_changed(client, few_pages):
    published()
    for address in DATA:
        answer = client.get(address)
        assert answer["Access-Control-Allow-Origin"] == "*" and not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=60"
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
        assert client.post(address).status_code == 405
    for address in ("/", "/130225/", "/130225/483/2023/budget/", "/130225/1/feed.atom", "/admin/login/"):
        assert "Access-Control-Allow-Origin" not in client.get(address)
    file = client.get("/130225/483/2023/budget/disclosure.json")
    assert file["Access-Control-Allow-Origin"] == "*"


@pytest.mark.slow
@pytest.mark.checks
def test_feedparser_reads_the_feed_and_would_notice(client):
    feedparser = pytest.importorskip("feedparser")
    taken_back(published())
    content = client.get("/130225/feed.atom").content
    found = feedparser.parse(content)
    assert not found.bozo and found.version == "atom10"
    (entry,) = found.entries
    assert entry.id.endswith("/r1/#withdrawn") and entry.updated_parsed
    assert feedparser.parse(content.replace(b"</entry>", b"", 1)).bozo


@pytest.mark.slow
def test_lists_name_their_feed(client, few_pages):
    published()
    for address in ("/130225/", "/130225/483/"):
        page = parse(client.get(address).content.decode())
        (link,) = [each for each in find(page, "link") if each.get("type") == "application/atom+xml"]
        assert client.get(link.get("href")).status_code == 200

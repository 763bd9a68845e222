"""What pages tell machines: JSON-LD, what a shared address shows, frames on other sites, and the description of the addresses."""

import json
import re
from decimal import Decimal
from io import BytesIO

import jsonschema
import pytest
from PIL import Image

from budgets.domain.documents import Document
from budgets.domain.headlines import headlines
from budgets.domain.money import in_unit, parse_amount, to_yuan
from budgets.public.data_page import OPENAPI
from budgets.rendering import share_picture
from budgets.rendering.html import linked_data
from budgets.rendering.imprint import Imprint, Site
from tests.makers.disclosures import a_region, published
from tests.makers.documents import every_document, random_document
from tests.makers.standing import taken_back
from tests.rendering.markup import find, parse

ADDRESS = "/130225/483/2023/budget/"
API = json.loads(OPENAPI.read_text(encoding="utf-8"))
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
SITE = Site("明账", "部门预算公开平台", "https://example.org")
GIVEN = {
    "region": "130225", "unit": "483", "year": "2023", "stage": "budget", "revision": "1", "table": "balance",
}  # fmt: skip


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return (b"".join(answer) if answer.streaming else answer.content).decode()


@pytest.mark.django_db
def test_pages_tell_what_they_show_to_machines(client, settings):
    publication = published()
    page = text(client, ADDRESS)
    told = json.loads(BLOCK.findall(page)[0])
    assert told["@type"] == "Dataset" and told["identifier"]["value"] == publication.payload_hash
    assert told["creator"]["@type"] == "GovernmentOrganization" and "license" not in told
    assert [each["value"] for each in told["variableMeasured"]][0] == "1200.00"
    local = settings.SITE_ADDRESS
    for file in told["distribution"]:
        assert client.get(file["contentUrl"].removeprefix(local)).status_code == 200
    assert client.get(told["creator"]["url"].removeprefix(local)).status_code == 200
    metas = {meta.get("property"): meta.get("content") for meta in find(parse(page), "meta")}
    assert (
        metas["og:title"] == "乐亭县行政审批局2023年部门预算" and "1,200.00 万元" in metas["og:description"]
    )
    picture = client.get(metas["og:image"].removeprefix(local))
    assert picture["Content-Type"] == "image/png" and "Access-Control-Allow-Origin" not in picture
    with Image.open(BytesIO(b"".join(picture))) as image:
        assert image.size == (int(metas["og:image:width"]), int(metas["og:image:height"]))
    assert json.loads(BLOCK.findall(text(client, "/130225/483/"))[0])["@type"] == "GovernmentOrganization"
    assert json.loads(BLOCK.findall(text(client, "/data/"))[0])["@type"] == "DataCatalog"


@pytest.mark.sweep(2, 2)
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", "乐亭县部门预算公开平台"),
        ("/130225/", "乐亭县各部门预算公开"),
        ("/130225/2023/", "乐亭县2023年度部门预算公开情况"),
        ("/130225/483/", "乐亭县行政审批局部门预算公开"),
    ],
)
def test_lists_tell_a_message_their_title_a_sentence_with_figures_and_a_picture(
    client, settings, address, title
):
    published()
    root = parse(text(client, address))
    metas = {meta.get("property") or meta.get("name"): meta.get("content") for meta in find(root, "meta")}
    assert metas["og:title"] == title
    assert metas["og:url"] == settings.SITE_ADDRESS + address
    assert "1,200.00 万元" in metas["og:description"], metas["og:description"]
    picture = client.get(metas["og:image"].removeprefix(settings.SITE_ADDRESS))
    with Image.open(BytesIO(picture.getvalue())) as image:
        assert image.size == (1200, 630)


@pytest.mark.django_db
def test_no_picture_of_a_county_that_published_nothing(client):
    a_region("130224", "滦南县")
    assert (
        client.get("/130224/share.png").status_code == client.get("/130225/2023/share.png").status_code == 404
    )
    assert client.get("/share.png").status_code == 200
    assert b"og:image" not in client.get("/130224/").content


def test_no_value_ends_the_data_block():
    block = linked_data.data_block({"name": "</script><script>alert(1)</script>&"})
    assert block.count("<") == 2 and BLOCK.findall(block)
    assert json.loads(BLOCK.findall(block)[0])["name"] == "</script><script>alert(1)</script>&"


@pytest.mark.sweep(1, 6)
@every_document
def test_every_document_has_its_data_set_and_its_picture(table_set, kind):
    from tests.makers.documents import document_of

    looked_at(document_of(table_set, kind))


def looked_at(document: Document) -> None:
    told = linked_data.dataset_of(document, Imprint(SITE))
    exact = {figure.label: (figure.amount, figure.unit) for figure in document.figures}
    printed = {line.label: (parse_amount(line.amount), line.unit) for line in headlines(document)}
    for each in told["variableMeasured"]:
        amount, unit = Decimal(each["value"]), each["unitText"]
        assert (amount, unit) == exact[each["name"]]
        said, said_in = printed[each["name"]]
        assert round(in_unit(to_yuan(amount, unit), said_in), 2) == said
    with Image.open(BytesIO(share_picture.share_picture(document, Imprint(SITE)))) as image:
        assert image.size == share_picture.SIZE
        ink = image.convert("L").point(lambda shade: 255 * (shade < 200)).getbbox()
    assert ink[2] <= share_picture.WIDTH and ink[3] < share_picture.HEIGHT - 20, "nothing runs out of it"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("table_set", ["hebei_2023", "shanghai_2023"])
def test_random_budgets_too(table_set, seed):
    looked_at(random_document(table_set, seed))


@pytest.mark.django_db
def test_embedded_pages_alone_may_be_framed(client):
    publication = published()
    for below in ("embed/", "tables/balance/embed/", "r1/embed/", "r1/tables/balance/embed/"):
        answer = client.get(ADDRESS + below)
        page = text(client, ADDRESS + below)
        assert "frame-ancestors *" in answer["Content-Security-Policy"] and "X-Frame-Options" not in answer
        assert "<script" not in page and "<form" not in page
        (source,) = [a.get("href") for a in find(parse(page), "a") if "/r1/" in a.get("href")]
        assert client.get(source.partition("8000")[2]).status_code == 200
    for address in (ADDRESS, f"{ADDRESS}tables/balance/", "/", "/data/", "/admin/login/", "/130225/embed/"):
        answer = client.get(address)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
    taken_back(publication)
    gone = client.get(f"{ADDRESS}embed/")
    assert gone.status_code == 410 and "frame-ancestors *" in gone["Content-Security-Policy"]


def addresses() -> list[tuple[str, str]]:
    """Each described address with its values filled in, and its type."""
    return [
        (path.format(**GIVEN), next(iter(item["get"]["responses"]["200"]["content"])))
        for path, item in API["paths"].items()
    ]


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_described_is_answered_so_and_nothing_is_left_out(client):
    published()
    absent = {f"{ADDRESS}disclosure.pdf", "/data/region=130225/year=2023/cells.parquet"}
    for address, kind in addresses():
        answer = client.get(address)
        if address in absent and answer.status_code == 404:
            continue
        assert answer.status_code == 200, address
        assert answer["Content-Type"].partition(";")[0] == kind, address
        assert answer["Access-Control-Allow-Origin"] == "*" and answer["ETag"]
    described = {address for address, _ in addresses()}
    linked = {a.get("href") for a in find(parse(text(client, "/data/")), "a")}
    data = {href for href in linked if re.search(r"\.[a-z]+$", href)} - {"/data/openapi.json"}
    assert len(data) >= 8 and data <= described
    assert linked - data <= {
        "#main",
        "/",
        "/care/",
        "/glossary/",
        "/rules/",
        "/verify/",
        "/data/",
        "/data/openapi.json",
    }


@pytest.mark.django_db
def test_the_index_is_as_described(client, few_pages):
    publication = published()
    schema = {"$ref": "#/components/schemas/Index", "components": API["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    index = client.get("/data/disclosures.json").json()
    assert list(validator.iter_errors(index)) == []
    index["disclosures"][0]["status"] = "withdrawn"
    assert list(validator.iter_errors(index)), "the control: figures of what was withdrawn"
    taken_back(publication)
    assert list(validator.iter_errors(client.get("/data/disclosures.json").json())) == []


@pytest.mark.slow
@pytest.mark.checks
def test_the_description_is_openapi_and_the_checker_would_notice():
    checker = pytest.importorskip("openapi_spec_validator")
    checker.validate(API)
    with pytest.raises(jsonschema.ValidationError, match="version"):
        checker.validate({**API, "info": {"title": "x"}})


@pytest.mark.slow
@pytest.mark.checks
@pytest.mark.django_db
def test_extruct_reads_what_pages_tell_and_would_notice(client):
    extruct = pytest.importorskip("extruct")
    published()
    page = text(client, ADDRESS)
    found = extruct.extract(page, syntaxes=["json-ld", "opengraph"])
    assert [each["@type"] for each in found["json-ld"]] == ["Dataset"]
    assert dict(found["opengraph"][0]["properties"])["og:title"] == "乐亭县行政审批局2023年部门预算"
    assert extruct.extract(BLOCK.sub("", page), syntaxes=["json-ld"])["json-ld"] == []

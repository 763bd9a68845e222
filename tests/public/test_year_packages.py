"""The data files of a year: equal to every payload cell by cell, made once, and never of what was taken back."""

import csv
import io
import json
import random
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.domain.addresses import Addressed
from budgets.domain.documents import ColumnKind
from budgets.domain.key_figures import key_figures
from budgets.domain.money import parse_amount
from budgets.domain.snapshots import loads
from budgets.models import Department, Publication, PublicationState, Region
from budgets.publishing import pointers, shelf
from budgets.rendering.cell_numbers import number_in
from budgets.rendering.data import parquet_cells
from budgets.rendering.html.disclosure_pages import disclosure_page
from budgets.rendering.imprint import Imprint, Site
from tests.makers.disclosures import a_department, a_sound_disclosure, published, restated
from tests.makers.facts import small_budget, yuan
from tests.makers.standing import corrected, taken_back
from tests.rendering.markup import HTML, parse, words

pytestmark = pytest.mark.django_db
YEAR = "/data/region=990001/year=2024/"
SETS = ["hebei_2023", "shanghai_2023"]


@pytest.fixture
def county(request):
    """Departments in turns of either form, without files; the first withdrew."""
    number = getattr(request, "param", 3)
    call_command("make_county", number, years=[2024], rows_only=True, table_set=SETS, verbosity=0)
    gone = Publication.objects.earliest("pk")
    restated(PublicationState.objects.filter(pk=gone.pk), status="withdrawn")
    return Region.objects.get(code="990001")


def body(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def records(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def payloads() -> dict[str, bytes]:
    found = Publication.objects.filter(state__status="current").select_related("department")
    return {row.department.code: row.content for row in found}


def printed(code: str, payload: bytes):
    """Each cell of a payload: where it stands, its number and its text."""
    for sheet in loads(payload)[1].sheets():
        for r, row in enumerate(sheet.rows, 1):
            for c, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True), 1):
                money = column.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER)
                number = number_in(column, cell) if money else None
                yield (code, sheet.key, str(r), str(c)), number, "" if number is not None else cell.text


def on_page(payload: bytes):
    """Each cell of the disclosure's page that has an address: table, row and column, the words without blanks."""
    document = loads(payload)[1]
    cells = Addressed(document.sheets()).cells
    page = parse(disclosure_page(document, Imprint(Site("明账", "平台", "https://example.org"))))
    for tag in page.iter():
        if tag.tag in (f"{HTML}td", f"{HTML}th") and (found := cells.get(tag.get("id"))):
            yield (found.sheet.key, str(found.row + 1), str(found.column + 1)), "".join(words(tag).split())


@pytest.mark.parametrize(
    "county",
    [
        3,
        pytest.param(12, marks=pytest.mark.slow),
        pytest.param(60, marks=[pytest.mark.slow, pytest.mark.long]),
    ],
    indirect=True,
)
def test_every_cell_is_that_of_the_payload_in_each_format(client, county):
    """At most twenty thousand cells, drawn from sixty departments of both forms before a release, from fewer in between."""
    drawn = [cell for code, payload in payloads().items() for cell in printed(code, payload)]
    drawn = random.Random(34).sample(drawn, min(len(drawn), 20_000))
    long = {
        (row["unit_code"], row["table"], row["row"], row["column"]): (row["amount"], row["text"])
        for row in records(body(client.get(f"{YEAR}cells.csv")))
    }
    for place, number, text in drawn:
        amount, said = long[place]
        assert (Decimal(amount) if amount else None) == number, place
        assert said.removeprefix("'") == text.removeprefix("'"), place
    assert len({place[0] for place, *_ in drawn}) == len(payloads())
    shown = {(code, *place): said for code, payload in payloads().items() for place, said in on_page(payload)}
    found = 0
    for (code, table, row, column), number, text in drawn:
        said = shown.get((code, table, row, column), "")
        found += bool(said)
        if number:
            assert parse_amount(said) == number, (code, table, row, column)
        elif text and said:
            assert said == "".join(text.split())
    assert found > 0.5 * len(drawn), f"{found} of {len(drawn)} cells stand on the pages with words"


def test_figures_of_the_index_are_those_of_the_cells_that_it_names(client, county):
    listed = client.get("/data/disclosures.json").json()["disclosures"]
    told = {one["unit"]: one["figures"] for one in listed if one["status"] == "current"}
    assert told.keys() == payloads().keys()
    for code, payload in payloads().items():
        figures = key_figures(loads(payload)[1])
        assert {key: Decimal(each["amount"]) for key, each in told[code].items()} == {
            key: figure.amount for key, figure in figures.items()
        }
        for key, each in told[code].items():
            assert each["at"].endswith(f"/990001/{code}/2024/budget/r1/#{figures[key].at}")


@pytest.mark.slow
@pytest.mark.checks
@pytest.mark.parametrize("county", [60], indirect=True)
def test_parquet_holds_what_the_csv_holds(client, county, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "region=990001" / "year=2024" / "cells.parquet"
    file.parent.mkdir(parents=True)
    file.write_bytes(body(client.get(f"{YEAR}cells.parquet")))
    found = duckdb.sql(f"select * exclude (region, year) from '{tmp_path}/*/*/cells.parquet'")
    expected = records(body(client.get(f"{YEAR}cells.csv")))
    assert found.columns == list(expected[0])
    for row, line in zip(found.fetchall(), expected, strict=True):
        for value, text in zip(row, line.values(), strict=True):
            same = Decimal(text) if isinstance(value, Decimal) else text
            assert (value if isinstance(value, Decimal) else str(value if value is not None else "")) == same
    folders = duckdb.sql(f"select distinct region, year from '{tmp_path}/*/*/cells.parquet'").fetchall()
    assert [tuple(map(str, each)) for each in folders] == [("990001", "2024")]


@pytest.mark.slow
@pytest.mark.checks
def test_parquet_is_left_out_rather_than_rounded():
    pytest.importorskip("duckdb")
    head = ",".join(name for name, *_ in parquet_cells.LONG)
    cell = "990001,101,甲局,2024,budget,t,表,1,k,行,1,1,c,列,{},万元,"
    kept = parquet_cells.parquet(f"{head}\r\n{cell.format('0.1234567891')}\r\n".encode())
    assert kept and kept == parquet_cells.parquet(f"{head}\r\n{cell.format('0.1234567891')}\r\n".encode())
    assert parquet_cells.parquet(f"{head}\r\n{cell.format('0.12345678912')}\r\n".encode()) is None


@pytest.mark.slow
def test_without_the_library_there_is_no_parquet(client, county, monkeypatch):
    monkeypatch.setattr(parquet_cells, "find_spec", lambda name: None)
    parquet_cells.writer.cache_clear()
    try:
        assert client.get(f"{YEAR}cells.parquet").status_code == 404
        assert client.get(f"{YEAR}cells.csv").status_code == 200
    finally:
        parquet_cells.writer.cache_clear()


def test_the_package_describes_what_lies_in_it(client, county):
    told = json.loads(body(client.get(f"{YEAR}datapackage.json")))
    with zipfile.ZipFile(io.BytesIO(body(client.get(f"{YEAR}package.zip")))) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside.keys() == {"datapackage.json", *(each["path"] for each in told["resources"])}
    assert "没有给出使用许可" in told["description"] and "licenses" not in told
    rows = 0
    for each in told["resources"]:
        content = inside[each["path"]]
        assert content == body(client.get(YEAR + each["path"])) and each["bytes"] == len(content)
        heads = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert heads == [field["name"] for field in each["schema"]["fields"]]
        rows += len(records(content)) if each["path"].startswith("tables/") else 0
    said = sum(
        any(cell.text or cell.amount is not None for cell in row.cells)
        for payload in payloads().values()
        for sheet in loads(payload)[1].sheets()
        for row in sheet.rows
    )
    assert rows == said, "each row that says something stands in the file of its table"
    listed = records(inside["disclosures.csv"])
    for line in listed:
        figures = key_figures(loads(payloads()[line["unit_code"]])[1])
        for key, figure in figures.items():
            assert Decimal(line[key]) == figure.amount
        assert all(line[key] == "" for key in list(line)[10:] if key not in figures)


@pytest.mark.slow
def test_the_licence_is_named_where_one_is_given(client, county, settings):
    before = body(client.get(f"{YEAR}datapackage.json"))
    settings.SITE = settings.SITE | {"licence": "https://example.org/licence"}
    told = json.loads(body(client.get(f"{YEAR}datapackage.json")))
    assert told["licenses"] == [{"path": "https://example.org/licence"}]
    assert "使用许可" not in told["description"] and "licenses" not in json.loads(before)


@pytest.mark.slow
@pytest.mark.checks
@pytest.mark.parametrize("county", [6], indirect=True)
def test_frictionless_finds_nothing_in_a_year_and_would_notice(client, county, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    with zipfile.ZipFile(io.BytesIO(body(client.get(f"{YEAR}package.zip")))) as archive:
        archive.extractall(tmp_path)
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    assert package.validate().valid
    cells = tmp_path / "cells.csv"
    lines = cells.read_bytes().split(b"\r\n")
    cells.write_bytes(b"\r\n".join([*lines[:2], lines[1], *lines[2:]]))
    assert not frictionless.Package(str(tmp_path / "datapackage.json")).validate().valid


def test_it_is_made_once_and_again_when_anything_of_it_changes(client, county, monkeypatch):
    made = []
    put = shelf.folders.put
    monkeypatch.setattr(shelf.folders, "put", lambda *given: made.append(given[0]) or put(*given))
    first = client.get(f"{YEAR}cells.csv")
    with CaptureQueriesContext(connection) as asked:
        again = client.get(f"{YEAR}cells.csv", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and len(made) == 1 and len(asked) == 3
    assert all('"payload"' not in query["sql"] for query in asked)
    gone = Publication.objects.filter(state__status="current").latest("pk")
    restated(PublicationState.objects.filter(pk=gone.pk), status="withdrawn")
    assert len(records(body(client.get(f"{YEAR}disclosures.csv")))) == 1 and len(made) == 2
    restated(PublicationState.objects.filter(pk=gone.pk), status="current")
    client.get(f"{YEAR}cells.csv")
    assert len(made) == 2, "what lies there from before is served again"
    above, within = Department.objects.filter(publications__state__status="current")
    Department.objects.filter(pk=above.pk).update(includes_units=True)
    Department.objects.filter(pk=within.pk).update(supervising_department=above)
    listed = {row["unit_code"]: row["contained_in"] for row in records(body(client.get(f"{YEAR}disclosures.csv")))}  # fmt: skip
    assert listed == {above.code: "", within.code: above.name} and len(made) == 3
    assert "1 份已含在主管部门" in json.loads(body(client.get(f"{YEAR}datapackage.json")))["description"]


@pytest.mark.slow
def test_a_folder_that_was_cut_short_is_made_again(client, county, monkeypatch):
    whole = body(client.get(f"{YEAR}cells.csv"))
    (folder,) = shelf.root().glob("*/*")
    assert pointers.sweep(-60) == [folder] and not folder.exists()

    def dies(*given):
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(shelf.folders, "write", dies)
        with pytest.raises(OSError, match="no space"):
            client.get(f"{YEAR}cells.csv")
    assert list(shelf.root().glob("*/*")) == []
    assert body(client.get(f"{YEAR}cells.csv")) == whole
    assert pointers.sweep() == []


@pytest.mark.slow
def test_nothing_else_is_served(client, county):
    for name in ("secret.csv", "tables/secret.csv", "..%2f..%2fsecret", "cells.csv/", ".cells.csv", ""):
        assert client.get(YEAR + name).status_code == 404
    assert client.get(f"{YEAR}{'x' * 300}.csv").status_code == 404
    assert client.get("/data/region=990001/year=2023/cells.csv").status_code == 404
    assert client.get("/data/region=990002/year=2024/cells.csv").status_code == 404
    assert client.get(f"{YEAR}cells.csv")["Access-Control-Allow-Origin"] == "*"


PLACES = (
    "/data/region=130225/year=2023/cells.csv",
    "/data/region=130225/year=2023/disclosures.csv",
    "/data/region=130225/year=2023/tables/balance.csv",
    "/data/disclosures.json",
    "/130225/feed.atom",
    "/130225/483/feed.atom",
    "/130225/sitemap.xml",
    "/130225/",
    "/130225/2023/",
    "/130225/483/",
    "/130225/2023/figures.csv",
)
UNIQUE = ("1,201.37", "1201.37", "12013700.00", "12,013,700.00")


def raised(fact):
    """The small budget's larger amounts by 1.37 万元, so that every total is this department's own."""
    kept = fact.amount < yuan("720") or fact.economic not in ("", "30101")
    return fact if kept else replace(fact, amount=fact.amount + yuan("1.37"))


def holding(client) -> set[str]:
    """The addresses whose bytes hold an amount of `raised`."""
    answers = {place: client.get(place) for place in PLACES}
    said = {place: b"".join(one) if one.streaming else one.content for place, one in answers.items()}
    return {place for place, content in said.items() if any(word.encode() in content for word in UNIQUE)}


@pytest.mark.slow
def test_nothing_of_what_was_withdrawn_is_anywhere(client, no_pdf):
    """Every byte of every list and file is searched for an amount that the withdrawn disclosure alone has."""
    published(a_sound_disclosure(a_department("301", "乐亭县财政局")))
    disclosure = published(a_sound_disclosure(facts=tuple(map(raised, small_budget()))))
    assert not shelf.root().exists(), "a publication makes nothing of what other departments share with it"
    without = {"/130225/sitemap.xml"}
    assert holding(client) == {*PLACES} - without, "the control: each is looked through"
    corrected(disclosure)
    assert holding(client) == {*PLACES} - without
    taken_back(disclosure, scope="all")
    assert holding(client) == set()
    assert "撤回" in client.get("/130225/483/feed.atom").text
    kept = [
        file for file in shelf.root().rglob("*.csv") if any(w.encode() in file.read_bytes() for w in UNIQUE)
    ]
    assert kept, "earlier folders wait for the sweep, at no address"

"""Drawn requests of nobody: nothing is rendered for them, none breaks, and what is described is all that is answered."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client

from budgets.public.data_page import OPENAPI
from budgets.publishing import releases, revision_files
from budgets.rendering.pdf import renderer
from tests.admin.every_address import WORDS, patterns_with
from tests.makers.disclosures import a_department, a_sound_disclosure, published
from tests.makers.standing import taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_pages")]
DRAWN, PARTS = 200, 50  # ten thousand of either kind together
API = json.loads(OPENAPI.read_text(encoding="utf-8"))["paths"]
HOSTILE = (
    "", "三公经费", "审批局 2023", "%", "_", "' OR 1=1 --", "\0", "\\", "((((", "“" * 200, "预" * 5000, "a" * 3000, "<script>", "‮", "2023 2023 2023 2023", "*", "公务接待费 " * 60,
    "-", "NaN", "💰", "ｱ", "０１２", "\r\n", "||||", "&&", "!~@#", "三公经费 教育局 水务局 乐亭县 预算 2023", "%s%n%x",
)  # fmt: skip
# What makes a file or a page of a version: whoever asks for one gets what was made when it was published.
MAKERS = (
    (revision_files, "data_files"),
    (revision_files, "render_pdf"),
    (revision_files, "print_html"),
    (releases, "pages"),
    (renderer, "render_pdf"),
)


@pytest.fixture
def portal():
    """One budget that stands and one that was withdrawn."""
    publication = published()
    taken_back(published(a_sound_disclosure(a_department("484", "水务局"))))
    return publication


def words(chance: random.Random) -> dict[str, object]:
    """What stands in an address: something that is there, or nearly."""
    return WORDS | {
        "region": chance.choice(("130225", "130225", "130224", "999999")),
        "unit": chance.choice(("483", "483", "484", "12", "999999999999")),
        "year": chance.choice((2023, 2023, 1900, 2099)),
        "stage": chance.choice(("budget", "budget", "final")),
        "revision": chance.choice((1, 1, 2, 999999)),
        "below": chance.choice(("", "r1/", "tables/balance/", "disclosure.json", "r1/disclosure.xlsx", "disclosure.pdf", "embed/", "..%2f..%2f", "%00", "x" * 300)),
        "table": chance.choice(("balance", "none", "__")),
        "name": chance.choice(("cells.csv", "package.zip", "datapackage.json", "tables/balance.csv", "x.y")),
    }  # fmt: skip


def drawn(chance: random.Random, number: int) -> Iterator[str]:
    """Addresses of everything public, with queries; a third of them searches."""
    forms = [form for form, pattern in patterns_with() if not form.startswith("admin/")]
    for _ in range(number):
        query = f"?{chance.choice(('q', 'q', 'page', 'show', 'sort', 'unit', 'year'))}={quote(chance.choice(HOSTILE))}"
        form = chance.choice(("", *forms, *forms)) if chance.random() < 0.7 else ""
        yield "/" + form % words(chance) + chance.choice((query, query, ""))


def forbidden(*args: object, **options: object) -> None:
    raise AssertionError("something is made for somebody who only asked")


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_made_for_who_only_asks_and_a_search_is_soon_done(portal, part, monkeypatch):
    for module, name in MAKERS:
        monkeypatch.setattr(module, name, forbidden)
    chance, answers, searches, client = random.Random(f"anonymous {part}"), Counter(), [], Client()
    for address in drawn(chance, DRAWN):
        begun = time.process_time()
        answer = client.get(address)
        if address.startswith(("/?q=", "/care/?q=")):
            searches.append(time.process_time() - begun)
        answers[answer.status_code] += 1
    assert set(answers) <= {200, 301, 302, 304, 400, 404, 410} and answers[200] > DRAWN / 4
    assert sorted(searches)[int(len(searches) * 0.95)] <= 0.5, (
        "seconds of the processor, the target of the clock"
    )


def test_something_that_is_made_would_be_noticed(portal, monkeypatch):
    """The control: publishing makes what asking does not."""
    for module, name in MAKERS:
        monkeypatch.setattr(module, name, forbidden)
    with pytest.raises(AssertionError, match="something is made"):
        published(a_sound_disclosure(a_department("485", "农业农村局")))


def undescribed(client: Client, chance: random.Random, number: int) -> list[str]:
    """The answers to drawn requests of described addresses that the description does not name, by status and type."""
    wrong = []
    for _ in range(number):
        path = chance.choice(list(API))
        address = path.format(**words(chance))
        said = API[path]["get"]["responses"]
        etag = client.get(address).get("ETag", '"x"')
        headers = chance.choice(
            ({}, {"If-None-Match": etag}, {"Accept": "application/xml"}, {"Range": "bytes=0-9"})
        )
        answer = client.get(address, headers=headers)
        kinds = said.get(str(answer.status_code), {}).get("content", {})
        kind = answer.get("Content-Type", "").partition(";")[0]
        if str(answer.status_code) not in said or kinds and kind not in kinds:
            wrong.append(f"{address} {headers}: {answer.status_code} {kind}")
    return wrong


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_answered_is_described(portal, part):
    assert undescribed(Client(), random.Random(f"described {part}"), DRAWN) == []


def test_an_answer_that_is_not_described_is_noticed(portal, monkeypatch):
    """The control."""
    for item in API.values():
        monkeypatch.delitem(item["get"]["responses"], "404", raising=False)
    assert undescribed(Client(), random.Random(0), 40)

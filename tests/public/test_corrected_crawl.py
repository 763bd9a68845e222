"""Every address of what was corrected and withdrawn: old versions stay and say so, what was withdrawn is gone, no link is dead."""

from collections import deque

import pytest

from tests.makers.disclosures import a_department, a_sound_disclosure, published
from tests.makers.standing import corrected, taken_back

from .test_large_type import body, links

pytestmark = pytest.mark.django_db
ONE, OTHER = "/130225/483/2023/budget/", "/130225/484/2023/budget/"
FIGURES = 5  # pages of single numbers that are looked at: each is made when it is asked for


def walked(client) -> dict[str, int]:
    """Every address that is reached from the first page by links, with its answer; forms and 关怀版 apart."""
    waiting, found, figures = deque(["/"]), {"/": 0}, 0
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        found[address] = answer.status_code
        to = {answer["Location"]: ""} if "Location" in answer else {}
        if answer["Content-Type"].startswith("text/html"):
            to |= links(address, body(answer))
        for link in to:
            figures += "/figures/" in link and link not in found
            if link.startswith(("/static/", "/care/", "/admin/")) or "?" in link or link in found:
                continue
            if "/figures/" not in link or figures < FIGURES:
                found[link] = 0
                waiting.append(link)
    return found


@pytest.fixture
def two():
    """Two departments' budgets, each corrected once."""
    first, second = a_sound_disclosure(), a_sound_disclosure(a_department("484", "水务局"))
    return [corrected(published(each)) for each in (first, second)]


def wrong(client, asked: dict[str, int], gone: tuple[str, ...]) -> dict[str, int]:
    """The addresses that answer otherwise: 410 below what is gone, else 200 or a redirect as before."""
    told = {address: client.get(address).status_code for address in asked}
    return {
        address: status
        for address, status in told.items()
        if status != (410 if address.startswith(gone) else asked[address])
    }


@pytest.mark.slow
@pytest.mark.long
def test_every_address_of_what_was_corrected_and_withdrawn(client, two):
    before = walked(client)
    assert {address for address, status in before.items() if status not in (200, 301, 302)} == set()
    assert len(before) > 200
    for place in (ONE, OTHER):
        old, page = body(client.get(f"{place}r1/")), body(client.get(place))
        assert "0315-0000000" in old and f'href="{place}"' in old, (
            "it is there, and leads to the one that stands"
        )
        assert "联系方式有误" in page and "changes/" in page
        assert "<del>0315-0000000</del>" in body(client.get(f"{place}changes/"))
        assert len([address for address in before if address.startswith(f"{place}r1/")]) > 20
    taken_back(two[1], scope="earlier")
    # What was changed since a version that is gone is no page any more, and was none of a version.
    compared = dict.fromkeys((f"{OTHER}changes/", f"{OTHER}r2/changes/"), 404)
    assert wrong(client, before, (f"{OTHER}r1/",)) == compared
    taken_back(two[1], scope="latest")
    assert wrong(client, before, (OTHER,)) == {}
    assert wrong(client, before, ()) != {}, "the control: not everything answers as before"
    after = walked(client)
    assert {address: status for address, status in after.items() if status not in (200, 301, 302)} == {
        address: 410 for address in after if address.startswith(OTHER)
    }

"""关怀版: the same pages below /care/, in large type, and no way out of them but the one that says so."""

import re
from collections import deque
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command

from budgets.public import large_type
from tests.rendering.markup import parse

ROOT = Path(__file__).parents[2]
BUDGET = "/130225/483/2023/budget/"
# Links that are not pages of the portal: what a page is dressed with.
DRESS = ("/static/",)


@pytest.fixture
def sample(db, settings):
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    call_command("demo", "--no-serve", verbosity=0)


def body(answer) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode()


def links(address: str, text: str) -> dict[str, str]:
    """Where a page leads, with the element that does; addresses of other hosts are left out."""
    found = {}
    for element in parse(text).iter():
        to = element.get("href") or element.get("action")
        if to and element.get("rel") not in ("canonical", "alternate"):
            parts = urlsplit(urljoin(f"http://testserver{address}", to))
            if parts.netloc == "testserver":
                found[parts.path + (f"?{parts.query}" if parts.query else "")] = element.get("class") or ""
    return found


def crawl(client, *begin: str) -> tuple[dict[str, str], dict[str, str]]:
    """The pages that are reached from these within /care/, and the ways that lead out of it, each with its page."""
    waiting, pages, out = deque(begin), dict.fromkeys(begin, ""), {}
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        if "Location" in answer:
            to = {answer["Location"]: ""}
        elif answer["Content-Type"].startswith("text/html"):
            pages[address] = body(answer)
            to = links(address, pages[address])
        else:
            to = {}
        for link, kind in to.items():
            if kind == "other-set" or link.startswith(DRESS):
                continue
            if not link.startswith("/care/"):
                out[link] = address
            elif link not in pages and "sort=" not in link and ("/tables/" not in link or "balance/" in link):
                pages[link] = ""
                waiting.append(link)
    return pages, out


BEGIN = (
    "/care/",
    "/care/?q=审批",
    "/care/?q=三",
    "/care/nothing/",
    "/care/130225/483/2023/",
    f"/care{BUDGET}r1/",
)


SAME = (
    "/", "/rules/", "/?q=%E5%AE%A1%E6%89%B9", "/130225/", "/130225/2023/?show=time", "/130225/483/", BUDGET,
    f"{BUDGET}tables/balance/", f"{BUDGET}tables/balance/nonempty/", f"{BUDGET}figures/balance.general_public.revenue/",
)  # fmt: skip


def other_set(address: str, text: str) -> list[str]:
    return [to for to, kind in links(address, text).items() if kind == "other-set"]


@pytest.mark.slow
def test_large_type_is_the_same_pages_and_stays_by_itself(client, sample):
    pages, out = crawl(client, *BEGIN)
    assert out == {}
    assert len(pages) > 25
    assert {
        address: text[:60] for address, text in pages.items() if text and 'class="care"' not in text
    } == {}

    for address in SAME:
        plain, large = body(client.get(address)), body(client.get(f"/care{address}"))
        assert other_set(address, plain) == [f"/care{address}"]
        assert other_set(f"/care{address}", large) == [address]
        assert large_type.enlarged(plain.encode()).decode() == large

    for name in ("disclosure.json", "r1/disclosure.json"):
        plain, large = client.get(BUDGET + name), client.get(f"/care{BUDGET}{name}")
        assert body(plain) == body(large) and plain["ETag"] == large["ETag"]
    assert client.get(f"/care{BUDGET}tables/").status_code == 404
    for path in ("/admin/", "/healthz", "/static/site.css"):
        assert client.get(f"/care{path}").status_code == 404


def test_a_link_that_leads_out_would_be_noticed(client, monkeypatch):
    monkeypatch.setattr(large_type, "REPLACED", large_type.REPLACED[:3])
    assert links("/care/rules/", body(client.get("/care/rules/"))).keys() >= {"/", "/rules/"}


def test_absolute_links_are_written_so_that_they_are_found():
    """`href` first in every link that is not a fragment: that is what is replaced."""
    sources = [*ROOT.glob("templates/public/*.html"), *ROOT.glob("templates/tables/*.html"), *ROOT.glob("budgets/public/*.py"),
               *ROOT.glob("budgets/rendering/html/*.py")]  # fmt: skip
    late = re.compile(r'<a (?!href=|class="other-set")[^>]*href="(?!#)[^>]*>')
    assert {
        path.name: found for path in sources if (found := late.findall(path.read_text(encoding="utf-8")))
    } == {}
    assert late.search('<a class="button" href="/">')


def test_the_web_server_replaces_the_same():
    text = (ROOT / "deploy" / "nginx.conf.template").read_text(encoding="utf-8")
    assert tuple(re.findall(r"sub_filter '(.*)' '(.*)';", text)) == large_type.REPLACED


def test_how_to_have_it_read_aloud_is_told_in_large_type_alone(client, db):
    page = body(client.get("/care/"))
    assert 'class="only-care" aria-labelledby="aloud"' in page and "讲述人" in page
    style = (ROOT / "static" / "site.css").read_text(encoding="utf-8")
    assert ":root:not(.care) .only-care { display: none; }" in style

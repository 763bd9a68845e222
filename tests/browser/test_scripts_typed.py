"""Scripts typed into every text: none runs in any page, with the policy that would stop it taken away."""

import json
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from budgets import ledger, tablesets
from budgets.domain.composing import compose
from budgets.models import Indicator, Organization, ProcurementItem, Project, PurchasedService, UnitRow
from budgets.rendering.html.disclosure_pages import pages
from budgets.rendering.imprint import Imprint, Site
from tests.admin.conftest import furnish
from tests.admin.every_address import addresses
from tests.makers.marked_texts import free_texts, hanging, mark, one_of_each

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]
OUT = ("", '">', "'>", "</textarea>", "</script>", "</title>", "</style>", "-->", "]]>", "\"'>", "`>")
RUN = (
    "<script>xss({})</script>", "<img src=x onerror=xss({})>", "<svg onload=xss({})>", "<svg><script>xss({})</script>", "<input autofocus onfocus=xss({})>",
    "<details open ontoggle=xss({})>", "<iframe srcdoc='<script>xss({})</script>'>", "<iframe src=javascript:parent.xss({})>", "<video><source onerror=xss({})>",
    "<math><mtext><img src onerror=xss({})>", "<style onload=xss({})></style>", "<ScRiPt>xss({})</sCrIpT>", "<audio src=x onerror=xss({})>",
    "<svg><animate onbegin=xss({}) attributeName=x dur=1s>",
)  # fmt: skip
PAYLOADS = [out + run.format(n * len(OUT) + m) for n, run in enumerate(RUN) for m, out in enumerate(OUT)]
LISTENING = "window.xss = n => (top.ran ??= new Set()).add(n); top.ran ??= new Set()"
# What would run when somebody clicks or points there.
LURKING = """[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(
    a => /^on/i.test(a.name) && /xss/.test(a.value) || /^(href|src|action|formaction|data)$/i.test(a.name) && /^\\s*javascript:/i.test(a.value))).length"""
ROWS = (Organization, Project, ProcurementItem, PurchasedService, UnitRow)
SITE = "http://portal.test"


@pytest.fixture
def ears(browser):
    """A page in a browser that minds no policy, counts what runs, and fetches nothing but what it is given."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(LISTENING)
    given: dict[str, str] = {}

    def answer(route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path in given:
            return route.fulfill(body=given[path], content_type="text/html; charset=utf-8")
        file = finders.find(path.removeprefix("/static/").partition("?")[0]) if "/static/" in path else None
        return route.fulfill(path=file) if file else route.fulfill(status=404, body="")

    context.route("**/*", answer)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())

    def heard(html: str) -> tuple[set[int], int]:
        given["/page"] = html
        page.goto(f"{SITE}/page", wait_until="load")
        page.wait_for_timeout(20)
        return set(json.loads(page.evaluate("JSON.stringify([...top.ran])"))), page.evaluate(LURKING)

    yield heard
    context.close()


def full_of_scripts(turn: int):
    """A place whose every text is a payload: long ones are all of them, of rows there is one for each, others are those of the turn."""
    place = furnish("483", "审批局")
    one_of_each(place.disclosure, place.people["accountant"], "\n".join(PAYLOADS))
    for model in ROWS:
        texts = free_texts(model)
        rows = [
            model(
                disclosure=place.disclosure,
                position=10 + n,
                **{f.name: payload[: f.max_length] for f in texts},
            )
            for n, payload in enumerate(PAYLOADS)
        ]
        model._base_manager.bulk_create(rows)
    side = {"dimension": "产出指标", "aspect": "数量指标"}
    Indicator.objects.bulk_create(
        Indicator(
            goal=place.goal, position=9 + n, **side, name=payload[:120], description=payload, basis=payload
        )
        for n, payload in enumerate(PAYLOADS)
    )
    single = [*hanging(place.disclosure), place.department, *place.people.values(), place.question]
    single = [row for row in single if not isinstance(row, ROWS)]

    def word(name: str, n: int) -> str:
        long = name in (
            "Narrative.text",
            "Explanation.text",
            "Disclosure.lead",
            "Question.text",
            "Goal.goals",
        )
        return "\n".join(PAYLOADS) if long else PAYLOADS[(7 * n + turn) % len(PAYLOADS)]

    mark(single, word)
    place.disclosure.refresh_from_db()
    return place


def drawn(place, roles: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every page of the desks and of what a publication of this draft would make."""
    for role in roles:
        client = place.client(role) if role else Client()
        for name, address in addresses(place):
            answer = client.get(address)
            if (
                answer.status_code == 200
                and "text/html" in answer.get("Content-Type", "")
                and not answer.streaming
            ):
                yield f"{role} {name}", answer.text
    said = ledger.read(place.disclosure)
    document = compose(tablesets.get(said.table_set), said, ledger.subjects_for(2023))
    yield from pages(document, Imprint(Site("明账", "部门预算公开平台", "https://example.org")))


def test_the_payloads_run_where_nothing_is_escaped(ears):
    """The control: each of them, in the place that it is made for; of a page one field alone has the focus."""
    assert len(PAYLOADS) >= 150
    places = ("<div>{}</div>", '<input value="{}">', "<input value='{}'>", "<textarea>{}</textarea>", "<script>a='{}'</script>", "<title>{}</title>",
              "<style>{}</style>", "<!--{}-->")  # fmt: skip
    frames = (
        f'<iframe srcdoc="{"".join(p.format(payload) for p in places).replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'
        for payload in PAYLOADS
    )
    ran, _ = ears(f"<!DOCTYPE html>{''.join(frames)}")
    assert [each for n, each in enumerate(PAYLOADS) if n not in ran and "autofocus" not in each] == []


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("turn", range(len(PAYLOADS)))
def test_no_script_runs_that_somebody_typed(ears, turn):
    """The first turn looks at what a publication shows, the others at every page of the desks too."""
    looked, met, wrong = 0, 0, {}
    roles = ("accountant", "bureau_officer") if turn % 5 == 1 else ("accountant",) if turn else ()
    for name, html in drawn(full_of_scripts(turn), roles):
        met += "xss(" in html
        looked += 1
        ran, lurking = ears(html)
        if ran or lurking:
            wrong[name] = (sorted(ran), lurking)
    assert wrong == {}
    assert met > 25 and looked > (90 if roles else 25)

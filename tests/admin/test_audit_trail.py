"""The audit trail over all that people do: one entry for each deed, with whom, when, where, what and old → new; no secrets."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from budgets.models import AuditEntry, AuditPending, Person
from budgets.publishing.audit_proofs import chains
from budgets.workflow import trail
from tests.makers.disclosures import a_person, submitted

from .bureau_deeds import BUREAU_DEEDS, in_process
from .conftest import Place
from .deeds import ADDRESS, DESK_DEEDS, OTHER, PASSWORD, client, login, new_person, posted, sound, step, typed
from .policies import OBJECT, OWN, address

pytestmark = pytest.mark.django_db
DEEDS = DESK_DEEDS | BUREAU_DEEDS


@pytest.fixture
def place(here, no_pdf, few_pages, monkeypatch):
    in_process(monkeypatch)
    here.people["central_administrator"] = a_person("central_administrator", name="平台")
    return here


@pytest.mark.sweep(5)
@pytest.mark.parametrize("name", DEEDS)
def test_each_deed_leaves_one_entry_with_whom_when_where_and_what(place, name):
    deed = DEEDS[name]
    deed.before(place)
    AuditPending.objects.all().delete()
    trail.link()
    seen = AuditEntry.objects.count()
    began = timezone.now()
    if name == "person closed":
        place.people["accountant"] = place.people["reviewer"]  # the address names its person
    deed.do(place)
    ended = timezone.now()
    AuditPending.objects.update(closes_at=None)
    trail.link()
    rows = list(AuditEntry.objects.order_by("pk")[seen:])
    signing = {"login"} if deed.action != "login" else set()
    left = [row for row in rows if row.action not in signing]
    if deed.action == "login":
        assert {row.address for row in left} == {ADDRESS}
    assert [row.action for row in left] == [deed.action]
    (row,) = left
    person = place.people.get(deed.by)
    assert (row.username, row.role) == ((person.username, person.role) if person else ("", ""))
    assert began <= row.at <= ended and row.address == deed.address
    assert deed.about in row.about and all(words in row.change for words in deed.told), (
        row.about,
        row.change,
    )
    assert row.about or deed.action in ("login", "logout", "login_failed") or row.kind
    assert (
        row.region
        == (
            "130225"
            if person is None or person.role != "central_administrator" or row.kind == "region"
            else ""
        )
        or not person
    )
    assert [chain.fault for chain in chains()] == [""] * len(list(chains()))


def test_a_deed_that_is_not_told_is_noticed(place, monkeypatch):
    """The negative control: the sweep fails as soon as one deed leaves nothing."""
    sound()(place)
    monkeypatch.setattr(trail, "tell", lambda *args, **more: None)
    AuditPending.objects.all().delete()
    step("submit", "accountant")(place)
    assert not AuditPending.objects.exists()


def all_told() -> str:
    """Every column of the trail and of what waits for it."""
    rows = [*AuditEntry.objects.values_list(), *AuditPending.objects.values_list()]
    return "\n".join(str(value) for row in rows for value in row)


def test_no_secret_is_told(place):
    browser = login(place)
    session = browser.session.session_key
    token = browser.get(reverse("admin:password_change")).context["csrf_token"]
    for wrong in (f"{PASSWORD}x", OTHER):
        login(place, wrong)
        login(place, wrong, name=wrong)  # a password typed where the name belongs
    posted("bureau_administrator", "budgets_person_add", new_person)(place)
    DEEDS["another's password"].do(place)
    browser.get(f"/admin/nothing/?password={PASSWORD}&token={OTHER}")
    told = all_told()
    assert AuditEntry.objects.exists() or AuditPending.objects.exists()
    hashes = [*Person.objects.values_list("password", flat=True)]
    for secret in (
        PASSWORD,
        OTHER,
        session,
        str(token),
        *Session.objects.values_list("pk", flat=True),
        *hashes,
    ):
        assert not secret or secret not in told


def test_tries_at_a_locked_account_are_one_entry_with_their_number(place, settings):
    settings.AXES_ENABLED = True
    for _ in range(9):
        login(place, "wrong-wrong")
    AuditPending.objects.update(closes_at=None)
    trail.link()
    told = [row.action for row in AuditEntry.objects.order_by("pk")]
    assert told == ["login_failed"] * 4 + ["locked"]
    assert AuditEntry.objects.order_by("pk")[4].data == {"times": 5}


def test_savings_of_a_quarter_hour_are_one_entry_with_the_first_old_and_the_last_new_value(place):
    browser = client(place, "accountant")
    for value in ("81.00", "82.00", "83.00"):
        assert typed(place, value, by_itself=True, browser=browser).status_code == 200
    (row,) = AuditPending.objects.filter(action="edit")
    (table,) = row.data["tables"]
    ((_, changed),) = table["change"]["changed"]
    assert list(changed.values()) == [["800000", "830000"]] and row.data["times"] == 3
    assert typed(place, "80.00", by_itself=True, browser=browser).status_code == 200
    row.refresh_from_db()
    assert row.data["tables"] == [] and "改回" in row.data["words"]


def test_the_page_finds_by_person_deed_object_day_and_words(place, beside):
    typed(place)
    DEEDS["refused"].do(place)
    beside.client("reviewer").get("/admin/nothing/")
    AuditPending.objects.update(closes_at=None)
    auditor, url = client(place, "auditor"), reverse("admin:audit")
    today = timezone.localdate()
    accountant = place.people["accountant"]
    for query, number in (
        ({"who": accountant.username, "action": "edit"}, 1),
        ({"action": "refused"}, 2),
        ({"action": "refused", "about": "steps/submit"}, 1),
        ({"about": "483", "action": "edit"}, 1),
        ({"about": "301", "action": "edit"}, 0),
        ({"text": "810000"}, 1),
        ({"since": today + timedelta(days=1)}, 0),
        ({"action": "edit", "since": today, "until": today}, 1),
        ({"since": "昨天"}, 0),
        ({"action": "edit", "before": 1}, 0),
    ):
        page = auditor.get(url, query)
        assert len(page.context["entries"]) == number, query
    assert "→" in auditor.get(url, {"action": "edit"}).text


@pytest.mark.parametrize("role", ["accountant", "reviewer", "bureau_officer"])
def test_who_reads_no_trail_finds_none(place, role):
    for name in ("audit", "audit_export"):
        assert client(place, role).get(reverse(f"admin:{name}")).status_code == 404


def test_a_trail_is_read_in_its_own_region_only(place, elsewhere):
    url = reverse("admin:audit")
    for role in ("auditor", "bureau_administrator"):
        browser = client(elsewhere, role)
        assert browser.get(url, {"region": "130225"}).context["entries"] == []
        assert {each.row.region for each in browser.get(url).context["entries"]} == {"130224"}
    browser = client(place, "central_administrator")
    assert browser.get(url, {"region": "130225"}).context["entries"] == []
    assert {each.row.region for each in browser.get(url).context["entries"]} == {""}


def test_nothing_typed_makes_a_line_of_its_own(place):
    sound(submitted)(place)
    DEEDS["returned"].do(place)
    page = client(place, "auditor").get(reverse("admin:audit")).text
    assert "\x1b" not in page and "\u2028" not in page and "\u202e" not in page
    assert "甲\\u000a2026-01-01 管理员 登录\\u001b[2K\\u2028乙\\u202e" in page


def test_a_page_costs_the_same_however_many_entries_there_are(place, django_assert_max_num_queries):
    person = place.people["accountant"]
    for _ in range(120):
        trail.tell("login", person)
    auditor = client(place, "auditor")
    auditor.get(reverse("admin:audit"))
    with django_assert_max_num_queries(12):
        page = auditor.get(reverse("admin:audit"))
    assert len(page.context["entries"]) == 50
    last = page.context["next"]
    older = auditor.get(reverse("admin:audit"), {"before": last})
    assert older.context["entries"][0].row.number == last - 1


# What is posted to, and what it leaves: an address that takes a POST and is in neither fails the sweep below.
POSTED = {
    "login", "logout", "password_change", "overview", "overview_year", "exports_year",
    *(f"budgets_{model}_{page}" for model in ("region", "department", "person", "subject") for page in ("add", "change")),
    "budgets_person_password", "budgets_disclosure_add",
    *(f"budgets_disclosure_{page}" for page in (
        "restore", "basics", "goals", "goal", "wording", "explain", "enter", "chapter", "step", "intake", "intake_file", "given",
    )),
}  # fmt: skip
QUIET = {
    **dict.fromkeys(("index", "app_list", "password_change_done"), "shows a page, whatever the method"),
    "budgets_disclosure_preview_pdf": "makes a preview for oneself; the file is told when it is fetched",
    "budgets_disclosure_pending_pdf": "makes what is public already",
    **{f"budgets_{model}_changelist": "a list has no actions" for model in (
        "region", "department", "person", "subject", "disclosure", "publication", "logentry",
    )},
}  # fmt: skip
ROLES = (
    "accountant",
    "reviewer",
    "bureau_officer",
    "bureau_administrator",
    "auditor",
    "central_administrator",
)


def takes_posts(place: Place, names: set[str]) -> set[str]:
    """The addresses that have a use for a POST, for whatever role."""
    browsers = [client(place, role) for role in ROLES]
    for browser in browsers:
        browser.raise_request_exception = False
    found = set()
    for name in names:
        url = address(name, place) if name in OBJECT else reverse(f"admin:{name}", args=REST.get(name, ()))
        if any(browser.post(url).status_code not in (403, 404, 405) for browser in browsers):
            found.add(name)
    return found


REST = {
    "overview_year": (2023,),
    "exports_year": (2023,),
    "how_to_fill": ("hebei_2023",),
    "app_list": ("budgets",),
}
REST |= {
    "budgets_subject_codes": (2023, "function"),
    "budgets_subject_change": (1,),
    "budgets_subject_history": (1,),
}


@pytest.mark.slow
def test_whatever_takes_a_post_is_in_the_sweep_or_says_why_not(place):
    every = {name for name in {*OBJECT, *OWN} if name} - {"logout"}
    assert takes_posts(place, every - POSTED - set(QUIET)) == set()
    assert takes_posts(place, {"budgets_disclosure_enter"}) == {
        "budgets_disclosure_enter"
    }  # the negative control

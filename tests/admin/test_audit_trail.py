"""The audit trail over all that people do: one entry for each deed, with whom, when, where, what and old → new; no secrets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.models import AuditEntry, AuditPending, Disclosure, Person
from budgets.publishing.audit_proofs import chains
from budgets.workflow import trail
from tests.makers.disclosures import a_person, a_sound_disclosure, approved, published, submitted

from .conftest import Place
from .forms import fields, page_of, row_of
from .policies import OBJECT, OWN, address

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"
PASSWORD, OTHER = "wan-yuan-2023", "qing-qi-4567"
NASTY = "甲\r\n2026-01-01 管理员 登录\x1b[2K\u2028乙\u202e"


@dataclass
class Deed:
    """One kind of deed: how it is done, and the entry it leaves."""

    do: Callable[[Place], Any]
    action: str
    by: str = "accountant"
    about: str = ""  # in the object, or its start
    told: tuple[str, ...] = ()  # in the change
    before: Callable[[Place], Any] = field(default=lambda place: None)


def client(place: Place, role: str) -> Client:
    browser = place.client(role)
    browser.defaults["REMOTE_ADDR"] = ADDRESS
    return browser


def step(key: str, role: str, **data: str) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        now = Disclosure.objects.get(pk=place.disclosure.pk)
        url = address("budgets_disclosure_step", place, key=key)
        answer = client(place, role).post(url, {"version": now.version} | data)
        assert answer.status_code == 302, key

    return do


def typed(place: Place, value: str = "81.00", by_itself: bool = False, browser: Client | None = None) -> Any:
    browser, url = (
        browser or client(place, "accountant"),
        page_of(place.disclosure, "expenditure-general_public"),
    )
    data = fields(browser.get(url))
    headers = {"Accept": "application/json"} if by_itself else {}
    return browser.post(url, data | {f"{row_of(data, '2080505')}-basic": value}, headers=headers)


def login(place: Place, password: str = PASSWORD, name: str = "") -> Client:
    person = place.people["accountant"]
    person.set_password(PASSWORD)
    person.save()
    browser = Client(REMOTE_ADDR=ADDRESS)
    browser.post(reverse("admin:login"), {"username": name or person.username, "password": password})
    return browser


def got(role: str, name: str, **other: Any) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        answer = client(place, role).get(
            address(name, place, **other) if name in OBJECT else reverse(f"admin:{name}")
        )
        assert answer.status_code == 200

    return do


def posted(
    role: str, name: str, data: Callable[[Place], dict[str, Any]], **other: Any
) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        url = address(name, place, **other) if name in OBJECT else reverse(f"admin:{name}")
        answer = client(place, role).post(url, data(place))
        assert answer.status_code == 302, url

    return do


def person_of(place: Place) -> dict[str, Any]:
    person = place.people["reviewer"]
    return {
        "username": person.username,
        "name": "改名",
        "role": "reviewer",
        "department": place.department.pk,
    }


def department_of(place: Place) -> dict[str, Any]:
    return {"name": "改名局", "phone": "1", "active": "on"}


def basics(place: Place) -> dict[str, Any]:
    page = client(place, "accountant").get(address("budgets_disclosure_basics", place))
    return fields(page) | {"contact": "新电话"}


def chapter(place: Place) -> dict[str, Any]:
    page = client(place, "accountant").get(address("budgets_disclosure_chapter", place))
    return fields(page) | {"text": "本部门新的职责。"}


def new_person(place: Place) -> dict[str, Any]:
    return {
        "username": "xin",
        "name": "新会计",
        "role": "accountant",
        "password": OTHER,
        "department": place.department.pk,
    }


def sound(then: Callable[[Disclosure], Any] = lambda disclosure: None) -> Callable[[Place], Any]:
    """The place has another disclosure, sound and at the step that `then` brings it to."""

    def before(place: Place) -> None:
        place.disclosure = a_sound_disclosure(place.department, year=2025)
        then(place.disclosure)

    return before


DEEDS: dict[str, Deed] = {
    "login": Deed(login, "login", about=""),
    "wrong password": Deed(lambda place: login(place, "wrong-wrong"), "login_failed"),
    "unknown name": Deed(lambda place: login(place, OTHER, "nobody"), "login_failed", by="", about="（没有这个用户名）"),
    "logout": Deed(lambda place: login(place).post(reverse("admin:logout")), "logout"),
    "own password": Deed(
        lambda place: login(place).post(
            reverse("admin:password_change"),
            {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER},
        ),
        "password", told=("改自己的密码",),
    ),
    "another's password": Deed(
        posted("bureau_administrator", "budgets_person_password", lambda p: {"new_password1": OTHER, "new_password2": OTHER}),
        "password", "bureau_administrator", told=("为本人重设",),
    ),
    "refused": Deed(
        lambda place: client(place, "reviewer").post(address("budgets_disclosure_step", place, key="submit")),
        "refused", "reviewer", about="POST /admin/budgets/disclosure/", told=("403",),
    ),
    "not found": Deed(
        lambda place: client(place, "accountant").get("/admin/nothing%0A%1B%5B2K/"), "refused", about="GET /admin/nothing\\u000a\\u001b[2K/",
    ),
    "trail refused": Deed(
        lambda place: client(place, "accountant").get(reverse("admin:audit")), "refused", about="GET /admin/audit/",
    ),
    "draft form": Deed(got("accountant", "budgets_disclosure_draft_form"), "download", about="金丝雀"),
    "draft tables": Deed(got("reviewer", "budgets_disclosure_draft_tables"), "download", "reviewer", told=(".xlsx",)),
    "draft words": Deed(got("accountant", "budgets_disclosure_draft_words"), "download", told=(".docx",)),
    "template": Deed(got("accountant", "budgets_disclosure_intake_template"), "download"),
    "trail export": Deed(got("auditor", "audit_export"), "download", "auditor", about="/admin/audit/export/"),
    "person made": Deed(
        posted("bureau_administrator", "budgets_person_add", new_person), "add", "bureau_administrator",
        about="新会计", told=('"用户名":["空","xin"]', '"初始密码":["空","（不显示）"]'),
    ),
    "person closed": Deed(
        posted("bureau_administrator", "budgets_person_change", person_of), "change",
        "bureau_administrator", told=("改名", '["是","否"]'),
    ),
    "department made": Deed(
        posted("bureau_administrator", "budgets_department_add", lambda p: {
            "region": p.department.region.pk, "code": "777", "name": "新局", "active": "on",
        }), "add", "bureau_administrator", about="777 新局", told=('"部门预算编码":["空","777"]',),
    ),
    "department changed": Deed(
        posted("bureau_administrator", "budgets_department_change", department_of), "change", "bureau_administrator",
        told=("金丝雀", "改名局"),
    ),
    "region changed": Deed(
        posted("central_administrator", "budgets_region_change", lambda p: {"name": "新县"}), "change",
        "central_administrator", told=('"名称":["乐亭县","新县"]',),
    ),
    "subject added": Deed(
        posted("central_administrator", "budgets_subject_add", lambda p: {
            "fiscal_year": 2023, "scheme": "function", "code": "2990101", "name": "新科目", "level": 3,
            "parent_code": "29901", "confidence": "high", "active": "on",
        }), "add", "central_administrator", told=("新科目",),
    ),
    "grid typed": Deed(typed, "edit", told=('"810000"',)),
    "basics typed": Deed(posted("accountant", "budgets_disclosure_basics", basics), "edit", told=("金丝雀审批局电话", "新电话")),
    "chapter typed": Deed(posted("accountant", "budgets_disclosure_chapter", chapter), "edit", told=("新的职责",)),
    "submitted": Deed(step("submit", "accountant"), "submit", before=sound(), told=('"状态":["草稿","已提交"]',)),
    "recalled": Deed(step("recall", "accountant"), "recall", before=sound(submitted)),
    "returned": Deed(
        step("return", "reviewer", reason=NASTY), "return", "reviewer", before=sound(submitted),
        told=("甲\\n2026-01-01 管理员 登录\\u001b[2K",),
    ),
    "approved": Deed(
        step("approve", "bureau_officer"), "approve", "bureau_officer", before=sound(submitted),
    ),
    "published": Deed(
        step("publish", "bureau_officer"), "publish", "bureau_officer", before=sound(approved),
        told=('["已批准","已公开"]',),
    ),
    "corrected": Deed(
        step("correct", "bureau_officer", reason="更正数字"), "correct", "bureau_officer",
        before=sound(published), told=("更正数字",),
    ),
    "withdrawn": Deed(
        step("withdraw", "bureau_officer", reason="有误", scope="latest"), "withdraw", "bureau_officer",
        before=sound(published), told=("有误",),
    ),
    "restored": Deed(
        posted("accountant", "budgets_disclosure_restore", lambda p: {}), "restore",
    ),
    "begun": Deed(
        posted("accountant", "budgets_disclosure_add", lambda p: {"year": timezone.localdate().year, "table_set": "shanghai_2023"}), "create",
        about="金丝雀审批局 20",
    ),
    "many downloaded": Deed(
        lambda place: client(place, "bureau_officer").post("/admin/overview/2023/", {"do": "list"}), "download",
        "bureau_officer", about="/admin/overview/2023/",
    ),
}  # fmt: skip


@pytest.fixture
def place(here, no_pdf, few_pages):
    here.people["central_administrator"] = a_person("central_administrator", name="平台")
    return here


@pytest.mark.sweep(8)
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
    assert began <= row.at <= ended and row.address == ADDRESS
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

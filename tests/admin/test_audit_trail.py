"""The audit trail over all that people do: one entry for each deed, with whom, when, where, what and old → new; no secrets."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

import budgets
from budgets import factors
from budgets.admin import trail_requests
from budgets.admin.audit_words import worded
from budgets.management.commands import changepassword
from budgets.models import AuditEntry, AuditHead, AuditPending, Disclosure, Job, JobKind, Person
from budgets.publishing.audit_proofs import chains
from budgets.workflow import background, first_set_up, histories, lifecycle, trail
from tests.makers.disclosures import a_person, a_sound_disclosure, approved, published, submitted
from tests.makers.second_factors import code_of

from .bureau_deeds import BUREAU_DEEDS, code_set, in_process, signed_in, slips, use_link
from .conftest import Place
from .deeds import (
    ADDRESS,
    DESK_DEEDS,
    OTHER,
    PASSWORD,
    client,
    login,
    new_person,
    posted,
    sound,
    step,
    typed,
)
from .policies import OBJECT, OWN, address

pytestmark = pytest.mark.django_db
FIRST = {
    "region_code": "130225", "region_name": "乐亭县", "table_set": "shanghai_2023", "username": "guan", "name": "王管理", "password": OTHER,
}  # fmt: skip
DEEDS = DESK_DEEDS | BUREAU_DEEDS


@pytest.fixture
def place(here, no_pdf, few_pages, monkeypatch):
    in_process(monkeypatch)
    here.people["central_administrator"] = a_person("central_administrator", name="平台")
    return here


@pytest.mark.sweep(5, 30)
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


def secrets_of(place: Place) -> set[str]:
    """Every secret that people typed, were given or carry while the deeds below were done."""
    officer, found = place.people["bureau_officer"], {PASSWORD, OTHER, f"{PASSWORD}x"}
    browser = login(place)
    found |= {
        str(browser.session.session_key),
        str(browser.get(reverse("admin:password_change")).context["csrf_token"]),
    }
    for wrong in (f"{PASSWORD}x", OTHER):
        login(place, wrong)
        login(place, wrong, name=wrong)  # a password typed where the name belongs
    posted("bureau_administrator", "budgets_person_add", new_person)(place)
    browser.get(f"/admin/nothing/?password={PASSWORD}&token={OTHER}")
    link = slips(place)
    found |= set(link.split("/")[-2:-1])
    for address_ in (
        link,
        f"{link}x/",
        link.rstrip("/") + "x",
    ):  # spoilt by an e-mail program, opened by who is signed in
        client(place, "reviewer").get(address_)
    use_link(link)
    client(place, "reviewer").get(link)
    code_set(place)
    device = TOTPDevice.objects.get(user=officer)
    made = signed_in(place).post(reverse("admin:own_recovery")).context["made"]
    assert len(made) == factors.CODES
    for code in (*made[:1], "wrong-codes"):
        data = {"username": officer.username, "password": OTHER, "recovery_code": code}
        Client().post(reverse("admin:login"), data)
    found |= {
        device.key,
        device.config_url.partition("secret=")[2].partition("&")[0],
        *made,
        *(each.replace("-", "") for each in made),
    }
    found |= {str(token.token) for token in StaticToken.objects.all()}
    found |= {str(code) for code in (code_of(device),)}
    return found | {
        *Session.objects.values_list("pk", flat=True),
        *Person.objects.values_list("password", flat=True),
    }


def told_secrets(place: Place) -> set[str]:
    secrets = secrets_of(place) - {""}
    told = all_told()
    assert AuditEntry.objects.exists() or AuditPending.objects.exists()
    return {secret for secret in secrets if secret in told}


@pytest.mark.slow
def test_no_secret_is_told(place):
    assert told_secrets(place) == set()


@pytest.mark.slow
def test_with_the_addresses_of_links_told_whole_their_secret_would_be(place, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(trail_requests, "LINKS", "/nothing/")
    assert told_secrets(place)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("at", ["shell", "page"])
def test_the_first_set_up_is_told_as_the_first_entry(db, at, monkeypatch):
    if at == "page":
        browser = Client(headers={"host": "127.0.0.1"})
        assert browser.post(reverse("admin:set_up"), FIRST | {"again": OTHER}).status_code == 302
    else:
        first_set_up.set_up(**FIRST)
    trail.link()
    rows = [row for row in AuditEntry.objects.order_by("number") if row.action != "login"]
    assert [(row.action, row.region, row.username, row.about) for row in rows] == [
        ("set_up", "130225", "guan", "乐亭县")
    ]
    assert rows[0].data["fields"]["管理员"] == ["", "王管理（guan）"] and OTHER not in all_told()
    assert rows[0].address == ("127.0.0.1" if at == "page" else "")


@pytest.mark.slow
def test_a_password_set_on_the_server_is_told(place, monkeypatch):
    person = place.people["accountant"]
    monkeypatch.setattr(changepassword.Command, "_get_pass", lambda *given, **more: OTHER)
    call_command("changepassword", person.username, stdout=io.StringIO())
    row = AuditPending.objects.filter(action="password").last() or AuditEntry.objects.get(action="password")
    assert (row.username, row.object_id, row.address) == ("", str(person.pk), "") and OTHER not in all_told()


@pytest.mark.slow
def test_a_publication_that_the_worker_could_not_do_is_told(place):
    sound(approved)(place)
    now = Disclosure.objects.get(pk=place.disclosure.pk)
    job = Job.objects.create(
        kind=JobKind.PUBLISH, disclosure=now, person=place.people["bureau_officer"], version=now.version - 1, address=ADDRESS
    )  # fmt: skip
    background.run.call(job.pk)
    trail.link()
    row = AuditEntry.objects.get(action="not_done")
    assert row.address == ADDRESS and row.data["words"].startswith("公开：您打开以后")


def test_histories_are_written_in_one_place():
    """Beside the history of savings, which the trail follows in its own way, one module writes and tells."""
    writers = [
        path.name
        for path in Path(budgets.__file__).parent.rglob("*.py")
        if re.search(r"admin\.models import.*LogEntry", path.read_text())
        and re.search(r"(LogEntry|Saving)\.objects\.(log_actions|create|bulk_create)", path.read_text())
    ]
    assert sorted(writers) == ["editing.py", "histories.py"]


def test_a_history_that_is_not_told_is_noticed(place, monkeypatch):
    """The negative control: the helper's line alone leaves the sweep without its entry."""
    monkeypatch.setattr(histories, "note", lambda by, rows, words, **more: histories.write(by, [rows], words))
    monkeypatch.setattr("budgets.admin.region_settings.note", histories.note)
    AuditPending.objects.all().delete()
    DEEDS["settings of the region"].do(place)
    for rows in (AuditPending, AuditEntry):
        assert not rows.objects.filter(action="settings").exists()


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
        ({"action": "edit", "before": 1}, 0),
    ):
        page = auditor.get(url, query)
        assert len(page.context["entries"]) == number, query
        told = f"符合条件的 {number} 条" if query.keys() - {"before"} else "共"
        assert told in page.text or "before" in query, query
    assert "→" in auditor.get(url, {"action": "edit"}).text
    page = auditor.get(url).text
    assert "符合条件" not in page and AuditHead.objects.get(region="130225").entry in page
    assert "财政局和审计监督看得到" in page


def test_a_step_tells_what_it_changed_and_says_the_rest(db, no_pdf, few_pages):
    """The number and the content of a step are no change from nothing; what is corrected is no draft."""
    disclosure = a_sound_disclosure()
    published(disclosure)
    disclosure.refresh_from_db()
    lifecycle.correct(disclosure, by=a_person("bureau_officer"), reason="印错")
    trail.link()
    told = {row.action: worded(row).lines for row in AuditEntry.objects.all()}
    assert told["correct"] == (f"修改序号：{disclosure.version + 1}", "状态：已公开 → 更正中")
    assert "状态：已批准 → 已公开" in told["publish"]
    assert [line for line in told["publish"] if line.startswith("内容摘要：") and "→" not in line]
    assert not [line for lines in told.values() for line in lines if line.startswith("修改") and "→" in line]


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "昨天"}, "读不懂这个日期"),
        ({"until": "2023-02-29"}, "读不懂这个日期"),
        ({"since": "2023-02-02", "until": "2023-02-01"}, "还早"),
        ({"until": "9999-12-31"}, "2000"),
        ({"since": "0001-01-01"}, "2000"),
    ],
)
def test_a_day_that_cannot_be_read_is_said_and_exports_nothing(place, query, words):
    auditor = client(place, "auditor")
    for name in ("audit", "audit_export"):
        answer = auditor.get(reverse(f"admin:{name}"), query)
        assert answer.status_code == 400 and words in answer.text and "没有这样的记录" not in answer.text
        assert answer.context["entries"] == [] and "没有查找" in answer.text
    assert not AuditEntry.objects.filter(action="download").exists()
    right = auditor.get(reverse("admin:audit_export"), {"since": "2023-02-01", "text": "无关" * 60})
    assert right.status_code == 200  # other filters are left aside


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
    "budgets_person_password", "budgets_person_links", "budgets_person_sign_in", "budgets_person_hand_over", "budgets_disclosure_add",
    "own_factors", "own_code", "own_recovery", "passkey_add_complete", "region_settings", "roster", "roster_import", "operations", "question", "region_terms",
    "fiscal_years", "fiscal_year", "sums", "batches", "batch", "subject_lists", "subject_list",
    *(f"budgets_disclosure_{page}" for page in (
        "restore", "comments", "comment_new", "sign_off", "basics", "goals", "goal", "wording", "explain", "enter", "chapter", "step", "intake", "intake_file", "given",
    )),
}  # fmt: skip
QUIET = {
    **dict.fromkeys(("index", "app_list", "password_change_done"), "shows a page, whatever the method"),
    "passkey_add_begin": "asks the browser for a key and keeps nothing; what comes of it is told",
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
    **dict.fromkeys(
        ("sums", "inspection_year", "inspection_book", "fiscal_year", "subject_list_year"), (2023,)
    ),
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

"""Whatever is typed, into whatever field of the back office: an answer, never HTTP 500, on both databases."""

from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from budgets.admin.entry_grids import BY_KEY
from budgets.models import Disclosure, Person
from budgets.workflow.starting import lay_out
from tests.makers.disclosures import explain

from .forms import fields
from .policies import OBJECT, address

pytestmark = pytest.mark.django_db
WORST = ["9" * 30, "\x00"]
VALUES = [
    *WORST, "NaN", "x" * 10_000, "0." + "0" * 30 + "1", "-" + "9" * 25 + ".99", "1e5", "1E+400", "Infinity", "１２３", "二〇二三", "\x01\x1b\x7f", "a\x00b", "情况属实\x00说明原因",
    "\ufeff\u202e", "😀", "\ud800", "-1", "", " ", "0000-00-00", "9999-99-99", "10000-01-01", "2023-02-30",
    "99999999999999999999", "<script>", "' OR 1=1 --", "{{ 1 }}", "%s%n", "None", "on", "[]", "=1+1", "\r\n\r\n",
]  # fmt: skip
ANSWERS = {200, 302, 400, 403, 404, 405, 409}
DISCLOSURE = {
    **{f"enter {key}": ("enter", key) for key in BY_KEY},
    "basics": ("basics",),
    "chapter": ("chapter", "overview"),
    "goals": ("goals",),
    "wording": ("wording",),
    "explain": ("explain",),
    "intake": ("intake",),
    **{f"step {key}": ("step", key) for key in ("submit", "recall")},
}


def body(data: dict[str, str]) -> bytes:
    """What a browser sends, lone surrogates included, which no codec of a client would let through."""
    pairs = ((quote(k), quote(v.encode("utf-8", "surrogatepass"))) for k, v in data.items())
    return "&".join(f"{name}={value}" for name, value in pairs).encode()


def answer(client: Client, url: str, data: dict[str, str]) -> int:
    return client.post(url, body(data), content_type="application/x-www-form-urlencoded").status_code


def told(value: str) -> str:
    return f"{value[:20]!r} ({len(value)})"


def tried(names: list[str]) -> list[str]:
    """The fields of a page, of equal rows only the first and one that is blank."""
    rows = sorted(
        {
            int(n.split("-")[1])
            for n in names
            if n.startswith(("rows-", "goals-")) and n.split("-")[1].isdigit()
        }
    )
    kept = {rows[0], rows[-1]} if rows else set()
    return [
        n
        for n in names
        if not n.split("-")[1:2] or not n.split("-")[1].isdigit() or int(n.split("-")[1]) in kept
    ]


def faults(client: Client, url: str, data: dict[str, str], each: list[str], share: int = 1) -> list[str]:
    """The (field, value) answered with anything but what a person understands: all fields at once, and `each` singly.

    With a share of n each field meets every nth value, its neighbour the next ones.
    """
    typed = [("all", value, {n: value for n in data if n != "version"}) for value in VALUES]
    for number, name in enumerate(tried(list(data))):
        typed += [(name, value, {name: value}) for value in each[number % share :: share]]
    return [
        f"{status} {name}={told(value)}"
        for name, value, changed in typed
        if (status := answer(client, url, data | changed)) not in ANSWERS
    ]


def browser(person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def page_and_fields(client: Client, place, page: str) -> tuple[str, dict[str, str]]:
    name, *more = DISCLOSURE[page]
    url = reverse(f"admin:budgets_disclosure_{name}", args=[place.disclosure.pk, *more])
    shown = (
        reverse("admin:budgets_disclosure_change", args=[place.disclosure.pk]) if name == "explain" else url
    )
    return url, fields(client.get(shown)) | ({"transcribed": "", "file": ""} if name == "intake" else {})


def sweep_disclosure(place, page: str, each: list[str], share: int = 1) -> list[str]:
    lay_out(place.disclosure)
    if page == "explain":
        place.disclosure.explanations.all().delete()
    client = browser(place.people["accountant"])
    return faults(client, *page_and_fields(client, place, page), each, share)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("which", DISCLOSURE)
def test_no_typed_value_breaks_a_page_of_a_disclosure(here, which):
    assert sweep_disclosure(here, which, WORST) == []


@pytest.mark.slow
@pytest.mark.parametrize("which", DISCLOSURE)
def test_no_value_at_all_breaks_a_page_of_a_disclosure(here, which):
    assert sweep_disclosure(here, which, VALUES, share=5) == []


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", ["shanghai_2023"])
@pytest.mark.parametrize("which", ["enter three_public", "basics"])
def test_nor_in_another_set(here, which, table_set):
    Disclosure.objects.filter(pk=here.disclosure.pk).update(table_set=table_set)
    here.disclosure.refresh_from_db()
    assert sweep_disclosure(here, which, WORST) == []


def root() -> Person:
    return Person.objects.create_superuser("root", password="x", name="系统")


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    "name",
    ["department_add", "department_change", "person_add", "person_change", "person_password", "subject_add"],
)
def test_no_value_breaks_what_the_bureau_keeps(here, name):
    url = reverse(f"admin:budgets_{name}") if name.endswith("add") else address(f"budgets_{name}", here)
    for person in (here.people["bureau_administrator"], root()):
        client = browser(person)
        assert faults(client, url, fields(client.get(url)), WORST) == []


@pytest.mark.slow
def test_no_value_breaks_starting_a_year_and_goals(here):
    client = browser(here.people["accountant"])
    for url in (
        reverse("admin:budgets_disclosure_add"),
        address("budgets_disclosure_goal", here),
        reverse("admin:password_change"),
    ):
        assert faults(client, url, fields(client.get(url)), WORST) == []
    stranger = Client(raise_request_exception=False)
    login = reverse("admin:login")
    assert faults(stranger, login, fields(stranger.get(login)) | {"next": ""}, WORST) == []


@pytest.mark.slow
def test_no_value_breaks_a_reason(here):
    """Steps that ask why, by somebody who may take them."""
    from budgets.workflow import lifecycle

    explain(here.disclosure)
    lifecycle.submit(here.disclosure, by=here.people["accountant"])
    client = browser(here.people["bureau_officer"])
    for key in ("return", "approve", "correct", "withdraw", "publish"):
        url = address("budgets_disclosure_step", here, key=key)
        data = {"reason": "", "version": "1"}
        assert faults(client, url, data, WORST) == []


LISTS = ("disclosure", "publication", "department", "person", "subject", "logentry")


@pytest.mark.sweep(1)
@pytest.mark.parametrize("model", LISTS)
def test_no_query_breaks_a_list(here, model):
    client = browser(here.people["bureau_administrator"])
    url = reverse(f"admin:budgets_{model}_changelist")
    names = [
        "q",
        "o",
        "p",
        "e",
        "all",
        "fiscal_year",
        "fiscal_year__exact",
        "status__exact",
        "department__id__exact",
        "role__exact",
    ]
    for value in VALUES:
        for name in names:
            status = client.get(f"{url}?{body({name: value}).decode()}").status_code
            assert status in ANSWERS, f"{status} {name}={told(value)}"


def test_no_query_breaks_the_autocomplete_and_the_public_search(here):
    client = browser(here.people["accountant"])
    query = {"app_label": "budgets", "model_name": "logentry", "field_name": "disclosure"}
    for value in VALUES:
        for name in ("term", "page", "app_label", "model_name", "field_name"):
            url = f"{reverse('admin:autocomplete')}?{body(query | {name: value}).decode()}"
            assert client.get(url).status_code in ANSWERS, f"{name}={told(value)}"
        assert client.get(f"/?{body({'q': value}).decode()}").status_code == 200, told(value)


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_no_number_breaks_an_address(here, number):
    client = browser(here.people["accountant"])
    for name, words in OBJECT.items():
        for key, word in words.items():
            if word in ("disclosure", "goal", "intake", "job", "department", "person", "publication", "log"):
                assert client.get(address(name, here, **{key: number})).status_code in ANSWERS, (name, key)
    officer = browser(here.people["bureau_officer"])
    assert officer.get(f"/admin/overview/{number}/").status_code in ANSWERS
    assert client.get(f"/admin/budgets/subject/codes/{number}/function/").status_code in ANSWERS


def test_no_name_of_a_file_breaks_the_intake(here):
    client = browser(here.people["accountant"])
    url = address("budgets_disclosure_intake", here)
    for name in ("x" * 4000 + ".xlsx", "../../a.xlsx", "a\x01.xlsx", "😀.xlsx", ".xlsx", "预算.ofd"):
        status = client.post(url, {"file": SimpleUploadedFile(name, b"no workbook")}).status_code
        assert status in ANSWERS, told(name)


def test_a_bound_that_is_missing_is_noticed(here, monkeypatch):
    """The negative control: the arithmetic as it was before, which 30 digits broke."""
    from decimal import Decimal

    from budgets.admin.entry_fields import MoneyField

    def unbounded(self, value):
        return Decimal(value) * 10000 % self.quantum if value else None

    monkeypatch.setattr(MoneyField, "to_python", unbounded)
    assert sweep_disclosure(here, "enter revenue", ["9" * 30]) != []

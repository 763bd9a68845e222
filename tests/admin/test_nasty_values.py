"""Whatever is typed, into whatever field of the back office: an answer, never HTTP 500, on both databases."""

import re
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import declaration, grids_of
from budgets.admin.entry_fields import MoneyField, QuantityField
from budgets.admin.entry_grids import BY_KEY, Grid
from budgets.models import Disclosure, Person
from budgets.models import fields as fields_of_models
from budgets.models.fields import LARGEST_AMOUNT, OptionalAmountField
from budgets.workflow.starting import lay_out
from tests.makers.disclosures import an_open_year, explain

from .forms import fields
from .policies import OBJECT, address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
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
        {int(n.split("-")[1]) for n in names if n.startswith("rows-") and n.split("-")[1].isdigit()}
    )
    kept = {rows[0], rows[-1]} if rows else set()
    return [
        n
        for n in names
        if not n.split("-")[1:2] or not n.split("-")[1].isdigit() or int(n.split("-")[1]) in kept
    ]


def faults(client: Client, url: str, data: dict[str, str], each: list[str], share: int = 1) -> list[str]:
    """The (field, value) answered with anything but what a person understands: all fields at once, and `each` singly.

    With a share of n each field meets every nth value, its neighbour the next ones. All at once meet a sixth of them, other
    ones on pages of other sizes, unless each field meets all.
    """
    at_once = VALUES if each is VALUES and share == 1 else VALUES[len(data) % 6 :: 6]
    typed = [("all", value, {n: value for n in data if n != "version"}) for value in at_once]
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


@pytest.mark.sweep(0, 8)
@pytest.mark.parametrize("which", DISCLOSURE)
def test_no_value_at_all_breaks_a_page_of_a_disclosure(here, which):
    """All fields with each value, and each field with every fortieth (`share=1` is the whole, an hour of it)."""
    assert sweep_disclosure(here, which, VALUES, share=40) == []


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", ["shanghai_2023"])
@pytest.mark.parametrize("which", ["enter three_public", "basics"])
def test_nor_in_another_set(here, which, table_set):
    Disclosure.objects.filter(pk=here.disclosure.pk).update(table_set=table_set)
    here.disclosure.refresh_from_db()
    assert sweep_disclosure(here, which, WORST) == []


BEYOND = (
    "9" * 14, "-" + "9" * 14, "9" * 15 + ".99", "9" * 30, "-" + "9" * 30, "1e999", "-1E+400", "9" * 41, "0." + "0" * 30 + "1", "1.123456789",
)  # fmt: skip
BOUNDS = {
    MoneyField: r"最多 [\d,]+\.\d\d 万?元|最小填到 [\d.]+ 万?元",
    QuantityField: "最多四位小数、十三位整数",
}


def unbounded(form, name: str, value: str, refusals: list[str]) -> list[str]:
    """What is wrong with how a field answers an amount beyond its column: nothing when it names the bound."""
    pattern = BOUNDS[type(form.fields[name])]
    within = (
        type(form.fields[name]) is QuantityField and value.lstrip("-") == "9" * 13
    )  # a count may be that many
    named = bool(re.search(pattern, "".join(refusals)))
    return [] if named or within else [f"{form.fields[name].label} {told(value)}: {refusals}"]


def sweep_amounts(place) -> tuple[list[str], set[str]]:
    """The amount fields of every page that answer without the bound, and every model field that was tried."""
    client, wrong, tried_fields = browser(place.people["accountant"]), [], set()
    for number, (key, grid) in enumerate(grids_of(tablesets.get(place.disclosure.table_set)).items()):
        url = reverse("admin:budgets_disclosure_enter", args=[place.disclosure.pk, key])
        page = client.get(url)
        forms = page.context["page"].formset.forms
        first = {
            n: i for i in reversed(range(len(forms))) for n, f in forms[i].fields.items() if type(f) in BOUNDS
        }
        tried_fields |= {f"{grid.model.__name__}.{name}" for name in first}
        for value in BEYOND[number % 3 :: 3] if first else ():  # each value on every third page
            data = fields(page) | {f"rows-{i}-{name}": value for name, i in first.items()}
            forms = client.post(url, data).context["page"].formset.forms
            for name, i in first.items():
                wrong += unbounded(forms[i], name, value, forms[i].errors.get(name, []))
    return wrong, tried_fields


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_an_amount_beyond_its_column_is_refused_with_the_bound(here, table_set):
    Disclosure.objects.filter(pk=here.disclosure.pk).update(table_set=table_set)
    here.disclosure.refresh_from_db()
    lay_out(here.disclosure)
    wrong, typed = sweep_amounts(here)
    assert wrong == []
    assert typed == {
        name for grid in grids_of(tablesets.get(table_set)).values() for name in amounts_of(grid, table_set)
    }


def amounts_of(grid: Grid, table_set: str) -> set[str]:
    """The amounts of a grid's rows for which the set prints a column."""
    kinds = (OptionalAmountField, fields_of_models.NumberField)
    amounts = {field.name for field in grid.model._meta.fields if isinstance(field, kinds)}
    printed = {grid.field(leaf.word.key) for leaf in declaration(grid, tablesets.get(table_set)).leaves()}
    return {f"{grid.model.__name__}.{name}" for name in amounts & printed}


def test_the_bound_that_is_named_can_be_typed():
    for unit, quantum in (("元", "0.01"), ("万元", "100")):
        field = MoneyField(unit=unit, quantum=Decimal(quantum))
        most = re.search(r"[\d,.]+", field.bound)[0]
        assert field.clean(most) <= LARGEST_AMOUNT
        with pytest.raises(ValidationError, match="最多"):
            field.clean(f"{Decimal(most.replace(',', '')) + 1}")


def test_running_costs_beyond_their_column_are_refused_with_the_bound(here):
    Disclosure.objects.filter(pk=here.disclosure.pk).update(table_set="shanghai_2023")
    client = browser(here.people["accountant"])
    url = reverse("admin:budgets_disclosure_basics", args=[here.disclosure.pk])
    data = fields(client.get(url))
    for value in BEYOND:
        form = client.post(url, data | {"agency_running_costs": value}).context["form"]
        assert (
            unbounded(form, "agency_running_costs", value, form.errors.get("agency_running_costs", [])) == []
        )


def test_a_refusal_without_its_bound_is_noticed(here, monkeypatch):
    """The negative control: the sentence as it was, which told only that the number is too large."""
    monkeypatch.setattr(
        MoneyField, "bound", property(lambda self: "", lambda self, words: None), raising=False
    )
    lay_out(here.disclosure)
    assert sweep_amounts(here)[0] != []


def root() -> Person:
    return Person.objects.create_superuser("root", password="x", name="系统")


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize(
    "name",
    ["department_add", "department_change", "person_add", "person_change", "person_password", "subject_add"],
)
def test_no_value_breaks_what_the_bureau_keeps(here, name):
    url = reverse(f"admin:budgets_{name}") if name.endswith("add") else address(f"budgets_{name}", here)
    for person in (here.people["bureau_administrator"], root()):
        client = browser(person)
        assert faults(client, url, fields(client.get(url)), WORST) == []


def test_no_value_breaks_starting_a_year_and_goals(here):
    an_open_year(2024)
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


def test_no_value_breaks_opening_a_year(here):
    an_open_year(2024)
    client = browser(here.people["bureau_officer"])
    years, year = reverse("admin:fiscal_years"), reverse("admin:fiscal_year", args=[2024])
    assert faults(client, years, fields(client.get(years)), WORST) == []
    for do in ("terms", "dates", "texts"):
        own = {
            "terms": ("table_set", "approved_on", f"day-{here.department.pk}"),
            "dates": ("list",),
            "texts": ("text-hebei_2023-overview",),
        }[do]
        data = {name: value for name, value in fields(client.get(year)).items() if name in own}
        assert faults(client, year, data | {"do": do, "version": "1"}, WORST) == []


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


@pytest.mark.sweep(0, 3)
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
        "role__exact",
    ]
    for number, name in enumerate(names):
        for value in VALUES if name == "q" else VALUES[number % 4 :: 4]:
            status = client.get(f"{url}?{body({name: value}).decode()}").status_code
            assert status in ANSWERS, f"{status} {name}={told(value)}"


def test_no_query_breaks_the_autocomplete_and_the_public_search(here):
    client = browser(here.people["accountant"])
    query = {"app_label": "budgets", "model_name": "logentry", "field_name": "disclosure"}
    for number, name in enumerate(("term", "page", "app_label", "model_name", "field_name")):
        for value in VALUES[number % 3 :: 3]:
            url = f"{reverse('admin:autocomplete')}?{body(query | {name: value}).decode()}"
            assert client.get(url).status_code in ANSWERS, f"{name}={told(value)}"
    for value in VALUES:
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

    def without_a_bound(self, value):
        return Decimal(value) * 10000 % self.quantum if value else None

    monkeypatch.setattr(MoneyField, "to_python", without_a_bound)
    assert sweep_disclosure(here, "enter revenue", ["9" * 30]) != []

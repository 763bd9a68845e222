"""Every text of a draft is a word of its own: no stranger finds one anywhere, and no spreadsheet takes one for a formula."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from budgets import ledger, tablesets
from budgets.admin import base
from budgets.domain.composing import compose
from budgets.models import Disclosure, Person
from budgets.publishing import folders
from budgets.rendering.data import data_package
from budgets.rendering.data.data_package import package
from budgets.rendering.workbook import worksheets
from budgets.rendering.workbook.xlsx import workbook
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_sound_disclosure, published
from tests.makers.marked_texts import hanging, mark, one_of_each

from .conftest import Place
from .every_address import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf")]
# Long enough not to stand in the drawn token of a form.
SECRET = re.compile(rb"zqzq\d+x", re.I)


@pytest.fixture
def corrected(here) -> Place:
    """A place whose disclosure is public, and being corrected: the draft has everything that people type."""
    here.disclosure = a_sound_disclosure(here.department, year=2025)
    published(here.disclosure)
    here.disclosure.refresh_from_db()
    lifecycle.correct(here.disclosure, by=here.people["bureau_officer"], reason="更正")
    one_of_each(here.disclosure, here.people["accountant"], "zqzq900x")
    return here


def opened(content: bytes) -> Iterator[bytes]:
    """The bytes, and what is packed in them."""
    yield content
    if content.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from opened(archive.read(name))
    elif content.startswith(b"\x1f\x8b"):
        yield zlib.decompress(content, 31)


def told(answer: Any) -> set[bytes]:
    """The secret words of an answer: its headers, its body, and what is packed in it."""
    body = b"".join(answer) if answer.streaming else answer.content
    parts = [repr(dict(answer.items())).encode(), *opened(body)]
    return {word.lower() for part in parts for word in SECRET.findall(part)}


def found(client: Client, place: Place) -> dict[str, set[bytes]]:
    """Where that browser meets a secret word, in what is answered and in what is found by asking for one."""
    asked = addresses(place, year=2025)
    asked += [("search", f"{address}?q=zqzq1x") for name, address in asked if name in SEARCHED]
    met = {
        name: told(client.get(address)) - ({b"zqzq1x"} if name == "search" else set())
        for name, address in asked
    }
    return {name: words for name, words in met.items() if words}


SEARCHED = {
    "home",
    "budgets_disclosure_changelist",
    "budgets_publication_changelist",
    "budgets_logentry_changelist",
    "question_list",
}
STRANGERS = {
    "nobody": lambda here, beside, elsewhere: Client(),
    "accountant beside": lambda here, beside, elsewhere: beside.client(),
    "reviewer beside": lambda here, beside, elsewhere: beside.client("reviewer"),
    "officer elsewhere": lambda here, beside, elsewhere: elsewhere.client("bureau_officer"),
    "administrator elsewhere": lambda here, beside, elsewhere: elsewhere.client("bureau_administrator"),
    "auditor elsewhere": lambda here, beside, elsewhere: elsewhere.client("auditor"),
}  # fmt: skip


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("who", STRANGERS)
def test_no_stranger_meets_a_word_of_a_draft(corrected, beside, elsewhere, caplog, who):
    caplog.set_level("INFO")
    fields = mark(hanging(corrected.disclosure), lambda name, n: f"zqzq{n}x")
    assert len(fields) > 25
    assert found(STRANGERS[who](corrected, beside, elsewhere), corrected) == {}
    files = [file for file in folders.root().rglob("*") if file.is_file()]
    assert len(files) > 20
    assert not [file for file in files for part in opened(file.read_bytes()) if SECRET.search(part)]
    assert not SECRET.search(caplog.text.encode())


@pytest.mark.slow
def test_who_may_see_the_draft_meets_them_and_a_scope_too_wide_is_noticed(corrected, beside, monkeypatch):
    """The controls: the words are there to be met, and a stranger who is let in meets them."""
    fields = mark(hanging(corrected.disclosure), lambda name, n: f"zqzq{n}x")
    own = found(corrected.client(), corrected)
    met = set().union(*own.values())
    assert len(own) > 12 and len(met) > len(fields) * 2 / 3
    monkeypatch.setitem(base.SCOPES, Disclosure, lambda user: Disclosure.objects.all())
    assert found(beside.client(), corrected)


# What spreadsheets take for a formula, or once did.
BEGINNINGS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "＝",
    "＋",
    "－",
    "＠",
    "'=",
    '"=',
    ";=",
    ",=",
    "|=",
    "%0A=",
    "\u200b=",
    "\ufeff=",
)
CALLS = ("cmd|' /C calc'!A0", 'HYPERLINK("http://example.invalid/","x")')
PAYLOADS = [f"{begin}{call}zq7x" for begin in BEGINNINGS for call in CALLS]
FORMULA = re.compile(rb"<f[ >][^<]*zq7x", re.I)
EXPORTS = ("bureau_officer", "accountant", "bureau_administrator", "auditor")


def formulas(content: bytes) -> list[str]:
    """What a spreadsheet would take for a formula: in every worksheet and every CSV, of an archive too."""
    wrong = []
    for part in opened(content):
        wrong += [f"{part[:20]!r}"] if FORMULA.search(part) else []
        if b"zq7x" not in part or part.startswith((b"<", b"PK", b"{")):
            continue
        rows = csv.reader(io.StringIO(part.decode("utf-8-sig", "replace"), newline=""))
        wrong += [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and "zq7x" in cell]
    return wrong


def exported(place: Place, names: set[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """Every file that somebody takes along, of all addresses or those named, and what a publication of this draft would make."""
    for role in EXPORTS:
        client = place.client(role)
        for name, address in addresses(place, year=2025):
            if names is not None and name not in names:
                continue
            answer = client.get(address)
            kind = answer.get("Content-Type", "")
            if answer.status_code == 200 and re.search("csv|spreadsheet|zip", kind):
                yield name, b"".join(answer) if answer.streaming else answer.content
    said = ledger.read(place.disclosure)
    document = compose(tablesets.get(said.table_set), said, ledger.subjects_for(2025))
    yield "disclosure.xlsx", workbook(document)
    yield "package", package(document, revision=1, digest="0" * 64)


def marked(place: Place, turn: int) -> None:
    people = Person.objects.filter(department=place.department)
    rows = [*hanging(place.disclosure), place.department, *people, place.question]
    mark(rows, lambda name, n: PAYLOADS[(n + turn) % len(PAYLOADS)])
    place.disclosure.refresh_from_db()


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("turn", range(len(PAYLOADS)))
def test_no_text_is_a_formula_in_any_export(corrected, turn):
    """Each text field meets each payload in one of the turns."""
    marked(corrected, turn)
    files = list(exported(corrected, CARRY))
    assert {name for name, content in files if b"zq7x" in b"".join(opened(content))} == CARRY
    assert {name: wrong for name, content in files if (wrong := formulas(content))} == {}


@pytest.mark.sweep(0, 0)
@pytest.mark.parametrize("turn", [0])
def test_every_export_that_carries_a_text_is_among_them(corrected, turn):
    marked(corrected, turn)
    carry = {name for name, content in exported(corrected) if b"zq7x" in b"".join(opened(content))}
    assert carry == CARRY


CARRY = {
    "budgets_disclosure_draft_form", "budgets_disclosure_draft_tables", "budgets_disclosure_intake_template", "disclosure.xlsx", "package",
    "roster_current", "year-file", "inspection_book", "audit_export",
}  # fmt: skip


def test_a_text_that_is_written_as_it_is_would_be_a_formula(corrected, monkeypatch):
    """The negative controls, of CSV and of workbooks."""
    marked(corrected, 0)
    said = ledger.read(corrected.disclosure)
    document = compose(tablesets.get(said.table_set), said, ledger.subjects_for(2025))
    monkeypatch.setattr(data_package, "safe", lambda text: text)
    monkeypatch.setattr(worksheets, "_say", lambda cell, text: setattr(cell, "value", text) if text else None)
    assert formulas(package(document, revision=1, digest="0" * 64))
    assert formulas(workbook(document))

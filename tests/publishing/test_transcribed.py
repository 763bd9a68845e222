"""A disclosure that was published in the past, taken in from its PDF: it prints as it was, and is found like any other."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from budgets.domain.snapshots import loads
from budgets.importing.confined_intake import take_in_apart
from budgets.ledger import subjects_for
from budgets.models import Disclosure
from budgets.workflow.intake_saving import save
from tests.makers.disclosures import a_department, a_disclosure, a_region, explain, published
from tests.rendering.markup import find, parse, words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SAMPLE = Path(__file__).parents[1] / "sample"
PDF = SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf"
PUBLISHED = json.loads((SAMPLE / "shanghai-putuo-finance-bureau-2025.json").read_text())


@pytest.fixture
def publication(no_pdf):
    call_command("load_subjects", verbosity=0)
    department = a_department("101", "上海市普陀区财政局", a_region("310107", "上海市普陀区"))
    disclosure = a_disclosure(department, year=2025, table_set="shanghai_2023", facts=())
    taken = take_in_apart(
        PDF.name,
        PDF.read_bytes(),
        subjects=subjects_for(2025),
        region="310107",
        region_name="上海市普陀区",
        unit="101",
        unit_name=department.name,
        year=2025,
        table_set="shanghai_2023",
        transcribed=True,
    )
    save(taken, disclosure, None)
    kept = Disclosure.objects.get(pk=disclosure.pk)
    explain(kept, "原文如此。", public=True)
    return published(kept)


def bare(text: str) -> str:
    return "".join(text.split())


def test_every_cell_prints_as_it_was_published(publication):
    _, document = loads(bytes(publication.payload))
    printed = [[[bare(c.text) for c in row.cells] for row in sheet.rows] for sheet in document.tables]
    assert printed == [
        [[bare(text) for text in row] for row in table["rows"]] for table in PUBLISHED["tables"]
    ]
    assert document.transcribed
    assert {e.rule for e in document.explanations} >= {"no-project-under-administration"}


def test_a_known_fault_stands_beside_its_amount_and_leads_to_its_line(publication):
    """887.36 in the words, which should be 87.36, and the cell that says so."""
    site = settings.PUBLISHED_ROOT / "site/310107/101/2025/budget"
    page, checks = (parse((site / below / "index.html").read_text()) for below in (".", "checks"))
    cells = (td for td in find(page, "td") if td.get("id", "").startswith("general"))
    cell = next(td for td in cells if words(td) == "873,617.00")
    (paragraph,) = [p for p in find(page, "p") if "887.36万元" in words(p) and find(p, "a", "fault")]
    (lead,) = {a.get("href") for each in (cell, paragraph) for a in find(each, "a", "fault")}
    (line,) = [div for div in find(checks, "div", "told") if f"checks/#{div.get('id')}" == lead]
    assert "887.36万元" in words(line) and "873,617.00元" in words(line) and "原文如此。" in words(line)
    assert not find(next(td for td in find(page, "td") if words(td) == "9,620.00"), "a", "fault")


def test_search_finds_it_like_any_other(client, publication):
    page = parse(client.get("/", {"q": "财政委托业务支出"}).content.decode())
    (hit,) = [words(each) for each in find(page, "article", "hit")]
    assert "4,188,000.00" in hit
    address = publication.disclosure.department.region.code
    shown = b"".join(client.get(f"/{address}/101/2025/budget/")).decode()
    assert "照录以前公开的文件，各表与原件相同" in shown

"""A correction says in public what it changed, from the two frozen versions alone, and nothing of a withdrawn one."""

import re
from dataclasses import replace

import pytest

from budgets import ledger, tablesets
from budgets.admin.step_pages import BY_KEY
from budgets.domain.document_changes import document_changes
from budgets.models import ExpenditureLine, Narrative
from budgets.publishing import releases
from budgets.rendering.html.disclosure_pages import changes_page, disclosure_page
from budgets.workflow import lifecycle
from budgets.workflow.withdrawing import Scope, withdraw
from tests.admin.forms import enter, of
from tests.makers.disclosures import a_person, a_sound_disclosure, approved, explain, published
from tests.makers.documents import REAL, document_of, random_document
from tests.makers.sample_document import imprint

PLACE = ("130225", "483", 2023, "budget")
SECRET = "不该公开的一句话。"


def served(path: str) -> str:
    file = releases.address(PLACE) / path
    return file.read_text(encoding="utf-8") if file.is_file() else ""


@pytest.fixture
def corrected(no_pdf, db):
    """A first version with a sentence that the second one takes out; the second has another amount, too."""
    disclosure = a_sound_disclosure()
    Narrative.objects.filter(disclosure=disclosure, key="overview").update(text=f"主要职责如下。{SECRET}")
    officer = a_person("bureau_officer")
    published(disclosure, officer)
    disclosure.refresh_from_db()
    lifecycle.correct(disclosure, by=officer, reason="删去一句")
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact="新的电话"))
    Narrative.objects.filter(disclosure=disclosure, key="overview").update(text="主要职责如下。")
    explain(disclosure)
    return disclosure, officer


def test_the_next_version_says_what_it_changed(corrected, client):
    disclosure, officer = corrected
    enter(client, "accountant")
    page = client.get(of(disclosure, "step", "submit")).text
    assert "改了 1 句、首页 1 处" in page and "against=public" in page
    lifecycle.publish(approved(disclosure, officer), by=officer)
    for below in ("", "r2/"):
        assert "与第 1 版相比改了 1 句、首页 1 处" in served(f"{below}index.html")
        text = served(f"{below}changes/index.html")
        assert f"<del>{SECRET}</del>" in text and "<ins>新的电话</ins>" in text
    assert not served("r1/changes/index.html") and "changes/" not in served("r1/index.html")


def test_nothing_of_a_withdrawn_version_is_told(corrected):
    disclosure, officer = corrected
    lifecycle.publish(approved(disclosure, officer), by=officer)
    disclosure.refresh_from_db()
    withdraw(disclosure, by=officer, reason="不该公开", scope=Scope.EARLIER)
    assert served("index.html") and served("r2/index.html")
    assert not served("changes/index.html") and not served("r2/changes/index.html")
    everything = [file.read_text() for file in releases.address(PLACE).rglob("*.html")]
    assert everything and not [text for text in everything if SECRET in text or "changes/" in text]


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_the_page_of_any_two_documents_has_every_changed_amount_and_no_id_twice(table_set):
    """Two budgets that differ nearly everywhere."""
    one, other = (
        random_document(table_set, 1),
        document_of(table_set, "real" if table_set in REAL else "worn"),
    )
    changes = document_changes(one, other)
    page = changes_page(changes, other, imprint(revision=2, changed=(1, changes.words)))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    shown = sum(bool(cell.text) for s in changes.sheets for row in s.rows for cell in row.before.values())
    assert page.count("<del>") >= shown > 50
    assert 'href="changes/"' not in disclosure_page(other, imprint(revision=2))


def test_only_steps_that_lead_to_publication_tell_changes(corrected, client):
    disclosure, officer = corrected
    client.force_login(officer)
    told = {key: "与现行的" in client.get(of(disclosure, "step", key)).text for key in BY_KEY}
    assert {key for key, said in told.items() if said} == {"approve", "publish"}
    assert ExpenditureLine.objects.filter(disclosure=disclosure).exists()

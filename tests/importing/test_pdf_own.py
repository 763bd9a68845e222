"""PDFs of other makers: those that the portal publishes come back the same, and its workbooks printed by LibreOffice."""

from datetime import date
from pathlib import Path

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import Explanation
from budgets.domain.ledgers import Ledger
from budgets.domain.printed_parts import EXPLANATIONS, GLANCE
from budgets.importing.reading.grids import Source
from budgets.importing.reading.pdf_child import read_pdf
from budgets.importing.taken import Taken
from budgets.rendering.pdf.print_html import print_html
from budgets.rendering.pdf.renderer import Renderer, pdf_problem
from budgets.rendering.workbook.xlsx import workbook as exported
from tests.makers.libreoffice import converted, needs_calc
from tests.makers.sample_files import WORD
from tests.makers.sample_files import taken as laoting
from tests.rendering.conftest import ADDRESS, CREATED, DIGEST

from .test_pdf import PDF
from .test_shanghai import taken as shanghai

WORDS_OF_THE_COVER = 10
EXPLAINED = Explanation("R-01", "第1张表合计不一致：差0.01万元。", "四舍五入所致，以附表为准。")


@pytest.fixture(scope="module")
def renderer():
    if problem := pdf_problem():
        pytest.skip(problem)
    renderer = Renderer()
    yield renderer
    renderer.close()


def published(renderer: Renderer, ledger: Ledger) -> Source:
    """The PDF of a ledger as the portal prints it, read as any other."""
    table_set, subjects = tablesets.get(ledger.table_set), subjects_of(ledger.year)
    document = compose(table_set, ledger, subjects, explanations=[EXPLAINED])
    html = print_html(
        document, address=ADDRESS, revision=1, published_on=date(2023, 2, 10), fingerprint=DIGEST
    )
    content = renderer.render(html, created=CREATED)
    blocks, unread = read_pdf("公开.pdf", content)
    return Source("公开.pdf", "pdf", "", blocks, unread=unread)


def words(taken: Taken) -> list[tuple[str, str, list[str]]]:
    """Chapters with their paragraphs, without blanks: the end of a line does not say what blank stood there."""
    return [
        (n.key, n.title, ["".join(line.split()) for line in n.text.splitlines()])
        for n in taken.ledger.narratives
    ]


@pytest.mark.slow
@pytest.mark.pango
@pytest.mark.parametrize(("file", "taken"), [(WORD, laoting), (PDF, shanghai)])
def test_a_published_pdf_is_taken_in_as_the_same_disclosure(renderer, file, taken):
    original = taken(file)
    again = taken(published(renderer, original.ledger))
    assert (again.differences, again.suspects) == ([], [])
    assert [table.key for table in again.tables] == [table.key for table in original.tables]
    for name in ("facts", "organizations", "goals", "projects", "procurements", "assets", "wording"):
        assert getattr(again.ledger, name) == getattr(original.ledger, name), name
    assert words(again) == words(original)
    # What is left over stands on the cover and in the foot of each page, and the portal's own parts are named.
    drawn = [entry for entry in again.unread if entry.text in (GLANCE, EXPLANATIONS)]
    assert [entry.text for entry in drawn] == [GLANCE, EXPLANATIONS]
    rest = [entry for entry in again.unread if entry not in drawn]
    assert {entry.cell for entry in rest} <= {"第1页", ""}
    assert len(rest) <= WORDS_OF_THE_COVER


@needs_calc
@pytest.mark.parametrize(("file", "taken"), [(WORD, laoting), (PDF, shanghai)])
def test_a_printed_workbook_gives_the_same_facts(file, taken, tmp_path: Path):
    original = taken(file)
    ledger = original.ledger
    document = compose(tablesets.get(ledger.table_set), ledger, subjects_of(ledger.year))
    (tmp_path / "公开.xlsx").write_bytes(exported(document))
    again = taken(converted(tmp_path / "公开.xlsx", "pdf", tmp_path))
    assert (again.differences, again.suspects) == ([], [])
    assert [table.key for table in again.tables] == [table.key for table in original.tables]
    for name in ("facts", "organizations", "procurements", "assets"):
        assert getattr(again.ledger, name) == getattr(ledger, name), name

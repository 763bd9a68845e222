"""Publications for the tests of the public side, without the minutes that PDFs would take."""

import pytest

from budgets.publishing import files
from budgets.rendering.pdf import PdfUnavailable


@pytest.fixture(autouse=True)
def without_pdf(monkeypatch):
    """Publications leave their PDF for later, as on a machine without Pango."""

    def unavailable(*_):
        raise PdfUnavailable("tests of the public pages make no PDF")

    monkeypatch.setattr(files, "pdf_of", unavailable)

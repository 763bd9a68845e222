"""Publications for the tests of the public side, without the time that PDFs would take."""

import pytest


@pytest.fixture(autouse=True)
def without_pdf(no_pdf):
    """Publications leave their PDF for later."""

"""What a PDF of the sample costs a warm renderer: CPU, memory, bytes."""

import pytest

from tests.makers.pace import slowness, unit_of_work
from tests.rendering.conftest import ATTACHMENTS, CREATED

pytestmark = pytest.mark.pango
CPU_SECONDS = 2.0  # the aim is 1.6; 1.8 to 1.9 were measured on an idle machine, why is not known
MEMORY = 200 * 1024 * 1024
BYTES = 600 * 1024


@pytest.mark.slow
def test_a_warm_pdf_is_cheap(renderer, pdf, printed):
    shares = []
    for _ in range(5):
        before = unit_of_work()
        renderer.render(printed, attachments=ATTACHMENTS, created=CREATED)
        shares.append(renderer.report["cpu"] / slowness(before, unit_of_work()))
        assert renderer.report["rss"] <= MEMORY
        if shares[-1] <= CPU_SECONDS:
            break
    assert min(shares) <= CPU_SECONDS
    assert len(pdf) <= BYTES

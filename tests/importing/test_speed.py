"""How fast workbooks are taken in: recognised, compared and checked by every rule."""

import io
import time

import pytest

from budgets.importing.reading.sources import read
from tests.makers.disguises import disguised
from tests.makers.sample_files import WORKBOOK
from tests.makers.sample_files import taken as sample_taken

from .sweeps import times
from .test_random_workbooks import taken

ONE = 1.0  # second of CPU for nine sheets
MANY, EACH = 20, 0.9  # 200 within 90 seconds on two cores; SWEEP=10 takes in all of them


def spent(work) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize(
    "work",
    [
        lambda: sample_taken(read(io.BytesIO(WORKBOOK.read_bytes()), "预算.xlsx")),
        lambda: taken(disguised(12)),
    ],
)
def test_a_workbook_of_nine_sheets_takes_less_than_a_second(work):
    work()
    assert min(spent(work) for _ in range(3)) < ONE


@pytest.mark.slow
def test_two_hundred_workbooks_take_less_than_ninety_seconds_on_two_cores():
    made = [disguised(seed, ("hebei_2023", "shanghai_2023")[seed % 4 == 3]) for seed in range(times(MANY))]
    took = spent(lambda: [taken(one) for one in made])
    print(f"{len(made)} workbooks in {took:.1f} s of CPU")
    assert took < EACH * len(made)

"""How far the sweeps go: a moderate number by default, multiplied by the environment variable SWEEP."""

import os


def times(number: int) -> int:
    return round(number * float(os.environ.get("SWEEP", "1")))

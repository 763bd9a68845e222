"""How fast this machine is just now, so that a bound in seconds means the same on a slow or busy one."""

import gc
import time
from collections.abc import Callable
from typing import Any

# Run in a child before it starts: its one file is read a hundred times, too long for one second on any machine.
AGAIN_AND_AGAIN = "once = child.work; child.work = lambda *asked: [once(*asked) for _ in range(100)][-1]"

UNIT = 0.05  # CPU seconds of `unit_of_work` on the idle machine for which the bounds were set


def unit_of_work() -> float:
    """CPU seconds of a fixed piece of Python."""
    start = time.process_time()
    kept: dict[int, str] = {}
    for n in range(300_000):
        kept[n % 5000] = f"{n}a"
    return time.process_time() - start


def slowness(before: float, after: float) -> float:
    """How many times as long work takes here, of the units measured before and after it; never less than once."""
    return max(1.0, (before + after) / 2 / UNIT)


def least_seconds(deed: Callable[[], Any], times: int = 5) -> float:
    """The least CPU seconds of a deed, on the machine of the bounds. What was loaded before is set aside from the
    collections of garbage, as the server does when it starts: what other tests left behind costs the deed nothing.
    """
    gc.collect()
    gc.freeze()
    try:
        return min(_seconds(deed) for _ in range(times))
    finally:
        gc.unfreeze()


def _seconds(deed: Callable[[], Any]) -> float:
    before, began = unit_of_work(), time.process_time()
    deed()
    return (time.process_time() - began) / slowness(before, unit_of_work())

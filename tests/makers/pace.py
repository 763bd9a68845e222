"""How fast this machine is just now, so that a bound in seconds means the same on a slow or busy one."""

import gc
import math
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage
from typing import Any

# Run in a child before it starts: its one file is read a hundred times, too long for one second on any machine.
AGAIN_AND_AGAIN = "once = child.work; child.work = lambda *asked: [once(*asked) for _ in range(100)][-1]"

UNIT = 0.05  # CPU seconds of `unit_of_work` on the idle machine for which the bounds were set


def cpu() -> float:
    """The seconds that this process has computed. What the system does for it is left out: whether a page of memory is
    given and taken back a hundred thousand times depends on where other tests left their objects.
    """
    return getrusage(RUSAGE_SELF).ru_utime


def unit_of_work() -> float:
    """CPU seconds of a fixed piece of Python."""
    start = cpu()
    kept: dict[int, str] = {}
    for n in range(300_000):
        kept[n % 5000] = f"{n}a"
    return cpu() - start


def slowness(before: float, after: float) -> float:
    """How many times as long work takes here, of the units measured before and after it; never less than once."""
    return max(1.0, (before + after) / 2 / UNIT)


def least_seconds(deed: Callable[[], Any], enough: float, times: int = 20) -> float:
    """The least CPU seconds of a deed, on the machine of the bounds; done again only until one is `enough`, for other
    work can slow this machine for many seconds in ways that no unit of work shows. What was loaded before is set aside
    from the collections of garbage, as the server does when it starts: what other tests left behind costs nothing.
    """
    gc.collect()
    gc.freeze()
    least = math.inf
    try:
        for _ in range(times):
            least = min(least, _seconds(deed))
            if least <= enough:
                break
    finally:
        gc.unfreeze()
    return least


def _seconds(deed: Callable[[], Any]) -> float:
    before, began = unit_of_work(), cpu()
    deed()
    return (cpu() - began) / slowness(before, unit_of_work())

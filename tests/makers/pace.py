"""How fast this machine is just now, so that a bound in seconds means the same on a slow or busy one."""

import time

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

"""What happens to a portal that runs, each drawn: a part is killed, the database stops, a line is cut, a clock jumps, the disk is full."""

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tests.long.standing_portal import ALL, Standing
from tests.long.supervised import Cluster, Line

FAKED = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
JUMPS = (-3600, -90, 90, 3600)  # seconds


@dataclass
class Ground:
    """What faults are done to; a database that is not ours is not stopped, a disk that is not is not filled."""

    portal: Standing
    line: Line | None
    cluster: Cluster | None
    disk: Path | None
    chance: random.Random


type Deed = Callable[[Ground], str]


def kill_of(part: str) -> Deed:
    return lambda on: on.portal.parts[part].kill(on.chance)


def stop(on: Ground) -> str:
    """pg_ctl -m immediate; somebody starts it again."""
    assert on.cluster is not None
    on.cluster.stop()
    time.sleep(seconds := on.chance.uniform(0, 4))
    on.cluster.start()
    connection.close()  # this process had one, too
    return f"{seconds:.1f} s"


def cut(on: Ground) -> str:
    assert on.line is not None
    on.line.cut()
    time.sleep(seconds := on.chance.uniform(0.2, 6))
    on.line.mend()
    return f"{seconds:.1f} s"


def jump(on: Ground) -> str:
    """A part is started anew with another clock, and again with the right one."""
    part, by = on.chance.choice([name for name in ALL if name != "nginx"]), on.chance.choice(JUMPS)
    other = {
        "LD_PRELOAD": str(FAKED[-1]),
        "FAKETIME": f"{by:+}",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    on.portal.parts[part].anew(other)
    time.sleep(on.chance.uniform(4, 12))
    on.portal.parts[part].anew({})
    return f"{part} {by:+} s"


def full(on: Ground) -> str:
    """A file takes all room that is left on the disk of the portal."""
    assert on.disk is not None
    ballast = on.disk / "ballast"
    with ballast.open("wb") as file:
        for size in (64 << 20, 1 << 20, 4096):
            with suppress(OSError):  # no room for a piece of that size any more
                while True:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size)
    time.sleep(seconds := on.chance.uniform(1, 6))
    ballast.unlink()
    return f"{seconds:.1f} s"


def drawn(on: Ground, kills: int, stops: int, others: int) -> list[tuple[str, Deed]]:
    """The faults in drawn order: as many kills of each part, so many stops, and so many of each other kind that can be done."""
    found = [(f"kill -9: {ALL[n % len(ALL)]}", kill_of(ALL[n % len(ALL)])) for n in range(kills)]
    found += [("PostgreSQL stopped at once", stop)] * (stops if on.cluster else 0)
    found += [("line to the database cut", cut)] * (others if on.line else 0)
    found += [("clock of a part jumps", jump)] * (others if FAKED else 0)
    found += [("disk full", full)] * (others if on.disk else 0)
    on.chance.shuffle(found)
    return found

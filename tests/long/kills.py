"""Faults drawn with a seed over a whole portal at work, and a ledger of all that it acknowledged.

    uv run python -m tests.long.kills --kills 200 --stops 20 --seed 0 --folder /tmp/kills

The parts of `deploy/systemd/parts/` and nginx run as processes and are started again as systemd does it, over a PostgreSQL of
their own (with --sqlite over that, without stops and cuts). Accountants fill in and hand in files, officers approve, publish,
correct, withdraw and take exports along, citizens read. Meanwhile a drawn part is killed (kill -9, its first process or one that it
started), PostgreSQL is stopped at once, the line to it is cut, the clock of a part jumps (with libfaketime), the disk is full (as
root). A fault has passed when every part runs and answers, all addresses serve what the database names, and all work that
was under way has been taken up again. Prints a Markdown table; ends with status 1 when something was lost or is half done, with --strict also
when something took more than thirty seconds.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from tests.long.supervised import Cluster, Line, own_disk
from tests.long.told_figures import Figures


def main(given: list[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--stops", type=int, default=20)
    asked.add_argument("--others", type=int, default=10, help="cuts, jumps and full disks, of each")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--departments", type=int, default=24)
    asked.add_argument("--minutes", type=float, default=40, help="after which no fault is begun any more")
    asked.add_argument("--rate", type=float, default=8, help="public pages a second")
    asked.add_argument("--folder", type=Path, help="for database, files and logs; empty, else a new one")
    asked.add_argument("--sqlite", action="store_true")
    asked.add_argument("--strict", action="store_true", help="what takes longer than its target is wrong")
    wish = asked.parse_args(given)
    if not shutil.which("nginx"):
        asked.error("needs nginx")
    place = wish.folder or Path(tempfile.mkdtemp(prefix="kills-"))
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    if any(place.iterdir()):
        asked.error(f"{place} is not empty")
    with ExitStack() as stack:
        sys.exit(run(stack, place, wish))


def run(stack: ExitStack, place: Path, wish: argparse.Namespace) -> str | int:
    (folder := place / "data").mkdir()
    disk = stack.enter_context(own_disk(folder))
    cluster = line = None
    application = public = ""
    os.environ |= {
        "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "budgets.settings", "SECRET_KEY": "only for this run " * 4,
    }  # fmt: skip
    if not wish.sqlite:
        cluster = Cluster(place / "postgres")
        stack.callback(cluster.stop)
        line = Line(cluster.port)
        os.environ["DATABASE_URL"] = cluster.url()
        application, public = (
            cluster.url(f"mingzhang_{role}", line.port) for role in ("application", "public")
        )
    import django

    django.setup()
    from django.core.management import call_command

    from tests.long import drawn_faults, faults_passed, promises_kept
    from tests.long import standing_portal as portals
    from tests.long.acknowledged import Ledger

    call_command("migrate", verbosity=0)
    if cluster:
        call_command("grant", verbosity=0)
    call_command("load_subjects", verbosity=0)
    county = portals.a_county(wish.departments, wish.seed)
    told, ledger, over = faults_passed.Told(), Ledger(), threading.Event()
    until = time.monotonic() + wish.minutes * 60
    figures = Figures(until)
    portal = stack.enter_context(portals.standing(folder, place, portals.a_door(folder), application, public))
    ground = drawn_faults.Ground(portal, line, cluster, disk, random.Random(wish.seed))
    planned = drawn_faults.drawn(ground, wish.kills, wish.stops, wish.others)
    citizens, threads = faults_passed.clients(portal, county, ledger, over, wish.seed, wish.rate)
    began = time.monotonic()
    done = faults_passed.faults(ground, planned, told, until)
    took = time.monotonic() - began
    over.set()
    faults_passed.rest(portal, told, threads)
    figures.tell(
        "figure", f"{done} of {len(planned)} faults in {took / 60:.1f} min, seed {wish.seed}", "target"
    )
    figures.tell("---", "---", "---")
    faults_passed.tell(told, citizens, ledger, figures)
    for words, number in promises_kept.told_to_ask_again().items():
        figures.tell(f"　told: {words}", str(number))
    figures.hold("parts that their unit gave up", portal.given_up())
    figures.hold("faults that did not pass", [*told.stuck, *(each.kind for each in told.pending)])
    figures.hold("acknowledged and lost, done twice", promises_kept.lost(ledger))
    figures.hold("work that did not end", promises_kept.unfinished())
    figures.hold("half public, `verify --database`", promises_kept.half_public())
    figures.hold("public pages", citizens.wrong)
    left, faults_of = promises_kept.orphans()
    figures.hold(f"{left} files left by kills, swept; what stays", faults_of)
    if done < len(planned):
        figures.slow.append(f"{done} of {len(planned)} faults")
    print("\n".join([*told.slow, *citizens.slow, *citizens.refused]), file=sys.stderr)
    return "\n".join([*figures.wrong, *(figures.slow if wish.strict else [])]) or 0


if __name__ == "__main__":
    main()

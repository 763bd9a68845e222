"""Faults drawn with a seed over a whole portal at work, and a ledger of all that it acknowledged.

    uv run python -m tests.long.kills --kills 200 --stops 20 --seed 0 --folder /tmp/kills

The parts of `deploy/systemd/parts/` and nginx run as processes and are started again as systemd does it, over a PostgreSQL of
their own (with --sqlite over that, without stops and cuts). Accountants fill in and hand in files, officers approve, publish,
correct, withdraw and take exports along, citizens read. Meanwhile a drawn part is killed (kill -9, its first process or one that it
started), PostgreSQL is stopped at once, the line to it is cut, the clock of a part jumps (with libfaketime), the disk is full (as
root). A fault has passed when every part runs and answers, all addresses serve what the database names, and all work that
was under way is gone on with or put back into its queue. Prints a Markdown table; ends with status 1 when something was lost or is half done, with --strict also
when something took more than thirty seconds.
"""

import argparse
import random
import sys
import threading
import time
from typing import TYPE_CHECKING

from tests.long.own_portal import Own, options, own_portal
from tests.long.told_figures import Figures

if TYPE_CHECKING:
    from tests.long.acknowledged import Ledger

FIRST = 3  # deeds before the first fault


def main() -> None:
    asked = options(__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--stops", type=int, default=20)
    asked.add_argument("--others", type=int, default=10, help="cuts, jumps and full disks, of each")
    asked.add_argument("--departments", type=int, default=24)
    asked.add_argument("--minutes", type=float, default=40, help="after which no fault is begun any more")
    asked.add_argument("--rate", type=float, default=8, help="public pages a second")
    wish = asked.parse_args()
    with own_portal(wish) as own:
        from tests.long.acknowledged import Ledger

        figures = run(own, wish, Ledger())
    sys.exit("\n".join([*figures.wrong, *(figures.slow if wish.strict else [])]) or 0)


def run(own: Own, wish: argparse.Namespace, ledger: "Ledger") -> Figures:
    """All faults over this portal, and the table of what came of them."""
    from tests.long import drawn_faults, faults_passed, promises_kept

    told, over = faults_passed.Told(), threading.Event()
    figures = Figures(time.monotonic() + wish.minutes * 60)
    ground = drawn_faults.Ground(own.portal, own.line, own.cluster, own.disk, random.Random(wish.seed))
    planned = drawn_faults.drawn(ground, wish.kills, wish.stops, wish.others)
    citizens, threads = faults_passed.clients(own.portal, own.county, ledger, over, wish.seed, wish.rate)
    figures.until("the first deeds", lambda: ledger.acknowledged >= FIRST)
    began = time.monotonic()
    done = faults_passed.faults(ground, planned, told, figures.ends)
    took = (time.monotonic() - began) / 60
    over.set()
    faults_passed.rest(own.portal, told, threads)
    figures.tell("figure", f"{done} of {len(planned)} faults in {took:.1f} min, seed {wish.seed}", "target")
    figures.tell("---", "---", "---")
    faults_passed.tell(told, citizens, ledger, figures)
    for words, number in promises_kept.told_to_ask_again().items():
        figures.tell(f"　told: {words}", str(number))
    figures.hold("parts that their unit gave up", own.portal.given_up())
    figures.hold("faults that did not pass", [*told.stuck, *(each.kind for each in told.pending)])
    figures.hold("acknowledged and lost, done twice", promises_kept.lost(ledger))
    figures.hold("work that did not end", promises_kept.unfinished())
    figures.hold("half public, `verify --database`", promises_kept.half_public(own.portal))
    figures.hold("public pages", citizens.wrong)
    left, staying = promises_kept.orphans()
    figures.hold(f"files left by kills: {left}, swept; what stays", staying)
    if done < len(planned):
        figures.slow.append(f"{done} of {len(planned)} faults")
    print("\n".join([*told.slow, *citizens.slow, *citizens.refused]), file=sys.stderr)
    return figures


if __name__ == "__main__":
    main()

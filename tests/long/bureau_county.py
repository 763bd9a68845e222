"""The bureau's year as one script: a county set up, approved, published and taken along, in Chromium on a whole portal.

    uv run python -m tests.long.bureau_county --departments 60 --seed 0 --folder /tmp/county

In an empty folder (on PostgreSQL with DATABASE_URL=postgres://…, an empty database). Prints a Markdown table; ends with status 1
when something is not what it must be, with --strict also when something took longer than its target.
"""

import argparse
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.deploy.portal import free_port
from tests.long.counted_hand import Hand
from tests.long.told_figures import Figures
from tests.long.whole_portal import Started, environment, running

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FEWEST = 4  # departments: of the files three are no department's


def measured(browser: Browser, portal: Started, number: int, seed: int, told: Figures) -> None:
    """All of it. The drafts are made below the browser, by what its pages call."""
    from tests.long import bureau_steps as steps
    from tests.long.planned_county import YEAR, handed_in, own_sets, planned

    county = planned(number)
    hand = Hand(browser.new_page(accept_downloads=True), portal.url, told.ends)
    steps.set_up(hand, county, told)
    own_sets(county, YEAR)
    handed_in(county, seed)
    hand.open("/admin/")
    steps.review(hand, county, told, portal.url)
    steps.take_along(hand, county, told, portal)
    steps.many_files(hand, county, told, seed)
    told.tell("the whole, drafts drawn meanwhile", f"{hand.seconds:.0f} s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--departments", type=int, default=60)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--folder", type=Path, required=True, help="for database and files; empty")
    asked.add_argument("--minutes", type=float, default=40, help="after which the script gives up")
    asked.add_argument("--strict", action="store_true", help="what takes longer than its target is wrong")
    wish = asked.parse_args()
    if wish.departments < FEWEST:
        asked.error(f"at least {FEWEST} departments")
    wish.folder.mkdir(parents=True, exist_ok=True)
    if any(wish.folder.iterdir()):
        asked.error(f"{wish.folder} is not empty")
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), "")
    if not (chromium and shutil.which("qpdf")):
        asked.error("needs Chromium and qpdf")
    port = free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # its processes end with it
    os.environ |= environment(wish.folder, port) | {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    import django

    django.setup()
    told = Figures(time.monotonic() + wish.minutes * 60)
    told.tell("figure", f"{wish.departments} departments, seed {wish.seed}", "target")
    told.tell("---", "---", "---")
    with running(wish.folder, port) as portal, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        measured(browser, portal, wish.departments, wish.seed, told)
        browser.close()
    sys.exit("\n".join([*told.wrong, *(told.slow if wish.strict else [])]) or 0)


if __name__ == "__main__":
    main()

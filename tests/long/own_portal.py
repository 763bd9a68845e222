"""A portal with everything of its own: a disk where root may make one, PostgreSQL behind a line, a county, the parts; in one empty folder."""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.long.supervised import Cluster, Line, own_disk

if TYPE_CHECKING:
    from tests.long.standing_portal import Body, Standing


@dataclass
class Own:
    """What there is; without PostgreSQL neither cluster nor line."""

    portal: "Standing"
    county: list["Body"]
    cluster: Cluster | None
    line: Line | None
    disk: Path | None


def options(about: str | None) -> argparse.ArgumentParser:
    """What each script over such a portal is told."""
    asked = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--folder", type=Path, help="for database, files and logs; empty, else a new one")
    asked.add_argument("--sqlite", action="store_true")
    asked.add_argument("--strict", action="store_true", help="what misses its target is wrong, too")
    return asked


@contextmanager
def own_portal(wish: argparse.Namespace) -> Iterator[Own]:
    """Sets Django up and runs all of it while the block does. Raises SystemExit where it cannot."""
    if not shutil.which("nginx"):
        raise SystemExit("needs nginx")
    place: Path = wish.folder or Path(tempfile.mkdtemp())
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()):
        raise SystemExit(f"{place} is not empty")
    place.chmod(0o755)  # PostgreSQL and nginx look into it as other people
    (folder := place / "data").mkdir()
    with ExitStack() as stack:
        disk = stack.enter_context(own_disk(folder))
        cluster = line = None
        urls = ["", "", ""]
        os.environ |= {
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "budgets.settings",
            "SECRET_KEY": "only for this run " * 4,
        }
        if not wish.sqlite:
            cluster = Cluster(place / "postgres")
            stack.callback(cluster.stop)
            line = Line(cluster.port)
            roles = ("mingzhang_application", "mingzhang_public")
            urls = [cluster.url(), *(cluster.url(role, line.port) for role in roles)]
            os.environ["DATABASE_URL"] = cluster.url()
        import django

        django.setup()
        from django.core.management import call_command

        from tests.long import standing_portal as portals

        call_command("migrate", verbosity=0)
        if cluster:
            call_command("grant", verbosity=0)
        call_command("load_subjects", verbosity=0)
        county = portals.a_county(wish.departments, wish.seed)
        portal = stack.enter_context(portals.standing(folder, place, *urls))
        yield Own(portal, county, cluster, line, disk)

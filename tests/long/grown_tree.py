"""What the next publication costs when much is public already: `uv run python -m tests.long.grown_tree --steps 10 100 1000 10000`.

Fills the database of DATA_DIR up to each step (rows alone, or in full with `--in-full`), publishes three more departments without
PDF, and reads the page of each. Prints a table and draws it (`--plot`). To be run in an empty DATA_DIR.
"""

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.long.measured_lists import set_up, timed

PUBLISHED = 3  # at each step
ALIKE = 1.2  # what may grow is no more than a fifth
WIDE, HIGH, LEFT, TOP = 640, 260, 60, 30


@dataclass(frozen=True)
class Step:
    """With so many public: processor seconds of the next publication, and milliseconds of a page of it."""

    there: int
    publication: float
    page: float

    def __str__(self) -> str:
        return f"| {self.there:,} | {self.publication:.2f} | {self.page:.2f} |"


def grown(
    steps: Sequence[int], *, in_full: bool = False, seed: int = 0, until: float = math.inf
) -> Iterator[Step]:
    """Each step that begins before that moment."""
    from django.test import Client

    from budgets.management.commands.settle import learn_sizes
    from budgets.models import Publication
    from budgets.synthetic import counties

    client = Client()
    for step in steps:
        there = Publication.objects.count()
        wish = counties.Wish(seed=seed)
        counties.open_years(wish, step + PUBLISHED)
        for _ in counties.published(wish, step, with_pdf=False) if in_full else counties.rows(wish, step):
            if time.monotonic() > until:
                return
        learn_sizes()  # as the timer does
        there = Publication.objects.count()
        spent, pages = [], []
        made = counties.published(wish, step + PUBLISHED, with_pdf=False)
        for _ in range(PUBLISHED):
            began = time.process_time()
            one = next(made)
            spent.append(time.process_time() - began)
            address = f"/{one.department.region.code}/{one.department.code}/{one.fiscal_year}/{one.stage}/"
            pages += timed(lambda address=address: b"".join(client.get(address)), 20)[1]
        yield Step(there, min(spent), median(pages))


def plot(steps: Sequence[Step]) -> str:
    """Both costs as shares of the first step's, over how much was public, as an SVG; the line of a fifth more is dashed."""
    most = max(1.5, *(each / first for each, first in _pairs(steps)))
    last = math.log10(max(step.there for step in steps))
    begin = math.log10(steps[0].there)

    def x(there: int) -> float:
        return LEFT + (WIDE - LEFT - 20) * (math.log10(there) - begin) / (last - begin or 1)

    def y(share: float) -> float:
        return TOP + (HIGH - TOP - 40) * (1 - share / most)

    lines = []
    for name, colour, values in (
        ("next publication", "#1d4f91", [step.publication for step in steps]),
        ("its page", "#b3261e", [step.page for step in steps]),
    ):
        points = " ".join(
            f"{x(step.there):.0f},{y(value / values[0]):.0f}"
            for step, value in zip(steps, values, strict=True)
        )
        lines.append(f'<text x="{LEFT + 80 * len(lines)}" y="16" fill="{colour}">{name}</text>')
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
    axis = "".join(
        f'<text x="{x(step.there):.0f}" y="{HIGH - 18}" text-anchor="middle">{step.there:,}</text>'
        for step in steps
    )
    levels = "".join(
        f'<text x="{LEFT - 8}" y="{y(share) + 4:.0f}" text-anchor="end">{share:.1f}</text>'
        f'<path d="M{LEFT} {y(share):.0f}H{WIDE - 20}" stroke="#999"{dash}/>'
        for share, dash in ((0, ""), (1, ""), (ALIKE, ' stroke-dasharray="4 4"'))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">'
        "<title>Cost of the next publication and of its page, of what it was with ten disclosures</title>"
        f"{levels}{axis}{''.join(lines)}"
        f'<text x="{WIDE / 2:.0f}" y="{HIGH - 2}" text-anchor="middle">disclosures that are public</text></svg>\n'
    )


def _pairs(steps: Sequence[Step]) -> Iterator[tuple[float, float]]:
    for step in steps:
        yield step.publication, steps[0].publication
        yield step.page, steps[0].page


def main(arguments: list[str]) -> int:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--steps", type=int, nargs="+", default=[10, 100, 1000])
    asking.add_argument("--in-full", action="store_true", help="publish each disclosure, instead of its rows")
    asking.add_argument("--seed", type=int, default=0)
    asking.add_argument("--minutes", type=float, default=60)
    asking.add_argument("--plot", type=Path)
    asked = asking.parse_args(arguments)
    set_up()
    print("| disclosures | next publication, CPU s | its page, CPU ms |\n| --- | --- | --- |")
    steps = []
    until = time.monotonic() + asked.minutes * 60
    for step in grown(asked.steps, in_full=asked.in_full, seed=asked.seed, until=until):
        print(step, flush=True)
        steps.append(step)
    if asked.plot and steps:
        asked.plot.write_text(plot(steps), encoding="utf-8")
    most = max(each / first for each, first in _pairs(steps))
    print(f"\nat most {most:.2f} times the first")
    return most > ALIKE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

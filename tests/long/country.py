"""What the country would cost: units measured on this machine, questions over a country's cells, and what follows.

    uv run python -m tests.long.country --disclosures 10000 --seed 0

Draws disclosures and measures what one costs in CPU and bytes, writes the cells of so many as Parquet by region and
year, asks DuckDB what an analyst would ask, and multiplies the units out. Prints Markdown for `docs/scale.md`; ends
with status 1 when an answer is not what plain Python adds up from the same cells.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import mean
from unittest.mock import patch

YEARS = (2020, 2021, 2022, 2023, 2024)
A_COUNTY = 60  # departments
PATTERNS = 40  # disclosures that are drawn; the others repeat their figures at addresses of their own
BODIES, STAGES = 230_000 + 250_000, 2  # departments and the units below them; budget and final account
A_CORE_DAY = 24 * 3600
CELLS = "read_parquet('{}/*/*/cells.parquet', hive_partitioning = true)"
SPENT = ("balance", "current_expenditure", "expenditure")
QUESTIONS = {
    "支出最多的十个县": """select region, sum(amount) as spent from {cells} where "table" = 'balance'
        and row_key = 'current_expenditure' and column_key = 'expenditure' and year = 2024
        group by region order by spent desc, region limit 10""",
    "各年“三公”经费": """select year, sum(amount) from {cells} where "table" = 'three_public'
        and row_key = 'three_public' and column_key = 'total' group by year order by year""",
    "支出最多的十个功能科目（项）": """select row_key, sum(amount) as spent from {cells}
        where "table" = 'expenditure' and level = 3 and column_key = 'total'
        group by row_key order by spent desc limit 10""",
    "“三公”经费比上年增加最多的十个部门": """with totals as (select unit_code, year, sum(amount) as total
        from {cells} where "table" = 'three_public' and row_key = 'three_public' and column_key = 'total' group by all)
        select unit_code, year, total - lag(total) over (partition by unit_code order by year) as more
        from totals order by more desc nulls last limit 10""",
}
CHECKED = "select region, year, sum(amount) from {cells} where \"table\" = 'balance' and row_key = 'current_expenditure' and column_key = 'expenditure' group by all"


@dataclass
class Measured:
    """What was measured: CPU seconds and bytes of one disclosure by name, the partitions, the questions."""

    seconds: dict[str, float] = field(default_factory=dict)
    bytes: dict[str, float] = field(default_factory=dict)
    cells: int = 0
    parquet: int = 0
    answers: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def timed[T](deed: Callable[[], T]) -> tuple[T, float]:
    start = time.process_time()
    found = deed()
    return found, time.process_time() - start


def units(number: int, seed: int, *, with_pdf: bool) -> Measured:
    """What one disclosure costs from facts to files, the mean of so many."""
    from budgets import tablesets
    from budgets.data.subject_lists import subjects_of
    from budgets.domain import certificates
    from budgets.domain.certificates import Certificate
    from budgets.domain.composing import compose
    from budgets.domain.sheets import Filler
    from budgets.domain.snapshots import digest, dumps
    from budgets.publishing import releases, revision_files
    from budgets.publishing.chain import GENESIS, Link
    from budgets.publishing.editions import Edition
    from budgets.rendering.pdf.renderer import Renderer
    from budgets.rules.rule_states import certified
    from budgets.synthetic.ledgers_drawn import random_ledger

    renderer = Renderer()  # warm, as a worker's is
    spent: dict[str, list[float]] = defaultdict(list)
    sizes: dict[str, list[float]] = defaultdict(list)
    codes, sets = subjects_of(2023), [each for each in tablesets.SETS if "final" not in each]
    for n in range(number):
        declared = tablesets.get(sets[n % len(sets)])
        said = random_ledger(seed + n, declared, unit=(str(101 + n), "演示局"))
        document, seconds = timed(lambda declared=declared, said=said: compose(declared, said, codes))
        spent["由事实成文"].append(seconds)
        every, seconds = timed(lambda declared=declared, said=said: certified(Filler(declared, said, codes)))
        spent["全部规则"].append(seconds)
        payload = dumps(said, document)
        link = Link(GENESIS, digest(payload), 2023, said.stage, 1, date(2023, 2, 1))
        edition = Edition(link, payload, checks=certificates.dumps(Certificate("0", every)))
        files, seconds = timed(lambda edition=edition: revision_files.data_files(edition))
        spent["Excel、CSV、JSON 等"].append(seconds)
        sizes["数据文件"].append(sum(map(len, files.values())))
        revision_files.build(edition, with_pdf=False)
        (pages, _), seconds = timed(lambda edition=edition: releases.made([edition], None, {}))
        spent["网页，含压缩"].append(seconds)
        sizes["网页，含压缩的一份"].append(sum(map(len, pages.values())))
        if with_pdf:
            with patch.object(revision_files, "render_pdf", renderer.render):
                sizes["PDF"].append(len(revision_files.pdf_of(edition, files)))
            spent["PDF"].append(renderer.report["cpu"])
    renderer.close()
    return Measured(
        {name: mean(values) for name, values in spent.items()},
        {name: mean(values) for name, values in sizes.items()},
    )


def partitioned(number: int, seed: int, root: Path, told: Measured) -> dict[tuple[str, int], Decimal]:
    """The cells of so many disclosures as `region=…/year=…/cells.parquet`; what each county spends, added up here."""
    from budgets import tablesets
    from budgets.data.subject_lists import subjects_of
    from budgets.domain.composing import compose
    from budgets.rendering.data.data_package import LONG, cells, csv_of
    from budgets.rendering.data.parquet_cells import parquet
    from budgets.synthetic.ledgers_drawn import random_ledger

    declared, codes = tablesets.get("hebei_2023"), subjects_of(2023)
    drawn = [
        list(cells(compose(declared, random_ledger(seed + n, declared), codes)))
        for n in range(min(PATTERNS, number))
    ]
    names = [name for name, *_ in LONG]
    table, row, column, amount = (names.index(n) for n in ("table", "row_key", "column_key", "amount"))
    added: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for region, year, bodies in counties(number):
        lines: list[list[str]] = []
        for body in bodies:
            for line in drawn[(body + year) % len(drawn)]:
                lines.append([region, str(10001 + body), "演示局", str(year), *line[4:]])
                if (line[table], line[row], line[column]) == SPENT:
                    added[region, year] += Decimal(line[amount] or 0)
        content = parquet(csv_of(names, lines))
        if content is None:
            raise SystemExit("DuckDB is not installed: uv sync --extra parquet")
        folder = root / f"region={region}" / f"year={year}"
        folder.mkdir(parents=True)
        (folder / "cells.parquet").write_bytes(content)
        told.cells += len(lines)
        told.parquet += len(content)
    return added


def counties(number: int) -> Iterator[tuple[str, int, range]]:
    """Region, year and the numbers of its departments, until there are so many disclosures."""
    bodies = max(number // len(YEARS), 1)
    for first in range(0, bodies, A_COUNTY):
        for year in YEARS:
            yield str(100001 + first // A_COUNTY), year, range(first, min(first + A_COUNTY, bodies))


def ask(root: Path, added: dict[tuple[str, int], Decimal], told: Measured) -> None:
    """Seconds of each question, and every county's sum against that of plain Python."""
    import duckdb

    source = CELLS.format(root)
    with duckdb.connect(config={"memory_limit": "1GB", "threads": "2"}) as connection:
        for name, question in QUESTIONS.items():
            began = time.monotonic()
            if not connection.execute(question.format(cells=source)).fetchall():
                told.wrong.append(f"{name}: no answer")
            told.answers[name] = time.monotonic() - began
        found = connection.execute(CHECKED.format(cells=source)).fetchall()
    sums = {(str(region), int(year)): total for region, year, total in found}
    told.wrong += [str(key) for key in {*sums, *added} if sums.get(key) != added.get(key)]


def measured(number: int, seed: int, *, of_each: int = 12, with_pdf: bool = False) -> Measured:
    """All of it, in a folder that is removed again."""
    told = units(of_each, seed, with_pdf=with_pdf)
    with tempfile.TemporaryDirectory() as folder:
        ask(Path(folder), partitioned(number, seed, Path(folder), told), told)
    return told


def written(told: Measured, number: int) -> str:
    """The tables of `docs/scale.md`: what was measured, then what follows for the country."""
    whole = BODIES * STAGES * len(YEARS)
    cpu, size = sum(told.seconds.values()), sum(told.bytes.values())
    per_cell = told.parquet / max(told.cells, 1)
    lines = ["| measured, one disclosure | CPU s | bytes |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {seconds:.3f} | |" for name, seconds in told.seconds.items()]
    lines += [f"| {name} | | {round(value):,} |" for name, value in told.bytes.items()]
    lines += ["", f"| measured, {number:,} disclosures ({told.cells:,} cells, Parquet {told.parquet:,} bytes) | s |", "| --- | ---: |"]  # fmt: skip
    lines += [f"| {name} | {seconds:.2f} |" for name, seconds in told.answers.items()]
    lines += ["", f"| projected, {whole:,} disclosures | |", "| --- | ---: |"]
    lines += [f"| CPU, all of them once | {whole * cpu / A_CORE_DAY:,.0f} core days |"]
    lines += [f"| one year's budgets in the 20 days that the law gives | {BODIES * cpu / A_CORE_DAY / 20:,.1f} cores |"]  # fmt: skip
    lines += [f"| published tree | {whole * size / 1e12:,.2f} TB |"]
    lines += [f"| Parquet of all cells | {whole * told.cells / max(number, 1) * per_cell / 1e9:,.1f} GB |"]
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--disclosures", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--of-each", type=int, default=12, help="disclosures whose making is measured")
    asked.add_argument("--with-pdf", action="store_true")
    wish = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "budgets.settings", "DATA_DIR": folder, "DEBUG": "1"}
        import django

        django.setup()
        told = measured(wish.disclosures, wish.seed, of_each=wish.of_each, with_pdf=wish.with_pdf)
    print(written(told, wish.disclosures))
    if told.wrong:
        raise SystemExit("\n".join(told.wrong))


if __name__ == "__main__":
    main()

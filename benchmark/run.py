"""Run checkers over the frozen documents and write the report: `uv run python -m benchmark.run`.

Without options this engine checks every document. `--findings NAME=FOLDER` scores another checker by its JSON files, one for each
document and called like it (`laoting-483-2023-disclosure.docx.json`); `--small` leaves out PDFs; `-o` writes the page of results.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgets.settings")
django.setup()

from benchmark.scoring import Found, Score, by_group, by_rule, of_json, ratio  # noqa: E402
from benchmark.truths import ROOT, Thawed, Truth, frozen, seal  # noqa: E402
from budgets import tablesets  # noqa: E402
from budgets.data.subject_lists import subjects_of  # noqa: E402
from budgets.domain.composing import compose  # noqa: E402
from budgets.domain.findings import Severity  # noqa: E402
from budgets.domain.ledgers import Ledger, Narrative  # noqa: E402
from budgets.domain.sheets import Filler  # noqa: E402
from budgets.domain.terms import Stage  # noqa: E402
from budgets.importing.checked_json import checked, engine  # noqa: E402
from budgets.importing.pipeline import take_in  # noqa: E402
from budgets.rules.registry import REGISTRY, Case  # noqa: E402

type Checker = Callable[[Truth], Sequence[Found]]


def own(truth: Truth) -> Sequence[Found]:
    """What this engine finds in one document alone, as `check_disclosure --json` gives it."""
    if truth.path.suffix == ".txt":
        return words_alone(truth)
    taken = take_in(truth.path, table_set=truth.table_set, year=truth.year, subjects=subjects_of)
    return of_json(checked(taken))


def words_alone(truth: Truth) -> Sequence[Found]:
    """What the rules find in text without tables: nothing is held against a table that is not there."""
    declared, subjects = tablesets.get(truth.table_set), subjects_of(truth.year)
    stage = Stage.FINAL if truth.kind == "final" else Stage.BUDGET
    chapters = (Narrative("overview", "情况说明", truth.path.read_text(encoding="utf-8")),)
    ledger = Ledger(truth.table_set, "", "", "", "", truth.year, stage=stage, narratives=chapters)
    document = compose(declared, ledger, subjects)
    absent = frozenset(sheet.key for sheet in document.sheets())
    case = Case(Filler(declared, ledger, subjects), document, absent=absent)
    found = (finding for rule in REGISTRY.rules.values() for finding in rule.find(case))
    return [
        Found(f.rule, f.message, getattr(f.at, "quote", ""))
        for f in found
        if f.severity is not Severity.ADVICE and not f.cells
    ]


def by_files(folder: Path) -> Checker:
    """Another checker, by its JSON files; a document without one has no findings."""

    def find(truth: Truth) -> Sequence[Found]:
        file = folder / f"{truth.path.name}.json"
        return of_json(json.loads(file.read_bytes())) if file.exists() else ()

    return find


@dataclass(frozen=True)
class Run:
    """One checker over the documents: a score for each, the sum, and the seconds of processor time of the slowest."""

    name: str
    each: Sequence[tuple[Truth, Score]]
    whole: Score
    slowest: float


def run(name: str, checker: Checker, truths: Iterable[Truth]) -> Run:
    each, whole, slowest = [], Score(), 0.0
    for truth in truths:
        began = time.process_time()
        findings = checker(truth)
        slowest = max(slowest, time.process_time() - began)
        score = Score()
        score.add(truth, findings)
        whole.add(truth, findings)
        each.append((truth, score))
    return Run(name, each, whole, slowest)


def commit() -> str:
    """The commit of the engine, as far as the repository is there to ask."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return asked.stdout.strip() or "unknown"


def page(runs: Sequence[Run]) -> str:
    """The page of results, in Markdown."""
    lines = ["# Benchmark", "", INTRODUCTION, ""]
    lines += [
        f"Truth `{seal()}`, engine `{engine()}` (commit {commit()}), {len(runs[0].each)} documents.",
        "",
    ]
    for one in runs:
        whole = one.whole
        lines += [
            f"## {one.name}",
            "",
            "| | precision | recall | findings | faults |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines.append(_row("all", [whole]))
        for key in ("source", "kind", "region"):
            lines += [
                _row(f"{key}: {group}", scores) for group, scores in sorted(by_group(one.each, key).items())
            ]
        lines += ["", "| rule | right | wrong | precision |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `{rule}` | {a} | {b} | {ratio(a, a + b):.1%} |" for rule, (a, b) in by_rule(whole).items()
        ]
        lines += ["", "| kind of fault | named | planted | recall |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {kind} | {whole.named[kind]} | {n} | {ratio(whole.named[kind], n):.1%} |"
            for kind, n in sorted(whole.planted.items())
        ]
        lines += [
            "",
            f"Slowest document: {one.slowest:.1f} s of processor time, reading of PDFs (in a child process) not counted.",
            "",
        ]
        lines += [
            f"- missed: {name}, {fault.kind}: {fault.sentence or fault.cell}" for name, fault in whole.missed
        ]
        lines += [f"- false alarm: {name}, `{found.rule}`: {found.message}" for name, found in whole.alarms]
    return "\n".join(lines).rstrip() + "\n"


INTRODUCTION = (
    "Written by `uv run python -m benchmark.run -o docs/benchmark.md`; what is measured, and how others join, stands in\n"
    "[benchmark/README.md](../benchmark/README.md). Drawn documents come from this project's own generators: a result on them shows that the\n"
    "engine does what its authors meant, and no more. What counts is the published ones, and those that others add."
)


def _row(name: str, scores: Sequence[Score]) -> str:
    right, wrong = (sum(getattr(score, kind).total() for score in scores) for kind in ("right", "wrong"))
    named, planted = (sum(getattr(score, kind).total() for score in scores) for kind in ("named", "planted"))
    return f"| {name} | {ratio(right, right + wrong):.1%} | {ratio(named, planted):.1%} | {right + wrong} | {planted} |"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--findings", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--small", action="store_true", help="without PDFs")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    try:
        truths = [truth for truth in frozen() if not (options.small and truth.path.suffix == ".pdf")]
    except Thawed as error:
        print(error, file=sys.stderr)
        return 2
    runs = [run("This engine", own, truths)]
    for each in options.findings:
        name, _, folder = each.partition("=")
        runs.append(run(name, by_files(Path(folder)), truths))
    told = page(runs)
    if options.output:
        options.output.write_text(told, encoding="utf-8")
    print(told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

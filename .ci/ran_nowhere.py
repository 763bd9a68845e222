"""Reads the JUnit reports of several runs of one suite: which tests ran in none of them, and the count."""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

Outcomes = dict[str, str]


def outcomes(report: Path) -> Outcomes:
    """Test name -> "passed", "failed" or "skipped"; an expected failure has run, and counts as passed."""
    found: Outcomes = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - written by our own pytest
        name = ".".join(part for part in (case.get("classname"), case.get("name")) if part)
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            found[name] = "failed"
        elif skip is not None and skip.get("type") != "pytest.xfail":
            found.setdefault(name, "skipped")
        else:
            found.setdefault(name, "passed")
    return found


def ran_nowhere(runs: Iterable[Outcomes]) -> list[str]:
    """Names of the tests that were skipped, or missing, in every run.

    A module that skips itself is reported under its own name, so it has run
    where any test below that name has.
    """
    runs = list(runs)
    ran = {name for run in runs for name, outcome in run.items() if outcome != "skipped"}
    names = {name for run in runs for name in run}
    return sorted(name for name in names - ran if not any(other.startswith(name + ".") for other in ran))


def main(arguments: list[str]) -> int:
    count = "--count" in arguments
    reports = [Path(argument) for argument in arguments if argument != "--count"]
    if missing := [report for report in reports if not report.exists()]:
        print(*(f"no report {report.name}: its run broke off" for report in missing), sep="\n")
    runs = [outcomes(report) for report in reports if report.exists()]
    if count:
        total = [outcome for run in runs for outcome in run.values()]
        passed, failed, skipped = (total.count(word) for word in ("passed", "failed", "skipped"))
        print(f"{passed} passed, {failed + len(missing)} failed, {skipped} skipped")
        return 0
    if not any("passed" in run.values() for run in runs):
        print("no test passed in any run")
        return 1
    nowhere = ran_nowhere(runs)
    print(*(f"ran nowhere: {name}" for name in nowhere), sep="\n", end="\n" if nowhere else "")
    return 1 if nowhere or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Types are checked strictly in the whole product; where the checker is told to look away, the line says why."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
MYPY = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
IGNORE = re.compile(r"# type: ignore")
WITH_REASON = re.compile(r"# type: ignore\[[\w-]+\] # \w.{5,}")
MOST = 11


def unexplained(text: str) -> list[str]:
    """The lines on which the checker looks away without a kind and a reason."""
    return [
        line.strip() for line in text.splitlines() if IGNORE.search(line) and not WITH_REASON.search(line)
    ]


def test_the_whole_product_is_strict():
    assert MYPY["strict"] is True
    assert MYPY["files"] == ["budgets", "docs", ".ci"]
    assert [set(each) for each in MYPY["overrides"]] == [{"module", "ignore_missing_imports"}]
    assert not [name for each in MYPY["overrides"] for name in each["module"] if name.startswith("budgets")]


def test_the_checker_looks_away_seldom_and_never_without_a_reason():
    texts = [
        file.read_text(encoding="utf-8") for place in MYPY["files"] for file in (ROOT / place).rglob("*.py")
    ]
    assert [line for text in texts for line in unexplained(text)] == []
    assert sum(len(IGNORE.findall(text)) for text in texts) <= MOST


def test_a_line_without_kind_or_reason_is_told():
    lines = (
        "a = b()  # type: ignore",
        "a = b()  # type: ignore[misc]",
        "a = b()  # type: ignore # the library has no types",
        "a = b()  # type: ignore[misc] # the library has no types",
    )
    assert unexplained("\n".join(lines)) == list(lines[:3])

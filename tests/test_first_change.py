"""docs/first-change.md stays true: its patches apply, and its own commands pass with them and fail without the product part."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "first-change.md"
PATCHES = sorted(PAGE.with_suffix("").glob("*.patch"))
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed (apt: git)")
each_change = pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)


def section(patch: Path) -> str:
    """What the page says about a change, from its heading to the next."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (found,) = (text for text in sections if f"(first-change/{patch.name})" in text)
    return found


def commands(patch: Path) -> list[list[str]]:
    """The commands of its section as arguments of this Python, without the pool of the suite."""
    lines = re.findall(r"```sh\n(.*?)```", section(patch), re.DOTALL)[0].splitlines()
    words = [shlex.split(line.removeprefix("uv run ").removeprefix("python ")) for line in lines]
    return [["-m", *given, "-n0"] if given[0] == "pytest" else given for given in words]


def changed(patch: Path) -> set[str]:
    return set(re.findall(r"^\+\+\+ b/(.+)$", patch.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project without what is hidden or made by running it, but with what it compiles to and the migrated database."""
    made = tmp_path / "copy"
    shutil.copytree(ROOT, made, ignore=shutil.ignore_patterns(".*", "var"))
    shutil.copytree(ROOT / ".pytest_cache" / "d", made / ".pytest_cache" / "d", dirs_exist_ok=True)
    return made


def apply(patch: Path, copy: Path, *options: str) -> None:
    subprocess.run(["git", "apply", *options, str(patch)], cwd=copy, check=True)


def run(copy: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=copy, capture_output=True, text=True, check=False)


def test_the_page_walks_through_a_rule_a_column_and_a_page():
    assert [patch.stem for patch in PATCHES] == ["column", "page", "rule"]


@each_change
def test_the_text_names_every_file_that_the_patch_changes(patch):
    files = changed(patch)
    assert {name.startswith("tests/") for name in files} == {True, False}
    assert [name for name in files if f"`{name}`" not in section(patch)] == []


@needs_git
@pytest.mark.slow
@each_change
def test_a_change_passes_its_commands(patch, copy):
    apply(patch, copy)
    for words in [*commands(patch), ["-m", "ruff", "check"], ["-m", "ruff", "format", "--check"]]:
        outcome = run(copy, words)
        assert outcome.returncode == 0, f"{words}\n{outcome.stdout[-3000:]}{outcome.stderr[-3000:]}"


@needs_git
@pytest.mark.sweep(0, 1)
@each_change
def test_without_its_product_part_a_change_fails_its_tests(patch, copy):
    apply(patch, copy, "--include=tests/*")
    outcome = run(copy, commands(patch)[0])
    assert outcome.returncode == 1, outcome.stdout[-3000:]  # tests failed; 2 and above would be no run at all
    assert "FAILED" in outcome.stdout

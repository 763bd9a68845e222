"""How many small changes of the code the tests notice: mutmut over the modules that must not err, each with its own tests.

`uv run --with mutmut==3.8.0 python .ci/mutants.py [GROUP ...]` works in a copy of the tree and takes one to ten minutes
for each group. Prints what was killed and the changes that survived; docs/mutants.md keeps the results. Not part of .ci/run.
"""

import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEED = 2023
MUTMUT = [sys.executable, "-m", "mutmut"]
KILLED, SURVIVED, UNTESTED = "killed", "survived", "without a test"
# pytest 9.2 has no `_nodeid`, which mutmut 3.8 reads.
SHIM = "from _pytest.nodes import Node\nNode._nodeid = property(lambda self: self.nodeid)\n"
SETTINGS = """
[tool.mutmut]
source_paths = ["budgets"]
only_mutate = {modules}
use_git_change_detection = false
also_copy = ["tests", "templates", "static", "manage.py", "deploy", "docs", "mutmut_shim.py"]
pytest_add_cli_args = ["-p", "mutmut_shim", "-p", "no:xdist", "-p", "no:playwright", "--no-migrations",
                       "-o", "addopts=", "-m", "not slow and not browser"]
pytest_add_cli_args_test_selection = {tests}
"""


@dataclass(frozen=True)
class Group:
    """Modules below budgets/ and the tests that answer for them; of the mutants all, or so many drawn with SEED."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    drawn: int = 0


GROUPS = {
    "money": Group(
        ("domain/money.py",), ("tests/domain/test_money.py", "tests/importing/test_one_number.py")
    ),
    "access": Group(
        tuple(f"access/{name}.py" for name in ("asking", "permissions", "rights", "scopes", "taking")),
        ("tests/test_access.py",),
    ),
    "deadlines": Group(
        ("domain/law.py", "admin/deadlines.py"),
        ("tests/domain/test_law.py", "tests/admin/test_deadline_words.py"),
    ),
    "identities": Group(("domain/identities.py",), ("tests/domain/test_derived_identities.py",), 100),
    "suspects": Group(("domain/suspects.py",), ("tests/domain/test_suspects.py",)),
    "workflow": Group(
        ("workflow/lifecycle.py", "workflow/stepping.py", "workflow/drafts.py"),
        (
            "tests/workflow/test_lifecycle.py",
            "tests/workflow/test_stepping.py",
            "tests/workflow/test_drafts.py",
        ),
        120,
    ),
    "pointers": Group(("publishing/pointers.py",), ("tests/publishing/test_pointers.py",)),
    "verification": Group(
        ("publishing/verification.py", "publishing/folders_proved.py", "publishing/revisions_proved.py"),
        ("tests/publishing/test_verification.py",),
        80,
    ),
    "lines": Group(
        ("importing/taking/leaf_facts.py", "importing/taking/table_bodies.py"),
        ("tests/importing/test_leaf_facts.py", "tests/importing/test_table_bodies.py"),
        100,
    ),
}


def copied(folder: Path, group: Group) -> None:
    """The tree as it stands, with mutmut's settings for a group."""
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S607
    for name in files.decode().strip("\0").split("\0"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / "mutmut_shim.py").write_text(SHIM)
    modules = json.dumps([f"budgets/{module}" for module in group.modules])
    with (folder / "pyproject.toml").open("a") as settings:
        settings.write(SETTINGS.format(modules=modules, tests=json.dumps(group.tests)))


def mutmut(folder: Path, *arguments: str) -> str:
    ran = subprocess.run([*MUTMUT, *arguments], cwd=folder, capture_output=True, text=True)  # noqa: S603
    return ran.stdout + ran.stderr


def outcomes(folder: Path, group: Group) -> dict[str, int | None]:
    """Mutant -> exit code of its tests: 0 survived, 33 none ran, any other killed, None not tried."""
    found: dict[str, int | None] = {}
    for module in group.modules:
        meta = folder / "mutants" / "budgets" / f"{module}.meta"
        found |= json.loads(meta.read_text())["exit_code_by_key"]
    return found


def tried(folder: Path, group: Group) -> dict[str, int | None]:
    """The outcomes of the mutants that were tried."""
    said = mutmut(folder, "run", "--max-children", "2", *(["no such mutant"] if group.drawn else []))
    try:
        names = sorted(outcomes(folder, group))
    except FileNotFoundError:
        raise SystemExit(said[-3000:]) from None
    if group.drawn:
        names = random.Random(SEED).sample(names, min(group.drawn, len(names)))  # noqa: S311
        said = mutmut(folder, "run", "--max-children", "2", *names)
    found = outcomes(folder, group)
    if any(found[name] is None for name in names):
        raise SystemExit(said[-3000:])
    return {name: found[name] for name in names}


def difference(folder: Path, name: str) -> str:
    lines = [line for line in mutmut(folder, "show", name).splitlines() if re.match(r"[-+](?![-+])", line)]
    return "\n".join(f"    {line}" for line in lines)


def main(names: list[str]) -> int:
    for name in names or GROUPS:
        group = GROUPS[name]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "tree"
            copied(folder, group)
            found = tried(folder, group)
            told = {
                mutant: SURVIVED if code == 0 else UNTESTED
                for mutant, code in found.items()
                if code in (0, 33)
            }
            for mutant, what in sorted(told.items()):
                print(f"{mutant}: {what}\n{difference(folder, mutant)}")
            killed = len(found) - len(told)
            print(f"{name}: {killed} of {len(found)} killed, {killed / len(found):.1%}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

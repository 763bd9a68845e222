"""What the guides name is there: paths, links, marks, and the commands of the hooks."""

import re
import shlex
import sys
import tomllib
from pathlib import Path, PurePath

import pytest
from ruamel.yaml import YAML

from tests.conftest import evenly, is_fast

ROOT = Path(__file__).parents[1]
GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
QUOTED = re.compile(r"`([\w.-]+(?:/[\w.-]+)+/?)`|\]\((?!https?:)([^)#]+)")
HOOKS = ROOT / ".pre-commit-config.yaml"
MARKS = [re.split("[:(]", m)[0] for m in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]["markers"]]  # fmt: skip


def absent(text: str, beside: Path) -> list[str]:
    """The paths of the repository and the links of a page that lead nowhere."""
    rooms = {path.name for path in ROOT.iterdir() if path.name not in {"var"}}
    patches = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.patch"))
    made = set(re.findall(r"^--- /dev/null\n\+\+\+ b/(.+)$", patches, re.MULTILINE))
    found = []
    for quoted, link in QUOTED.findall(text):
        if quoted.partition("/")[0] in rooms and quoted not in made and not (ROOT / quoted).exists():
            found.append(quoted)
        if link and not (beside / link).exists():
            found.append(link)
    return found


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_path_and_link_of_a_guide_is_there(guide):
    assert absent(guide.read_text(encoding="utf-8"), guide.parent) == []


OWN = {path.stem for path in (ROOT / "budgets" / "management" / "commands").glob("[a-z]*.py")}


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_a_readme_names_every_command_of_the_product(readme):
    quoted = " ".join(re.findall(r"`([^`\n]+)`", (ROOT / readme).read_text(encoding="utf-8")))
    words = set(re.findall(r"[a-z_]+", quoted))
    assert (
        OWN - {"createsuperuser", "changepassword"} - words == set()
    )  # those two are Django's, told in the audit trail


def test_a_path_that_is_gone_is_noticed():
    text = "`budgets/rules/` `budgets/no_such.py`, [here](README.md), [there](docs/none.md), `and/or`"
    assert absent(text, ROOT) == ["budgets/no_such.py", "docs/none.md"]


GONE = {"shortcuts.py"}  # a decision says why
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def gone(text: str) -> list[str]:
    """The modules that a decision names by the end of their path and that are no longer there."""
    named = set(re.findall(r"`([\w/]+\.py)`", text)) - GONE
    there = [path.as_posix() for room in ("budgets", "tests") for path in (ROOT / room).rglob("*.py")]
    return sorted(name for name in named if not any(path.endswith(f"/{name}") for path in there))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.name)
def test_a_decision_has_a_status_and_names_modules_that_are_there(decision):
    text = decision.read_text(encoding="utf-8")
    assert "**Status.**" in text and gone(text) == []


def test_a_module_that_is_gone_is_noticed():
    assert gone("`domain/money.py`, `money.py`, `domain/purse.py`, `shortcuts.py`") == ["domain/purse.py"]


def test_contributing_names_every_mark_and_what_is_asked_for_most():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [mark for mark in MARKS if not re.search(rf"`{mark}\b", text)] == []
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| a ")]
    asked = ("a check of a disclosure", "a region's tables", "a public page", "a budget, a file")
    assert [each for each in asked if not any(row.startswith(each) for row in rows)] == []
    assert "## How errors are worded" in text


def unknown(command: str) -> list[str]:
    """What a hook's command names and the project does not have: its program, and marks it selects by."""
    words = shlex.split(command)
    program = words[2] if words[:2] == ["uv", "run"] else words[0]
    there = (ROOT / program).is_file() or (Path(sys.executable).parent / program).exists()
    chosen = [words[n + 1] for n, word in enumerate(words[:-1]) if word == "-m"]
    return [*([] if there else [program]), *(mark for mark in chosen if mark not in MARKS)]


def test_the_hooks_are_local_and_their_commands_exist():
    text = HOOKS.read_text(encoding="utf-8")
    repositories = YAML(typ="safe").load(text)["repos"]
    hooks = [hook for each in repositories for hook in each["hooks"]]
    assert {each["repo"] for each in repositories} == {"local"} and "://" not in text
    assert {hook["language"] for hook in hooks} == {"system"}
    assert [unknown(hook["entry"]) for hook in hooks] == [[]] * len(hooks)
    entries = " ".join(hook["entry"] for hook in hooks)
    asked = ("uv run ruff check", "uv run ruff format --check", "uv run mypy", "uv run pytest -m fast")
    assert [each for each in asked if each not in entries] == []


def test_a_hook_of_an_unknown_command_or_mark_is_noticed():
    assert unknown("uv run ruf check") == ["ruf"]
    assert unknown("uv run pytest -m fastest") == ["fastest"]
    assert unknown("no-such-program-at-all") == ["no-such-program-at-all"]


def test_what_is_fast_is_pure_short_and_carries_no_other_mark(request):
    assert is_fast(PurePath("domain/test_money.py"), set())
    assert is_fast(PurePath("test_architecture.py"), set())
    assert not is_fast(PurePath("domain/test_money.py"), {"slow"})
    assert not is_fast(PurePath("rules/test_growth.py"), set())
    assert not is_fast(PurePath("rendering/test_html.py"), set())
    fast = [item for item in request.session.items if item.get_closest_marker("fast")]
    assert request.node in fast
    others = ("database", "slow", "browser", "pango")
    assert [item for item in fast if any(item.get_closest_marker(mark) for mark in others)] == []


def test_a_share_of_a_sweep_is_spread_over_its_cases():
    cases = list(range(70))
    assert [evenly(cases, wanted) for wanted in (0, 1, 70, 99)] == [[], [0], cases, cases]
    share = evenly(cases, 23)
    assert len(share) == 23
    assert {case % 2 for case in share} == {0, 1}
    assert max(b - a for a, b in zip(share, [*share[1:], 70], strict=True)) <= 4
    other = evenly(cases, 23, begin=1)
    assert len(other) == 23 and other != share
    assert [evenly(cases, wanted, begin=65) for wanted in (0, 1, 70)] == [[], [65], cases]


def test_the_heavy_tests_are_there():
    """tests/heavy_tests.txt names tests as they are called now; .ci/heavy_tests.py writes it."""
    names = (ROOT / "tests" / "heavy_tests.txt").read_text(encoding="utf-8").split()
    assert names == sorted(set(names)) and len(names) > 100
    gone = [
        name
        for name in names
        if f"def {name.partition('::')[2]}(" not in source(ROOT / name.partition("::")[0])
    ]
    assert gone == []


def source(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""

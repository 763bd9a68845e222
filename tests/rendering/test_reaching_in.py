"""Where code reaches into WeasyPrint and pydyf: all of it is listed in one place, for the versions it was tried with."""

import ast
import re
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISION = ROOT / "docs" / "decisions" / "0005-pdf-in-a-process-of-its-own.md"
TRIED = {"weasyprint": "70.0", "pydyf": "0.13"}
# Documented for whoever uses WeasyPrint; everything deeper is its own business.
PUBLIC = {"weasyprint", "weasyprint.urls", "weasyprint.text.fonts", "pydyf"}
FOLDER = ROOT / "budgets" / "rendering" / "pdf"


def listed() -> str:
    return "\n".join(
        line for line in DECISION.read_text(encoding="utf-8").splitlines() if line.startswith("|")
    )


def outdated(library: str, installed: str) -> str:
    """What to do when another minor version is installed; blank when it is the one that was tried."""
    if installed.split(".")[:2] == TRIED[library].split("."):
        return ""
    return (
        f"{library} {installed} is installed, {TRIED[library]} was tried: read the table in {DECISION.name}, "
        'take out what is no longer needed, run all of tests/rendering (-m ""), then change TRIED'
    )


@pytest.mark.parametrize("library", TRIED)
def test_the_version_is_the_one_that_the_list_was_made_for(library):
    assert not outdated(library, version(library)), outdated(library, version(library))


@pytest.mark.parametrize(
    ("library", "other"), [("weasyprint", "70.1"), ("weasyprint", "71.0"), ("pydyf", "0.14.0")]
)
def test_another_minor_version_is_told_with_the_list(library, other):
    assert DECISION.name in outdated(library, other)
    assert not outdated(library, f"{TRIED[library]}.3")


def reached(source: str) -> set[str]:
    """The modules of WeasyPrint that are its own business, and the private attributes of other objects."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in TRIED:
            found |= {node.module} - PUBLIC
        elif isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                found.add(node.attr)
        elif isinstance(node, ast.ClassDef) and any(
            ast.unparse(base).startswith("weasyprint.") for base in node.bases
        ):
            found |= {
                each.name
                for each in node.body
                if isinstance(each, ast.FunctionDef) and re.match(r"_[a-z]", each.name)
            }
    return found


def unlisted(source: str) -> set[str]:
    table = listed()
    return {name for name in reached(source) if name not in table}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda file: file.stem)
def test_whatever_is_reached_for_is_listed(file):
    source = file.read_text(encoding="utf-8")
    if re.search(r"import (weasyprint|pydyf)|from (weasyprint|pydyf)", source):
        assert unlisted(source) == set(), f"not in the table of {DECISION.name}"
        assert file.name in listed()


def test_a_name_that_is_not_listed_is_found():
    source = """
from weasyprint import CSS
from weasyprint.draw import stack
page._secret
self._own
class Page(weasyprint.HTML):
    def _ph_stylesheets(self): return []
"""
    assert unlisted(source) == {"weasyprint.draw", "_secret", "_ph_stylesheets"}


@pytest.mark.parametrize("place", re.findall(r"^\| `(\w+\.py)`", listed(), flags=re.MULTILINE))
def test_each_place_of_the_list_is_there(place):
    assert (FOLDER / place).is_file()

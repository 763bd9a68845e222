"""The house: no circle of packages, the picture true, names unique, nothing built on the desks."""

import importlib.util
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("architecture", ROOT / "docs" / "architecture.py")
assert SPEC is not None and SPEC.loader is not None
architecture = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(architecture)


def a_house(tmp_path: Path, **texts: str) -> Path:
    """A tree of packages, one module each; `a__b` stands for the package b in a."""
    for name, text in texts.items():
        folder = tmp_path / "budgets" / name.replace("__", "/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / f"{name}_words.py").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("depth", [1, 9])
def test_no_packages_need_each_other_in_a_circle(depth):
    assert architecture.circle(architecture.packages(depth)) == []


def test_a_circle_is_found_however_long(tmp_path):
    house = a_house(
        tmp_path,
        a="from budgets.b import b_words",
        b="import budgets.c.c_words",
        c="def late():\n    from ..a import a_words\n",
        d="from budgets.a import a_words",
    )
    assert architecture.circle(architecture.packages(1, house)) == ["a", "b", "c", "a"]


def test_the_picture_is_up_to_date():
    written = architecture.PAGE.read_text(encoding="utf-8")
    assert architecture.page(written, architecture.mermaid(architecture.packages())) == written


def test_an_arrow_that_a_longer_way_says_is_left_out():
    graph = {"a": frozenset("bc"), "b": frozenset("c"), "c": frozenset()}
    assert architecture.mermaid(graph).split("\n") == ["flowchart TD", "  a --> b", "  b --> c", ""]


@pytest.mark.slow
def test_nothing_stands_on_the_desks_or_on_the_public_pages():
    others = {name: needs for name, needs in architecture.packages().items() if name != "management"}
    assert [name for name, needs in others.items() if needs & {"admin", "public", "management"}] == []


@pytest.mark.slow
def test_the_field_needs_nothing():
    assert architecture.packages()["domain"] == frozenset()


@pytest.mark.slow
def test_every_room_is_on_the_page_and_has_a_door_that_says_what_it_is_for():
    rooms = {name for name in architecture.packages() if (ROOT / "budgets" / name).is_dir()}
    text = architecture.PAGE.read_text(encoding="utf-8")
    assert [room for room in sorted(rooms) if f"`{room}`" not in text] == []
    doors = [file for file in (ROOT / "budgets").rglob("__init__.py") if "migrations" not in file.parts]
    assert [file for file in doors if not file.read_text(encoding="utf-8").startswith('"""')] == []


def test_a_module_name_is_unique():
    names = Counter(
        name.rpartition(".")[2] for name, file in architecture.modules().items() if file.stem[:2] != "__"
    )
    assert [name for name, times in names.items() if times > 1] == []

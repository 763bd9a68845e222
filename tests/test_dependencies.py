"""What the portal stands on: five libraries by choice, each used for its job; every distribution pinned."""

import ast
import re
import tomllib
from importlib import import_module, metadata
from pathlib import Path

import environ
import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The five that were chosen, each with the rooms of the product that need it for its job.
JOBS = {
    "django": ("models", "admin", "public"),
    "django_tables2": (
        "rendering.html",
        "admin",
        "public",
    ),  # the statutory tables, the lists of the bureau and the county
    "openpyxl": ("importing.reading", "rendering.workbook", "forms"),
    "weasyprint": ("rendering.pdf",),
    "psycopg": ("settings",),
}
# Used by name in a setting or on a command line, or by another library as soon as it is there.
BY_NAME = {
    "psycopg": "the engine of a postgres:// address, in settings.DATABASES",
    "granian": "the command of deploy/Dockerfile",
    "django-axes": "a middleware and a backend in settings",
    "django-tasks-db": "an application in settings",
    "defusedxml": "openpyxl takes it when it is there",
}
IMPORTED_AS = {
    "django-environ": "environ",
    "python-docx": "docx",
    "pdfminer-six": "pdfminer",
    "pillow": "PIL",
    "pypdfium2": "pypdfium2_raw",
    "tdewolff-minify": "minify",
}


def name_of(requirement: str) -> str:
    return (
        re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")
    )


def imports(file: Path) -> set[str]:
    """The first names of every import of a file, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def by_module() -> dict[str, set[str]]:
    """What each module of the product imports, by its dotted name below `budgets`."""
    root = ROOT / "budgets"
    return {
        ".".join(file.relative_to(root).with_suffix("").parts): imports(file) for file in root.rglob("*.py")
    }


def imported() -> set[str]:
    return set().union(*by_module().values())


def idle(used: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The chosen libraries with each room that was to need them and imports them nowhere."""
    return [
        (library, room)
        for library, rooms in JOBS.items()
        for room in rooms
        if not any(library in names for module, names in used.items() if f"{module}.".startswith(f"{room}."))
    ]


def closure(requirements: list[str]) -> set[str]:
    """Every distribution that is installed for these, theirs included."""
    seen: set[str] = set()
    waiting = [name_of(requirement) for requirement in requirements]
    while waiting:
        name = waiting.pop()
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system or Python
            continue
        if name not in seen:
            seen.add(name)
            waiting += [name_of(each) for each in found.requires or () if "extra ==" not in each]
    return seen


def the_product() -> dict[str, set[str]]:
    """What each module needs; psycopg is what the settings get for a postgres:// address, and never named."""
    used = by_module()
    settings = (ROOT / "budgets" / "settings.py").read_text(encoding="utf-8")
    engine = environ.Env.db_url_config("postgres://somebody@localhost/portal")["ENGINE"]
    if 'env.db_url_config(secret("DATABASE_URL")' in settings:
        used["settings"] |= imports(Path(import_module(f"{engine}.psycopg_any").__file__))
    return used


def test_the_five_chosen_libraries_do_their_jobs():
    assert len(JOBS) == 5
    assert idle(the_product()) == []


@pytest.mark.sweep(1, 2)
@pytest.mark.parametrize(
    ("library", "room"), [(name, room) for name, rooms in JOBS.items() for room in rooms]
)
def test_a_library_that_lost_its_job_is_told(library, room):
    """The same imports without this library in this room."""
    used = {
        module: names - {library} if f"{module}.".startswith(f"{room}.") else names
        for module, names in the_product().items()
    }
    assert idle(used) == [(library, room)]


def test_nothing_is_required_that_nobody_uses():
    required = {name_of(each) for each in PROJECT["project"]["dependencies"]}
    names = {IMPORTED_AS.get(name, name.replace("-", "_")): name for name in required - set(BY_NAME)}
    assert sorted(names[name] for name in set(names) - imported()) == []


def test_each_requirement_has_its_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.optional-dependencies]")]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]
    assert len(lines) == len(PROJECT["project"]["dependencies"])
    assert [line for line in lines if "#" not in line] == []


@pytest.mark.parametrize("wanted", ["dependencies", "dev"])
def test_every_installed_distribution_is_pinned(wanted):
    pinned = {name_of(each): each for each in PROJECT["tool"]["uv"]["constraint-dependencies"]}
    project = PROJECT["project"]
    roots = project["dependencies"] if wanted == "dependencies" else project["optional-dependencies"]["dev"]
    extras = ["psycopg-binary"] if wanted == "dependencies" else []
    found = {name: metadata.version(name) for name in closure([*roots, *extras])}
    assert {
        name: v for name, v in found.items() if pinned.get(name, "").split(";")[0].strip() != f"{name}=={v}"
    } == {}

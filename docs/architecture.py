"""Draws the packages of the portal and who needs whom, from the real imports.

    python docs/architecture.py           writes the picture into docs/architecture.md
    python docs/architecture.py --check   says what is wrong: a circle of packages, or a picture that is out of date

An arrow says "needs". Of the arrows, only those are drawn that no longer way says already.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "```mermaid\n", "```\n"
LEFT_OUT = {
    "migrations",
    "settings",
    "urls",
    "wsgi",
    "apps",
    "error_views",
}  # what Django is told, not what the code needs

type Graph = Mapping[str, frozenset[str]]


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the product by its dotted name; a package by its own."""
    found = {}
    for file in sorted((root / "budgets").rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        if not LEFT_OUT & set(parts[1:]):
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def needs(name: str, file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules of the product that one imports, wherever the import stands."""
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield from (each for each in (f"{base}.{alias.name}", base) if each in known)


def package_of(name: str, file: Path, depth: int) -> str:
    """The package a module lives in, at most `depth` names below `budgets`; a module right below it is its own."""
    parts = name.split(".")[1:]
    inside = parts if file.name == "__init__.py" else parts[:-1]
    return ".".join((inside or parts)[:depth])


def packages(depth: int = 1, root: Path = ROOT) -> Graph:
    """Each package with those that it needs. Depth 1 are the rooms of the house, 9 every folder."""
    known = modules(root)
    graph: dict[str, set[str]] = defaultdict(set)
    for name, file in known.items():
        own = package_of(name, file, depth)
        graph[own] |= {package_of(other, known[other], depth) for other in needs(name, file, known)} - {own}
    return {name: frozenset(others - {""}) for name, others in graph.items() if name}


def circle(graph: Graph) -> list[str]:
    """Packages that need each other in a circle, the first one found; empty when there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name not in done:
            for other in sorted(graph.get(name, ())):
                if found := walk(other, [*way, name]):
                    return found
            done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := walk(name, []))), [])


def reduced(graph: Graph) -> Graph:
    """The same graph without the arrows that a longer way says already."""

    def reach(start: str, without: str) -> set[str]:
        seen: set[str] = set()
        waiting = [other for other in graph.get(start, ()) if other != without]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(graph.get(name, ()))
        return seen

    return {
        name: frozenset(other for other in others if other not in reach(name, other))
        for name, others in graph.items()
    }


def mermaid(graph: Graph) -> str:
    """The picture in Mermaid's words, in a steady order."""
    arrows = (
        f"  {name} --> {other}" for name, others in sorted(reduced(graph).items()) for other in sorted(others)
    )
    return "\n".join(["flowchart TD", *arrows, ""])


def page(text: str, picture: str) -> str:
    """The page with its picture replaced."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{picture}{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> str:
    """What is wrong, in words; blank when all is well."""
    if found := circle(packages(9)):
        return f"packages in a circle: {' -> '.join(found)}"
    written = PAGE.read_text(encoding="utf-8")
    drawn = page(written, mermaid(packages()))
    if "--check" not in arguments:
        PAGE.write_text(drawn, encoding="utf-8")
    elif drawn != written:
        return "docs/architecture.md is out of date: run `python docs/architecture.py`"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)

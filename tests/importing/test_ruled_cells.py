"""Cells out of rules: the same that pdfplumber's TableFinder finds, over real pages and random ones."""

import random
from types import SimpleNamespace

import pdfplumber
import pytest
from pdfplumber.table import TableFinder

from budgets.importing.reading.pdf import pdf_pages, ruled_cells
from budgets.importing.reading.pdf.ruled_cells import Rule, cells_of, merged, tables_of
from budgets.importing.reading.pdf.visible_marks import Character, Marks
from tests.makers.sample_files import SAMPLE

REAL = sorted(path.name for path in SAMPLE.glob("*.pdf"))


def ours(edges: list[dict]) -> list[list]:
    level = [Rule(e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h"]
    upright = [Rule(e["x0"], e["top"], e["bottom"]) for e in edges if e["orientation"] == "v"]
    return sorted(map(rounded, tables_of(cells_of(merged(level), merged(upright)))))


def theirs(edges: list[dict]) -> list[list]:
    page = SimpleNamespace(edges=edges, bbox=(0, 0, 999, 999))
    return sorted(rounded(table.cells) for table in TableFinder(page).tables)


def rounded(cells: list) -> list:
    return sorted(tuple(round(float(v), 3) for v in cell) for cell in cells)


def edge(x0: float, top: float, x1: float, bottom: float) -> dict:
    return {
        "orientation": "v" if x0 == x1 else "h", "object_type": "rect_edge",
        "x0": x0, "x1": x1, "width": x1 - x0, "top": top, "bottom": bottom, "height": bottom - top,
    }  # fmt: skip


def drawn(seed: int) -> list[dict]:
    """Tables of merged cells as programs draw them: thin boxes, pieces, rules a hair apart or missing."""
    chance = random.Random(seed)
    edges: list[dict] = []
    top = 50.0
    for _ in range(chance.randint(1, 3)):
        xs = [60.0]
        for _ in range(chance.randint(1, 6)):
            xs.append(xs[-1] + chance.choice((2, 12, 30, 80)))
        for _ in range(chance.randint(1, 6)):
            height = chance.choice((4, 15, 15, 40))
            for left, right in zip(xs, xs[1:], strict=False):
                if chance.random() < 0.15:
                    continue
                shift = chance.choice((0, 0, 0.4, 2))
                x, bottom = left + shift, top + height
                edges += [edge(x, top, right, top), edge(x, bottom, right, bottom)]
                edges += [edge(x, top, x, bottom), edge(right, top, right, bottom)]
            top += height
        top += chance.choice((1, 2.5, 30))
    return [edge for edge in edges if chance.random() > 0.05]


@pytest.mark.sweep(20, 100)
@pytest.mark.parametrize("seed", range(400))
def test_random_rules_give_the_same_cells(seed):
    assert ours(drawn(seed)) == theirs(drawn(seed))


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_the_rules_of_real_pages_give_the_same_cells(name):
    with pdfplumber.open(SAMPLE / name) as pdf:
        found = [(ours(page.edges), theirs(page.edges)) for page in pdf.pages]
    assert [one for one, _ in found] == [other for _, other in found]
    assert sum(len(table) for one, _ in found for table in one) > 300


def test_a_rule_more_or_less_is_noticed(monkeypatch):
    """The comparison can fail: without the room between ends that meet, other cells are found."""
    monkeypatch.setattr(ruled_cells, "SNAP", 0)
    assert any(ours(drawn(seed)) != theirs(drawn(seed)) for seed in range(20))


def looks(rows: int, monkeypatch) -> int:
    """How often a character is held against a cell, on a page of so many rows of eight."""
    marks, count = Marks(), 0
    for row in range(rows):
        for x in range(20, 580, 70):
            top = 10 + 15 * row
            marks.rules += [(x, top, x + 70, top), (x, top + 15, x + 70, top + 15)]
            marks.rules += [(x, top, x, top + 15), (x + 70, top, x + 70, top + 15)]
            marks.characters.append(
                Character("1", x + 9, top + 2, x + 14, top + 12, 10, True, x + 11.5, top + 7)
            )
    inside = Character.inside

    def counted(self: Character, area: tuple) -> bool:
        nonlocal count
        count += 1
        return inside(self, area)

    with monkeypatch.context() as patch:
        patch.setattr(Character, "inside", counted)
        content = pdf_pages.read_page(1, 600, 900, (0, 0, 600, 900), marks)
    assert [len(table.boxes) for table in content.tables] == [8 * rows]
    assert {box.text for box in content.tables[0].boxes} == {"1"}
    return count


def test_a_page_of_four_times_the_cells_takes_four_times_the_looks(monkeypatch):
    assert looks(56, monkeypatch) <= 5 * looks(14, monkeypatch)
    monkeypatch.setattr(pdf_pages, "PLACE", (9999, 9999))
    assert looks(56, monkeypatch) > 5 * looks(14, monkeypatch)

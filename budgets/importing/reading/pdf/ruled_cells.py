"""Cells out of the rules of a page: where rules cross, which crossings are the corners of a cell, which cells are one table.

The way of pdfplumber's TableFinder, which the tests compare it with; here the work grows with the crossings only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from budgets.importing.reading.pdf.places_on_page import Area, Point

SNAP = 3  # points: rules so near are one, ends so near meet
SHORTEST = 3  # of a rule
LEAST = 1  # of a piece of one
ACROSS = 100  # a rule across a table
NEAR = 6  # an outer rule that is there
LOWEST = 6  # what is ruled more closely is a drawing, such as a QR code


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule: where it lies across its direction, from where to where along it."""

    at: float
    start: float
    end: float


def ruled_cells(edges: Iterable[Area]) -> list[list[Area]]:
    """The cells of each ruled table; a table has at least two columns, high enough for text.

    Where the outer rules are left out, the ends of the horizontal ones stand for them.
    """
    edges = list(edges)
    level = [Rule(e[1], e[0], e[2]) for e in edges if e[3] - e[1] < e[2] - e[0]]
    upright = [Rule(e[0], e[1], e[3]) for e in edges if e[3] - e[1] >= e[2] - e[0]]
    upright += open_sides(level, upright)
    tables = [
        sorted(cells, key=lambda cell: (cell[1], cell[0]))
        for cells in tables_of(cells_of(merged(level), merged(upright)))
    ]
    return [
        cells
        for cells in sorted(tables, key=lambda cells: (cells[0][1], min(cells)[0]))
        if len({cell[0] for cell in cells}) > 1
        and sorted(cell[3] - cell[1] for cell in cells)[len(cells) // 2] > LOWEST
    ]


def open_sides(level: list[Rule], upright: list[Rule]) -> Iterator[Rule]:
    """The outer rules of tables that leave them out: where several horizontal rules begin and end alike."""
    alike: dict[tuple[int, int], list[Rule]] = {}
    for rule in level:
        if rule.end - rule.start > ACROSS:
            alike.setdefault((round(rule.start / 2), round(rule.end / 2)), []).append(rule)
    known = [rule.at for rule in upright]
    for rules in alike.values():
        for x in (rules[0].start, rules[0].end):
            if len(rules) > 2 and not any(abs(x - at) < NEAR for at in known):
                yield Rule(x, min(rule.at for rule in rules), max(rule.at for rule in rules))


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that lie side by side as one at their middle, pieces that touch as one rule."""
    found: list[Rule] = []
    pieces = sorted((rule for rule in rules if rule.end - rule.start >= LEAST), key=lambda rule: rule.at)
    for group in together(pieces):
        at = sum(rule.at for rule in group) / len(group)
        start = end = None
        for rule in sorted(group, key=lambda rule: rule.start):
            if end is not None and rule.start <= end + SNAP:
                end = max(end, rule.end)
                continue
            if start is not None and end is not None:
                found.append(Rule(at, start, end))
            start, end = rule.start, rule.end
        if start is not None and end is not None:
            found.append(Rule(at, start, end))
    return [rule for rule in found if rule.end - rule.start >= SHORTEST]


def together(rules: list[Rule]) -> Iterator[list[Rule]]:
    """Rules in order, each with those that are near the one before."""
    group: list[Rule] = []
    for rule in rules:
        if group and rule.at - group[-1].at > SNAP:
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


def cells_of(level: list[Rule], upright: list[Rule]) -> list[Area]:
    """The smallest rectangle below and right of each crossing whose four sides are ruled."""
    # At each crossing, which rules of either direction meet there: where one ends and the next begins, both do.
    crossing: dict[Point, tuple[set[int], set[int]]] = {}
    heights = [rule.at for rule in level]
    for i, v in enumerate(upright):
        for j in range(bisect_left(heights, v.start - SNAP), bisect_right(heights, v.end + SNAP)):
            h = level[j]
            if h.start - SNAP <= v.at <= h.end + SNAP:
                meeting = crossing.setdefault((v.at, h.at), (set(), set()))
                meeting[0].add(i)
                meeting[1].add(j)
    columns: dict[float, list[Point]] = {}
    rows: dict[float, list[Point]] = {}
    for point in sorted(crossing):
        columns.setdefault(point[0], []).append(point)
        rows.setdefault(point[1], []).append(point)

    def joined(one: Point, other: Point, upwards: bool) -> bool:
        way = 0 if upwards else 1
        return other in crossing and not crossing[one][way].isdisjoint(crossing[other][way])

    found = []
    for point in sorted(crossing):
        below = [p for p in after(columns[point[0]], point) if joined(point, p, True)]
        right = [p for p in after(rows[point[1]], point) if joined(point, p, False)]
        for corner, low, aside in (((r[0], b[1]), b, r) for b in below for r in right):
            if joined(aside, corner, True) and joined(low, corner, False):
                found.append((*point, *corner))
                break
    return found


def after(line: list[Point], point: Point) -> list[Point]:
    return line[bisect_right(line, point) :]


def tables_of(cells: list[Area]) -> list[list[Area]]:
    """Cells that hang together by their corners; one alone is no table."""
    at: dict[tuple[float, float], list[int]] = {}
    for i, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            at.setdefault(corner, []).append(i)
    group = list(range(len(cells)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = i = group[group[i]]
        return i

    for touching in at.values():
        for i in touching[1:]:
            group[root(i)] = root(touching[0])
    by_group = sorted((root(i), i) for i in range(len(cells)))
    tables = [[cells[i] for _, i in each] for _, each in groupby(by_group, key=itemgetter(0))]
    return [table for table in tables if len(table) > 1]

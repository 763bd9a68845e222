"""Points, areas and matrices of a page, without the library that draws it."""

from collections.abc import Iterable
from math import inf

type Point = tuple[float, float]
type Area = tuple[float, float, float, float]  # left, top, right, bottom
type Matrix = tuple[float, float, float, float, float, float]

EVERYTHING: Area = (-inf, -inf, inf, inf)


def moved(point: Point, matrix: Matrix) -> Point:
    x, y = point
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def multiplied(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does one after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
    )  # fmt: skip


def as_seen(box: Area, turned: int) -> tuple[Matrix, float, float]:
    """How a page with this MediaBox is shown: the matrix to points from its top left, its width and its height."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    match turned % 360:
        case 90:
            return (0, 1, 1, 0, -y0, -x0), height, width
        case 180:
            return (-1, 0, 0, 1, x1, -y0), width, height
        case 270:
            return (0, -1, -1, 0, y1, x1), height, width
    return (1, 0, 0, -1, -x0, y1), width, height


def around(points: Iterable[Point]) -> Area:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def laid(area: Area, matrix: Matrix) -> Area:
    """Where an area comes to lie."""
    (x0, y0), (x1, y1) = moved((area[0], area[1]), matrix), moved((area[2], area[3]), matrix)
    return (x0 if x0 < x1 else x1, y0 if y0 < y1 else y1, x1 if x0 < x1 else x0, y1 if y0 < y1 else y0)


def common(one: Area, other: Area) -> Area:
    """What two areas share."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def meet(one: Area, other: Area) -> bool:
    """True when two areas share a point; a line has points."""
    left, top, right, bottom = common(one, other)
    return left <= right and top <= bottom

"""Whose figures are inside another department's: what is added up counts no money twice."""

from collections.abc import Container, Iterable

from budgets.models import Department


def inside(departments: Iterable[Department], there: Container[int]) -> dict[int, Department]:
    """By key of each department that is contained: the highest one above it whose document is there and contains its units."""
    by_key = {each.pk: each for each in departments}
    found = {key: _containing(each, by_key, there) for key, each in by_key.items()}
    return {key: above for key, above in found.items() if above is not None}


def _containing(
    department: Department, by_key: dict[int, Department], there: Container[int]
) -> Department | None:
    found, seen = None, {department.pk}
    above = by_key.get(department.supervising_department_id or 0)
    while above is not None and above.pk not in seen:  # a circle of supervisors ends here
        if above.includes_units and above.pk in there:
            found = above
        seen.add(above.pk)
        above = by_key.get(above.supervising_department_id or 0)
    return found

"""A region's year as rows alone: departments of which some are public, one is approved, one has nothing."""

from functools import cache
from typing import Any

from tests.makers.disclosures import a_department, a_disclosure, a_person, a_public_row, a_region


@cache
def _document(region: str, unit: tuple[str, str]) -> bytes:
    from budgets import tablesets
    from budgets.data.subject_lists import subjects_of
    from budgets.domain.composing import compose
    from budgets.domain.ledgers import Ledger
    from budgets.domain.snapshots import dumps
    from tests.makers.facts import small_budget

    ledger = Ledger("hebei_2023", *region.split(), *unit, 2023, facts=tuple(small_budget()))
    return dumps(ledger, compose(tablesets.get("hebei_2023"), ledger, subjects_of(2023)))


def a_public_year(public: str = "甲乙丙", approved: str = "丁", without: str = "戊") -> Any:
    """乐亭县 in 2023: 甲局 is 101, 乙局 102 and so on; another county has a public department, too."""
    from budgets.models import Disclosure, Status

    region = a_region()
    accountant, officer = (
        a_person("accountant", department=a_department("101", "甲局")),
        a_person("bureau_officer"),
    )
    for n, name in enumerate(public + approved + without):
        department = a_department(f"{101 + n}", f"{name}局")
        if name in without:
            continue
        disclosure = a_disclosure(department)
        status = Status.PUBLISHED if name in public else Status.APPROVED
        Disclosure.objects.filter(pk=disclosure.pk).update(
            status=status,
            submitted_by=accountant,
            approved_by=officer,
            submitted_hash="1" * 64,
            approved_hash="1" * 64,
        )
        if name in public:
            _publish(disclosure)
    _publish(a_disclosure(a_department("201", "外县局", a_region("130999", "外县"))))
    return region


def _publish(disclosure: Any) -> None:
    department = disclosure.department
    place = f"{department.region.code} {department.region.name}"
    a_public_row(disclosure, payload=_document(place, (department.code, department.name)))

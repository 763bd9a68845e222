"""A county of any size as a plan: departments, their units and people, what each says in a year, as drafts and as files."""

from collections.abc import Sequence
from dataclasses import dataclass

from budgets import ledger, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.ledgers import Ledger
from budgets.models import Department, FiscalYear, Person
from budgets.rendering.workbook.xlsx import workbook
from budgets.synthetic import counties
from budgets.synthetic.ledgers_drawn import random_ledger
from budgets.workflow import lifecycle
from budgets.workflow.starting import start
from budgets.workflow.year_opening import Terms, set_terms
from tests.makers.rosters import a_book, content_of

YEAR, NEXT, CLOSED = 2023, 2024, 2021  # reviewed and published; opened for files; not open
REGION = ("130225", "乐亭县")
SETS = ("hebei_2023", "shanghai_2023")
OFFICER = "caizheng"
GROUP = 3  # a department without units, one with, and the unit below that one: all three of one table set


@dataclass(frozen=True)
class Planned:
    """A department: `above` is the code of who supervises it, `contains` says that its budget contains its units."""

    code: str
    name: str
    table_set: str
    above: str = ""
    contains: bool = False


def planned(number: int) -> list[Planned]:
    """So many departments, both table sets in turns by groups; of those with a unit every second contains it."""
    found = []
    for n in range(number):
        group, place = divmod(n, GROUP)
        above = str(300 + n) if place == GROUP - 1 else ""
        contains = place == 1 and group % 4 in (0, 3)  # one of either set in four groups
        found.append(Planned(str(301 + n), f"第{n + 1}局", SETS[group % len(SETS)], above, contains))
    return found


def contained(county: Sequence[Planned]) -> list[Planned]:
    """The units whose money is inside the document of who supervises them."""
    containing = {each.code for each in county if each.contains}
    return [each for each in county if each.above in containing]


def roster(county: Sequence[Planned]) -> bytes:
    """The list of departments with an accountant and a reviewer each, and the officer of the bureau."""
    departments = [
        [each.code, each.name, each.above or None, f"0315-4{each.code}", f"大街{each.code}号"]
        for each in county
    ]
    people = [[OFFICER, "赵六", "财政局经办", "本地区"]]
    for each in county:
        people.append([f"kj{each.code}", f"会计{each.code}", "部门会计", each.code])
        people.append([f"sh{each.code}", f"审核{each.code}", "部门审核", each.code])
    return content_of(a_book(departments, people))


def drawn(each: Planned, year: int, seed: int) -> Ledger:
    """What the department says of the year: drawn, sound, the same for the same arguments."""
    declared = tablesets.get(each.table_set)
    number = seed * 100_000 + int(each.code) + year
    return random_ledger(number, declared, region=REGION, unit=(each.code, each.name), year=year)


def own_sets(county: Sequence[Planned], year: int) -> None:
    """Each department's own table set in an opened year, as the bureau would choose it on the page of the year."""
    opened = FiscalYear.objects.get(fiscal_year=year)
    rows = {each.code: each for each in opened.region.departments.all()}
    own = {rows[each.code]: (each.table_set, None) for each in county if each.table_set != opened.table_set}
    officer = Person.objects.get(username=OFFICER)
    set_terms(opened, Terms(opened.table_set, opened.approved_on), own, by=officer)


def handed_in(county: Sequence[Planned], seed: int) -> None:
    """Every department's draft of YEAR: started, filled, explained and submitted by its accountant."""
    contains = [each.code for each in county if each.contains]
    Department.objects.filter(code__in=contains).update(includes_units=True)
    for each in county:
        accountant = Person.objects.select_related("department__region").get(username=f"kj{each.code}")
        assert accountant.department is not None
        disclosure = start(accountant.department, YEAR, by=accountant)
        ledger.write(disclosure, drawn(each, YEAR, seed))
        disclosure.refresh_from_db()
        counties.explain(disclosure, accountant)
        lifecycle.submit(disclosure, by=accountant)


def files(county: Sequence[Planned], seed: int) -> list[tuple[str, bytes]]:
    """As many workbooks as departments. The last three are no department's of them, but of one that the county does not
    have, the first file once more, and one of a year that is not open."""

    def file(each: Planned, year: int) -> bytes:
        return workbook(compose(tablesets.get(each.table_set), drawn(each, year, seed), subjects_of(year)))

    made = [(f"{each.name}.xlsx", file(each, NEXT)) for each in county[:-3]]
    unknown = Planned("999", "外县局", SETS[0])
    late = county[-1]
    return [
        *made,
        ("外县局.xlsx", file(unknown, NEXT)),
        ("又一次.xlsx", made[0][1]),
        (f"{late.name}{CLOSED}年.xlsx", file(late, CLOSED)),
    ]

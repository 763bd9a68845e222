"""Two counties of both table sets for the search, as rows alone: the sample, and disclosures that are drawn."""

from functools import cache
from typing import Any

from tests.makers.disclosures import a_department, a_person, a_public_row, a_region

# Region, table set, and by code the department with the years of which something is public.
COUNTIES: dict[tuple[str, str, str], dict[str, tuple[str, tuple[int, ...]]]] = {
    ("130225", "乐亭县", "hebei_2023"): {
        "483": ("乐亭县行政审批局", (2023, 2024)),
        "301": ("乐亭县财政局", (2024,)),
        "302": ("乐亭县审计局", (2022,)),
        "315": ("乐亭县人力资源和社会保障局", (2024,)),
        "320": ("乐亭县民政局", (2024,)),
        "329": ("乐亭县发展和改革局", ()),
        "342": ("乐亭县农业农村局", (2024,)),
        "348": ("乐亭县文化和旅游局", (2023, 2024)),
        "360": ("乐亭县教育局", (2023, 2024)),
        "361": ("乐亭县卫生健康局", (2024,)),
    },
    ("310107", "普陀区", "shanghai_2023"): {
        "101": ("上海市普陀区教育局", (2023, 2024)),
        "102": ("上海市普陀区卫生健康委员会", (2024,)),
        "103": ("上海市普陀区民政局", (2024,)),
        "104": ("上海市普陀区财政局", (2023,)),
        "105": ("上海市普陀区人民法院", (2024,)),
    },
}


@cache
def text_of(region: tuple[str, str], table_set: str, unit: tuple[str, str], year: int) -> str:
    """What the search reads of a disclosure: of 483 in 2023 the sample."""
    from budgets import tablesets
    from budgets.data.subject_lists import subjects_of
    from budgets.domain.composing import compose
    from budgets.publishing.listing import searchable
    from budgets.synthetic.ledgers_drawn import random_ledger
    from tests.makers.sample_document import document

    if (unit[0], year) == ("483", 2023):
        return searchable(document())
    declared = tablesets.get(table_set)
    drawn = random_ledger(int(unit[0]) + year, declared, region=region, unit=unit, year=year)
    return searchable(compose(declared, drawn, subjects_of(year)))


def a_public_text(department: Any, text: str, *, year: int = 2023, officer: Any = None) -> Any:
    """A publication of that department with nothing but this text."""
    from budgets.models import Disclosure

    disclosure = Disclosure.objects.create(department=department, fiscal_year=year)
    return a_public_row(disclosure, officer=officer, text=text)


def searched_counties() -> None:
    """Every disclosure of COUNTIES is public; nothing but rows is made."""
    for (code, name, table_set), departments in COUNTIES.items():
        region = a_region(code, name)
        officer = a_person("bureau_officer", region=region)
        for unit, (called, years) in departments.items():
            department: Any = a_department(unit, called, region)
            for year in years:
                text = text_of((code, name), table_set, (unit, called), year)
                a_public_text(department, text, year=year, officer=officer)

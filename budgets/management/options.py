"""How commands name one disclosure or a year of a region on their command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db.models import QuerySet

from budgets.domain.terms import Stage
from budgets.models import Disclosure, Person


def add_place(parser: ArgumentParser) -> None:
    """The options that name a place."""
    parser.add_argument("--region", help="行政区划代码，例如 130225")
    parser.add_argument("--unit", help="部门预算编码，例如 483；不写则为全部部门")
    parser.add_argument("--year", type=int, help="预算年度，例如 2023；不写则为全部年度")
    parser.add_argument(
        "--stage", choices=[stage.value for stage in Stage], default=Stage.BUDGET.value, help="类别"
    )


def disclosures_at(options: dict[str, Any]) -> QuerySet[Disclosure]:
    """The disclosures that the options name, in the order of lists; CommandError when there is none."""
    named = {
        "department__region__code": options["region"],
        "department__code": options["unit"],
        "fiscal_year": options["year"],
        "stage": options["stage"],
    }
    found = Disclosure.objects.filter(**{name: value for name, value in named.items() if value})
    if not found.exists():
        raise CommandError("没有这样的部门预算公开。")
    return found.select_related("department__region").order_by(
        "fiscal_year", "department__region__code", "department__code"
    )


def person_named(username: str | None) -> Person:
    """The person who takes the step; CommandError when there is none of that name."""
    try:
        return Person.objects.get(username=username or "", is_active=True)
    except Person.DoesNotExist:
        raise CommandError("请用 --as 写明经办人的用户名。") from None

"""A year's accounts beside its budget, on one screen: what was planned, what was spent, what was aimed at and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.accounts_compared import Planned, accounts_compared
from budgets.domain.documents import Document
from budgets.domain.ledgers import Ledger
from budgets.domain.money import separated
from budgets.domain.snapshots import loads
from budgets.domain.terms import Stage
from budgets.models import Publication, PublicationStatus
from budgets.public import errors
from budgets.public.answers import page
from budgets.public.figure_columns import money


@require_safe
def beside(request: HttpRequest, region: str, unit: str, year: str) -> HttpResponse:
    """The accounts that are public now beside the budget of their year; 404 where no accounts are."""
    public = Publication.objects.filter(
        department__region__code=region,
        department__code=unit,
        fiscal_year=int(year),
        state__status=PublicationStatus.CURRENT,
    )
    read: dict[str, tuple[Ledger, Document]] = {each.stage: loads(each.content) for each in public}
    final = read.get(Stage.FINAL)
    if final is None:
        return errors.error(404)
    told = accounts_compared(read.get(Stage.BUDGET), final)
    document, root = final[1], f"/{region}/{unit}/{year}/"
    groups = [
        ("主要数字", [shown(line, root) for line in told.figures if line.key not in ("cars", "goals")]),
        ("“三公”经费", [shown(line, root) for line in told.three_public]),
        ("一般公共预算支出逐项", [shown(line, root) for line in told.items]),
    ]
    return page(
        "public/accounts.html",
        request,
        document=document,
        year=year,
        budget=Stage.BUDGET in read,
        root=root,
        groups=[(title, lines) for title, lines in groups if lines],
        goals=told.goals,
        told=[(each, separated(f"{each.number}")) for each in told.told],
        navigation=[("部门", f"/{region}/"), ("年度", f"/{region}/{year}/")],
        crumbs=[
            ("首页", "/"),
            (document.region_name, f"/{region}/"),
            (document.unit_name, f"/{region}/{unit}/"),
            (document.title, f"{root}final/"),
        ],
        here="预算与决算",
    )


def shown(line: Planned, root: str) -> dict[str, str]:
    """A row in words: amounts in 万元, blank where a document prints none, with the addresses of their cells."""
    return {
        "code": line.key if line.key.isdecimal() else "",
        "label": line.label,
        "level": str(line.level),
        "budget": money(line.budget.amount) if line.budget else "",
        "budget_at": f"{root}budget/#{line.budget.at}" if line.budget else "",
        "final": money(line.final.amount) if line.final else "",
        "final_at": f"{root}final/#{line.final.at}" if line.final else "",
        "change": money(line.change) if line.change is not None else "",
        "done": f"{line.done:.2f}%" if line.done is not None else "",
    }

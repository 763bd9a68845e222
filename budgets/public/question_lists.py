"""What was asked about the numbers of one disclosure and answered in public."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.terms import Stage
from budgets.models.publications import Publication, PublicationStatus
from budgets.models.questions import Question, Questions
from budgets.models.regions import Department
from budgets.public import errors, withdrawn
from budgets.public.answers import page

PER_PAGE = 20
BESIDE = 5  # on the page of a number


def answered(own: Publication) -> Questions:
    """The public questions about the disclosure that a version belongs to, the latest answer first."""
    return Question.objects.public().filter(
        department=own.department_id, fiscal_year=own.fiscal_year, stage=own.stage
    )


def answered_by_year(department: Department) -> list[tuple[str, str, int]]:
    """(title, address below the department's, how many) of each disclosure with public questions, years falling. One query."""
    rows = Question.objects.public().filter(department=department).order_by("-fiscal_year", "stage")
    counted = rows.values_list("fiscal_year", "stage").annotate(count=Count("pk"))
    return [
        (f"{year}年{Stage(stage).label}", f"{year}/{stage}/questions/", count)
        for year, stage, count in counted
    ]


@require_safe
def questions(request: HttpRequest, region: str, unit: str, year: str, stage: str) -> HttpResponse:
    """The questions and answers, twenty a page; 410 for a withdrawn disclosure, 404 where there is nothing to list."""
    current = Publication.objects.filter(
        department__region__code=region, department__code=unit, fiscal_year=int(year), stage=stage
    ).filter(state__status=PublicationStatus.CURRENT)
    own = current.select_related("department__region").defer("payload", "checks").first()
    if own is None:
        return withdrawn.answer(region, unit, int(year), stage, "") or errors.error(404)
    pages = Paginator(answered(own), PER_PAGE)
    if not pages.count and not own.department.region.questions_open:
        return errors.error(404)
    department = f"/{region}/{unit}/"
    latest = f"{department}{year}/{stage}/"
    return page(
        "public/questions.html",
        request,
        own=own,
        shown=pages.get_page(request.GET.get("page")),
        latest=latest,
        region_name=own.department.region.name,
        navigation=[("部门", f"/{region}/"), ("年度", f"/{region}/{year}/")],
        crumbs=[
            (own.department.region.name, f"/{region}/"),
            (own.department.name, department),
            (own.title, latest),
        ],
        here="公众提问",
    )

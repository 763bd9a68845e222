"""`/data/`: what can be taken along as data and how it is read, and the description of these addresses for machines."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

import budgets.rendering.data
from budgets.models.publications import YearSum
from budgets.models.regions import Region
from budgets.public.answers import page
from budgets.public.disclosure_index import year_address
from budgets.public.published_files import serve
from budgets.publishing.site_words import site
from budgets.rendering.data.parquet_cells import writer
from budgets.rendering.html.linked_data import catalog, data_block

OPENAPI = Path(budgets.rendering.data.__file__).with_name("openapi.json")


@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """Every region's years with their files, one line of code for each way to read them, and the licence."""
    years: dict[int, list[tuple[int, int, str]]] = {}
    regions = {region.pk: region for region in Region.objects.all()}
    for one in YearSum.objects.filter(departments__gt=0).defer("listed"):
        address = year_address(regions[one.region_id].code, one.fiscal_year)
        years.setdefault(one.region_id, []).append((one.fiscal_year, one.departments, address))
    there = [(region, years[key]) for key, region in regions.items() if key in years]
    return page(
        "public/data.html",
        regions=there,
        example=f"{site().address}{there[0][1][0][2]}" if there else "",
        parquet=bool(writer()),
        linked_data=data_block(catalog(site())),
        crumbs=[("首页", "/")],
        here="数据",
    )


@require_safe
def described_addresses(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI description."""
    return serve(request, OPENAPI)

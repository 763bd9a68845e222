"""The search of a folder on a disk: what the portal's own searches, cut into scripts that a page there may load."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.template.loader import render_to_string

from budgets.models.publications import Publication, PublicationStatus
from budgets.models.regions import Department, Region
from budgets.public.found_names import IN_USE
from budgets.public.lists import FIELDS, entry
from budgets.publishing.listing import passages
from budgets.publishing.site_words import site

PAGE, SCRIPT, LIST = "search.html", "search.js", "search/list.js"


def search_page(region: Region, years: list[int]) -> str:
    """The page, with the links of the portal."""
    navigation = [("部门", f"/{region.code}/"), *(("年度", f"/{region.code}/{year}/") for year in years[:1])]
    return render_to_string(
        "public/offline_search.html",
        {"site": site(), "region_name": region.name, "navigation": navigation, "script": SCRIPT},
    )


def search_files(region: Region) -> Iterator[tuple[str, bytes]]:
    """The script, the list of departments and shards, and a shard for each disclosure that stands."""
    yield SCRIPT, Path(__file__).with_name("offline_search.js").read_bytes()
    departments = (
        Department.objects.filter(IN_USE, region=region).order_by("code").values_list("name", "code")
    )
    rows = Publication.objects.filter(department__region=region, state__status=PublicationStatus.CURRENT)
    ordered = rows.order_by("-fiscal_year", "department__code", "stage")
    shards = []
    for n, row in enumerate(ordered.values(*FIELDS, "state__text").iterator(chunk_size=20), 1):
        one = entry(row)
        shards.append(f"search/{n}.js")
        yield (
            shards[-1],
            _call(
                "shard",
                {
                    "title": f"{one.department}{one.title}",
                    "href": f"{one.href.lstrip('/')}index.html",
                    "day": one.published_on.isoformat(),
                    "passages": passages(row["state__text"]),
                },
            ),
        )
    listed = [(name, code, f"{region.code}/{code}/index.html") for name, code in departments]
    yield LIST, _call("listed", {"departments": listed, "shards": shards})


def _call(name: str, told: object) -> bytes:
    return f"{name}({json.dumps(told, ensure_ascii=False)});\n".encode()

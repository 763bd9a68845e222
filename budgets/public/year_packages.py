"""The data files of a region's year, made from the payloads that stand now and kept until that changes."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from budgets.domain.documents import Document
from budgets.domain.snapshots import document_of
from budgets.models.publications import Publication
from budgets.models.regions import Region
from budgets.public import errors
from budgets.public.list_rows import Row
from budgets.public.published_files import serve
from budgets.public.year_rows import Year, year_of
from budgets.publishing.shelf import on_shelf
from budgets.rendering.data.parquet_cells import parquet, writer
from budgets.rendering.data.year_package import (
    ARCHIVE,
    CELLS,
    DESCRIPTION,
    PARQUET,
    About,
    Line,
    digest_of,
    year_package,
)

MAKER = "1"  # another number when what the files hold changes
FOR_PEOPLE = (DESCRIPTION, ARCHIVE, CELLS, PARQUET, "disclosures.csv")


@require_safe
def year_data(request: HttpRequest, region: str, year: str, name: str) -> HttpResponseBase:
    """A file of the year's package; 404 for another name and for a year of which nothing is public."""
    found = Region.objects.filter(code=region).first()
    told = year_of(found, int(year)) if found else None
    folder = year_folder(told) if told else None
    if folder is None or not (folder / name).is_file():
        return errors.error(404)
    return serve(request, folder / name)


def year_folder(told: Year) -> Path | None:
    """Where the files of the year lie, made when they are not there; None when nothing of it is public."""
    rows = told.public
    if not rows:
        return None
    lines = [_line(told, row) for row in rows]
    page = f"{settings.SITE_ADDRESS}/{told.region.code}/{told.year}/"
    about = About(told.region.name, told.year, page, settings.SITE["licence"])

    def make() -> Mapping[str, bytes]:
        files = year_package(about, lines, _documents(rows))
        columnar = parquet(files[CELLS])
        return files | {PARQUET: columnar} if columnar else files

    name = digest_of(about, lines, f"{MAKER} {writer()}")
    return on_shelf(f"{told.region.code}-{told.year}", name, make)


def _line(told: Year, row: Row) -> Line:
    one = row.entry
    assert one is not None
    return Line(
        one.region, one.unit, one.department, one.year, one.stage, one.revision,
        one.published_on.isoformat(), one.approved_on.isoformat() if one.approved_on else "", one.digest,
        row.inside, one.figures,
    )  # fmt: skip


def _documents(rows: Sequence[Row]) -> Iterator[Document]:
    """What the rows' publications froze, in the order of the rows; one is held at a time."""
    for row in rows:
        assert row.entry is not None
        yield document_of(Publication.objects.get(pk=row.entry.publication).content)

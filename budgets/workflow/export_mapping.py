"""The layout of a region's export: mapped on a sample by its bureau, used for every file of the year."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django.core.files.base import File
from django.db import transaction

from budgets import ledger
from budgets.domain.codec import decode, encode
from budgets.importing.confined_intake import survey_apart
from budgets.importing.exports.export_layouts import ExportLayout
from budgets.importing.exports.export_surveys import ExportSurvey
from budgets.importing.reading.opening import Unreadable
from budgets.models import ExportMapping, Happening, Person, Region
from budgets.workflow.kept_files import keeping
from budgets.workflow.quotas import claim
from budgets.workflow.trail import tell

NO_LIST = "文件“{name}”里没有找到一行标题、下面有金额的表。请导出带标题的明细表（.xlsx）。"


def layout_for(region: Region, year: int) -> dict[str, Any] | None:
    """The layout in use of the year, else of the latest year before it, as JSON; None when the bureau mapped none."""
    found = ExportMapping.objects.filter(region=region, fiscal_year__lte=year, ready=True)
    mapping = found.order_by("-fiscal_year").first()
    return mapping.layout if mapping else None


def map_sample(region: Region, year: int, name: str, file: "File[bytes]", by: Person) -> ExportMapping:
    """Keep a sample in place of the last one, mapped as far as its headings and the layout so far say; not in use yet.

    Raises Unreadable when it cannot be read or is no list of amounts, OverQuota; then everything stays as it was.
    """
    claim(by, 1, file.size)
    content = file.read()
    known = layout_for(region, year)
    seen = _survey(name, content, decode(ExportLayout, known) if known else ExportLayout(), year)
    if not seen.layout.sheets:
        raise Unreadable(NO_LIST.format(name=name))
    with ExitStack() as kept, transaction.atomic():
        mapping = ExportMapping.objects.select_for_update().filter(region=region, fiscal_year=year).first()
        old = str(mapping.sample.name) if mapping else ""
        mapping = mapping or ExportMapping(region=region, fiscal_year=year)
        mapping.person, mapping.name, mapping.ready = by, name[-255:], False
        mapping.layout, mapping.survey = encode(seen.layout), encode(seen)
        kept.enter_context(keeping(mapping.sample, f"{region.code}-{year}", content))
        mapping.save()
        tell(Happening.CHANGE, by, mapping, words=f"放入样本“{mapping.name}”，尚未启用")
        if old:
            transaction.on_commit(lambda: mapping.sample.storage.delete(old))
    return mapping


def remap(mapping: ExportMapping, layout: ExportLayout, by: Person, *, ready: bool) -> ExportSurvey:
    """Read the sample by another layout and keep that; what it says then comes back. In use only when every column of
    money is mapped and nothing is left unread, or `ready` is not asked for. Raises Unreadable."""
    with mapping.sample.open("rb") as sample:
        content = sample.read()
    seen = _survey(mapping.name, content, layout, mapping.fiscal_year)
    before, used = decode(ExportLayout, mapping.layout), mapping.ready
    mapping.layout, mapping.survey, mapping.person = encode(seen.layout), encode(seen), by
    mapping.ready = ready and bool(seen.sums) and not seen.unread
    with transaction.atomic():
        mapping.save(update_fields=["layout", "survey", "person", "ready", "at"])
        told = {"启用": ["是" if used else "否", "是" if mapping.ready else "否"]}
        tell(Happening.CHANGE, by, mapping, fields=told | dict(_meant(before, seen.layout)))
    return seen


def _meant(before: ExportLayout, after: ExportLayout) -> Iterator[tuple[str, list[str]]]:
    """What each column and each value is taken for, where that changed."""
    old, new = (
        {
            **{
                f"{sheet.name} {column.heading}": " ".join(
                    filter(None, (column.holds, column.tells, column.means, column.unit))
                )
                for sheet in layout.sheets
                for column in sheet.columns
            },
            **{f"{holds} {value}": meant for holds, value, meant in layout.words},
        }
        for layout in (before, after)
    )
    for name in dict.fromkeys([*old, *new]):
        if old.get(name, "") != new.get(name, ""):
            yield name, [old.get(name, ""), new.get(name, "")]


def _survey(name: str, content: bytes, layout: ExportLayout, year: int) -> ExportSurvey:
    return survey_apart(name, content, layout=layout, subjects=ledger.subjects_for(year))

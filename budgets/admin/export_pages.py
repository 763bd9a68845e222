"""The bureau's page on which the export of its budget system is mapped: columns, values, and what they add up to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import URLPattern

from budgets import access
from budgets.admin.base import FORM
from budgets.admin.site_frame import HandedIn, framed, page_at
from budgets.domain.codec import decode
from budgets.domain.money import YUAN_IN
from budgets.importing.exports.export_layouts import (
    HOLDS,
    ExportColumn,
    ExportLayout,
    Tells,
    every_option,
    meaning,
    options,
)
from budgets.importing.exports.export_surveys import ExportSurvey
from budgets.importing.reading.opening import Unreadable
from budgets.models import ExportMapping, Person, Region, Role
from budgets.workflow.export_mapping import map_sample, remap
from budgets.workflow.quotas import OverQuota

BUREAU = frozenset({Role.BUREAU_OFFICER, Role.BUREAU_ADMINISTRATOR})
UNSAID = [("", "请选择")]


class SampleForm(forms.Form):
    """An export to map."""

    file = HandedIn(
        label="导出的明细表（样本）",
        help_text="从预算管理一体化系统导出的 .xlsx。各列是什么，只需对应一次；以后各部门导入同样的表即可。",
        smaller="请只导出一个部门的数据作为样本",
    )


def urls(site: AdminSite) -> list[URLPattern]:
    """The mapping of a year."""

    return [page_at(site, "exports/<int:year>/", exports_view, "exports_year")]


def region_of(person: Person) -> Region:
    """The region whose exports a person maps; 404 for everybody outside a bureau."""
    if person.role not in BUREAU or person.home_region is None:
        raise Http404
    return person.home_region


def exports_view(site: AdminSite, request: HttpRequest, year: int) -> HttpResponse:
    """Hand in a sample, say what its columns hold, see what they add up to, and put it to use."""
    person = access.person_of(request)
    region = region_of(person)
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    if not 2000 <= year <= 2099:
        raise Http404
    mapping = ExportMapping.objects.filter(region=region, fiscal_year=year).first()
    form, refusal = SampleForm(), ""
    if request.method == "POST":
        try:
            if "layout" in request.POST and mapping:
                ready = "ready" in request.POST
                remap(mapping, posted_layout(request.POST, mapping), person, ready=ready)
                told = "已启用，各部门导入这样的文件即按此读取。" if mapping.ready else "已保存，尚未启用。"
                (messages.success if mapping.ready or not ready else messages.warning)(request, told)
                return HttpResponseRedirect(request.path)
            form = SampleForm(request.POST, request.FILES)
            if form.is_valid():
                file = form.cleaned_data["file"]
                map_sample(region, year, file.name or "", file, person)
                return HttpResponseRedirect(request.path)
        except (Unreadable, OverQuota) as error:
            refusal = str(error)
    context = {
        "title": f"{year}年导出表对应",
        "year": year,
        "form": form,
        "refusal": refusal,
        "writable": True,
        "mapping": mapping,
        "survey": decode(ExportSurvey, mapping.survey) if mapping else None,
        "sheets": list(shown_sheets(mapping)) if mapping else [],
        "words": list(shown_words(mapping)) if mapping else [],
    }
    return framed(site, request, "admin/exports.html", context, 409 if refusal else 200)


def shown_sheets(mapping: ExportMapping) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each sheet with the choices of its columns."""
    heads = [("", "（不另指定）"), *every_option()]
    for n, sheet in enumerate(decode(ExportLayout, mapping.layout).sheets):
        yield (
            sheet.name,
            [
                {
                    "heading": column.heading,
                    "name": f"{n}-{c}",
                    "fields": [
                        (f"holds-{n}-{c}", "内容", HOLDS, column.holds),
                        (
                            f"tells-{n}-{c}",
                            "金额算作",
                            [(t.value, t.label) for t in Tells],
                            column.tells.value,
                        ),
                        (f"means-{n}-{c}", "标题指明", heads, column.means),
                        (f"unit-{n}-{c}", "单位", [(unit, unit) for unit in YUAN_IN], column.unit),
                    ],
                }
                for c, column in enumerate(sheet.columns)
            ],
        )


def shown_words(mapping: ExportMapping) -> Iterator[tuple[str, str, str, list[tuple[str, str]], str]]:
    """Each value with its column's kind, field name, choices and meaning."""
    labels = dict(HOLDS)
    for n, (holds, value, meant) in enumerate(decode(ExportLayout, mapping.layout).words):
        yield labels[holds], value, f"word-{n}", [*UNSAID, *options(holds)], meant


def posted_layout(posted: QueryDict, mapping: ExportMapping) -> ExportLayout:
    """The layout that a form says; a choice that is none leaves what there was."""
    layout = decode(ExportLayout, mapping.layout)
    sheets = tuple(
        replace(
            sheet, columns=tuple(_column(posted, f"{n}-{c}", each) for c, each in enumerate(sheet.columns))
        )
        for n, sheet in enumerate(layout.sheets)
    )
    words = tuple(
        (holds, value, _chosen(posted, f"word-{n}", dict([*UNSAID, *options(holds)]), meant))
        for n, (holds, value, meant) in enumerate(layout.words)
    )
    return ExportLayout(sheets, words)


def _column(posted: QueryDict, at: str, column: ExportColumn) -> ExportColumn:
    means = _chosen(posted, f"means-{at}", dict([("", ""), *every_option()]), column.means)
    meaning(means)
    return replace(
        column,
        holds=_chosen(posted, f"holds-{at}", dict(HOLDS), column.holds),
        tells=Tells(_chosen(posted, f"tells-{at}", {t.value: t.label for t in Tells}, column.tells.value)),
        means=means,
        unit=_chosen(posted, f"unit-{at}", dict.fromkeys(YUAN_IN, ""), column.unit),
    )


def _chosen(posted: QueryDict, name: str, choices: dict[str, str], otherwise: str) -> str:
    value = posted.get(name, otherwise)
    return value if value in choices else otherwise

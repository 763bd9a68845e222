"""One year of a county as an answer: what its departments spend together and each, what changed, who is missing."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.key_figures import EVERY, MONEY, PIECES, SPENT, USE_WORDS
from budgets.domain.plain_words import Sentence, as_rate, county_words, in_words, percent, plain
from budgets.models.regions import Region
from budgets.public import errors
from budgets.public.answers import data, page
from budgets.public.county_tables import LOOKS, YearTable, columns
from budgets.public.figure_columns import money
from budgets.public.list_pictures import LEGEND, ranked
from budgets.public.list_rows import Row
from budgets.public.year_rows import Year, year_of
from budgets.publishing.year_figures import PUBLIC, Listed, year_list
from budgets.rendering.data.data_package import sheet_csv
from budgets.rendering.workbook.xlsx import tables_workbook

ONLY = {"": "全部", "public": "已公开", "late": "逾期", "missing": "没有公开"}
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def year(request: HttpRequest, region: str, year: str) -> HttpResponse:
    """The year in sentences, four figures and a table that is looked at in several ways; 404 for one without anything."""
    found = Region.objects.filter(code=region).first()
    told = year_of(found, int(year)) if found else None
    if told is None:
        return errors.error(404)
    look, only = request.GET.get("show", ""), request.GET.get("only", "")
    look, only = look if look in LOOKS else "", only if only in ONLY else ""
    rows = [row for row in told.listed if _kept(row, only)]
    sums_, change = told.sums, change_of(told.compared)
    kept = urlencode({k: v for k, v in (("show", look), ("only", only)) if v})
    table = YearTable(
        rows, request, kept, LOOKS[look], columns(LOOKS[look].columns, rows, sums_, len(told.counted), change)
    )
    if only:
        table.sums = []
    finals = [row for row in told.finals if _kept(row, only)]
    accounts = YearTable(
        finals, request, kept, replace(LOOKS[look], caption=f"部门决算：{LOOKS[look].caption}"),
        columns(LOOKS[look].columns, finals, {}, 0, ""),
    )  # fmt: skip
    accounts.sums = []
    said = sentences(told)
    return page(
        "public/year.html",
        request,
        told=told,
        region=told.region,
        region_name=told.region.name,
        year=year,
        sentences=said,
        shared_title=f"{told.region.name}{year}年度部门预算公开情况",
        description=f"{told.region.name}{year}年度：{plain(said)}",
        picture=f"/{region}/{year}/share.png",
        facts=facts(told),
        table=table.as_html(request),
        accounts=accounts.as_html(request) if finals else "",
        unprinted=[
            MONEY.get(key) or PIECES[key] for key in LOOKS[look].columns if key in EVERY and key not in sums_
        ]
        if told.counted
        else [],
        looks=[(_address(key, only), each.label, key == look) for key, each in LOOKS.items()],
        filters=[(_address(look, key), label, key == only) for key, label in ONLY.items()],
        pictures=[each]
        if (each := ranked([row for row in told.counted if _kept(row, only)], measure(table, look)))
        else [],
        legend=LEGEND,
        within=[row for row in told.public if row.inside],
        without=[row for row in told.counted if not row.figures],
        missing=[row for row in told.listed if not row.entry or row.entry.withdrawn],
        navigation=[("部门", f"/{region}/"), ("年度", f"/{region}/{year}/")],
        crumbs=[("首页", "/"), (told.region.name, f"/{region}/")],
        here=f"{year}年度",
        search_in=told.region,
    )


def measure(table: YearTable, look: str) -> str:
    """The figure that departments are ranked by: the one that the list is sorted by, else the first of its look; blank of days."""
    sorted_by = table.order_by[0].bare if table.order_by else ""
    return next((key for key in (sorted_by, LOOKS[look].columns[0]) if key in MONEY or key in PIECES), "")


def _kept(row: Row, only: str) -> bool:
    there = row.entry is not None and not row.entry.withdrawn
    late = there and row.entry is not None and row.entry.late
    return {"public": there, "late": late, "missing": not there}.get(only, True)


def _address(look: str, only: str) -> str:
    """The same page looked at in another way."""
    query = urlencode({key: value for key, value in (("show", look), ("only", only)) if value})
    return f"?{query}#look" if query else "./#look"


def change_of(compared: Sequence[tuple[Decimal, Decimal]]) -> str:
    """By how many percent all of them together are more than the year before; blank where nothing compares."""
    now, before = (sum((pair[n] for pair in compared), Decimal(0)) for n in (0, 1))
    rate = percent(now - before, before) if before > 0 else None
    return "" if rate is None else as_rate(rate, now - before)


def sentences(told: Year, at: str = "") -> tuple[Sentence, ...]:
    """The year in two or three sentences; `at` is the way to its page."""
    added = told.sums
    three_public = added.get("three_public")
    return county_words(
        public=len({row.code for row in told.budgets or told.public}),
        known=told.known,
        spent=added[SPENT].amount if SPENT in added else None,
        compared=told.compared,
        unsaid=sum(SPENT not in row.figures for row in told.counted),
        three_public=(three_public.amount, three_public.of) if three_public else None,
        links={
            "spent": f"{at}?sort=-{SPENT}",
            "change": f"{at}?sort=-change",
            "three_public": f"{at}?show=three_public",
            "missing": f"{at}?only=missing",
        },
    )


def facts(told: Year) -> list[tuple[str, str, str, str]]:
    """The large figures: name, number, unit and a line below; one that nothing prints is left out."""
    added, out = told.sums, []
    of = len(told.counted)
    less = "，所属单位不重复计" if of < len(told.budgets) else ""
    if SPENT in added:
        number, unit = in_words(added[SPENT].amount).split(" ")
        people = told.region.population
        each = f"，按常住人口人均 {added[SPENT].amount / people:,.0f} 元" if people else ""
        out.append(("支出合计", number, unit, f"{added[SPENT].of} 个部门{less}{each}"))
    divided = told.uses
    if whole := sum(divided.values(), Decimal(0)):
        hundred = {key: percent(amount, whole) for key, amount in divided.items() if amount}
        first, *rest = hundred
        line = "，".join(f"{USE_WORDS[key]} {hundred[key]} 元" for key in rest)
        line += f"（{told.divided} 个部门）" if told.divided < of else ""
        out.append((f"每 100 元里的{USE_WORDS[first]}", f"{hundred[first]}", "元", line))
    if "three_public" in added:
        number, unit = in_words(added["three_public"].amount).split(" ")
        kinds = {"overseas_visits": "因公出国", "vehicles": "公务用车", "official_hospitality": "接待"}
        line = "，".join(
            f"{words} {money(added[key].amount)}" for key, words in kinds.items() if key in added
        )
        line += " 万元" if line else ""
        out.append(("“三公”经费", number, unit, line))
    public = len({row.code for row in told.budgets or told.public})
    out.append(
        ("已公开", f"{public} / {told.known}", "个部门", f"{told.late} 个逾期" if told.late else "没有逾期")
    )
    return out


@require_safe
def year_file(request: HttpRequest, region: str, year: str, kind: str) -> HttpResponse:
    """All figures of the year as CSV or Excel, money in yuan."""
    found = Region.objects.filter(code=region).first()
    told = year_of(found, int(year)) if found else None
    if told is None:
        return errors.error(404)
    sheet = year_list(int(year), [_listed(row) for row in told.rows])
    title = f"{told.region.name}{sheet.title}"
    content = sheet_csv(sheet) if kind == "csv" else tables_workbook([sheet], title, told.region.name)
    answer = data(request, content, FILES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{region}-{year}.{kind}"'
    return answer


def _listed(row: Row) -> Listed:
    one = row.entry
    if one is None:
        return Listed(row.code, row.name, "尚未公开")
    if one.withdrawn:
        return Listed(row.code, row.name, "已撤回", one.approved_on, one.first_published_on, stage=one.stage)
    return Listed(
        row.code,
        row.name,
        PUBLIC,
        one.approved_on,
        one.first_published_on,
        row.figures,
        row.inside,
        one.stage,
    )

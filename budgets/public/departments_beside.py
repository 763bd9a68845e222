"""Departments of one year side by side, with the median of their kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from budgets.domain.key_figures import MONEY, PIECES, SPENT, USE_WORDS, amounts, parts
from budgets.domain.kinds_of_body import kind_of
from budgets.domain.plain_words import percent
from budgets.domain.years_compared import LINES, OF_THREE
from budgets.models.regions import Region
from budgets.public import errors
from budgets.public.answers import page
from budgets.public.figure_columns import money
from budgets.public.list_pictures import LEGEND
from budgets.public.list_rows import Row
from budgets.public.year_rows import Year, year_of
from budgets.rendering.pictures.amount_bars import stacked

MOST = 3  # departments that still stand beside each other on a phone
FEWEST = 3  # of a kind that have a median


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of each department, blank where it prints none, with its address, and the median of how many peers."""

    label: str
    level: int
    cells: tuple[tuple[str, str], ...]
    middle: str
    of: int


@require_safe
def beside(request: HttpRequest, region: str, year: str) -> HttpResponse:
    """The departments that are asked for (`unit=`, at most three), else what is typical of each kind; 404 for an empty year."""
    found = Region.objects.filter(code=region).first()
    told = year_of(found, int(year)) if found else None
    if told is None:
        return errors.error(404)
    public = {row.code: row for row in told.budgets}
    asked = list(dict.fromkeys(request.GET.getlist("unit")))
    chosen = [public[code] for code in asked if code in public][:MOST]
    kind = kind_of(chosen[0].name) if chosen else ""
    peers = [row for row in public.values() if kind_of(row.name) == kind and alike(row, chosen)]
    return page(
        "public/beside.html",
        request,
        region=told.region,
        region_name=told.region.name,
        year=year,
        choices=sorted(public.values(), key=lambda row: row.spoken),
        picked=[row.code for row in chosen] + [""] * (2 - len(chosen)),
        chosen=chosen,
        bars=[_bar(row, chosen) for row in chosen],
        legend=LEGEND,
        kind=kind,
        peers=len(peers),
        lines=lines(chosen, peers),
        kinds=() if chosen else kinds(told),
        unlike=len({row.entry.table_set for row in chosen if row.entry}) > 1,
        missing=[code for code in asked if code and code not in public],
        navigation=[("部门", f"/{region}/"), ("年度", f"/{region}/{year}/")],
        crumbs=[("首页", "/"), (told.region.name, f"/{region}/"), (f"{year}年度", f"/{region}/{year}/")],
        here="部门对比",
    )


def alike(row: Row, chosen: Sequence[Row]) -> bool:
    """Whether it is printed by the form of the first that is compared."""
    first = chosen[0].entry if chosen else None
    return bool(row.entry and first and row.entry.table_set == first.table_set)


def lines(chosen: Sequence[Row], peers: Sequence[Row]) -> list[Line]:
    """Every figure that one of the departments prints."""
    out = []
    for key, level in (*LINES, *OF_THREE):
        if not any(key in row.figures for row in chosen):
            continue
        cells = tuple(
            (shown(key, row.figures[key].amount), f"{row.entry.href}#{row.figures[key].at}")
            if row.entry and key in row.figures
            else ("", "")
            for row in chosen
        )
        of = [row.figures[key].amount for row in peers if key in row.figures]
        middle = shown(key, Decimal(median(of))) if len(of) >= FEWEST else ""
        out.append(Line(MONEY.get(key) or PIECES[key], level, cells, middle, len(of)))
    return out


def shown(key: str, amount: Decimal) -> str:
    """The amount in 万元, or pieces."""
    return f"{amount.normalize():,f}" if key in PIECES else money(amount)


def _bar(row: Row, chosen: Sequence[Row]) -> tuple[Row, SafeString | str, str]:
    """What it spends its money on, as a bar as long as it is of the largest, and in words."""
    divided = parts(amounts(row.figures))
    whole = sum(divided.values(), Decimal(0))
    longest = max(
        (each.figures[SPENT].amount for each in chosen if SPENT in each.figures), default=Decimal(0)
    )
    if not whole or longest <= 0:
        return row, "", ""
    words = "，".join(
        f"{USE_WORDS[key]} {percent(amount, whole)}%" for key, amount in divided.items() if amount
    )
    return row, stacked([(USE_WORDS[key], amount) for key, amount in divided.items()], longest), words


def kinds(told: Year) -> list[tuple[str, int, str, str]]:
    """By kind of body: how many are public, and the medians of what they spend and of “三公”经费, blank of few."""
    by_kind: dict[str, list[Row]] = {}
    for row in told.budgets:
        by_kind.setdefault(kind_of(row.name), []).append(row)
    return [
        (kind, len(rows), _middle(rows, SPENT), _middle(rows, "three_public"))
        for kind, rows in sorted(by_kind.items(), key=lambda item: -len(item[1]))
    ]


def _middle(rows: Sequence[Row], key: str) -> str:
    of = [row.figures[key].amount for row in rows if key in row.figures]
    return money(Decimal(median(of))) if len(of) >= FEWEST else ""

"""Pictures of the lists: bars as long as the amounts that they stand beside, ranks in order, budgets beside budgets alone."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgets.domain.key_figures import SPENT, KeyFigure
from budgets.public.list_pictures import LEGEND, MOST_RANKED, over_years, ranked
from budgets.public.list_rows import Row
from budgets.public.lists import Entry
from budgets.rendering.pictures.amount_bars import stacked
from tests.rendering.markup import find, parse, words
from tests.rendering.test_pictures import drawn_length


def entry(
    year: int, spent: str, *, stage: str = "budget", form: str = "hebei_2023", status: str = "current"
) -> Entry:
    day = date(year, 2, 1)
    figures = {SPENT: KeyFigure(Decimal(spent), "balance.current_expenditure.expenditure")}
    return Entry(
        "130225",
        "乐亭县",
        "483",
        "局",
        year,
        stage,
        1,
        status,
        day,
        day,
        None,
        None,
        figures=figures,
        table_set=form,
    )


def rows(*entries: Entry) -> list[Row]:
    before = {(one.year, one.stage): one for one in entries}
    return [Row(one.href, "483", one.title, one, before.get((one.year - 1, one.stage))) for one in entries]


def test_years_stand_beside_each_other_with_their_change():
    (picture,) = over_years(rows(entry(2024, "20000"), entry(2023, "10000"), entry(2021, "5000")))
    assert [(line.name, line.words, line.said) for line, _ in picture.lines] == [
        ("2024年", "2.00", "比上年 +100.0%"),
        ("2023年", "1.00", ""),
        ("2021年", "0.50", ""),
    ]
    assert [drawn_length(bar) for _, bar in picture.lines] == [100, 50, 25]
    assert picture.told == "2024年与2021年相比增加 300.0%。"
    assert picture.lines[0][0].cell == "/130225/483/2024/budget/#balance.current_expenditure.expenditure"


def test_a_budget_is_compared_with_budgets_that_mean_the_same_alone():
    final = entry(2023, "90000", stage="final")
    gone = replace(entry(2022, "0", status="withdrawn"), figures={})
    other = entry(2023, "10000", form="shanghai_2023_unit")  # its summary adds up classes, not items
    alike = entry(2021, "10000", form="shanghai_2023")  # another form with the same 支出
    (picture,) = over_years(rows(entry(2024, "20000"), final, other, gone, alike))
    assert [(line.name, line.said) for line, _ in picture.lines] == [
        ("2024年", ""),
        ("2023年", "表样不同"),
        ("2021年", ""),
    ]
    assert [drawn_length(bar) for _, bar in picture.lines] == [100, 50, 50]
    assert ["o3" in bar for _, bar in picture.lines] == [False, True, False], "by pattern as well as in words"
    assert picture.told == "2024年与2021年相比增加 100.0%。"


@pytest.mark.parametrize("amounts", [(), ("5",), ("0", "0"), ("-5", "-1")])
def test_no_picture_of_one_year_or_of_nothing(amounts):
    assert over_years(rows(*(entry(2024 - n, amount) for n, amount in enumerate(amounts)))) == []


def test_departments_by_rank_those_with_most_first():
    county = [
        Row(f"/{n}/", f"{n:03}", f"{n}局", replace(entry(2024, str(n * 10000)), unit=f"{n:03}"))
        for n in range(1, 15)
    ]
    picture = ranked(county, SPENT)
    assert [line.name for line, _ in picture.lines] == [f"{n}局" for n in range(14, 14 - MOST_RANKED, -1)]
    assert picture.told == "14 个部门里最多的 10 个，合计占 90.5%；全部见下表。"
    assert [drawn_length(bar) for _, bar in picture.lines][:2] == [100, float(f"{13 / 14 * 100:.2f}")]
    assert ranked(county, "three_public") is None, "nobody prints it"


def test_parts_of_a_bar_are_told_apart_without_colour():
    assert (
        len({str(piece).replace(f"s{n}", "") for n, (_, piece) in enumerate(LEGEND, 1)}) == len(LEGEND) == 5
    )
    bar = stacked([("人员", Decimal(60)), ("公用", Decimal(0)), ("项目", Decimal(40))], Decimal(200))
    assert re.findall(r'<rect[^>]* width="([^"]+)"', bar) == ["300.0", "200.0"]
    assert "人员 60.0%，公用 0.0%，项目 40.0%" in bar


@pytest.mark.django_db
def test_the_pages_show_them(client):
    from django.core.management import call_command

    call_command("make_county", 3, years=[2023, 2024], rows_only=True, verbosity=0)
    for address, title in (
        ("/990001/2024/", "支出排名"),
        ("/990001/2024/?show=three_public&sort=-official_hospitality", "公务接待费排名"),
        ("/990001/2024/?show=parts&sort=name", "基本支出排名"),
        ("/990001/", "2024年支出排名"),
        ("/990001/10001/", "历年支出"),
    ):
        page = parse(client.get(address).content.decode())
        figure = find(page, "figure", "amounts")[0]
        assert words(find(figure, "figcaption")[0]).startswith(title), address
        shown = [
            Decimal(words(find(find(line, "span")[-1], "a")[0]).replace(",", ""))
            for line in find(figure, "li")
        ]
        assert len(shown) >= 2
        assert shown == sorted(shown, reverse=True) or title.startswith("历年")
    assert not find(parse(client.get("/990001/2024/?show=time").content.decode()), "figure", "amounts")

"""The year of a county as an answer: equal to what its documents print, on the page and in its files, nothing withdrawn or
counted twice in a sum."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from budgets.domain.addresses import Addressed
from budgets.domain.key_figures import MONEY, PIECES, SPENT, Sum, key_figures, read, stored
from budgets.domain.plain_words import in_words
from budgets.domain.snapshots import loads
from budgets.models import Department, Publication, PublicationState, Region
from budgets.public.county_tables import LOOKS
from budgets.public.year_page import ONLY
from budgets.public.year_rows import year_of
from budgets.publishing import year_sums
from tests.makers.disclosures import a_department, a_disclosure, a_public_row, restated
from tests.rendering.markup import find, parse, words

pytestmark = pytest.mark.django_db
YEAR = "/990001/2024/"


@pytest.fixture
def county():
    """Nine departments over two years, two forms of one to one of the other, so that either year has both; one never published, one withdrew."""
    call_command(
        "make_county",
        9,
        years=[2023, 2024],
        rows_only=True,
        table_set=["hebei_2023", "hebei_2023", "shanghai_2023"],
        verbosity=0,
    )
    region = Region.objects.get(code="990001")
    Department.objects.create(region=region, code="999", name="还没有公开的局")
    gone = Publication.objects.filter(fiscal_year=2024).earliest("pk")
    restated(PublicationState.objects.filter(pk=gone.pk), status="withdrawn")
    return region


def printed(year: int, **among) -> dict[str, dict[str, Decimal]]:
    """What stands in the payloads of what is public, in yuan, by department."""
    rows = Publication.objects.filter(fiscal_year=year, state__status="current", **among).select_related(
        "department"
    )
    return {
        row.department.code: {
            key: figure.amount for key, figure in key_figures(loads(row.content)[1]).items()
        }
        for row in rows
    }


def body(client, address: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The rows of the table, each by its heads, and the sum below."""
    (table,) = find(parse(client.get(address).content.decode()), "table")
    heads = [words(cell) for cell in find(find(table, "thead")[0], "th")]
    rows = [
        (row.get("class"), dict(zip(heads, map(words, row), strict=True)))
        for row in find(find(table, "tbody")[0], "tr")
    ]
    return [row for kind, row in rows if kind != "total"], next(
        (row for kind, row in rows if kind == "total"), {}
    )


def in_wan(amount: Decimal) -> str:
    return f"{amount / 10_000:,.2f}"


def test_every_figure_and_every_sum_is_that_of_the_payloads(client, county):
    documents = printed(2024)
    assert len(documents) == 8
    names = MONEY | PIECES
    shown = set()
    for look, asked in LOOKS.items():
        rows, total = body(client, f"{YEAR}?show={look}")
        left_out = (
            client.get(f"{YEAR}?show={look}")
            .content.decode()
            .partition("没有一个部门印出")[2]
            .partition("。")[0]
        )
        for row in rows:
            for key in (key for key in asked.columns if key in names):
                amount = documents.get(row["编码"], {}).get(key)
                expected = "" if amount is None else f"{amount:,f}" if key in PIECES else in_wan(amount)
                head = next((head for head in row if head.startswith(names[key])), "")
                if not head:  # a column that nobody fills is left out
                    assert not any(key in each for each in documents.values()) and names[key] in left_out
                    continue
                assert row[head] == expected, (look, row["编码"], key)
                added = [each[key] for each in documents.values() if key in each]
                of = f"（{len(added)} 个）" if len(added) < len(documents) else ""
                plain = sum(added, Decimal(0))
                summed = (f"{plain:,f}" if key in PIECES else in_wan(plain)) + of
                assert total[head] == (summed if added else "")
                shown.add(key)
    assert shown >= {*MONEY, *PIECES} - {"vehicles", "goal_costs"}  # drawn goals limit no cost


@pytest.mark.slow
def test_each_amount_leads_to_the_cell_that_prints_it(client, county):
    page = parse(client.get(f"{YEAR}?show=three_public").content.decode())
    links = [a.get("href") for a in find(page, "a") if "/budget/#" in a.get("href", "")]
    assert len(links) >= 8 * 5
    for href in links:
        path, _, anchor = href.partition("#")
        unit = path.split("/")[2]
        document = loads(Publication.objects.get(fiscal_year=2024, department__code=unit).content)[1]
        assert Addressed(document.sheets()).find(anchor), anchor


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_files_say_the_same_as_the_page(client, county, kind):
    answer = client.get(f"{YEAR}figures.{kind}")
    assert answer["Content-Disposition"].endswith(f'990001-2024.{kind}"')
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        start = next(n for n, row in enumerate(cells) if row[0] == "编码")
        rows = [dict(zip(cells[start], row, strict=True)) for row in cells[start + 1 :]]
    documents = printed(2024)
    by_code = {str(row["编码"]): row for row in rows if str(row["编码"]).isdigit()}
    assert by_code["999"]["状态"] == "尚未公开" and len(by_code) == 10
    for code, figures in documents.items():
        for key, label in MONEY.items():
            given = by_code[code][f"{label}（元）"]
            assert (Decimal(str(given)) if given not in ("", None) else None) == figures.get(key), (code, key)
    total = next(row for row in rows if str(row["部门"]).startswith("合计"))
    assert total["部门"] == "合计（已公开 8 / 10）"
    assert Decimal(str(total[f"{MONEY[SPENT]}（元）"])) == sum(each[SPENT] for each in documents.values())


def test_what_another_document_contains_is_shown_and_not_added(client, county):
    first, second = Department.objects.filter(region=county, code__in=printed(2024)).order_by("code")[:2]
    Department.objects.filter(pk=first.pk).update(includes_units=True)
    Department.objects.filter(pk=second.pk).update(supervising_department=first)
    documents = printed(2024)
    rows, total = body(client, YEAR)
    inside = next(row for row in rows if row["编码"] == second.code)
    assert inside["部门"] == f"{second.name} 在{first.name}内"
    spent = next(head for head in inside if head.startswith("本年支出"))
    assert inside[spent] == in_wan(documents[second.code][SPENT])
    counted = [each[SPENT] for code, each in documents.items() if code != second.code]
    assert total[spent] == in_wan(sum(counted))
    page = words(parse(client.get(YEAR).content.decode()))
    assert f"不重复计入合计的：{second.name}" in page
    county_rows, county_sum = body(client, "/990001/")
    assert county_sum["2024年"] == in_wan(sum(counted)) and len(county_rows) == 10


def test_a_change_is_told_where_both_years_are_public_in_one_form(client, county):
    now, before = printed(2024), printed(2023)
    restated(table_set="one_form")  # what the figures are of does not matter here
    other = sorted(now)[-1]
    publication = Publication.objects.get(fiscal_year=2024, department__code=other)
    restated(PublicationState.objects.filter(pk=publication.pk), table_set="another_form")
    rows, total = body(client, YEAR)
    for row in rows:
        code = row["编码"]
        if code in now and code != other and before[code][SPENT] > 0:
            rate = (now[code][SPENT] - before[code][SPENT]) * 100 / before[code][SPENT]
            assert row["比上年"] == f"{rate:+.1f}%".replace("-", "−")
        else:
            assert row["比上年"] == ""
    both = [(now[code][SPENT], before[code][SPENT]) for code in now if code != other]
    rate = sum(a - b for a, b in both) * 100 / sum(b for _, b in both)
    assert total["比上年"] == f"{rate:+.1f}%".replace("-", "−")


def test_only_what_was_asked_for_is_listed(client, county):
    late = Publication.objects.filter(fiscal_year=2024, state__status="current").latest("pk")
    restated(PublicationState.objects.filter(pk=late.pk), approved_on="2023-12-01")
    for only, number in {"": 10, "public": 8, "late": 1, "missing": 2}.items():
        address = f"{YEAR}?show=time&only={only}"
        rows, total = body(client, address)
        assert len(rows) == number and only in ONLY
        assert bool(total) == (only == ""), "a sum stands under all of them alone"
        page = parse(client.get(address).content.decode())
        assert sum(a.get("aria-current") == "true" for a in find(page, "a")) == 2


@pytest.mark.slow
def test_what_names_nothing_changes_nothing(client, county):
    for query in ("?show=nothing", "?only=everything", "?sort=secret", "?show=%00", "?page=99"):
        assert len(body(client, f"{YEAR}{query}")[0]) == 10


def test_sentences_say_what_the_figures_say(client, county):
    documents = printed(2024)
    restated(table_set="one_form")
    told = year_of(county, 2024)
    text = words(parse(client.get(YEAR).content.decode()))
    spent = sum(each[SPENT] for each in documents.values())
    assert f"已公开的 8 个部门共安排支出 {in_words(spent)}" in text
    assert "还有 2 个部门没有公开" in text
    assert told is not None and len(told.compared) == 8
    three = re.search(r"因公出国 ([\d.,]+)，公务用车 ([\d.,]+)，接待 ([\d.,]+) 万元", text)
    parts = sum(Decimal(amount.replace(",", "")) for amount in three.groups())
    assert parts * 10_000 == sum(each["three_public"] for each in documents.values()), "the card adds up"
    home = words(parse(client.get("/990001/").content.decode()))
    assert "2024年度，已公开的 8 个部门" in home


def test_the_first_page_says_what_the_year_page_says(client, county):
    first, second = Department.objects.filter(region=county, code__in=printed(2024)).order_by("code")[:2]
    Department.objects.filter(pk=first.pk).update(includes_units=True)
    Department.objects.filter(pk=second.pk).update(supervising_department=first)
    year_sums.renew(county.pk)
    spent = sum(each[SPENT] for code, each in printed(2024).items() if code != second.code)
    page = words(parse(client.get("/").content.decode()))
    assert f"2024年度 7 个部门支出合计 {in_words(spent)}" in page and "2024年度 8 个部门已公开" in page
    assert year_of(county, 2024).sums[SPENT] == Sum(spent, 7)


@pytest.mark.slow
def test_a_department_has_its_years_beside_each_other(client, county):
    code = next(code for code, each in printed(2023).items() if each[SPENT] > 0 and code in printed(2024))
    restated(table_set="one_form")
    now, before = printed(2024)[code], printed(2023)[code]
    rows, total = body(client, f"/990001/{code}/")
    assert [row["公开内容"] for row in rows] == ["2024年部门预算", "2023年部门预算"] and not total
    assert [row["本年支出"] for row in rows] == [in_wan(now[SPENT]), in_wan(before[SPENT])]
    assert rows[0]["比上年"] and rows[1]["比上年"] == ""
    address = f"/990001/{code}/"
    assert "联系方式 0" in words(parse(client.get(address).content.decode())), "what its budget prints"
    PublicationState.objects.update(contact="")
    assert "没有公布联系方式" in words(parse(client.get(address).content.decode()))
    Department.objects.filter(code=code).update(phone="0315-7654321")
    assert "咨询电话 0315-7654321" in words(parse(client.get(address).content.decode()))


@pytest.mark.slow
def test_figures_are_kept_as_they_were_read(county):
    for state in PublicationState.objects.select_related("publication"):
        figures = key_figures(loads(state.publication.content)[1])
        assert read(state.figures) == figures and stored(figures) == state.figures
        assert state.table_set == loads(state.publication.content)[1].table_set


def test_per_head_only_where_the_region_says_how_many_live_there(client):
    call_command("make_county", 3, years=[2023], rows_only=True)
    region = Region.objects.get()
    place = f"/{region.code}/2023/"
    assert "人均" not in client.get(place).text
    told = year_of(region, 2023)
    Region.objects.update(population=3600)
    assert f"人均 {told.sums[SPENT].amount / 3600:,.0f} 元" in client.get(place).text
    Region.objects.update(population=0)
    assert "人均" not in client.get(place).text


def test_final_accounts_stand_apart_and_are_in_no_sum(client, county):
    """One beside the department's budget, and one of a department without any: the sum and the ranking stay the budgets'."""
    before, total = body(client, YEAR)
    for code in (
        Publication.objects.filter(fiscal_year=2024, state__status="current").earliest("pk").department.code,
        "999",
    ):
        department = Department.objects.get(code=code)
        final = a_disclosure(department, year=2024, table_set="shanghai_final_2024")
        a_public_row(final, figures={SPENT: ["123450000", "x"]})
    budgets, accounts = find(parse(client.get(YEAR).content.decode()), "table")[-2:]
    assert "部门决算" in words(find(accounts, "caption")[0]) and words(accounts).count("12,345.00") == 2
    (sums,) = find(budgets, "tr", "total")
    assert "12,345.00" not in words(budgets) and list(map(words, sums)) == list(total.values())
    assert len(find(budgets, "tr")) == len(before) + 2
    text = client.get(YEAR).content.decode()
    assert (
        "部门决算另列一表，不计入合计" in text
        and "部门决算" not in client.get("/990001/2023/").content.decode()
    )
    rows = list(csv.DictReader(io.StringIO(client.get(f"{YEAR}figures.csv").content.decode("utf-8-sig"))))
    assert {row["类别"] for row in rows} >= {"部门预算", "部门决算"}
    (added,) = [row for row in rows if row["部门"].startswith("合计")]
    assert in_wan(Decimal(added[f"{MONEY[SPENT]}（元）"])) == total[MONEY[SPENT]].partition("（")[0]


def test_a_county_says_how_much_of_what_projects_cost_its_goals_cover(client):
    project = {"project": ["200.00", "expenditure.total.project"]}
    a_public_row(a_disclosure(a_department("301")), figures=project)
    assert "绩效目标写明的" not in client.get("/130225/").text
    a_public_row(
        a_disclosure(a_department("302")), figures=project | {"goal_costs": ["150.00", "goal_1.0.target"]}
    )
    told = words(parse(client.get("/130225/").text))
    assert re.search(r"合计为 ?项目支出的 75\.0% ?（1 / 2 个部门写明）", told)

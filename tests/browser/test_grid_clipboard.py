"""The entry grid in Chromium by clipboard: blocks of Excel, WPS and web pages, and what is said of them."""

import random
from decimal import Decimal

import pytest

from budgets.domain.money import NotAnAmount, parse_amount
from budgets.models import ExpenditureLine, Organization, Subject

from .grid_pages import PASTE, open_grid, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_block_of_25_rows_and_8_columns_in_one_stroke(desk, office):
    _, disclosure, _ = office
    codes = [f"20199{n:02}" for n in range(10, 35)]
    Subject.objects.bulk_create(
        Subject(
            fiscal_year=2023, scheme="function", code=code, name=f"科目{code}", level=3, parent_code="20199"
        )
        for code in codes
    )
    rng = random.Random(8)
    amounts = [[Decimal(rng.randint(1, 999_999)) / 100 for _ in range(4)] for _ in codes]
    page = open_grid(desk, disclosure, "revenue")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.url)
    columns = page.locator("tr[data-entry]").last.locator("input.amount").count()
    assert columns >= 4
    text = "\r\n".join(
        "\t".join([code, f"科目{code}", "", "", *(f"{amount:,.2f}" for amount in line)])
        for code, line in zip(codes, amounts, strict=True)
    )
    page.evaluate("text => navigator.clipboard.writeText(text)", text + "\r\n")
    page.locator("input.code").nth(1).focus() if page.locator("input.code").nth(
        1
    ).input_value() == "" else page.locator("input.code").last.focus()
    page.keyboard.press("ControlOrMeta+v")
    assert "粘贴了 25 行" in page.locator("#grid-report").inner_text()
    saved(page)
    lines = {line.function: line for line in disclosure.revenue_lines.filter(function__in=codes)}
    boxes = page.locator("tr[data-entry]").first.locator("input.amount")
    names = boxes.evaluate_all("all => all.map(each => each.dataset.column)")
    # The third and fourth column lie over 合计 and 小计, which the table works out itself.
    for code, line in zip(codes, amounts, strict=True):
        typed = [getattr(lines[code], name) / 10000 for name in names]
        assert [amount for amount in typed if amount] == line, code
    page.keyboard.press("ControlOrMeta+z")
    saved(page)
    page.wait_for_timeout(2500)
    assert not disclosure.revenue_lines.filter(function__in=codes).exists()
    desk.look()


WRITTEN = (
    lambda a: f"{a:,.2f}", lambda a: f"{a:.2f}", lambda a: str(a), lambda a: f"￥{a:,.2f}",
    lambda a: f"{a:.2f}".translate(str.maketrans("0123456789.", "０１２３４５６７８９．")), lambda a: f"（{a:.2f}）",
    lambda a: f"−{a:.2f}", lambda a: f"{a:.2f}万元", lambda a: f"{a * 10000:.0f}元", lambda a: "", lambda a: "—",
    lambda a: "无", lambda a: "八十", lambda a: f"{a:.2f} {a:.2f}", lambda a: f" {a:.2f} ",
)  # fmt: skip


def as_html(block) -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in block)
    return f"<html><body><!--StartFragment--><table>{rows}</table></body></html>"


def test_100_random_blocks_are_read_as_the_importer_reads_them(desk, office):
    """What stands in the cells after pasting is what the one parser of amounts makes of the same words."""
    _, disclosure, _ = office
    ExpenditureLine.objects.bulk_create(
        ExpenditureLine(disclosure=disclosure, fund="general_public", function=f"20502{n:02}", basic=100)
        for n in range(6)
    )
    page = open_grid(desk, disclosure)
    compared = 0
    for seed in range(100):
        rng = random.Random(seed)
        block = [
            [rng.choice(WRITTEN)(Decimal(rng.randint(1, 9_999_999)) / 100) for _ in range(2)]
            for _ in range(rng.randint(2, 6))
        ]
        page.locator("tr[data-entry] input[data-column=basic]").first.focus()
        if rng.random() < 0.5:
            page.evaluate(PASTE, ["\r\n".join("\t".join(line) for line in block) + "\r\n", None])
        else:
            page.evaluate(PASTE, ["", as_html(block)])
        rows = page.locator("tr[data-entry]").all()[: len(block)]
        shown = page.evaluate(
            """n => [...document.querySelectorAll("tr[data-entry]")].slice(0, n).map(tr =>
            ["basic", "project"].map(name => { const read = Grid.parse(tr.querySelector(`[data-column=${name}]`).value, "万元");
                return read.wrong ? "wrong" : String(read.cents); }))""",
            len(rows),
        )
        pasted = [line for line in block if any(cell.strip() for cell in line)]
        filled = iter(shown)
        for line in block:
            values = next(filled)
            if line not in pasted:
                continue  # a blank line of a block leaves a row as it is
            for cell, value in zip(line, values, strict=True):
                try:
                    right = str(int((parse_amount(cell, "万元") or 0) * 100))
                except NotAnAmount:
                    right = "wrong"
                assert value == right, (seed, cell)
                compared += 1
    assert compared > 500


def test_a_cell_with_a_line_break_is_one_cell(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure, "organizations")
    page.locator("tr[data-entry] input").nth(1).focus()
    page.keyboard.press("Home")
    page.locator("tr[data-entry]").first.locator("input:visible").first.focus()
    page.evaluate(PASTE, ['"乐亭县\n行政审批局"\t行政\n"说""好""的局"\t事业\n', None])
    saved(page)
    assert list(Organization.objects.values_list("name", flat=True)) == ["乐亭县行政审批局", '说"好"的局']


def test_html_of_merged_cells_and_what_does_not_fit_is_said(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure)
    page.locator("tr[data-entry] input[data-column=basic]").first.focus()
    html = "<table><tr><td colspan=2>5</td><td>9</td></tr><tr><td>6</td><td>x7</td></tr></table>"
    page.evaluate(PASTE, ["", html])
    words = page.locator("#grid-report").inner_text()
    assert words.startswith("粘贴了 2 行 3 列，2 处没有读。")
    assert "没读懂" in words and "“x7”" in words and "超出表的最后一栏" in words
    assert page.get_by_label("第1行 基本支出").input_value() == "5"
    assert page.get_by_label("第2行 项目支出").input_value() == "x7"


def test_yuan_pasted_into_a_table_of_wan_yuan(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure)
    page.select_option("#grid-unit", "元")
    page.locator("tr[data-entry] input[data-column=basic]").first.focus()
    page.evaluate(PASTE, ["8200000\t3000050\n800000\t\n", None])
    assert page.get_by_label("第1行 基本支出").input_value() == "820.00"
    assert page.get_by_label("第1行 项目支出").input_value() == "300.01"
    assert "四舍五入" in page.locator("#grid-report").inner_text()


def test_the_report_of_a_block_is_a_short_head_and_a_list_that_folds(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure, "organizations")
    page.locator("tr[data-entry] input:visible").first.focus()
    page.evaluate(PASTE, ["局\t行政\t正科级\t财政拨款\t多\n", None])
    assert page.locator("#grid-report > p").inner_text() == "粘贴了 1 行 5 列，1 处没有读。Ctrl+Z 可撤销。"
    page = open_grid(desk, disclosure)
    page.locator("tr[data-entry] input[data-column=basic]").first.focus()
    page.evaluate(PASTE, ["x\tx\n" * 2 + "2010301\t\n" * 8, None])
    assert page.locator("#grid-report > ul > li").count() == 5
    fold = page.locator("#grid-report details")
    assert fold.locator("li").count() > 0 and not fold.locator("li").first.is_visible()
    fold.locator("summary").click()
    assert fold.locator("li").first.is_visible()
    desk.look()

"""Items that a text names by 类, 款, 项 or code, found among the rows of the tables."""

from decimal import Decimal

import pytest

from budgets.domain.items import Items, item_name
from budgets.domain.quantities import quantities

ITEMS = Items(
    {
        "201": "一般公共服务支出",
        "20103": "政府办公厅（室）及相关机构事务",
        "2010301": "行政运行",
        "20106": "财政事务",
        "2010601": "行政运行",
        "208": "社会保障和就业支出",
        "20805": "行政事业单位养老支出",
        "2080506": "机关事业单位职业年金缴费支出",
        "2080599": "其他行政事业单位养老支出",
    }
)


def find(words: str):
    item = item_name(words)
    return item and ITEMS.find(item)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("1.“一般公共服务支出（类）财政事务（款）行政运行（项）”", ("2010601",)),
        ("（2）用于一般公共服务支出(类)财政事务(款)行政运行(项)", ("2010601",)),
        ("一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）", ("2010301",)),
        ("一般公共服务支出 （类） 财政 事务（款）", ("20106",)),
        ("社会保障和就业支出（类）", ("208",)),
        ("行政运行（项）", ("2010301", "2010601")),
        ("201（类）06（款）01（项）", ("2010601",)),
        ("2010601行政运行", ("2010601",)),
        ("行政运行（2010601）", ("2010601",)),
        ("甲（类）乙（款）丙（项），以及社会保障和就业支出（类）行政事业单位养老支出（款）", ("20805",)),
    ],
)
def test_names_are_found(words, codes):
    assert find(words).codes == codes
    assert find(words).exact


def test_a_slip_finds_the_nearest_name():
    found = find("社会保障和就业支出（类）行政事业单位养老支出（款）其它行政事业单位养老支出（项）")
    assert (found.codes, found.exact) == (("2080599",), False)


@pytest.mark.parametrize(
    "words",
    ["教育支出（类）普通教育（款）小学教育（项）", "其中：人员经费", "财预〔2021〕101号", "20106012年"],
)
def test_what_is_no_row_is_not_found(words):
    assert find(words) is None


def told(text: str) -> list[tuple]:
    return [(q.number, str(q.item) if q.item else "", q.part) for q in quantities(text, 2025)]


def test_the_parts_of_an_item_follow_it_to_the_end_of_its_sentence():
    text = "财政事务（款）行政运行（项）100.00万元，其中：基本支出90.00万元，项目支出10.00万元。项目支出5.00万元。"
    name = "财政事务（款）行政运行（项）"
    assert told(text) == [
        (Decimal("100.00"), name, False),
        (Decimal("90.00"), name, True),
        (Decimal("10.00"), name, True),
        (Decimal("5.00"), "", False),
    ]


def years(text: str) -> list[int | None]:
    return [q.year for q in quantities(text, 2025)]


def test_the_day_of_a_stock_is_no_other_year():
    assert years("截至2024年12月31日，固定资产金额为9.00万元。") == [None]
    assert years("上年末固定资产金额为9.00万元。") == [None]
    assert years("上年度预算9.00万元，2024年决算8.00万元。") == [2024, 2024]


@pytest.mark.parametrize(
    "text", ["单价100万元（含）以上设备", "400.00万元以上基本建设项目", "3000.00万元及以下的审计"]
)
def test_a_threshold_is_no_amount(text):
    assert list(quantities(text, 2025)) == []

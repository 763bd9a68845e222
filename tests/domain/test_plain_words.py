"""Plain sentences: every number in them is one of the figures they were made from, rounded as it is said."""

import random
import re
from decimal import Decimal

import pytest

from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.key_figures import SPENT, USE_WORDS, _recorded, parts
from budgets.domain.plain_words import as_rate, change, county_words, in_words, percent, plain, unit_words

DRAWN = 10_000


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("105", "100", "比上年增加 5.0%"),
        ("96.7", "100", "比上年减少 3.3%"),
        ("100", "100", "与上年持平"),
        ("0", "0", "与上年持平"),
        ("10000", "0", "比上年增加 1.00 万元"),
        ("10000", "-10000", "比上年增加 2.00 万元"),
        ("100000000", "9000", "比上年增加 9,999.10 万元"),
        ("1000000", "1000001", "比上年减少不到 0.1%"),
        ("0", "50000", "比上年减少 100.0%"),
    ],
)
def test_a_change_in_words(now, before, words):
    assert change(Decimal(now), Decimal(before)) == words


@pytest.mark.parametrize(
    ("yuan", "words"),
    [("0", "0.00 万元"), ("9906200", "990.62 万元"), ("99999999.99", "10,000.00 万元"), ("830268000", "8.30 亿元"), ("-120000", "-12.00 万元")],
)  # fmt: skip
def test_an_amount_in_words(yuan, words):
    assert in_words(Decimal(yuan)) == words


def drawn(chance: random.Random) -> dict[str, Decimal]:
    keys = ("basic", "personnel", "running_costs", "project", SPENT, "three_public")
    top = 10 ** chance.randint(4, 12)
    found = {key: Decimal(chance.choice((0, chance.randint(0, top)))) / 100 for key in keys}
    if chance.random() < 0.5:  # wholes of their parts, as documents mostly print them
        found["basic"] += found["personnel"] + found["running_costs"]
        found[SPENT] = found["basic"] + found["project"] + chance.choice((Decimal(0), found[SPENT]))
    return {key: amount for key, amount in found.items() if chance.random() < 0.9}


def said_of(text: str, amounts: dict[str, Decimal], before: dict[str, Decimal], key: str) -> None:
    """What a sentence says of a change is what the two amounts are to each other."""
    if key not in amounts or key not in before:
        assert "比上年" not in text and "与上年" not in text
    elif amounts[key] == before[key]:
        assert "与上年持平" in text and "比上年" not in text
    else:
        up = amounts[key] > before[key]
        assert f"比上年{'增加' if up else '减少'}" in text and f"比上年{'减少' if up else '增加'}" not in text


def most_moved(text: str, amounts: dict[str, Decimal], before: dict[str, Decimal]) -> bool:
    """Whether the sentence names a use, which must have moved most in the direction of the whole, by that much."""
    found = re.search(r"(增加|减少)最多的是(.+?)（(.+?)）", text)
    if not found:
        return False
    sign = 1 if found[1] == "增加" else -1
    assert (amounts[SPENT] - before[SPENT]) * sign > 0
    now, then = parts(amounts), parts(before)
    moved = {USE_WORDS[key]: (now.get(key, 0) - then.get(key, 0)) * sign for key in {*now, *then}}
    assert moved[found[2]] == max(moved.values()) > 0 and found[3] == in_words(moved[found[2]])
    return True


def test_no_drawn_sentence_says_what_the_figures_do_not():
    chance = random.Random(10)
    said = named = 0
    for _ in range(DRAWN):
        amounts = drawn(chance)
        before = drawn(chance) if chance.random() < 0.8 else {}
        if chance.random() < 0.2:
            before = amounts | {key: before[key] for key in before if chance.random() < 0.3}
        links = {key: f"#{key}" for key in amounts} | {"change": "compare/"}
        sentences = unit_words(2024, amounts, before, links)
        text = plain(sentences)
        assert (SPENT in amounts) == ("安排支出" in text) and ("three_public" in amounts) == (
            "“三公”" in text
        )
        for sentence in sentences:
            key = SPENT if "安排支出" in plain([sentence]) else "three_public"
            said_of(plain([sentence]), amounts, before, key)
            for words, href in sentence:
                if href.startswith("#"):
                    assert words == in_words(amounts[href.removeprefix("#")])
                    said += 1
                elif href:
                    assert words == change(amounts[key], before[key])
        named += most_moved(text, amounts, before)
        divided = parts(amounts)
        if "每 100 元里" in text:
            assert sum(divided.values()) == amounts[SPENT], "of what the sentence says is spent"
            share = Decimal(text.partition("每 100 元里")[2].split(" ")[1])
            named_uses = [
                amount for key, amount in divided.items() if key not in ("other", "rest") and amount > 0
            ]
            assert abs(share - max(named_uses or divided.values()) * 100 / amounts[SPENT]) <= Decimal("0.05")
            assert divided["other"] == amounts["basic"] - amounts["personnel"] - amounts["running_costs"]
    assert said > DRAWN and named > 150


def test_a_county_says_whom_it_compares():
    links = dict.fromkeys(("spent", "change", "three_public", "missing"), "?")
    pair = (Decimal(200_000), Decimal(100_000))
    some = {"spent": Decimal(500_000), "three_public": (Decimal(10_000), 2), "links": links}
    text = plain(county_words(public=3, known=4, compared=[pair, pair], **some))
    assert (
        text
        == "已公开的 3 个部门共安排支出 50.00 万元，其中上年也公开的 2 个部门合计比上年增加 100.0%。“三公”经费（2 个部门）合计 1.00 万元。还有 1 个部门没有公开。"
    )
    text = plain(county_words(public=2, known=2, compared=[pair, pair], **some))
    assert (
        text
        == "已公开的 2 个部门共安排支出 50.00 万元，比上年增加 100.0%。“三公”经费合计 1.00 万元。2 个部门全部公开。"
    )
    assert (
        plain(county_words(public=0, known=4, spent=None, compared=[], three_public=None, links=links))
        == "还有 4 个部门没有公开。"
    )
    text = plain(county_words(public=3, known=3, compared=[], unsaid=1, **some | {"three_public": None}))
    assert text.startswith(
        "已公开的 3 个部门共安排支出 50.00 万元。其中 1 个部门没有可以相加的数，没有计入。"
    )
    none = {"spent": None, "compared": [], "three_public": None, "links": links}
    assert plain(county_words(public=1, known=1, unsaid=1, **none)).startswith(
        "已公开的 1 个部门没有可以相加的数。"
    )


@pytest.mark.parametrize(
    ("amount", "whole", "share"), [("1", "3", "33.3"), ("1", "0", None), ("2", "3", "66.7")]
)
def test_a_share(amount, whole, share):
    assert percent(Decimal(amount), Decimal(whole)) == (Decimal(share) if share else None)


@pytest.mark.parametrize(
    ("printed", "cars"), [("3", 3), ("１２", 12), ("1,200", 1200), ("", 0), ("约3辆", None), ("三", None)]
)
def test_words_are_no_number_of_cars(printed, cars):
    columns = (
        Column("line", ("项目",), ColumnKind.CAPTION),
        Column("quantity", ("数量",), ColumnKind.NUMBER),
    )
    row = Row("vehicles", 1, (Cell("车辆"), Cell(printed)))
    found = _recorded(Sheet("fixed_assets", None, "资产", (), columns, (row,)), "vehicles", "quantity")
    assert (found and found.amount) == cars


@pytest.mark.parametrize(
    ("rate", "difference", "words"),
    [
        ("5.2", "1", "+5.2%"),
        ("-3.3", "-1", "−3.3%"),
        ("0.0", "0", "0.0%"),
        ("0.0", "3", "增不到 0.1%"),
        ("-0.0", "-3", "减不到 0.1%"),
    ],
)
def test_a_rate_shows_its_sign_and_never_one_of_nothing(rate, difference, words):
    assert as_rate(Decimal(rate), Decimal(difference)) == words

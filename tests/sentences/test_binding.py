"""Single sentences bound: what becomes live, and what is left as typed with the reason why."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.domain.composing import composed
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.paragraphs import LONGEST_CHAPTER
from budgets.domain.terms import Family
from budgets.sentences.binding import Binder, Bound
from budgets.sentences.moving_years import moved
from budgets.sentences.unusual_words import offers_in, standard_form
from tests.makers.published_ledgers import laoting, putuo
from tests.sentences.roll_forward import filler_of


def bind(
    text: str, ledger: Ledger | None = None, previous: Ledger | None = None, key: str = "overview"
) -> Bound:
    filler = filler_of(ledger or laoting())
    then = (filler_of(previous), composed(filler_of(previous))) if previous else None
    return Binder(filler, composed(filler), then).bind(Narrative(key, "章", text))


@pytest.mark.parametrize(
    ("typed", "live"),
    [
        ("人员经费721.19万元。", "人员经费[[人员经费]]万元。"),
        ("人员经费7211900元。", "人员经费[[人员经费]]元。"),
        ("人员经费721万元。", "人员经费[[人员经费·0位小数]]万元。"),
        ("项目支出188.94万元，占本年支出的19.07%。", "项目支出[[项目支出]]万元，占本年支出的[[项目支出·占本年支出]]。"),
        ("项目支出188.94万元，占本年支出的19.1%。", "项目支出[[项目支出]]万元，占本年支出的[[项目支出·占本年支出·1位小数]]。"),
        ("人员经费721.19万元，比2022年预算增加5.00万元，增长0.70%。", "人员经费[[人员经费]]万元，[[人员经费·比{上年}年预算·升降]]。"),
        ("人员经费721.19万元，较上年减少5.00万元。", "人员经费[[人员经费]]万元，[[人员经费·较上年]]。"),
        ("与2022年预算相比，人员经费721.19万元，增加5.00万元。", "与[[上年]]年预算相比，人员经费[[人员经费]]万元，[[人员经费·变动]]。"),
        ("公务接待费0.30万元，与上年持平，无增减变化。", "公务接待费[[公务接待费]]万元，[[公务接待费·比上年]]。"),
        ("2022年预算人员经费700.00万元。", "[[上年]]年预算人员经费[[人员经费·上年]]万元。"),
        ("工资福利支出715.67万元。", "工资福利支出[[工资福利支出]]万元。"),
        ("截至2022年12月31日。", "截至[[上年]]年12月31日。"),
        ("2023-01-31", "[[年度]]-01-31"),
        ("人员经费[[人员经费]]万元，[[年度]]年。", "人员经费[[人员经费]]万元，[[年度]]年。"),
    ],
)  # fmt: skip
def test_what_the_words_and_the_value_tie_becomes_live(typed, live):
    bound = bind(typed)
    assert (bound.text, bound.reread) == (live, ())


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("培训专项3.33万元。", "没有对应的一格"),
        ("人员经费999.99万元。", "721.19万元不符"),
        ("收入预算990.62万元。", "可指本年收入或收入总计"),
        ("柒佰万元用于人员。", "没有对应的一格"),
        ("人员经费721.19万元，比2019年预算增加5.00万元。", "没有写明"),
        ("人员经费721.19万元，与2019年持平。", "没有写明"),
        ("人员经费999.99万元，与上年持平。", "没有写明"),
        ("比上年增加5.00万元。", "没有写明"),
        ("人员经费721.19万元，比2022年决算增加5.00万元。", "决算"),
        ("2022年度决算人员经费690.98万元。", "决算"),
        ("人员经费721.19万元，比上年有所增加。", "没有写明"),
        ("人员经费721.19万元，占全部的72.9%。", "哪个数占哪个数"),
        ("从2022年起执行。", "是不是要改"),
        ("2022年至2024年实施。", "是不是要改"),
        ("二〇二三年。", "是不是要改"),
        ("人员经费增加的主要原因是调标。", "增减原因"),
        ("共有车辆3辆。", "数量"),
    ],
)
def test_what_cannot_be_tied_stays_as_typed_and_is_told(typed, why):
    bound = bind(typed)
    assert [why in one.why for one in bound.reread] == [True], bound
    figures = [word for word in ("3.33", "999.99", "柒佰万", "690.98", "5.00", "72.9%") if word in typed]
    assert all(figure in bound.text for figure in figures)


def test_with_last_year_known_a_false_change_is_no_longer_taken_on_trust():
    last = replace(laoting(), year=2022, facts=tuple(
        replace(f, amount=f.amount - Decimal(50000)) if f.family is Family.BASIC_EXPENDITURE and f.economic == "30101" else f
        for f in laoting().facts
    ))  # fmt: skip
    true, false = (
        "人员经费721.19万元，比2022年预算增加5.00万元。",
        "人员经费721.19万元，比2022年预算增加6.00万元。",
    )
    assert bind(true, previous=last).reread == ()
    (told,) = bind(false, previous=last).reread
    assert "两年公开的数不符" in told.why and "6.00万元" in told.sentence
    (base,) = bind("2022年预算人员经费700.00万元。", previous=last).reread
    assert "716.19万元" in base.why


def test_an_item_with_a_wrong_amount_is_tied_by_its_full_name_and_told():
    text = (
        "“社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位职业年金缴费支出（项）”887.36万元。"
    )
    bound = bind(text, putuo())
    assert "[[2080506 机关事业单位职业年金缴费支出]]万元" in bound.text
    assert "887.36万元" in bound.reread[0].why and "87.36万元" in bound.reread[0].why


def test_a_sentence_is_told_once_with_all_that_is_to_be_said():
    (told,) = bind("培训专项3.33万元、会议专项4.44万元，主要原因是增加。").reread
    assert told.why.count("没有对应的一格") == 2 and "增减原因" in told.why


@pytest.mark.parametrize("key", ["performance", "term_definitions"])
def test_goals_and_definitions_keep_their_amounts_and_move_their_years(key):
    bound = bind("2023年投入30万元，比2022年多办3件。", key=key)
    assert bound.text == "[[年度]]年投入30万元，比[[上年]]年多办3件。"


def test_words_of_old_files_are_offered_in_standard_form():
    items = Binder(filler_of(putuo()), composed(filler_of(putuo()))).names.figures.items
    text = "政府基金预算收入，公务车用车运行费，公务车购置费，所属事业部门，“行政事业单位养老支出（款）其它行政事业单位养老支出（项）”"
    offers = list(offers_in(text, items))
    assert {(offer.typed, offer.standard) for offer in offers} >= {
        ("政府基金", "政府性基金"), ("公务车用车", "公务用车"), ("公务车", "公务用车"), ("事业部门", "事业单位"),
        ("其它行政事业单位养老支出", "其他行政事业单位养老支出"),
    }  # fmt: skip
    mended = standard_form(text, offers)
    assert mended == (
        "政府性基金预算收入，公务用车运行费，公务用车购置费，所属事业单位，“行政事业单位养老支出（款）其他行政事业单位养老支出（项）”"
    )
    assert list(offers_in(mended, items)) == []
    assert list(offers_in("公务用车运行维护费、政府性基金、事业单位、机关运行经费", items)) == []


def test_titles_move_their_years_in_digits():
    assert (
        moved("2025年部门预算编制说明（较2024年）《2024年办法》", 2025, 2026)
        == "2026年部门预算编制说明（较2025年）《2024年办法》"
    )


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    "words",
    [
        "人员经费721.19万元，比2022年预算增加5.00万元。",
        "与上年持平，",
        "2022年",
        "[[人员经费·比上年]]",
        "比上年，",
        "比上年增加",
        "[[",
        "（请写",
        "一般公共服务支出（类）行政运行（项）",
    ],
)
def test_the_longest_chapter_is_bound_within_its_length(words):
    def took(length: int) -> float:
        began = time.process_time()
        bind(words * (length // len(words)))
        return time.process_time() - began

    part, whole = (min(took(length) for _ in range(2)) for length in (LONGEST_CHAPTER // 4, LONGEST_CHAPTER))
    assert whole <= 6 * max(part, 0.15)

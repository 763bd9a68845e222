"""Files as people have them: each is read right, or told in one sentence what it is and what to do."""

from pathlib import Path

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.report_lines import tell

CASES = Path(__file__).parents[1] / "cases"
HEBEI = {"table_set": "hebei_2023"}
SHANGHAI = {"table_set": "shanghai_2023", "year": 2025, "region": "310107", "unit": "301"}
FACTS = 64  # of the workbook that most cases are made from
READ_WHOLE = (
    "bad-fill-style.xlsx", "code-in-name.xlsx", "gbk.csv", "legacy-biff.xls", "wu-for-zero.xlsx", "xml2003.xls",
    "yuan-sign.xlsx",
)  # fmt: skip
OTHER_FORMS = {
    "central-unit.xlsx": (0, 3),
    "edu-bureau.xlsx": (0, 3),
    "guangxi-wuzhou.xlsx": (1, 3),
    "cq-rongchang.xlsx": (3, 8),
}
REFUSED = {
    "legacy.doc": "是旧版 Word 或 WPS 文字格式（.doc、.wps），请用 Word 或 WPS 打开后另存为 .docx 再试。",
    "mini.ofd": "转成 PDF",
    "bundle.zip": "是压缩包，请解压后逐个上传其中的文件。",
}
TOLD = {
    "last-year-sheet-first.xlsx": ("2023年支出总表", "2023 年的表，不是本年的"),
    "three-public-last-year-columns.xlsx": (
        "部门预算财政拨款“三公”经费支出表",
        "“2023年预算数”列是 2023 年的数",
    ),
    "unit-row-in-table.xlsx": ("部门预算支出总表", "预算单位的行"),
}
OTHERS = (
    "sh-unit-economic-caption.xlsx",
    "sh-year-in-column-caption.xlsx",
    "narrow-columns-wrapped-digits.pdf",
)


def taken(name, **more):
    asked = SHANGHAI if name.startswith("sh-") else HEBEI
    return take_in(CASES / name, subjects=subjects_of, **(asked | more))


def intake_rules(found):
    return [fault.rule for fault in found.findings if fault.rule.startswith("intake-")]


def test_every_case_is_tried():
    tried = {*READ_WHOLE, *OTHER_FORMS, *REFUSED, *TOLD, *OTHERS}
    assert tried == {path.name for path in CASES.iterdir()} - {"README.md"}


@pytest.fixture(scope="module")
def base():
    return taken("bad-fill-style.xlsx").ledger


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", READ_WHOLE)
def test_it_is_read_whole(name, base):
    found = taken(name)
    assert found.ledger.facts == base.facts
    assert (len(found.ledger.facts), found.differences, found.unread, intake_rules(found)) == (
        FACTS,
        [],
        [],
        [],
    )


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", TOLD)
def test_what_is_not_this_years_or_a_subjects_is_told_and_left_out(name, base):
    found = taken(name)
    sheet, why = TOLD[name]
    told = found.report()["unread"]
    assert found.ledger.facts == base.facts
    assert (found.differences, intake_rules(found)) == ([], [])
    assert {entry["sheet"] for entry in told} == {sheet}
    assert sum(why in entry["why"] for entry in told) == 1


@pytest.mark.slow
def test_the_captions_of_shanghais_units_are_understood():
    for name in OTHERS[:2]:
        found = taken(name)
        assert (len(found.tables), found.differences, found.unread, intake_rules(found)) == (9, [], [], [])
        assert any(fact.family == "agency" for fact in found.ledger.facts)
    assert len(taken(OTHERS[0]).ledger.facts) == len(taken(OTHERS[1]).ledger.facts)


def test_a_column_of_another_year_is_not_this_years():
    found = taken("sh-year-in-column-caption.xlsx", year=None)
    assert found.ledger.year == 2025
    assert any(fact.family == "agency" for fact in found.ledger.facts)
    with_other = taken("sh-year-in-column-caption.xlsx", year=2024)
    assert "intake-year" in intake_rules(with_other)
    assert with_other.misplaced


@pytest.mark.slow
def test_digits_broken_in_narrow_columns_are_one_number():
    found = taken("narrow-columns-wrapped-digits.pdf")
    assert found.differences == []
    assert [entry for entry in found.unread if "几段数字" in entry.why] == []


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_an_unknown_form_is_said_in_one_sentence_with_the_nearest(name):
    fit, there = OTHER_FORMS[name]
    found = taken(name)
    assert [fault.rule for fault in found.findings] == ["intake-other-form"]
    message = found.findings[0].message
    assert "最接近的是“" in message and f"9 张表中 {fit} 张相符" in message and f"共 {there} 张表" in message
    assert (found.differences, found.unread, found.tables, found.parts) == ([], [], [], frozenset())
    assert found.misplaced  # it cannot be confirmed
    assert "（）" not in next(tell(found))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_workbook_is_refused_with_its_own_remedy(name):
    with pytest.raises(Unreadable, match=REFUSED[name].replace("(", r"\(")):
        taken(name)


@pytest.mark.parametrize("name", READ_WHOLE[:2])
def test_another_declared_form_that_fits_is_offered(name):
    found = taken(name, table_set="shanghai_2023")
    assert [fault.rule for fault in found.findings] == ["intake-other-form"]
    assert "更像“河北省县级部门预算公开表（2023年起）”，9 张表中 9 张相符" in found.findings[0].message


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", [*READ_WHOLE, *TOLD, *OTHER_FORMS])
def test_no_message_speaks_of_a_year_that_is_none(name):
    messages = [fault.message for fault in taken(name).findings]
    assert [m for m in messages if "-1年" in m or "“0年" in m or " 0年" in m] == []

"""The history of a draft: what it says of every saving is true to the last field, and readable."""

import random
import re

import pytest

from budgets.admin.declaring import grids_of
from budgets.admin.editing import changes, kept, record
from budgets.admin.entry_grids import BY_KEY, INDICATORS
from budgets.admin.grid_layout import Layout
from budgets.admin.saving_words import told
from budgets.admin.typed_parts import chapter_part, explanations_part, goals_part, grid_part
from budgets.domain.row_changes import replay
from budgets.models import Disclosure, Goal, ProcurementItem
from budgets.tablesets import get
from budgets.workflow.starting import lay_out
from tests.makers.disclosures import a_disclosure, some_subjects

from .forms import fields, of, page_of

pytestmark = pytest.mark.django_db
SETS = ("hebei_2023", "shanghai_2023", "shanghai_final_2024")


def a_draft(table_set: str):
    some_subjects()
    disclosure = a_disclosure()
    Disclosure.objects.filter(pk=disclosure.pk).update(table_set=table_set, stage=get(table_set).stage)
    disclosure.refresh_from_db()
    lay_out(disclosure)
    return disclosure


def lines(disclosure) -> tuple[str, ...]:
    return told(changes(disclosure)[0]).lines


def typed_at_random(rng: random.Random, data: dict[str, str]) -> dict[str, str]:
    """Some fields of a page typed anew, rows deleted and put in another order; equal rows are likely."""
    out = dict(data)
    for name, value in data.items():
        if name.startswith("rows-") and re.search(r"-\d+-", name) and rng.random() < 0.25:
            kind = name.rsplit("-", 1)[1]
            if kind in ("DELETE", "ORDER"):
                continue
            if kind in ("function", "economic"):
                out[name] = rng.choice(
                    ["", value, "2010301", "2080505", "20805"]
                    if kind == "function"
                    else ["", value, "30101", "301"]
                )
            elif kind == "comparator":
                out[name] = rng.choice(["", "≥", "="])
            elif value and re.fullmatch(r"[\d.,-]+", value):
                out[name] = rng.choice(["", "1", "3.00", value])
            else:
                out[name] = rng.choice(["", "1", "3", "2"])
    rows = sorted({name.rsplit("-", 1)[0] for name in data if re.match(r"rows-\d+-", name)})
    for row in rows:
        if rng.random() < 0.2:
            out[f"{row}-DELETE"] = "on"
        if rng.random() < 0.5:
            out[f"{row}-ORDER"] = str(rng.randint(1, 6))
    return out


def part_of(disclosure, key: str):
    if key == "goals":
        return goals_part()
    if key.startswith("goal-"):
        goal = Goal.objects.get(pk=key.removeprefix("goal-"))
        return grid_part(Layout(INDICATORS, disclosure, goal), goal)
    return grid_part(Layout(BY_KEY[key], disclosure), None)


def edited(accountant, disclosure, key: str, url: str, rng: random.Random) -> bool:
    """One random saving of a page; whether it was saved and changed anything. The history must replay it."""
    part = part_of(disclosure, key)
    before = [table.read(disclosure) for table in part.tables]
    count = changes(disclosure).count()
    response = accountant.post(url, typed_at_random(rng, fields(accountant.get(url))))
    after = [table.read(disclosure) for table in part.tables]
    assert response.status_code in (200, 302)
    if changes(disclosure).count() == count:
        assert after == before
        return False
    data = kept(changes(disclosure)[0])
    said = {table["label"]: table["change"] for table in data["tables"]}
    labels = [table.label for table in part.tables]
    if len(set(labels)) < len(labels):  # a goal and its indicators: in the order of the part
        pending = list(data["tables"])
        for old, new in zip(before, after, strict=True):
            if old != new:
                assert replay(old, pending.pop(0)["change"]) == new
        assert not pending
    else:
        for label, old, new in zip(labels, before, after, strict=True):
            assert replay(old, said.get(label, {})) == new, (key, old, new, said)
    assert told(changes(disclosure)[0]).lines
    return True


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", SETS)
def test_the_history_replays_random_savings_of_every_grid(accountant, table_set):
    disclosure = a_draft(table_set)
    rng, saved = random.Random(table_set), 0
    for key in grids_of(get(table_set)):
        saved += sum(edited(accountant, disclosure, key, page_of(disclosure, key), rng) for _ in range(5))
    assert saved * 2 > len(grids_of(get(table_set)))


@pytest.mark.slow
def test_the_history_replays_random_savings_of_goals(accountant):
    disclosure = a_draft("hebei_2023")
    rng, saved = random.Random(7), 0
    for _ in range(6):
        saved += edited(accountant, disclosure, "goals", of(disclosure, "goals"), rng)
        for goal in disclosure.goals.all()[:2]:
            url = of(disclosure, "goal", goal.pk)
            saved += edited(accountant, disclosure, f"goal-{goal.pk}", url, rng)
    assert saved > 3


def items(disclosure, *rows: tuple[str, str, str]) -> None:
    for n, (project, item, quantity) in enumerate(rows, 1):
        ProcurementItem.objects.create(
            disclosure=disclosure,
            position=n,
            project=project,
            item=item,
            quantity=quantity,
            general_public=10000,
        )


def test_of_rows_with_one_name_the_right_one_is_told(accountant):
    """B4: 电脑 from 1 to 3 beside 桌子 of the same project was told as 改动顺序."""
    disclosure = a_draft("hebei_2023")
    items(disclosure, ("办公设备", "电脑", "1"), ("办公设备", "桌子", "2"))
    url = page_of(disclosure, "procurement")
    data = fields(accountant.get(url))
    accountant.post(url, data | {"rows-0-quantity": "3"})
    assert lines(disclosure) == ("第 1 行 办公设备 电脑：数量 1 → 3",)
    data = fields(accountant.get(url))
    accountant.post(url, data | {"rows-2-project": "办公设备", "rows-2-item": "电脑", "rows-2-quantity": "3"})
    (line,) = lines(disclosure)
    assert line.startswith("增 第 3 行 办公设备 电脑：") and "数量 3" in line
    data = fields(accountant.get(url))
    accountant.post(url, data | {"rows-0-ORDER": "2", "rows-1-ORDER": "1"})
    assert lines(disclosure) == ("改动顺序：现依次为原来的第 2、1、3 行",)


def test_amounts_stand_in_the_printed_unit_with_separators(accountant):
    disclosure = a_draft("hebei_2023")
    url = page_of(disclosure, "revenue")
    data = fields(accountant.get(url))
    accountant.post(url, data | {"rows-0-fiscal_appropriation": "12345.60"})
    (line,) = lines(disclosure)
    assert line.startswith("2010301 行政运行：") and "1,120.00 万元 → 12,345.60 万元" in line
    page = accountant.get(of(disclosure, "history")).text
    assert "1,120.00 万元 → 12,345.60 万元" in page


def test_of_a_chapter_the_sentences_are_told(accountant):
    disclosure = a_draft("hebei_2023")
    old = "".join(f"第{n}项职责是保障窗口运行和群众办事。\n" for n in range(9))
    disclosure.narratives.filter(key="overview").update(text=old)
    url = of(disclosure, "chapter", "overview")
    new = old.replace("第4项职责", "第四项职责") + "以上。"
    accountant.post(url, fields(accountant.get(url)) | {"text": new})
    (line,) = lines(disclosure)
    assert "“第4项职责是保障窗口运行和群众办事。”改为“第四项职责是保障窗口运行和群众办事。”" in line
    assert "加上“以上。”" in line and "第5项" not in line
    part = chapter_part("overview", "x")
    after = [table.read(disclosure) for table in part.tables]
    assert (
        replay([{**after[0][0], "text": old}], kept(changes(disclosure)[0])["tables"][0]["change"])
        == after[0]
    )


@pytest.mark.parametrize("table_set", SETS)
def test_of_basic_data_each_field_is_told(accountant, table_set):
    disclosure = a_draft(table_set)
    Disclosure.objects.filter(pk=disclosure.pk).update(contact="0315-1111111")
    url = of(disclosure, "basics")
    data = fields(accountant.get(url)) | {"approved_on": "2023-01-16", "contact": "0315-2222222"}
    if "agency_running_costs" in data:
        data["agency_running_costs"] = "12"
    accountant.post(url, data)
    (line,) = lines(disclosure)
    assert "批复日期 空 → 2023-01-16" in line and "联系方式 0315-1111111 → 0315-2222222" in line
    assert ("机关运行经费 空 → 12.00" in line) == ("agency_running_costs" in data)


def test_an_explanation_is_told_with_its_finding(accountant):
    from tests.makers.disclosures import a_sound_disclosure

    disclosure = a_sound_disclosure()
    hub = accountant.get(of(disclosure, "change"))
    (note,) = (note for note in hub.context["desk"].notes if note.explainable)
    accountant.post(of(disclosure, "explain"), fields(hub) | {f"text-{note.field}": "当年新增项目，已批复。"})
    (line,) = lines(disclosure)
    assert "说明 情况属实。 → 当年新增项目，已批复。" in line and note.finding.message[:10] in line
    assert (
        explanations_part().version(disclosure) == fields(accountant.get(of(disclosure, "change")))["version"]
    )


def test_a_goal_that_is_removed_is_told_with_what_hung_on_it(accountant):
    disclosure = a_draft("hebei_2023")
    goal = Goal.objects.create(disclosure=disclosure, position=1, project="窗口运行")
    goal.indicators.create(position=1, name="办结率", value="98")
    url = of(disclosure, "goals")
    accountant.post(url, fields(accountant.get(url)) | {"rows-0-DELETE": "on"})
    told_lines = lines(disclosure)
    assert any(line.startswith("删") and "窗口运行" in line for line in told_lines)
    assert any("办结率" in line and "98" in line for line in told_lines)


def test_a_long_saving_is_cut_with_its_number(accountant):
    disclosure = a_draft("hebei_2023")
    items(disclosure, *[("办公", f"物品{n}", "1") for n in range(60)])
    url = page_of(disclosure, "procurement")
    data = fields(accountant.get(url))
    accountant.post(url, data | {f"rows-{n}-quantity": "2" for n in range(60)})
    saving = told(changes(disclosure)[0])
    assert (len(saving.lines), saving.more) == (40, 20)
    assert "另有 20 处改动" in accountant.get(of(disclosure, "history")).text


def test_lines_from_before_fields_were_kept_are_shown_as_they_are(accountant, rf):
    disclosure = a_draft("hebei_2023")
    from tests.makers.disclosures import a_person

    request = rf.get("/")
    request.user = a_person("accountant", name="旧人")
    record(request, disclosure, "收入明细：改 1 行")
    assert "收入明细：改 1 行" in accountant.get(of(disclosure, "history")).text
    assert told(changes(disclosure)[0]).lines == ()

"""Sentences over the cells of a drawn budget and of the year before: true by the tables, each with the faults seen in print."""

from collections.abc import Callable
from decimal import Decimal

from budgets.domain.figures import Known
from tests.makers.sentence_ground import (
    CENT,
    HUNDRED,
    WAN,
    YEAR,
    Fault,
    Ground,
    Pen,
    Sentence,
    in_wan,
    last_place,
    rate,
)

LAST = YEAR - 1
# Figures by the words that texts have for them.
CALLED = {
    "personnel": "人员经费预算", "running_costs": "公用经费预算", "project": "项目支出预算", "basic": "基本支出预算",
    "three_public": "“三公”经费预算安排", "official_hospitality": "公务接待费安排", "vehicle_running": "公务用车运行维护费安排",
    "current_expenditure": "支出合计",
}  # fmt: skip
NAMED = {
    "overseas_visits": "因公出国（境）费", "official_hospitality": "公务接待费", "vehicle_purchase": "公务用车购置费",
    "government_fund_spent": "政府性基金预算支出", "state_capital_spent": "国有资本经营预算支出",
}  # fmt: skip
LETTERS = ("类", "款", "项")

type Tied = Callable[[Pen, Ground], Sentence | None]


def _figure(pen: Pen, ground: Ground, *, moved: bool | None = None) -> Known | None:
    """A figure with money in both years; `moved` asks for one that changed by more than words show."""
    keys = [
        key for key in CALLED
        if key in ground.now and key in ground.then and ground.now[key].yuan >= WAN and ground.then[key].yuan >= WAN
        and (moved is None or (abs(ground.now[key].yuan - ground.then[key].yuan) >= WAN) is moved)
    ]  # fmt: skip
    return ground.now[pen.chance.choice(keys)] if keys else None


def _gap(ground: Ground, figure: Known) -> tuple[Decimal, Decimal, str, str]:
    """Difference in yuan, rate, its direction and the other one."""
    change = figure.yuan - ground.then[figure.key].yuan
    words = ("增加", "减少") if change > 0 else ("减少", "增加")
    return abs(change), rate(abs(change), ground.then[figure.key].yuan), *words


def own(pen: Pen, ground: Ground) -> Sentence | None:
    if (figure := _figure(pen, ground)) is None:
        return None
    amount, more = in_wan(figure.yuan), in_wan(figure.yuan) + pen.amount(100, 9000)
    text = f"{YEAR}年{CALLED[figure.key]}{pen.wan(amount)}。"
    return Sentence("own", text, (
        Fault("amount", text.replace(pen.wan(amount), pen.wan(more)), (more, figure.yuan)),
        Fault("ten times", text.replace(pen.wan(amount), pen.wan(amount * 10)), (amount * 10, figure.yuan)),
        Fault("unit", text.replace(pen.blank + "万元", "元"), (amount, (figure.yuan, amount * WAN))),
    ))  # fmt: skip


def own_change(pen: Pen, ground: Ground) -> Sentence | None:
    if (figure := _figure(pen, ground, moved=True)) is None:
        return None
    gap, _, way, other = _gap(ground, figure)
    text = f"{CALLED[figure.key]}{pen.yuan(figure.yuan)}，比{LAST}年预算{way}{pen.yuan(gap)}。"
    more = in_wan(gap) + pen.amount(100, 9000)
    return Sentence("own_change", text, (
        Fault("amount", text.replace(way + pen.yuan(gap), way + pen.wan(more)), (more, gap)),
        Fault("direction", text.replace(way, other), (in_wan(gap), gap)),
        Fault("year", text.replace(f"比{LAST}", f"比{YEAR}"), (Decimal(YEAR), Decimal(LAST))),
    ))  # fmt: skip


def own_growth(pen: Pen, ground: Ground) -> Sentence | None:
    if (figure := _figure(pen, ground, moved=True)) is None:
        return None
    gap, grown, way, _ = _gap(ground, figure)
    before = ground.then[figure.key].yuan
    text = f"{CALLED[figure.key]}{pen.yuan(figure.yuan)}，比上年预算{'增长' if way == '增加' else '下降'}{grown}%。"
    near = last_place(grown, gap / WAN, before / WAN)
    wrong = rate(gap, figure.yuan)
    faults = [Fault("last place", text.replace(f"{grown}%", f"{near}%"), (near, grown))]
    if abs(wrong - grown) > near - grown:
        faults.append(Fault("wrong base", text.replace(f"{grown}%", f"{wrong}%"), (wrong, grown)))
    return Sentence("own_growth", text, tuple(faults))


def own_last_year(pen: Pen, ground: Ground) -> Sentence | None:
    if (figure := _figure(pen, ground, moved=True)) is None:
        return None
    before = ground.then[figure.key].yuan
    text = f"{LAST}年{CALLED[figure.key]}{pen.yuan(before)}。"
    return Sentence("own_last_year", text, (
        Fault("year", text.replace(pen.yuan(before), pen.yuan(figure.yuan)), (in_wan(figure.yuan), before)),
    ))  # fmt: skip


def own_flat(pen: Pen, ground: Ground) -> Sentence | None:
    keys = [
        key
        for key in CALLED
        if key in ground.now and key in ground.then and ground.now[key].yuan == ground.then[key].yuan
    ]
    moved = _figure(pen, ground, moved=True)
    if not keys or moved is None:
        return None
    figure = ground.now[pen.chance.choice(keys)]
    text = f"{CALLED[figure.key]}{pen.yuan(figure.yuan)}，与{LAST}年预算持平。"
    wrong = f"{CALLED[moved.key]}{pen.yuan(moved.yuan)}，与{LAST}年预算持平。"
    return Sentence("own_flat", text, (Fault("not flat", wrong, (moved.yuan, ground.then[moved.key].yuan)),))


def _printed(part: Known, whole: Known) -> tuple[Decimal, ...]:
    """The share of two amounts: to the cent, as the words round both, and one of them."""
    said = in_wan(part.yuan) * WAN
    return rate(part.yuan, whole.yuan), rate(said, in_wan(whole.yuan) * WAN), rate(said, whole.yuan)


def own_share(pen: Pen, ground: Ground) -> Sentence | None:
    key = pen.chance.choice(("project", "basic"))
    part, whole = ground.now.get(key), ground.now.get("current_expenditure")
    if part is None or whole is None or not part.yuan or part.yuan == whole.yuan:
        return None
    share = rate(part.yuan, whole.yuan)
    text = f"{CALLED[key]}{pen.yuan(part.yuan)}，占本年支出的{share}%。"
    near = last_place(share, part.yuan / WAN, whole.yuan / WAN)
    return Sentence(
        "own_share",
        text,
        (Fault("last place", text.replace(f"{share}%", f"{near}%"), (near, _printed(part, whole))),),
    )


def own_share_bare(pen: Pen, ground: Ground) -> Sentence | None:
    """项目支出 behind 基本支出: of both together, not of the other."""
    basic, project, whole = (ground.now.get(key) for key in ("basic", "project", "current_expenditure"))
    if not basic or not project or not whole or not project.yuan or not basic.yuan:
        return None
    share, wrong = rate(project.yuan, whole.yuan), rate(project.yuan, basic.yuan)
    text = f"本年支出合计{pen.yuan(whole.yuan)}，基本支出{pen.yuan(basic.yuan)}，项目支出{pen.yuan(project.yuan)}，占{share}%。"
    if abs(wrong - share) < Decimal("0.1"):
        return None
    return Sentence(
        "own_share_bare",
        text,
        (Fault("wrong base", text.replace(f"{share}%", f"{wrong}%"), (wrong, _printed(project, whole))),),
    )


def nothing(pen: Pen, ground: Ground) -> Sentence | None:
    lead = pen.chance.choice((f"{YEAR}年未安排", "本年没有安排", "本单位无"))
    empty = [key for key in NAMED if key in ground.now and not ground.now[key].yuan]
    spent = [key for key in NAMED if key in ground.now and ground.now[key].yuan]
    if not spent:
        return None
    text = f"{lead}{NAMED[empty[0]]}。" if empty else f"{YEAR}年按规定编制预算。"
    key = pen.chance.choice(spent)
    return Sentence(
        "nothing", text, (Fault("not nothing", f"{lead}{NAMED[key]}。", (ground.now[key].yuan, Decimal(0))),)
    )


def _item(pen: Pen, ground: Ground) -> tuple[str, Decimal] | None:
    """A 项 of the first table of items with what it prints in yuan."""
    table = "general_public_expenditure"
    sheet = ground.figures.sheets[table]
    at = next(n for n, column in enumerate(sheet.columns) if column.key == "total")
    size = Decimal(10_000) if sheet.unit == "万元" else Decimal(1)
    rows = [
        (row.key, row.cells[at].amount * size)
        for row in sheet.rows
        if len(row.key) == 7 and row.cells[at].amount
    ]
    names = ground.figures.items.names
    alone = [row for row in rows if list(names.values()).count(names[row[0]]) == 1]
    return pen.chance.choice(alone) if alone else None


def _of_item(pattern: str, pen: Pen, text: str, yuan: Decimal, *more: Fault) -> Sentence:
    wrong = in_wan(yuan) + pen.amount(200, 9000)
    return Sentence(
        pattern, text, (Fault("amount", text.replace(pen.yuan(yuan), pen.wan(wrong)), (wrong, yuan)), *more)
    )


def item_by_levels(pen: Pen, ground: Ground) -> Sentence | None:
    if (found := _item(pen, ground)) is None:
        return None
    code, yuan = found
    named = "".join(
        f"{name}（{letter}）" for name, letter in zip(ground.figures.items.paths[code], LETTERS, strict=True)
    )
    return _of_item("item_by_levels", pen, f"“{named}”{pen.yuan(yuan)}，主要用于日常工作。", yuan)


def item_by_digits(pen: Pen, ground: Ground) -> Sentence | None:
    if (found := _item(pen, ground)) is None:
        return None
    code, yuan = found
    marks = pen.chance.choice((("类", "款", "项"), ("（类）", "（款）", "（项）")))
    text = f"{code[:3]}{marks[0]}{code[3:5]}{marks[1]}{code[5:]}{marks[2]}{pen.yuan(yuan)}。"
    other = next(c for c in ("2040601", "2050202", "2070101") if c not in ground.figures.items.names)
    absent = text.replace(text[: text.index(pen.yuan(yuan))], f"{other[:3]}类{other[3:5]}款{other[5:]}项")
    return _of_item("item_by_digits", pen, text, yuan, Fault("code", absent, (other,)))


def item_by_code(pen: Pen, ground: Ground) -> Sentence | None:
    if (found := _item(pen, ground)) is None:
        return None
    code, yuan = found
    return _of_item("item_by_code", pen, f"{code}{ground.figures.items.names[code]}{pen.yuan(yuan)}。", yuan)


def class_by_name(pen: Pen, ground: Ground) -> Sentence | None:
    """A class by its plain name, in the table of all expenditure; the fault is seen in print: a total under its name."""
    sheet = ground.figures.sheets["general_public_expenditure"]
    at = next(n for n, column in enumerate(sheet.columns) if column.key == "total")
    size = Decimal(10_000) if sheet.unit == "万元" else Decimal(1)
    rows = {row.key: amount * size for row in sheet.rows if (amount := row.cells[at].amount)}
    classes = [key for key in rows if len(key) == 3 and key.isdigit()]
    if len(classes) < 2:
        return None
    code = pen.chance.choice(classes)
    name, whole = ground.figures.items.names[code], sum((rows[key] for key in classes), Decimal(0))
    text = f"{name}{pen.yuan(rows[code])}。"
    return _of_item(
        "class_by_name",
        pen,
        text,
        rows[code],
        Fault("total under a class", f"{name}{pen.yuan(whole)}。", (in_wan(whole),)),
    )


def personnel_and_running(pen: Pen, ground: Ground) -> Sentence | None:
    """The parts of a change, of which the whole is what the words say."""
    keys = ("personnel", "running_costs", "project")
    if any(key not in ground.now or key not in ground.then for key in (*keys, "current_expenditure")):
        return None
    changes = [ground.now[key].yuan - ground.then[key].yuan for key in keys]
    whole = ground.now["current_expenditure"].yuan - ground.then["current_expenditure"].yuan
    if sum(changes) != whole or any(abs(each) < HUNDRED for each in (*changes, whole)):
        return None
    words = [
        f"{name}{'增加' if each > 0 else '减少'}{pen.yuan(abs(each))}"
        for name, each in zip(("人员经费", "公用经费", "项目支出"), changes, strict=True)
    ]
    text = f"本年支出比{LAST}年预算{'增加' if whole > 0 else '减少'}{pen.yuan(abs(whole))}，其中：{'，'.join(words)}。"
    more = in_wan(abs(changes[0])) + 7
    return Sentence("personnel_and_running", text, (
        Fault("part", text.replace(pen.yuan(abs(changes[0])), pen.wan(more), 1), (more, changes[0])),
    ))  # fmt: skip


def three_public_parts(pen: Pen, ground: Ground) -> Sentence | None:
    whole, food, cars = (
        ground.now.get(key) for key in ("three_public", "official_hospitality", "vehicle_running")
    )
    if not whole or not food or not cars or not food.yuan:
        return None
    text = f"{YEAR}年“三公”经费预算{pen.yuan(whole.yuan)}，其中：公务接待费{pen.yuan(food.yuan)}，公务用车运行维护费{pen.yuan(cars.yuan)}。"
    more = in_wan(food.yuan) + Decimal("3.00") + CENT
    return Sentence("three_public_parts", text, (
        Fault("part", text.replace(f"公务接待费{pen.yuan(food.yuan)}", f"公务接待费{pen.wan(more)}"), (more, food.yuan)),
    ))  # fmt: skip


TIED: tuple[Tied, ...] = (
    own, own_change, own_growth, own_last_year, own_flat, own_share, own_share_bare, nothing, item_by_levels, item_by_digits,
    item_by_code, class_by_name, personnel_and_running, three_public_parts,
)  # fmt: skip

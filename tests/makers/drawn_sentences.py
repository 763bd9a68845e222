"""Sentences on things that no table prints, drawn by pattern: true by their own numbers, each with the faults seen in print."""

from collections.abc import Callable
from decimal import Decimal

from tests.makers.sentence_ground import CENT, YEAR, Fault, Pen, Sentence, last_place, rate

THINGS = (
    "执法装备更新",
    "文化惠民活动",
    "公共服务平台运行",
    "会议场地租赁",
    "城市管理专项",
    "老旧小区改造",
    "数据中心维护",
    "招商推介",
)
PARTS = ("设备购置", "场地租赁", "人员培训", "宣传推广", "系统维护")
UP_REASONS = ("新增平台建设任务", "服务范围扩大", "人员增加，任务增加", "政策标准上调")
DOWN_REASONS = ("压减一般性支出", "活动场次减少", "按规定核减专项", "设备采购数量减少")
UP, DOWN = ("增加", "增长"), ("减少", "下降")
LAST = YEAR - 1

type Pattern = Callable[[Pen], Sentence | None]


def _moved(pen: Pen) -> tuple[str, Decimal, Decimal, Decimal, Decimal, tuple[str, str], tuple[str, str]]:
    """Thing, now, before, difference, rate, its direction and the other one."""
    before, now = pen.amount(2_000), pen.amount(2_000)
    if now == before:
        now += 1
    words = (UP, DOWN) if now > before else (DOWN, UP)
    return pen.chance.choice(THINGS), now, before, abs(now - before), rate(abs(now - before), before), *words


def _rates(
    text: str, true: Decimal, part: Decimal, whole: Decimal, *wrong: tuple[str, Decimal]
) -> list[Fault]:
    """Faults of one rate: wrong in its last place, ten times too small, and those given; each told with both rates."""
    shown = f"{true}%"
    every = [
        ("last place", last_place(true, part, whole)),
        ("ten times too small", (true / 10).quantize(CENT)),
        *wrong,
    ]
    doubt = last_place(true, part, whole) - true
    return [
        Fault(kind, text.replace(shown, f"{other}%", 1), (other, true))
        for kind, other in every
        if abs(other - true) >= doubt and text.count(shown) == 1
    ]


def three_amounts(pen: Pen) -> Sentence:
    name, now, before, gap, grown, way, other = _moved(pen)
    base = pen.chance.choice((f"比{LAST}年", "较上年", f"比{LAST}年预算"))
    text = f"{name}安排{pen.wan(now)}，{base}{pen.wan(before)}{way[0]}{pen.wan(gap)}，{way[1]}{grown}%。"
    wrong_gap = gap + pen.amount(100, 5000)
    return Sentence("three_amounts", text, (
        *_rates(text, grown, gap, before, ("wrong base", rate(gap, now))),
        Fault("amount", text.replace(f"{way[0]}{pen.wan(gap)}", f"{way[0]}{pen.wan(wrong_gap)}"), (wrong_gap, gap)),
        Fault("direction", text.replace(way[1] + str(grown), other[1] + str(grown)), (grown, gap)),
    ))  # fmt: skip


def difference_and_rate(pen: Pen) -> Sentence | None:
    name, now, before, gap, grown, way, other = _moved(pen)
    lead = pen.chance.choice((f"比{LAST}年预算", "比上年", f"较{LAST}年"))
    behind = pen.chance.choice((way[1], "增幅" if way is UP else "降幅", f"{way[1]}了"))
    text = f"{name}预算{pen.wan(now)}，{lead}{way[0]}{pen.wan(gap)}，{behind}{grown}%。"
    reason = pen.chance.choice(UP_REASONS if way is UP else DOWN_REASONS)
    against = pen.chance.choice(DOWN_REASONS if way is UP else UP_REASONS)
    reasoned = text[:-1] + f"，主要原因是{reason}。"
    return Sentence("difference_and_rate", reasoned, (
        *_rates(reasoned, grown, gap, before, ("wrong base", rate(gap, now))),
        Fault("direction", reasoned.replace(behind + str(grown), other[1] + str(grown)), (grown, gap)),
        Fault("reason against", reasoned.replace(reason, against), (gap, against)),
        Fault("no reason", reasoned.replace(reason, ""), ("主要原因是",)),
    ))  # fmt: skip


def two_years(pen: Pen) -> Sentence:
    name, now, before, gap, grown, way, other = _moved(pen)
    text = f"{LAST}年{name}{pen.wan(before)}，{YEAR}年安排{pen.wan(now)}，{way[1]}{grown}%。"
    return Sentence(
        "two_years", text, tuple(_rates(text, grown, gap, before, ("wrong base", rate(gap, now))))
    )


def from_to(pen: Pen) -> Sentence:
    name, now, before, gap, grown, way, _ = _moved(pen)
    text = f"{name}由{pen.wan(before)}{way[0]}到{pen.wan(now)}，{way[1]}{grown}%。"
    return Sentence("from_to", text, tuple(_rates(text, grown, gap, before, ("wrong base", rate(gap, now)))))


def next_period(pen: Pen) -> Sentence:
    name, now, before, gap, grown, way, other = _moved(pen)
    text = f"{name}支出{pen.wan(now)}。与{LAST}年度相比，{name}支出{way[0]}{pen.wan(gap)}，{way[1]}{grown}%。"
    return Sentence("next_period", text, (
        *_rates(text, grown, gap, before, ("wrong base", rate(gap, now))),
        Fault("direction", text.replace(way[1] + str(grown), other[1] + str(grown)), (grown, gap)),
    ))  # fmt: skip


def negative_rise(pen: Pen) -> Sentence:
    name, now, before, gap, grown, way, _ = _moved(pen)
    if way is UP:
        now, before = before, now
        grown = rate(gap, before)
    text = f"{name}{pen.wan(now)}，比上年减少{pen.wan(gap)}，降幅为{grown}%。"
    return Sentence("fall_in_percent", text, tuple(_rates(text, grown, gap, before)))


def headed_reason(pen: Pen) -> Sentence:
    name, now, _, gap, _, way, other = _moved(pen)
    reasons, others = (UP_REASONS, DOWN_REASONS) if way is UP else (DOWN_REASONS, UP_REASONS)
    reason, against = pen.chance.choice(reasons), pen.chance.choice(others)
    text = f"{name}{way[0]}的主要原因是：{reason}。"
    return Sentence("headed_reason", text, (
        Fault("reason against", text.replace(reason, against), (against,)),
        Fault("no reason", text.replace(reason, ""), ("主要原因是",)),
    ))  # fmt: skip


def own_year(pen: Pen) -> Sentence:
    name, now, _, gap, _, way, _ = _moved(pen)
    text = f"{YEAR}年{name}{pen.wan(now)}，比{LAST}年预算{way[0]}{pen.wan(gap)}。"
    return Sentence(
        "own_year",
        text,
        (Fault("year", text.replace(f"比{LAST}年", f"比{YEAR}年"), (Decimal(YEAR), Decimal(LAST))),),
    )


def flat_amounts(pen: Pen) -> Sentence:
    name, now, before, *_ = _moved(pen)
    text = f"{name}{pen.wan(now)}，与{LAST}年{pen.wan(now)}持平。"
    more = pen.wan(before)
    return Sentence("flat_amounts", text, (
        Fault("not flat", text.replace(f"与{LAST}年{pen.wan(now)}", f"与{LAST}年{more}"), (now, before)),
        Fault("flat and rising", text[:-1] + f"，增加{more}。", (before, "持平")),
    ))  # fmt: skip


def from_nothing(pen: Pen) -> Sentence:
    name, now, *_ = _moved(pen)
    text = f"{name}{pen.wan(now)}，比{LAST}年0万元增加{pen.wan(now)}。"
    return Sentence(
        "from_nothing",
        text,
        (Fault("rate of nothing", text[:-1] + "，增长100.00%。", (Decimal("100.00"), Decimal(0))),),
    )


def _carried(pen: Pen) -> tuple[Decimal, Decimal, Decimal]:
    plan, done = pen.amount(1_000), pen.amount(1_000)
    return plan, done, rate(done, plan)


def carried_out(pen: Pen) -> Sentence:
    plan, done, share = _carried(pen)
    text = f"年初预算为{pen.wan(plan)}，支出决算为{pen.wan(done)}，完成年初预算的{share}%。"
    return Sentence(
        "carried_out", text, tuple(_rates(text, share, done, plan, ("difference as rate", abs(done - plan))))
    )


def carried_out_period(pen: Pen) -> Sentence:
    plan, done, share = _carried(pen)
    text = f"年初预算为{pen.wan(plan)}，支出决算为{pen.wan(done)}。完成年初预算的{share}%。"
    return Sentence(
        "carried_out_period",
        text,
        tuple(_rates(text, share, done, plan, ("difference as rate", abs(done - plan)))),
    )


def carried_out_rate(pen: Pen) -> Sentence:
    plan, done, share = _carried(pen)
    text = f"{pen.chance.choice(THINGS)}全年预算数{pen.wan(plan)}，执行数{pen.wan(done)}，{pen.chance.choice(('执行率', '预算完成率'))}为{share}%。"
    return Sentence("carried_out_rate", text, tuple(_rates(text, share, done, plan)))


def carried_out_inside(pen: Pen) -> Sentence:
    plan, done, share = _carried(pen)
    text = f"支出决算{pen.wan(done)}，完成年初预算{pen.wan(plan)}的{share}%。"
    return Sentence("carried_out_inside", text, tuple(_rates(text, share, done, plan)))


def against_plan(pen: Pen) -> Sentence:
    plan, done, share = _carried(pen)
    way, other = ("大于", "小于") if done > plan else ("小于", "大于")
    text = f"年初预算为{pen.wan(plan)}，支出决算为{pen.wan(done)}，完成年初预算的{share}%。决算数{way}预算数的主要原因：据实结算。"
    return Sentence("against_plan", text, (
        Fault("direction", text.replace(f"决算数{way}", f"决算数{other}"), (plan, done, other)),
        Fault("not flat", text.replace(f"决算数{way}预算数的主要原因：据实结算", "决算数同预算数持平"), (plan, done, "持平")),
        *_rates(text, share, done, plan),
    ))  # fmt: skip


def as_planned(pen: Pen) -> Sentence:
    plan = pen.amount(1_000)
    text = (
        f"年初预算为{pen.wan(plan)}，支出决算为{pen.wan(plan)}，完成年初预算的100.00%。决算数与预算数持平。"
    )
    return Sentence(
        "as_planned", text, (Fault("direction", text.replace("与预算数持平", "大于预算数"), (plan, "大于")),)
    )


def plan_of_nothing(pen: Pen) -> Sentence:
    done = pen.amount(1_000)
    text = f"年初预算为0.00万元，支出决算为{pen.wan(done)}。"
    return Sentence(
        "plan_of_nothing",
        text,
        (Fault("rate of nothing", text[:-1] + "，完成年初预算的100.00%。", (Decimal("100.00"), Decimal(0))),),
    )


def _divided(pen: Pen, count: int) -> tuple[list[str], list[Decimal], Decimal]:
    amounts = [pen.amount(5_000, 400_000) for _ in range(count)]
    return pen.chance.sample(PARTS, count), amounts, sum(amounts, Decimal(0))


def shares_of_whole(pen: Pen) -> Sentence:
    names, amounts, whole = _divided(pen, pen.chance.randint(2, 4))
    shares = [rate(amount, whole) for amount in amounts]
    lead = pen.chance.choice(("其中：", "主要用于以下方面：", "其中，"))
    listed = "；".join(f"{n}{pen.wan(a)}，占{s}%" for n, a, s in zip(names, amounts, shares, strict=True))
    text = f"{pen.chance.choice(THINGS)}安排{pen.wan(whole)}，{lead}{listed}。"
    n = pen.chance.randrange(len(names))
    more = whole + pen.amount(1000, 9000)
    return Sentence("shares_of_whole", text, (
        *_rates(text, shares[n], amounts[n], whole, ("wrong base", rate(amounts[n], whole + amounts[n]))),
        Fault("whole", text.replace(pen.wan(whole), pen.wan(more), 1), (more, whole)),
    ))  # fmt: skip


def share_named(pen: Pen) -> Sentence:
    names, amounts, whole = _divided(pen, 2)
    thing, share = pen.chance.choice(THINGS), rate(amounts[0], whole)
    text = f"{thing}支出{pen.wan(whole)}。{names[0]}{pen.wan(amounts[0])}，占{thing}支出的{share}%。"
    return Sentence("share_named", text, tuple(_rates(text, share, amounts[0], whole)))


def share_inside(pen: Pen) -> Sentence:
    names, amounts, whole = _divided(pen, 2)
    share = rate(amounts[0], whole)
    text = f"{names[0]}{pen.wan(amounts[0])}，占专项总额{pen.wan(whole)}的{share}%。"
    return Sentence("share_inside", text, tuple(_rates(text, share, amounts[0], whole)))


def parts_within(pen: Pen) -> Sentence:
    names, amounts, whole = _divided(pen, 3)
    listed = "，".join(f"{n}{pen.wan(a)}" for n, a in zip(names[:2], amounts[:2], strict=True))
    thing = pen.chance.choice(THINGS)
    text = f"{thing}安排{pen.wan(whole)}，其中：{listed}。"
    less = amounts[0]
    return Sentence("parts_within", text, (
        Fault("parts above whole", text.replace(pen.wan(whole), pen.wan(less), 1), (less, amounts[0] + amounts[1])),
    ))  # fmt: skip


def parts_in_brackets(pen: Pen) -> Sentence:
    names, amounts, whole = _divided(pen, 3)
    text = f"{pen.chance.choice(THINGS)}安排{pen.wan(whole)}（其中：{names[0]}{pen.wan(amounts[0])}，{names[1]}{pen.wan(amounts[1])}），{names[2]}{pen.wan(whole + 5)}。"
    return Sentence("parts_in_brackets", text, (
        Fault("part above whole", text.replace(f"{names[0]}{pen.wan(amounts[0])}", f"{names[0]}{pen.wan(whole + 9)}"), (whole, whole + 9 + amounts[1])),
    ))  # fmt: skip


def basic_and_project(pen: Pen) -> Sentence:
    basic, project = pen.amount(9_000), pen.amount(9_000)
    whole = basic + project
    text = (
        f"演示中心支出合计{pen.wan(whole)}，其中：演示中心基本支出{pen.wan(basic)}，占{rate(basic, whole)}%；"
        f"演示中心项目支出{pen.wan(project)}，占{rate(project, whole)}%。"
    )
    return Sentence(
        "basic_and_project",
        text,
        tuple(_rates(text, rate(project, whole), project, whole, ("wrong base", rate(project, basic)))),
    )


def vehicles(pen: Pen) -> Sentence:
    kinds = (
        "部级领导干部用车",
        "主要领导干部用车",
        "机要通信用车",
        "应急保障用车",
        "执法执勤用车",
        "特种专业技术用车",
        "离退休干部用车",
        "其他用车",
    )
    counts = [pen.chance.randint(0, 4) for _ in kinds]
    whole, more = sum(counts), sum(counts) + pen.chance.randint(1, 3)
    listed = "、".join(f"{kind}{count}辆" for kind, count in zip(kinds, counts, strict=True))
    text = f"演示中心使用车辆{whole}辆，其中：{listed}。"
    return Sentence(
        "vehicles",
        text,
        (Fault("count", text.replace(f"车辆{whole}辆", f"车辆{more}辆"), (Decimal(more), Decimal(whole))),),
    )


def procurement(pen: Pen) -> Sentence:
    goods, works, services = (pen.amount(100, 90_000) for _ in range(3))
    whole, more = goods + works + services, goods + works + services + pen.amount(100, 900)
    text = (
        f"2024年末签订政府采购合同金额{pen.wan(whole)}，其中：货物采购金额{pen.wan(goods)}、工程采购金额{pen.wan(works)}、"
        f"服务采购金额{pen.wan(services)}。"
    ).replace("2024年末", "")
    return Sentence(
        "procurement", text, (Fault("whole", text.replace(pen.wan(whole), pen.wan(more), 1), (more, whole)),)
    )


def changes_listed(pen: Pen) -> Sentence:
    staff, running, project = pen.amount(100, 90_000), pen.amount(100, 9_000), pen.amount(20_000, 90_000)
    whole, more = staff - running + project, staff - running + project + pen.amount(100, 900)
    text = (
        f"演示中心投入比{LAST}年增加{pen.wan(whole)}，其中：演示中心人员投入增加{pen.wan(staff)}，"
        f"演示中心公用投入减少{pen.wan(running)}，演示中心项目投入增加{pen.wan(project)}。"
    )
    return Sentence(
        "changes_listed",
        text,
        (Fault("change", text.replace(pen.wan(whole), pen.wan(more), 1), (more, whole)),),
    )


def one_change_twice(pen: Pen) -> Sentence:
    name, now, _, gap, _, way, _ = _moved(pen)
    text = f"{name}{pen.wan(now)}，比{LAST}年预算{way[0]}{pen.wan(gap)}。"
    other = gap + pen.amount(100, 900)
    return Sentence("one_change_twice", text, (
        Fault("told otherwise", text.replace(f"{way[0]}{pen.wan(gap)}", f"{way[0]}{pen.wan(other)}"), (gap, other)),
    ), beside=text)  # fmt: skip


def slips(pen: Pen) -> Sentence:
    name, now, before, gap, grown, way, _ = _moved(pen)
    text = f"{name}{pen.wan(now)}，比上年{way[0]}{pen.wan(gap)}，{way[1]}{grown}%。"
    twice = pen.chance.choice(("万元元", "万元万元", "万万元"))
    both = "（增长）" if way is DOWN else "（下降）"
    return Sentence("slips", text, (
        Fault("doubled unit", text.replace("万元，", twice + "，", 1), (twice,)),
        Fault("no %", text.replace("%", ""), (grown, "%")),
        Fault("both ways", text.replace(f"{way[1]}{grown}", f"{way[1]}{both}{grown}"), (way[1] + both,)),
    ))  # fmt: skip


ALONE: tuple[Pattern, ...] = (
    three_amounts, difference_and_rate, two_years, from_to, next_period, negative_rise, headed_reason, own_year, flat_amounts,
    from_nothing, carried_out, carried_out_period, carried_out_rate, carried_out_inside, against_plan, as_planned, plan_of_nothing,
    shares_of_whole, share_named, share_inside, parts_within, parts_in_brackets, basic_and_project, vehicles, procurement,
    changes_listed, one_change_twice, slips,
)  # fmt: skip

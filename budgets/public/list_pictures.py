"""Pictures of the lists: a department's years below each other, the departments of a year by rank."""

from collections.abc import Sequence
from decimal import Decimal

from budgets import tablesets
from budgets.domain.key_figures import MONEY, PIECES, SPENT, USE_WORDS, amounts, parts
from budgets.domain.plain_words import as_rate, change, percent
from budgets.domain.terms import Stage
from budgets.public.figure_columns import money
from budgets.public.list_rows import Row
from budgets.rendering.pictures.amount_bars import Bars, Measured, amount_bars, legend

MOST_YEARS = 10
MOST_RANKED = 10
OVER_YEARS = {SPENT: "历年支出", "three_public": "历年“三公”经费"}
LEGEND = legend(("人员经费", "公用经费", "项目支出", "其他基本支出", "其他支出"))


def over_years(rows: Sequence[Row]) -> list[Bars]:
    """A department's budgets, newest first, by what they spend and by “三公”经费: budgets beside budgets alone.

    A year whose form means something else by the figure than the newest stands beside them without a rate. A figure of fewer than two years has no picture.
    """
    told = [row for row in rows if row.entry and row.entry.stage == Stage.BUDGET and not row.entry.withdrawn]
    return [picture for key, title in OVER_YEARS.items() if (picture := _years(title, key, told))]


def _years(title: str, key: str, rows: Sequence[Row]) -> Bars | None:
    having = [row for row in rows if key in row.figures][:MOST_YEARS]
    form = having[0].entry.table_set if having and having[0].entry else ""
    lines = []
    for row in having:
        assert row.entry is not None  # it has figures
        unlike = key not in tablesets.shared(row.entry.table_set, form).figures
        rate, both = row.rate(key), row.both(key)
        said = "表样不同" if unlike else ""
        if both and rate is not None and not unlike:
            said = f"比上年 {as_rate(rate, both[0] - both[1])}"
        lines.append(_line(f"{row.entry.year}年", row.entry.href, row, key, said, unlike=unlike))
    alike = [line for line in lines if not line.unlike]
    told = ""
    if len(alike) > 1:
        last, first = alike[0], alike[-1]
        told = f"{last.name}与{first.name}相比{change(last.amount, first.amount).removeprefix('与上年').removeprefix('比上年')}。"
    return amount_bars(title, "万元", lines, told)


def ranked(rows: Sequence[Row], key: str, when: str = "") -> Bars | None:
    """The departments that print a figure, those with most of it first, MOST_RANKED of them; and what share of all theirs is.

    None where fewer than two print it.
    """
    having = sorted(
        (row for row in rows if key in row.figures), key=lambda row: (-row.figures[key].amount, row.code)
    )
    top = having[:MOST_RANKED]
    whole = sum((row.figures[key].amount for row in having), Decimal(0))
    lines = [_line(row.name, row.entry.href, row, key) for row in top if row.entry]
    told = f"共 {len(having)} 个部门。"
    share = percent(sum((line.amount for line in lines), Decimal(0)), whole)
    if len(having) > len(top) and share is not None:
        told = f"{len(having)} 个部门里最多的 {len(top)} 个，合计占 {share}%；全部见下表。"
    unit = "" if key in PIECES else "万元"
    return amount_bars(f"{when}{_named(key).removeprefix('本年')}排名", unit, lines, told)


def _named(key: str) -> str:
    return MONEY.get(key) or PIECES.get(key, "")


def _line(name: str, href: str, row: Row, key: str, said: str = "", *, unlike: bool = False) -> Measured:
    figure = row.figures[key]
    divided = parts(amounts(row.figures)) if key == SPENT and not unlike else {}
    words = f"{figure.amount:,f}" if key in PIECES else money(figure.amount)
    return Measured(
        name,
        href,
        figure.amount,
        words,
        f"{href}#{figure.at}",
        said,
        {USE_WORDS[use]: amount for use, amount in divided.items()},
        unlike,
    )

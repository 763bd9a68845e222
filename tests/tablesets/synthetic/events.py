"""会议费 and 培训费 beside “三公”经费, in its table and by its funds, and last year's column there."""

from dataclasses import replace

from budgets.domain.facts import where
from budgets.domain.tables import FigureWord, Line, Lines, Table
from budgets.domain.terms import Family
from budgets.tablesets.common import THREE_PUBLIC, beside
from budgets.tablesets.hebei_2023 import HEBEI_2023

EVENTS = where(family=Family.EVENTS)
MORE = (
    Line("30215", "四、会议费", EVENTS & where(economic="30215")),
    Line("30216", "五、培训费", EVENTS & where(economic="30216")),
    Line("all", "总计", THREE_PUBLIC | EVENTS, 0, True, ("total", "30215", "30216")),
)


def table(usual: Table) -> Table:
    if usual.key != "three_public":
        return usual
    lines = tuple(replace(line, where=THREE_PUBLIC & line.where) for line in usual.lines())
    return replace(
        usual,
        title="部门预算“三公”经费、会议费、培训费支出表",
        where=THREE_PUBLIC | EVENTS,
        rows=Lines((*lines, *MORE)),
        columns=(*usual.columns, *beside("total")),
        wide=True,
    )


EVENTS_SET = replace(
    HEBEI_2023,
    key="events",
    label="列会议费、培训费的表样",
    tables=tuple(map(table, HEBEI_2023.tables)),
    figures=(
        *HEBEI_2023.figures,
        FigureWord("meetings", "会议费", "three_public", "30215", "total"),
        FigureWord("trainings", "培训费", "three_public", "30216", "total"),
    ),
)

"""Without 国有资本经营预算, classes of expenditure as they come and without numbers."""

from dataclasses import replace

from budgets.domain.facts import where
from budgets.domain.tables import Amount, Balance, ColumnWord, Group, Line, Table
from budgets.domain.terms import Family, Fund
from budgets.tablesets.common import CLASSES, EXPENDITURE, SELDOM
from budgets.tablesets.hebei_2023 import HEBEI_2023

CAPITAL = (Fund.STATE_CAPITAL.value, "opening_state_capital", "fund_3")
PLAIN = tuple(
    Line(code, name, EXPENDITURE & where(function=code)) for code, name in CLASSES if code.isdigit()
)
# Money of the fund that the forms do not know: revenue, balances, expenditure and 三公 of it.
OF_CAPITAL = where(family=(Family.EXPENDITURE, Family.THREE_PUBLIC, Family.FUND), fund=Fund.STATE_CAPITAL)


def without(line: Line) -> Line:
    parts = [code for code, _ in CLASSES if code.isdigit()] if "201" in line.parts else line.parts
    return replace(line, parts=tuple(part for part in parts if part not in CAPITAL))


def lines(of: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(without(line) for line in of if line.key not in CAPITAL)


def columns(of: tuple[ColumnWord, ...]) -> tuple[ColumnWord, ...]:
    out: list[ColumnWord] = []
    for word in of:
        if isinstance(word, Group):
            out.append(replace(word, columns=columns(word.columns)))
        elif isinstance(word, Amount):
            if word.key not in CAPITAL:
                out.append(replace(word, parts=tuple(part for part in word.parts if part not in CAPITAL)))
        else:
            out.append(word)
    return tuple(out)


def table(usual: Table, number: int) -> Table:
    rows = usual.rows
    if isinstance(rows, Balance):
        rows = Balance(
            left=lines(rows.left),
            right=PLAIN,
            foot=tuple(
                (without(left) if left else None, without(right) if right else None)
                for left, right in rows.foot
                if not (left and left.key in CAPITAL)
            ),
            sparing=True,
            counted=False,
        )
    return replace(usual, number=number, rows=rows, columns=columns(usual.columns))


KEPT = [each for each in HEBEI_2023.tables if each.key != "state_capital_expenditure"]
PLAIN_CLASSES = replace(
    HEBEI_2023,
    key="plain_classes",
    label="不列国有资本经营预算的表样",
    tables=tuple(table(each, n) for n, each in enumerate(KEPT, 1)),
    meets=tuple(meet for meet in HEBEI_2023.meets if meet.key != "state-capital-balances")[:-1]
    + (
        replace(
            HEBEI_2023.meets[-1],
            covers=tuple(key for key in HEBEI_2023.meets[-1].covers if key != "state-capital-balances"),
        ),
    ),
    no_column_for=SELDOM | OF_CAPITAL,
)

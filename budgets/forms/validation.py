"""What a cell of a form takes, and the help that shows beside it while it is selected."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

LONGEST_TITLE, LONGEST_TEXT = 32, 255  # of a message, in Excel


class Takes(Enum):
    """The kinds of cells, each with the formula that what is typed must meet; `{cell}` is the cell itself."""

    TEXT = ""
    LEFT = "left"  # the portal fills it; whatever is typed all the same is compared
    AMOUNT = "AND(ISNUMBER({cell}),{cell}>=0,ROUND({cell},2)={cell})"
    NUMBER = "AND(ISNUMBER({cell}),{cell}>=0)"
    CODE = "AND(LEN({cell})={digits},ISNUMBER(VALUE({cell})))"


WRONG = {
    Takes.AMOUNT: "请填不小于 0 的数字，最多两位小数；没有金额的留空。",
    Takes.NUMBER: "请填不小于 0 的数字，计量单位不写在这一格。",
    Takes.CODE: "编码应为 {digits} 位数字，请核对。确实无误的，可以保留。",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of cell takes, with its help."""

    takes: Takes
    title: str
    help: str
    digits: int = 0


def validate(target: Worksheet, cells: Iterable[tuple[int, int, Rule]]) -> None:
    """Put the rules on cells given by row and column; runs of one column under one rule make one entry."""
    for column, top, bottom, rule in runs(cells):
        letter = get_column_letter(column)
        first = f"{letter}{top}"
        checks = rule.takes in WRONG
        entry = DataValidation(
            type="custom" if checks else None,
            formula1=rule.takes.value.format(cell=first, digits=rule.digits) if checks else None,
            allow_blank=True,
            showInputMessage=True,
            promptTitle=rule.title[:LONGEST_TITLE],
            prompt=rule.help[:LONGEST_TEXT],
            sqref=f"{first}:{letter}{bottom}",
        )
        if checks:
            entry.showErrorMessage = True
            entry.errorStyle = "warning" if rule.takes is Takes.CODE else "stop"
            entry.errorTitle = rule.title[:LONGEST_TITLE]
            entry.error = WRONG[rule.takes].format(digits=rule.digits)
        target.add_data_validation(entry)


def runs(cells: Iterable[tuple[int, int, Rule]]) -> Iterator[tuple[int, int, int, Rule]]:
    """Column, first row, last row and rule of each run of neighbours, column by column."""
    run: tuple[int, int, int, Rule] | None = None
    for row, column, rule in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if run and (column, row, rule) == (run[0], run[2] + 1, run[3]):
            run = (run[0], run[1], row, rule)
        else:
            if run:
                yield run
            run = (column, row, row, rule)
    if run:
        yield run

"""What a file is, said before anything of it is compared: of which stage, of which declared form, filled in or empty."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from budgets import tablesets
from budgets.domain.documents import ColumnKind
from budgets.domain.tables import Balance, Field, Table, TableSet
from budgets.domain.terms import Stage
from budgets.importing.captions.caption_norms import bare, plainly
from budgets.importing.reading.grids import Grid, Source, Text
from budgets.importing.recognising.matches import Match, Recognition
from budgets.importing.recognising.recognition import OTHER_YEAR, TWICE, recognise
from budgets.importing.recognising.years import LONGEST_TITLE, ROWS

FINAL = re.compile(
    r"决算(?:公开|信息公开)?(?:报?表|总表|收支.*表|说明|情况说明|报告)?$|决算.{0,12}表$|收入支出决算"
)
BUDGET = re.compile(r"预算")
BUDGET_TABLE = re.compile(r"预算.{0,6}表$")
FEWEST = 3  # numbers of a grid that is counted as a table
ENOUGH = 0.5  # of the tables that a file holds, for it to be of a declared form
PASSED_OVER = (TWICE, OTHER_YEAR.split("{", 1)[0])
ELSEWHERE = "请改用相应的表样，或按下载的填报模板重新填写。"
AS_IT_STANDS = (
    "以前公开过的文件，请勾选“照原样印出”重新上传（命令行加 --transcribe），各表照原样收录，仅核对表内合计。"
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of a set's tables a file has as they are declared, of how many that it holds; how many columns of these the set
    knows, less those that are not there and those that it has no word for; how many titles are its own."""

    table_set: TableSet
    tables: int
    there: int
    columns: int
    titled: int

    @property
    def enough(self) -> bool:
        return not self.there or self.tables >= ENOUGH * min(self.there, len(self.table_set.tables))

    def __str__(self) -> str:
        return f"“{self.table_set.label}”，{len(self.table_set.tables)} 张表中 {self.tables} 张相符"


def fit(found: Recognition, table_set: TableSet) -> Fit:
    """How well a file fits the set that it was recognised by."""
    others = {
        id(grid) for grid, _, why in found.strange if not why.startswith(PASSED_OVER) and is_table(grid)
    }
    others -= {id(match.grid) for match in found.matches}
    statutory = found.statutory()
    heads = [match.heading for match in statutory]
    columns = sum(len(h.columns) - len(h.missing) - len(h.extra) - len(h.aside) for h in heads)
    return Fit(
        table_set,
        sum(map(as_declared, statutory)),
        len(statutory) + len(others),
        columns,
        titled_as(found, table_set),
    )


def is_table(grid: Grid) -> bool:
    """True for a grid with several numbers: not a cover, a guide or a remark."""
    return (
        not grid.hidden
        and sum(_is_number(cell.raw, cell.number is not None) for cell in grid.cells.values()) >= FEWEST
    )


def _is_number(raw: str, number: bool) -> bool:
    return number or bool(re.fullmatch(r"[\d,.]+", raw.strip()))


def as_declared(match: Match) -> bool:
    """True for a table that has every column of the declared one, and its totals where it lists two sides."""
    word = match.word
    if not isinstance(word, Table):
        return False
    spare = {
        leaf.word.key
        for leaf in word.leaves()
        if isinstance(leaf.word, Field) and leaf.word.kind in (ColumnKind.SERIAL, ColumnKind.CODE)
    }
    if {key for key in match.heading.missing if not key.startswith("code")} - spare:
        return False
    if not isinstance(word.rows, Balance):
        return True
    captions = {bare(cell.text) for _, cells in match.body() for cell in cells}
    lines = [line for pair in word.rows.pairs() for line in pair if line.caption]
    here = sum(bare(line.caption) in captions for line in lines)
    return here >= ENOUGH * len(lines)


def is_final_account(source: Source) -> bool:
    """True when more titles, of tables and on the cover, say 决算 than 预算."""
    final, budget = _titles_of_stages(source)
    return final > budget


def is_budget(source: Source) -> bool:
    """True when titles of two tables or more say 预算, and none says 决算."""
    tables = [_title_of(grid) for grid in source.grids]
    final, _ = _titles_of_stages(source)
    return not final and sum(bool(BUDGET_TABLE.search(title)) for title in tables) > 1


def _title_of(grid: Grid) -> str:
    """The first line above a table that ends as titles do; blank without one."""
    top = [cell.text for (row, _), cell in sorted(grid.cells.items()) if row <= ROWS]
    return next((text for text in top if len(text) <= LONGEST_TITLE and text.endswith("表")), "")


def _titles_of_stages(source: Source) -> tuple[int, int]:
    """How many titles name accounts, and how many a budget."""
    titles = [
        block.text for block in source.blocks if isinstance(block, Text) and len(block.text) <= LONGEST_TITLE
    ]
    for grid in source.grids:
        titles += [grid.name, _title_of(grid)]
    titles = [re.sub(r"[（(].*?[)）]", "", title).strip() for title in titles]
    final = sum(bool(FINAL.search(title)) for title in titles)
    return final, sum(bool(BUDGET.search(title)) and not FINAL.search(title) for title in titles)


def of_another_stage(source: Source, table_set: TableSet) -> str:
    """Why a file is not of the form's stage, budget or final account, with what to choose; blank when it is, or says nothing."""
    if is_final_account(source) and table_set.stage is Stage.BUDGET:
        return f"文件“{source.name}”是部门决算，不是部门预算。请在本部门的决算公开中导入它，或选择预算公开的文件。"
    if is_budget(source) and table_set.stage is Stage.FINAL:
        return f"文件“{source.name}”是部门预算，不是部门决算。请在本部门的预算公开中导入它，或选择决算公开的文件。"
    return ""


def titled_as(found: Recognition, table_set: TableSet) -> int:
    """How many of a file's tables have the title that a set prints, word for word: it tells a 单位 from its 部门."""
    titles = {table.key: plainly(table.title) for table in table_set.tables}
    return sum(plainly(match.title) == titles.get(match.key) for match in found.statutory())


def nearest(source: Source, chosen: Fit, year: int) -> Fit:
    """The declared set that a file fits best: the chosen one unless another has more of its tables and as many columns, or
    has some where the chosen one has none.

    A set that has the columns of another and more loses a table to it for each of them that is not there: so the columns
    tell such sets apart, and the titles a 单位 from its 部门.
    """
    stage = chosen.table_set.stage
    sets = [tablesets.get(key) for key in tablesets.SETS]
    others = [each for each in sets if each.stage is stage and each is not chosen.table_set]
    fits = [fit(recognise(source, each, year), each) for each in others]
    better = [
        each
        for each in fits
        if each.tables > chosen.tables and (each.columns >= chosen.columns or not chosen.tables)
    ]
    return max(better, key=lambda each: (each.columns, each.tables, each.titled), default=chosen)


def verdict(source: Source, found: Recognition, table_set: TableSet, year: int) -> str:
    """Why a file is not of the chosen form, in one sentence with the form that is nearest; blank when it is.

    A file without any table says nothing of its form.
    """
    chosen = fit(found, table_set)
    if (other := tablesets.of_other_body(table_set)) and titled_as(found, other) > titled_as(
        found, table_set
    ):
        best = fit(recognise(source, other, year), other)
        if best.tables >= chosen.tables:
            return f"这份文件更像{best}（所选的{chosen}）。{ELSEWHERE}"
    if chosen.there and chosen.tables == len(table_set.tables):
        return ""
    best = nearest(source, chosen, year) if chosen.there > 1 or not found.matches else chosen
    if best.table_set is not table_set and best.enough and best.tables > 1:
        return f"这份文件更像{best}（所选的{chosen}）。{ELSEWHERE}"
    if chosen.there > 1 and not chosen.enough:
        return (
            f"这份文件的表样不在已有的表样之内，最接近的是{best}（文件中共 {chosen.there} 张表）。"
            f"{ELSEWHERE}{AS_IT_STANDS}"
        )
    return ""


def fits_none(source: Source, found: Recognition, table_set: TableSet, year: int) -> bool:
    """True for a file with tables of which fewer than half are of the chosen form, and of no other declared one either."""
    chosen = fit(found, table_set)
    if not chosen.there or chosen.enough:
        return False
    best = nearest(source, chosen, year)
    return best.table_set is table_set or not best.enough


def nothing_in(found: Recognition, amounts: Mapping[str, bool], *, others: bool) -> str:
    """Why a file is taken for an empty form, blank for every other: tables, two or more, without one amount.

    `amounts` says of each table whether it holds any; `others` whether the file holds anything else.
    """
    tables = found.statutory()
    if len(tables) < 2 or others or any(amounts.get(match.key) for match in tables):
        return ""
    return f"文件里没有数：认出 {len(tables)} 张表，金额都是空白。请确认选对了文件，或填好以后再导入。"

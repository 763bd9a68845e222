"""Whose file this is, said by the file alone: department, year and form, from its cover, titles and the lines above its tables."""

from dataclasses import dataclass

from budgets import tablesets
from budgets.domain.terms import Stage
from budgets.importing.as_it_stands import has_tables, said_as_it_stands
from budgets.importing.pipeline import TITLED, said_of
from budgets.importing.reading.grids import Source
from budgets.importing.reading.opening import Unreadable
from budgets.importing.recognising.identification import fit, is_final_account, titled_as
from budgets.importing.recognising.recognition import recognise
from budgets.importing.taking.chapters import read_chapters


@dataclass(frozen=True, slots=True)
class Belongs:
    """What a file says of itself; each is blank (0 for the year) where it says nothing. `table_set` is the form that fits best."""

    unit: str
    unit_name: str
    year: int
    table_set: str
    tables: int  # of that form


def belongs(source: Source) -> Belongs:
    """What a file says of itself, tried as forms of its own stage. Raises Unreadable for what holds nothing of a disclosure."""
    stage = Stage.FINAL if is_final_account(source) else Stage.BUDGET
    tried = [(recognise(source, declared), declared) for declared in tablesets.of_stage(stage)]
    best, found = max(
        ((fit(found, declared), found) for found, declared in tried),
        key=lambda each: (each[0].tables, titled_as(each[1], each[0].table_set)),
    )
    said, words = said_of(found), read_chapters(found.flow, best.table_set)
    if not best.tables and has_tables(source):
        said = said_as_it_stands(source)
    elif not best.there and not words.narratives:
        raise Unreadable(
            f"文件“{source.name}”中没有认出任何预算公开表或情况说明的章节，请检查表的标题和表头是否与表样一致。"
        )
    title = TITLED.match(words.title)
    name = said.get("unit_name") or words.said.get("name") or (title[1].strip() if title else "")
    year = said.get("year") or words.said.get("year") or "0"
    return Belongs(
        said.get("unit", words.said.get("code", "")), name, int(year), best.table_set.key, best.tables
    )

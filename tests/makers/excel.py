"""What makes Excel offer to repair a workbook, or leave a part of it out: its limits, which no library here knows."""

import io
import re
from collections.abc import Iterator
from itertools import combinations

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

LONGEST_LIST, LONGEST_TITLE, LONGEST_HELP, LONGEST_FORMULA = 255, 32, 255, 8192
LONGEST_NAME = 31
FORBIDDEN = re.compile(r"[\\/*?:\[\]]|^'|'$")


def repaired(content: bytes) -> list[str]:
    """What Excel would not take as it stands, in words; nothing for a workbook that it opens silently."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    names = [name.casefold() for name in book.sheetnames]
    wrong = [
        f"sheet {name!r}" for name in book.sheetnames if len(name) > LONGEST_NAME or FORBIDDEN.search(name)
    ]
    wrong += [f"two sheets {name!r}" for name in {*names} if names.count(name) > 1]
    return wrong + [f"{sheet.title}: {each}" for sheet in book.worksheets for each in _of(sheet)]


def _of(sheet: Worksheet) -> Iterator[str]:
    areas = list(sheet.merged_cells.ranges)
    yield from (f"{area.coord} alone is merged" for area in areas if area.size == {"rows": 1, "columns": 1})
    yield from (f"{a.coord} and {b.coord} overlap" for a, b in combinations(areas, 2) if not a.isdisjoint(b))
    for rule in sheet.data_validations.dataValidation:
        longest = (
            LONGEST_LIST + 2
            if rule.type == "list" and (rule.formula1 or "").startswith('"')
            else LONGEST_FORMULA
        )
        if len(rule.formula1 or "") > longest:
            yield f"{rule.sqref}: a rule of {len(rule.formula1)} characters"
        if max(len(rule.promptTitle or ""), len(rule.errorTitle or "")) > LONGEST_TITLE:
            yield f"{rule.sqref}: a title of a help"
        if max(len(rule.prompt or ""), len(rule.error or "")) > LONGEST_HELP:
            yield f"{rule.sqref}: a help"

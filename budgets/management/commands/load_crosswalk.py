"""Load the crosswalk of subject codes (科目对照): which codes took the place of those of the year before."""

from argparse import ArgumentParser
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from budgets import ledger
from budgets.domain.crosswalk import Move
from budgets.importing.reading.csv_sheets import read_csv
from budgets.importing.reading.opening import Unreadable
from budgets.models import Happening, SubjectMove
from budgets.workflow import trail
from budgets.workflow.crosswalk_rules import NEW, OLD, SCHEME, SCHEMES, YEAR, loops, repeated, wrong

HEAD = (YEAR, SCHEME, OLD, NEW)


class Command(BaseCommand):
    help = (
        f"载入科目对照（CSV，表头为 {'、'.join(HEAD)}）：预算年度是开始使用新编码的一年。"
        "文件中出现的年度整年替换；有一处看不懂就一行也不载入。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="例如 2024年科目对照.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        moves, faults = read(options["file"])
        if faults or not moves:
            raise CommandError("\n".join(faults or ["文件里没有一行对照。"]))
        years = sorted({move.year for move in moves.values()})
        with transaction.atomic():
            SubjectMove.objects.filter(fiscal_year__in=years).delete()
            SubjectMove.objects.bulk_create(
                SubjectMove(fiscal_year=m.year, scheme=m.scheme, old_code=m.old, new_code=m.new)
                for m in moves.values()
            )
            for year in years:
                words = f"{sum(move.year == year for move in moves.values())} 行"
                trail.tell(Happening.CHANGE, None, words=words, named=f"{year}年科目对照")
                self.stdout.write(f"{year}年科目对照：{words}。")


def read(path: Path) -> tuple[dict[int, Move], list[str]]:
    """The moves by the file's row, and what is wrong with the others, each fault with its row and column."""
    try:
        grid = next(iter(read_csv(path.name, path.read_bytes())), None)
    except (OSError, Unreadable) as error:
        raise CommandError(f"文件“{path}”无法读取：{error}") from error
    texts = {place: cell.text for place, cell in grid.cells.items()} if grid else {}
    if tuple(texts.get((1, n), "") for n in range(1, 5)) != HEAD:
        raise CommandError(f"第 1 行应是表头：{'、'.join(HEAD)}。")
    subjects = cache(ledger.subjects_for)
    moves: dict[int, Move] = {}
    faults: list[tuple[int, str, str]] = []
    for row in sorted({row for row, _ in texts if row > 1}):
        year, label, old, new = (texts.get((row, n), "") for n in range(1, 5))
        if found := list(wrong(year, label, old, new, subjects)):
            faults += [(row, column, words) for column, words in found]
        else:
            moves[row] = Move(int(year), SCHEMES[label], old, new)
    faults += [*repeated(moves), *loops(moves)]
    return moves, [f"第 {row} 行“{column}”：{words}。" for row, column, words in faults]

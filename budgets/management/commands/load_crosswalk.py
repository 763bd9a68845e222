"""Load the crosswalk of subject codes (科目对照): which codes took the place of those of the year before."""

from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from budgets import ledger
from budgets.domain.classification import is_leaf
from budgets.domain.crosswalk import Move
from budgets.importing.reading.csv_sheets import read_csv
from budgets.importing.reading.opening import Unreadable
from budgets.models import Happening, Scheme, SubjectMove
from budgets.workflow import trail

HEAD = ("预算年度", "分类", "原编码", "新编码")
SCHEMES = {scheme.label: scheme.value for scheme in (Scheme.FUNCTION, Scheme.ECONOMIC)}
LEAF = {Scheme.FUNCTION.value: "项（7 位数字）", Scheme.ECONOMIC.value: "款（5 位数字）"}
subjects = cache(ledger.subjects_for)


class Command(BaseCommand):
    help = (
        f"载入科目对照（CSV，表头为 {'、'.join(HEAD)}）：预算年度是开始使用新编码的一年。"
        "文件中出现的年度整年替换；有一处看不懂就一行也不载入。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="例如 2024年科目对照.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        subjects.cache_clear()
        moves, faults = read(options["file"])
        faults += list(loops(moves))
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
    moves: dict[int, Move] = {}
    faults: list[str] = []
    for row in sorted({row for row, _ in texts if row > 1}):
        values = [texts.get((row, n), "") for n in range(1, 5)]
        found = list(wrong(*values))
        if not found:
            move = Move(int(values[0]), SCHEMES[values[1]], *values[2:])
            if move in moves.values():
                found = [("新编码", "这一行与前面的一行相同")]
            moves[row] = move
        faults += [f"第 {row} 行“{column}”：{words}。" for column, words in found]
    return moves, faults


def wrong(year: str, label: str, old: str, new: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a row: column and words."""
    sound = year.isascii() and year.isdigit() and len(year) == 4
    if not sound:
        yield "预算年度", f"“{year}”不是年度，应写成 2024 这样"
    if label not in SCHEMES:
        yield "分类", f"“{label}”应写成{'或'.join(SCHEMES)}"
    if not sound or label not in SCHEMES:
        return
    scheme = SCHEMES[label]
    for column, code, of in (("原编码", old, int(year) - 1), ("新编码", new, int(year))):
        if not is_leaf(code, scheme):
            yield column, f"“{code}”级次不对，对照只写到{LEAF[scheme]}"
        elif subjects(of).get(code, scheme) is None:
            yield column, f"{of}年的{label}里没有 {code}"


def loops(moves: dict[int, Move]) -> Iterator[str]:
    """Codes that lead back to themselves within a year; a code may stay a part of its own, of a split or a merger."""
    for row, move in moves.items():
        after = [m for m in moves.values() if (m.year, m.scheme) == (move.year, move.scheme)]
        if move.old == move.new:
            if sum(move.old in (m.old, m.new) for m in after) == 1:
                yield f"第 {row} 行“新编码”：与原编码相同，没有变化的科目不用写。"
            continue
        reached, ahead = set(), {move.new}
        while ahead:
            reached |= ahead
            ahead = {m.new for m in after if m.old in ahead and m.new != m.old} - reached
        if move.old in reached:
            yield f"第 {row} 行“新编码”：{move.old} 换成 {move.new}，又换回 {move.old}，成了循环。"

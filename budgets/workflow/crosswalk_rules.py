"""What a line of the crosswalk of codes (科目对照) must be, wherever it comes from: a file of the server or of the browser."""

from collections.abc import Callable, Iterator, Mapping

from budgets.domain.classification import Subjects, is_leaf
from budgets.domain.crosswalk import Move
from budgets.models import Scheme

SCHEMES = {scheme.label: scheme.value for scheme in (Scheme.FUNCTION, Scheme.ECONOMIC)}
LEAF = {Scheme.FUNCTION.value: "项（7 位数字）", Scheme.ECONOMIC.value: "款（5 位数字）"}
YEAR, SCHEME, OLD, NEW = "预算年度", "分类", "原编码", "新编码"


def wrong(
    year: str, label: str, old: str, new: str, subjects: Callable[[int], Subjects]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a line, held against the lists that `subjects` gives of its year and the one before: column
    and words; nothing for a sound one."""
    sound = year.isascii() and year.isdigit() and len(year) == 4
    if not sound:
        yield YEAR, f"“{year}”不是年度，应写成 2024 这样"
    if label not in SCHEMES:
        yield SCHEME, f"“{label}”应写成{'或'.join(SCHEMES)}"
    if not sound or label not in SCHEMES:
        return
    scheme = SCHEMES[label]
    for column, code, of in ((OLD, old, int(year) - 1), (NEW, new, int(year))):
        if not is_leaf(code, scheme):
            yield column, f"“{code}”级次不对，对照只写到{LEAF[scheme]}"
        elif subjects(of).get(code, scheme) is None:
            yield column, f"{of}年的{label}里没有 {code}，请改正编码，或先补进{of}年的科目"


def repeated(moves: Mapping[int, Move]) -> Iterator[tuple[int, str, str]]:
    """Lines that say what one before them says: row, column, words."""
    seen: dict[Move, int] = {}
    for row, move in moves.items():
        if (first := seen.setdefault(move, row)) != row:
            yield row, NEW, f"这一行与前面的一行相同（第 {first} 行），请删去一行"


def loops(moves: Mapping[int, Move]) -> Iterator[tuple[int, str, str]]:
    """Codes that lead back to themselves within a year, as row, column, words; a code may stay a part of its own, of a
    split or a merger."""
    for row, move in moves.items():
        after = [m for m in moves.values() if (m.year, m.scheme) == (move.year, move.scheme)]
        if move.old == move.new:
            if sum(move.old in (m.old, m.new) for m in after) == 1:
                yield row, NEW, "与原编码相同，没有变化的科目不用写"
            continue
        reached, ahead = set(), {move.new}
        while ahead:
            reached |= ahead
            ahead = {m.new for m in after if m.old in ahead and m.new != m.old} - reached
        if move.old in reached:
            yield row, NEW, f"{move.old} 换成 {move.new}，又换回 {move.old}，成了循环"

"""Which row is which: codes and captions of body rows matched with declared lines."""

import re
import unicodedata
from collections.abc import Sequence

from budgets.domain.identities import SIDES
from budgets.domain.tables import Balance
from budgets.importing.captions.caption_norms import bare, likeness, norm

NO_CODE = "没有科目编码，或编码不是数字，无法确定是哪个科目"
CODE_TWICE = "同一科目编码出现了两次，只读取了第一行"
TOTALS = {"合计", "总计"}
CODE = re.compile(r"\d{3,9}")
SUBJECT = re.compile(r"[2-5]\d{2}(?:\d{2}){0,2}")
CODE_AND_NAME = re.compile(
    r"[\[［【(（]?\s*(?P<code>[2-5]\d{2}(?:\d{2}){0,2})\s*[\]］】)）]?\s*[-—_:：]?\s*(?P<name>[^\W\d_].*)",
    re.DOTALL,
)
BODY = re.compile(
    r"(?:局|委|办|厅|院|校|会|所|站|队|馆|中心|政府|本级|机关|单位|部门|委员会|办公室|街道|镇|乡)(?:[（(].*[)）])?$"
)
UNIT_ROW = "是预算单位的行，其金额已在合计中，没有另外读取"
ALIKE = 0.5  # of a caption that stands where just one line is missing

type Captions = Sequence[tuple[int, str]]  # row number, text


def plain_code(text: str) -> str:
    """The digits of a 科目编码 however it is typed (full width, with blanks or dots); blank when it is none."""
    digits = re.sub(r"[\s.\-|'’]+", "", unicodedata.normalize("NFKC", text))
    return digits if CODE.fullmatch(digits) else ""


def split_code(text: str) -> tuple[str, str]:
    """The code and the name where both stand in one cell: [2010301]行政运行, 2010301 行政运行; blank code for others."""
    found = CODE_AND_NAME.fullmatch(text.strip())
    return (found["code"], found["name"]) if found else ("", text)


def is_unit(code: str, name: str, own: str) -> bool:
    """True for the row of a budget unit (its code and name) above the classes: no subject has such a code.

    `own` is the code of the department, as the lines above the table say it.
    """
    return bool(
        code and not SUBJECT.fullmatch(code) and (BODY.search(name) or (own and code.startswith(own)))
    )


def tree_keys(codes: Captions, names: Captions) -> tuple[dict[int, str], dict[int, str]]:
    """Row number -> code, or total; and the rows that are neither, or whose code was there before (with that code)."""
    keyed: dict[int, str] = {}
    lost: dict[int, str] = {}
    taken: set[str] = set()
    for (number, text), (_, name) in zip(codes, names, strict=True):
        code = plain_code(text)
        if not code and TOTALS & {bare(text), bare(name)}:
            code = "total"
        if not code or code in taken:
            lost[number] = code
        else:
            taken.add(code)
            keyed[number] = code
    return keyed, lost


def balance_keys(rows: Balance, left: Captions, right: Captions) -> dict[int, tuple[str, str]]:
    """Row number -> the line keys of both lists; a side without caption is an empty line beside the other's."""
    pairs = rows.pairs()
    found: dict[int, list[str]] = {number: ["", ""] for number, _ in left}
    beside: dict[int, int] = {}
    for side, captions in enumerate((left, right)):
        lines = [(pair[side].key, pair[side].caption) for pair in pairs if pair[side].caption]
        index = {pair[side].key: i for i, pair in enumerate(pairs)}
        for number, key in align([entry for entry in captions if entry[1]], lines).items():
            found[number][side] = key
            beside.setdefault(number, index[key])
    for side, captions in enumerate((left, right)):
        for number, text in captions:
            if not text and number in beside:
                padding = pairs[beside[number]][side]
                # A form that leaves lines out has padding where the declared one has a line.
                found[number][side] = f"{SIDES[side]}.row_{number}" if padding.caption else padding.key
    return {number: (keys[0], keys[1]) for number, keys in found.items()}


def align(given: Captions, lines: Sequence[tuple[str, str]]) -> dict[int, str]:
    """Row number -> line key: equal captions in the same order first, then what is left by caption, then by place.

    A caption can stand twice in one list, so order tells such rows apart.
    """
    fit = [[_fit(text, caption) for _, caption in lines] for _, text in given]
    best = [[0] * (len(lines) + 1) for _ in range(len(given) + 1)]
    for i in range(len(given) - 1, -1, -1):
        for j in range(len(lines) - 1, -1, -1):
            both = best[i + 1][j + 1] + fit[i][j] if fit[i][j] else 0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs: dict[int, int] = {}
    i = j = 0
    while i < len(given) and j < len(lines):
        if fit[i][j] and best[i][j] == best[i + 1][j + 1] + fit[i][j]:
            pairs[i], i, j = j, i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    for i in range(len(given)):  # shuffled rows: a caption that only one line is left for
        left = [j for j in range(len(lines)) if fit[i][j] and j not in pairs.values()]
        if i not in pairs and len(left) == 1:
            pairs[i] = left[0]
    for i in range(
        len(given)
    ):  # reworded rows: alike, and between the same neighbours as the one line left there
        if i in pairs or not given[i][1]:
            continue
        before, after = pairs.get(i - 1, -1 if i == 0 else None), pairs.get(i + 1, len(lines))
        if (
            before is not None
            and after - before == 2
            and likeness(given[i][1], lines[before + 1][1]) >= ALIKE
        ):
            pairs[i] = before + 1
    return {given[i][0]: lines[j][0] for i, j in pairs.items()}


def _fit(text: str, caption: str) -> int:
    return 2 if norm(text) == norm(caption) and text else 1 if text and bare(text) == bare(caption) else 0

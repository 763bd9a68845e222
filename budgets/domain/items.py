"""Items of expenditure that a text names, by 类, 款, 项 or code, and the rows of the tables that they mean."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

LEVELS = {"类": 1, "款": 2, "项": 3}
SEGMENT = re.compile(r"(?P<name>.+?)\s*[（(](?P<level>[类款项])[）)]", re.DOTALL)
BEFORE_NAME = re.compile(r".*[，,。；;：:“”\"「」『』]", re.DOTALL)
LIST_NUMBER = re.compile(
    r"^\s*(?:\d+(?=[.、．\s])|[（(](?:\d+|[一二三四五六七八九十]+)[）)]|[一二三四五六七八九十]+(?=、))[.、．\s]*"
)
CODE = re.compile(r"(?<![\d.,])2\d{6}(?![\d.年])")
LIKE = 0.8  # two paths of names this alike are one slip of the pen apart


class ItemName(NamedTuple):
    """What a text calls an item: the names of its levels (1 类, 2 款, 3 项) as far as said, and its code if it is."""

    names: tuple[tuple[int, str], ...] = ()
    code: str = ""

    def __str__(self) -> str:
        letters = {level: letter for letter, level in LEVELS.items()}
        return "".join(f"{name}（{letters[level]}）" for level, name in self.names) or self.code


def item_name(words: str) -> ItemName | None:
    """The last item that some words name, None when they name none.

    Understood are 一般公共服务支出（类）财政事务（款）行政运行（项), with or without the wider levels, the same with the
    digits of the code in place of names, and a code of seven digits.
    """
    names: dict[int, str] = {}
    for match in SEGMENT.finditer(words):
        level = LEVELS[match["level"]]
        name = LIST_NUMBER.sub("", BEFORE_NAME.sub("", match["name"]))
        names = {wider: said for wider, said in names.items() if wider < level}
        names[level] = "".join(name.split())
    names = {level: name for level, name in names.items() if name}
    if names and all(name.isdigit() for name in names.values()):
        code = ""
        for digits in names.values():  # 201|03|01 as well as 201|20103|2010301
            code = digits if code and digits.startswith(code) else code + digits
        return ItemName(code=code)
    codes = CODE.findall(words)
    return ItemName(tuple(names.items()), codes[-1] if codes else "") if names or codes else None


@dataclass(frozen=True, slots=True)
class Found:
    """The codes that an item name can mean; `exact` when its names are the printed ones."""

    codes: tuple[str, ...]
    exact: bool


class Items:
    """The items that the tables of a document print, by code."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.paths = {code: self._path(code) for code in self.names}

    def _path(self, code: str) -> tuple[str, ...]:
        return tuple(self.names.get(code[:length], "") for length in (3, 5, 7) if length <= len(code))

    def find(self, item: ItemName) -> Found | None:
        """The rows that an item means: by code, by its exact names, else by the names nearest to them."""
        if item.code in self.names:
            return Found((item.code,), not item.names or self._named(item, item.code))
        if not item.names:
            return None
        deepest = max(level for level, _ in item.names)
        level = [code for code in self.names if len(self.paths[code]) == deepest]
        if exact := tuple(code for code in level if self._named(item, code)):
            return Found(exact, exact=True)
        ranked = [(self._alike(item, code), code) for code in level]
        best = max(ranked, default=(0.0, ""))
        return Found((best[1],), exact=False) if best[0] >= LIKE else None

    def _named(self, item: ItemName, code: str) -> bool:
        """True when every level that is said ends with the printed name (before it may stand 用于 or the like).

        A 类 may go without its 支出: 公共安全（类） is 公共安全支出.
        """
        path = self.paths[code]
        return all(
            level <= len(path)
            and path[level - 1]
            and name.endswith((path[level - 1], path[level - 1].removesuffix("支出" if level == 1 else "\0")))
            for level, name in item.names
        )

    def _alike(self, item: ItemName, code: str) -> float:
        path = self.paths[code]
        pairs: Iterable[tuple[str, str]] = ((name, path[level - 1]) for level, name in item.names)
        return min(SequenceMatcher(None, said, printed).ratio() for said, printed in pairs)

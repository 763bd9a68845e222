"""Items of expenditure that a text names, by 类, 款, 项 or code, and the rows of the tables that they mean."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

LEVELS = {"类": 1, "款": 2, "项": 3}
LEVEL = re.compile(r"[（(](?P<level>[类款项])[）)]")
BEFORE_NAME = re.compile(r"[，,。；;：:“”\"「」『』]")
LONGEST_NAME = 60  # characters: more is no name of an item
LIST_NUMBER = re.compile(
    r"^\s*(?:\d+(?=[.、．\s])|[（(](?:\d+|[一二三四五六七八九十]+)[）)]|[一二三四五六七八九十]+(?=、))[.、．\s]*"
)
CODE = re.compile(r"(?<![\d.,])2\d{6}(?![\d.年])")
# 204类06款01项, with or without the names between.
CODED_LEVELS = re.compile(
    r"(?<!\d)(?P<a>2\d{2})\s*[（(]?类[）)]?[^，,。；;\d]{0,30}?(?P<b>\d{2})\s*[（(]?款[）)]?(?:[^，,。；;\d]{0,30}?(?P<c>\d{2})\s*[（(]?项[）)]?)?"
)
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
    digits of the code in place of names, 204类06款01项, and a code of seven digits.
    """
    if coded := [*CODED_LEVELS.finditer(words)]:
        return ItemName(code="".join(filter(None, coded[-1].groups())))
    names: dict[int, str] = {}
    after = 0
    for match in LEVEL.finditer(words):
        level = LEVELS[match["level"]]
        name = LIST_NUMBER.sub("", BEFORE_NAME.split(words[after : match.start()])[-1])
        names = {wider: said for wider, said in names.items() if wider < level}
        names[level] = "".join(name.split())
        after = match.end()
    names = {level: name for level, name in names.items() if name and len(name) <= LONGEST_NAME}
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
        self._found: dict[ItemName, Found | None] = {}
        # By length of path and a level of it, then by the name there.
        self._at_level: dict[tuple[int, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._called: dict[tuple[int, str], list[str]] = defaultdict(list)  # by level and own name
        for code, path in self.paths.items():
            for level, name in enumerate(path, 1):
                self._at_level[len(path), level][name].append(code)
            if path and path[-1]:
                self._called[len(path), path[-1]].append(code)

    def _path(self, code: str) -> tuple[str, ...]:
        return tuple(self.names.get(code[:length], "") for length in (3, 5, 7) if length <= len(code))

    def find(self, item: ItemName) -> Found | None:
        """The rows that an item means: by code, by its exact names, else by the names nearest to them."""
        if item not in self._found:
            self._found[item] = self._find(item)
        return self._found[item]

    def _find(self, item: ItemName) -> Found | None:
        if item.code in self.names:
            return Found((item.code,), not item.names or self._named(item, item.code))
        if not item.names:
            return None
        deepest, name = max(item.names)
        ends = ((deepest, name[start:]) for start in range(len(name)))
        exact = tuple(code for end in ends for code in self._called.get(end, ()) if self._named(item, code))
        if exact:
            return Found(exact, exact=True)
        widest, said = item.names[0]  # a name that many codes share rules most of them out at once
        near = (
            codes for name, codes in self._at_level[deepest, widest].items() if _likeness(said, name) >= LIKE
        )
        best = max(((self._alike(item, code), code) for codes in near for code in codes), default=(0.0, ""))
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
        """How like the least like level is, 0.0 when it is less than counts."""
        path = self.paths[code]
        least = 1.0
        for level, name in item.names:
            alike = _likeness(name, path[level - 1])
            if alike < LIKE:
                return 0.0
            least = min(least, alike)
        return least


@lru_cache(maxsize=50_000)
def _likeness(said: str, printed: str) -> float:
    """How like two names are; 0.0 when an upper bound that is cheap to know (lengths, then letters) is too low."""
    matcher = SequenceMatcher(None, said, printed)
    if matcher.real_quick_ratio() < LIKE or matcher.quick_ratio() < LIKE:
        return 0.0
    return matcher.ratio()

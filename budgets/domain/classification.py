"""政府收支分类科目 of one fiscal year: codes, levels, parents, names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from budgets.domain.terms import Term

# A scheme is named as the dimension of a fact that holds its codes.
FUNCTION = "function"
ECONOMIC = "economic"
MOST_ALIKE, ALIKE = 3, 0.6  # codes offered for a mistyped one, and how much of them must be the same
LENGTHS = {FUNCTION: (3, 5, 7), ECONOMIC: (3, 5)}  # digits of 类, 款, 项


class Confidence(Term):
    """How well a code and its name are attested; LOW ones are only ever suggested."""

    HIGH = "high", "已核实"
    MEDIUM = "medium", "部分核实"
    LOW = "low", "待核实"


@dataclass(frozen=True, slots=True)
class Subject:
    """One 科目. `level`: 1 类, 2 款, 3 项; `parent` is blank for a 类; `budget` the budget the code belongs to."""

    code: str
    name: str
    level: int
    scheme: str = FUNCTION
    parent: str = ""
    budget: str = ""
    confidence: Confidence = Confidence.HIGH
    basic_group: str = ""  # 人员经费 or 公用经费, for economic codes


def level_of(code: str, scheme: str) -> int:
    """1, 2 or 3 by the length of the code; 0 when no level has that length."""
    lengths = LENGTHS[scheme]
    return lengths.index(len(code)) + 1 if len(code) in lengths else 0


def is_leaf(code: str, scheme: str) -> bool:
    """Whether amounts are entered under such a code: a 项 of the functional, a 款 of the economic scheme."""
    return level_of(code, scheme) == len(LENGTHS[scheme])


def ancestors(code: str, scheme: str) -> Iterator[str]:
    """The codes above `code`, widest first."""
    for length in LENGTHS[scheme]:
        if length < len(code):
            yield code[:length]


class Subjects:
    """The codes of one fiscal year. A code is looked up within its scheme."""

    def __init__(self, subjects: Iterable[Subject] = ()) -> None:
        self._by_code = {(s.scheme, s.code): s for s in subjects}

    def get(self, code: str, scheme: str = FUNCTION) -> Subject | None:
        return self._by_code.get((scheme, code))

    def name(self, code: str, scheme: str = FUNCTION) -> str:
        """The official name; the code itself when it is unknown, so that nothing is printed blank."""
        subject = self.get(code, scheme)
        return subject.name if subject else code

    def all(self, scheme: str = FUNCTION) -> list[Subject]:
        return [s for (kind, _), s in sorted(self._by_code.items()) if kind == scheme]

    def nearest(self, code: str, scheme: str = FUNCTION) -> list[Subject]:
        """At most three known codes that look like a mistyped one: same level, likeliest first; may be empty."""
        known = (each for kind, each in self._by_code if kind == scheme and len(each) == len(code))
        return [self._by_code[scheme, near] for near in _alike(code, known)]


def _alike(word: str, among: Iterable[str]) -> list[str]:
    """What `difflib.get_close_matches` gives of three at most, most alike first; those that share too few characters to
    be among these three are not compared."""
    matcher, best = SequenceMatcher(None, "", word), list[tuple[float, str]]()
    bounds = []
    for each in among:
        matcher.set_seq1(each)
        bounds.append((matcher.quick_ratio(), each))
    for bound, each in sorted(bounds, reverse=True):
        if bound < (best[-1][0] if len(best) == MOST_ALIKE else ALIKE):
            break
        matcher.set_seq1(each)
        if (ratio := matcher.ratio()) >= ALIKE:
            best = sorted([*best, (ratio, each)], reverse=True)[:MOST_ALIKE]
    return [each for _, each in best]

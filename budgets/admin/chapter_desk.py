"""What the page of a chapter shows beside its text: figures to insert, the print, what to read again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from budgets import ledger as ledgers
from budgets.data.initials import initials
from budgets.domain.composing import composed
from budgets.domain.figures import ITEM_TABLES, Known
from budgets.domain.ledgers import Ledger
from budgets.domain.ledgers import Narrative as Words
from budgets.domain.paragraphs import LONGEST_CHAPTER
from budgets.domain.sheets import Filler
from budgets.domain.tables import Listing, TableSet
from budgets.models import Disclosure, Narrative
from budgets.sentences.cell_names import CellNames
from budgets.sentences.chapter_models import model_of, slots_in
from budgets.sentences.equations import Equations
from budgets.sentences.live_documents import equations_of
from budgets.sentences.writing import write
from budgets.workflow.drafts import year_before
from budgets.workflow.rereading import ToRead, to_read

MOST_SUBJECTS = 200
DIGITS = "0123456789 "  # of a code before its name
# What a click inserts, besides the amount itself: the words for it, and what stands behind the name.
FORMS = (
    ("本年数", "", True),
    ("上年数", "·上年", True),
    ("比上年预算增加或减少多少", "·比{上年}年预算", False),
    ("增加或减少多少", "·变动", False),
    ("增长或下降百分之几", "·升降", False),
    ("增加、减少还是持平", "·增减词", False),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A figure that may be inserted: its name in brackets, the unit behind it, and what it prints now."""

    name: str
    unit: str
    shown: str

    @property
    def label(self) -> str:
        return f"[[{self.name}]]"

    @property
    def letters(self) -> str:
        """By which it is found besides its name: the first letters of its pinyin."""
        return initials(self.name.lstrip(DIGITS))


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the print; `live` ones are worked out."""

    text: str
    live: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The chapter as it prints, paragraph by paragraph, and what cannot be printed."""

    lines: tuple[tuple[Part, ...], ...]
    faults: tuple[str, ...]


class ChapterDesk:
    """One chapter of a draft; everything is read when the page asks for it."""

    def __init__(self, disclosure: Disclosure, table_set: TableSet, chapter: Narrative) -> None:
        self.disclosure, self.set = disclosure, table_set
        self.chapter = Words(chapter.key, chapter.title, chapter.text.replace("\r\n", "\n"))
        self.marked = to_read(chapter.reread)

    @cached_property
    def equations(self) -> Equations:
        ledger = ledgers.read(self.disclosure)
        filler = Filler(self.set, ledger, ledgers.subjects_for(self.disclosure.fiscal_year))
        return equations_of(filler, composed(filler), lambda: self.previous)

    @cached_property
    def previous(self) -> Ledger | None:
        return year_before(self.disclosure)

    @cached_property
    def model(self) -> str:
        """范文 for this chapter; blank where the set has none."""
        return model_of(self.set, self.chapter.key, compared=self.previous is not None)

    @property
    def drafts(self) -> bool:
        """True for a chapter that 范文 are offered for, once it is empty."""
        return any(word.model for word in self.set.chapters if word.key == self.chapter.key)

    def left(self, text: str, *, read: bool = False, unread: bool = False, drafted: bool = False) -> ToRead:
        """What must still be read again when the chapter is saved with that text."""
        text = text.replace("\r\n", "\n")
        left = self.marked.still(text)
        if drafted:
            left = replace(left, sentences=(*left.sentences, *slots_in(text)))
        return left.read() if read else left.again() if unread else left

    def preview(self, text: str) -> Preview:
        """A text as it prints; one that is too long is not worked out."""
        text = text.replace("\r\n", "\n")
        if not text.strip() or len(text) > LONGEST_CHAPTER:
            return Preview((), ())
        written = write(Words(self.chapter.key, self.chapter.title, text), self.equations, whole=True)
        printed, start = written.printed.text, 0
        lines = []
        for line in printed.splitlines(keepends=True):
            lines.append(tuple(_parts(printed, start, start + len(line.rstrip()), written.pieces)))
            start += len(line)
        faults = dict.fromkeys(f"[[{fault.reference.words}]]：{fault.why}" for fault in written.faults)
        return Preview(tuple(filter(None, lines)), tuple(faults))

    @property
    def reread(self) -> list[tuple[str, str]]:
        """What must be read again, each sentence as it prints, with why."""
        return [(self._printed(one.sentence), one.why) for one in self.marked.sentences]

    @property
    def done(self) -> list[tuple[str, str]]:
        """What somebody said to have read, as `reread` tells it."""
        return [(self._printed(one.sentence), one.why) for one in self.marked.done]

    def _printed(self, text: str) -> str:
        words = Words(self.chapter.key, self.chapter.title, text)
        return write(words, self.equations, whole=True).printed.text

    @property
    def figures(self) -> list[Offered]:
        """The figures with a name of their own."""
        return [self._offered(figure.label, figure) for figure in self.equations.names.labels.values()]

    @property
    def subjects(self) -> list[Offered]:
        """The subjects that the tables print, each by its code."""
        names = self.equations.names
        rows = [row for key in (*ITEM_TABLES, "basic_expenditure") for row in _rows(names, key)]
        codes = dict.fromkeys(code for code in rows if code.isdigit())
        found = [(code, names.find((code,))) for code in list(codes)[:MOST_SUBJECTS]]
        return [self._offered(_called(code, k), k) for code, k in found if isinstance(k, Known)]

    def _offered(self, name: str, figure: Known) -> Offered:
        unit = self.equations.unit if figure.unit else ""
        return Offered(name, unit, self.equations.amount(figure))

    @property
    def forms(self) -> list[tuple[str, str, str]]:
        """What a click may insert: words, what stands behind the name, whether the unit follows."""
        return [(words, behind, "1" if unit else "") for words, behind, unit in FORMS]

    @property
    def annexes(self) -> list[Listing]:
        keys = next((word.annexes for word in self.set.chapters if word.key == self.chapter.key), ())
        return [self.set.annex(key) for key in keys]


def _rows(names: CellNames, key: str) -> Iterator[str]:
    sheet = names.sheets.get(key)
    yield from (row.key for row in (sheet.rows if sheet else ()))


def _called(code: str, figure: Known) -> str:
    name = figure.label.removeprefix(code).strip()
    return f"{code} {name}" if name else code


def _parts(text: str, start: int, end: int, pieces: tuple[tuple[int, int, int, int], ...]) -> Iterator[Part]:
    for _, _, first, last in pieces:
        if start <= first < end:
            if text[start:first]:
                yield Part(text[start:first])
            yield Part(text[first:last], live=True)
            start = last
    if text[start:end].strip():
        yield Part(text[start:end])

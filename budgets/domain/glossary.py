"""Words explained: the portal's own terms, and those that a document explains itself, which come first on its pages."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from budgets.domain.documents import Document, Paragraph
from budgets.domain.items import LIST_NUMBER

DEFINITIONS = "term_definitions"  # the chapter 名词解释
SHORTEST = (
    4  # characters of a name that is looked for in running text: 批复 or 更正 would be marked everywhere
)
DEFINED = re.compile(
    r"(?P<name>[^：:，。；;]{2,30}?)\s*(?:[：:]\s*(?:是?指)?|是指)\s*(?P<text>\S.{5,})", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its explanation and the other forms in which texts write it; `own` where the document itself says so,
    `source` what a region's explanation is taken from, blank for the portal's."""

    key: str
    name: str
    text: str
    also: tuple[str, ...] = ()
    own: bool = False
    source: str = ""


def bare(name: str) -> str:
    """A name without its quotes and blanks."""
    return re.sub(r"[“”\"'‘’\s]", "", name)


def names_of(term: Term) -> set[str]:
    """What a term is called, without quotes and blanks."""
    return {bare(name) for name in (term.name, *term.also)}


def localised(terms: Iterable[Term], local: Iterable[Term]) -> tuple[Term, ...]:
    """The terms as a region has them: its own explanation where one of its names is that of a term, its other terms behind."""
    out = {term.key: term for term in terms}
    known = {name: term.key for term in out.values() for name in names_of(term)}
    for term in local:
        keys = [known[name] for name in (bare(term.name), *map(bare, term.also)) if name in known]
        key = keys[0] if keys else term.key
        also = (out[key].name, *out[key].also) if key in out else ()
        names = dict.fromkeys(name for name in (*term.also, *also) if name != term.name)
        out[key] = replace(term, key=key, also=tuple(names))
    return tuple(out.values())


def defined_by(document: Document) -> Iterator[tuple[str, str]]:
    """The words that a document explains, each with its explanation."""
    for chapter in document.chapters:
        for block in chapter.blocks if chapter.key == DEFINITIONS else ():
            if isinstance(block, Paragraph) and (
                found := DEFINED.fullmatch(LIST_NUMBER.sub("", block.text).strip())
            ):
                yield found["name"], found["text"]


class Glossary:
    """Terms by the words that a text has for them, the longest first."""

    def __init__(self, terms: Iterable[Term], document: Document | None = None) -> None:
        self.terms = {term.key: term for term in terms}
        known = {bare(name): term.key for term in self.terms.values() for name in (term.name, *term.also)}
        for n, (name, text) in enumerate(defined_by(document) if document else (), 1):
            term = self.terms.get(known.get(bare(name), ""))
            mine = (
                replace(term, name=name, text=text, own=True)
                if term
                else Term(f"own_{n}", name, text, (bare(name),), True)
            )
            self.terms[mine.key] = mine
        self._names = {
            name: term.key
            for term in self.terms.values()
            for name in (term.name, *term.also)
            if len(bare(name)) >= SHORTEST
        }
        ordered = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered)) if ordered else r"(?!)")

    def find(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Where a text uses a term: start, end and the term, in order."""
        for match in self._pattern.finditer(text):
            yield match.start(), match.end(), self.terms[self._names[match[0]]]

    def used_in(self, texts: Iterable[str]) -> list[Term]:
        """The terms that some texts use, each once, in order."""
        found = {term.key: term for text in texts for _, _, term in self.find(text)}
        return list(found.values())

"""The search: counties, departments and disclosures that answer what was typed, a page of them, or what may have been meant."""

from collections.abc import Iterator
from dataclasses import dataclass

from budgets.data.initials import spoken
from budgets.data.search_words import TERMS
from budgets.models.publications import Publication
from budgets.models.regions import Region
from budgets.public.found_names import MOST_DEPARTMENTS, Named, departments, like, likeness
from budgets.public.found_texts import Page, disclosures
from budgets.public.search_addresses import Asked
from budgets.public.search_answers import Answer, answers
from budgets.public.typed import Question, cut, understand
from budgets.publishing.word_index import TEXTS, year_of

MOST_CHOICES = 60  # regions in the list of a form
LIKE_A_TERM = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """A region that was typed, with the years of which something was published there, newest first."""

    name: str
    href: str
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown. `near` are departments and `terms` words of the field that may have been meant, of nothing found."""

    asked: Asked
    question: Question
    places: tuple[Place, ...] = ()
    departments: tuple[Named, ...] = ()
    more_departments: bool = False
    page: Page = Page()
    near: tuple[Named, ...] = ()
    terms: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def before(self) -> str:
        """The address of the page before; blank on the first."""
        return self.asked.address(page=self.page.number - 1) if self.page.number > 1 else ""

    @property
    def after(self) -> str:
        return self.asked.address(page=self.page.number + 1) if self.page.number < self.page.last else ""

    @property
    def everywhere(self) -> str:
        return self.asked.address(region=None)

    @property
    def as_typed(self) -> str:
        return self.asked.address(as_typed=True)

    @property
    def suggested(self) -> list[tuple[str, str]]:
        return [(term, self.asked.address(typed=term)) for term in self.terms]

    @property
    def understood(self) -> str:
        """How the words were understood, in a sentence; blank when they are looked for as they were typed."""
        said = "".join(f"“{word.said}”" for word in self.question.words)
        told = []
        if self.question.meant:
            told.append(f"限于{''.join(f'“{each.strip()}”' for each in self.question.meant)}")
        if said and said != "".join(f"“{word}”" for word in self.asked.typed.split()):
            told.append(f"查找的词是{said}")
        for word in self.question.words:
            if len(word.variants) > 1:
                told.append(f"“{word.said}”也查{''.join(f'“{each}”' for each in word.variants[1:])}")
        return f"{'，'.join(told)}。" if told else ""

    @property
    def nothing(self) -> bool:
        return not self.departments and not self.page.hits and not self.answers


def find(asked: Asked) -> Result:
    """The answer. How many queries and rows it takes does not depend on how much is public.

    A question without any answer is asked again with its words parted, and then with all of its words as words.
    """
    first = understand(asked.typed, asked.region, asked.year, as_typed=asked.as_typed)
    for question in readings(asked, first):
        if not question.words and not question.meant:  # marks alone
            continue
        found, told = departments(question)
        page = disclosures(told, asked.page)
        if found or page.hits:
            shown = tuple(found[:MOST_DEPARTMENTS])
            said = answers(asked.typed, told, shown) if asked.page == 1 else ()
            return Result(
                asked, told, places(asked, told), shown, len(found) > len(shown), page, answers=said
            )
    if said := answers(asked.typed, first, ()):
        return Result(asked, first, places(asked, first), answers=said)
    return Result(asked, first, places(asked, first), near=tuple(like(first)), terms=terms_like(first))


def readings(asked: Asked, first: Question) -> Iterator[Question]:
    """The question as it was understood, and in other ways for as long as nothing answers."""
    yield first
    if parted := cut(first):
        yield parted
    if first.meant:
        yield understand(asked.typed, asked.region, asked.year, as_typed=True)


def places(asked: Asked, question: Question) -> tuple[Place, ...]:
    """The regions that were typed: answers of their own, with the year that was typed or all of them."""
    regions = question.regions if question.meant and asked.region is None else ()
    if not regions:
        return ()
    told = Publication.objects.filter(department__region__in=regions).order_by("-fiscal_year")
    if question.year:
        told = told.filter(fiscal_year=question.year)
    pairs = list(told.values_list("department__region", "fiscal_year").distinct())
    return tuple(
        Place(region.name, f"/{region.code}/", tuple(year for key, year in pairs if key == region.pk))
        for region in regions
    )


def terms_like(question: Question) -> tuple[str, ...]:
    """Words of the field that are spoken like what was typed, or nearly written so; the likest first."""
    said = "".join(word.said for word in question.words)
    scored = [
        (
            bool((spoken(said) or {said}) & spoken(term)) + min(likeness(said, term), likeness(term, said)),
            term,
        )
        for term in TERMS
    ]
    return tuple(term for score, term in sorted(scored, reverse=True)[:3] if score >= LIKE_A_TERM)


def years_public() -> list[int]:
    """The years of what is public, newest first: from the newest to the oldest, read from the ends of the index."""
    ends = [year_of(key) for newest in (True, False) for key in TEXTS.holding([], 1, newest=newest)]
    return list(range(ends[0], ends[1] - 1, -1)) if ends else []


def choices(asked: Asked) -> list[Region]:
    """The regions that a form offers: all of them where they are few, else the one that was chosen."""
    listed = list(Region.objects.only("code", "name")[: MOST_CHOICES + 1])
    return listed if len(listed) <= MOST_CHOICES else [asked.region] if asked.region else []

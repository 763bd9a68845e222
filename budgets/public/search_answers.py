"""What answers a question before any disclosure does: the word explained, a county's ranking, two years, somebody to ask."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max

from budgets.data.search_words import CHANGE, CONTACT, LOOKED_AT, RANKING, TOGETHER
from budgets.domain.glossary import Term, bare, names_of
from budgets.domain.plain_terms import TERMS
from budgets.domain.terms import Stage
from budgets.domain.word_grams import folded
from budgets.models.publications import Publication, PublicationStatus, YearSum
from budgets.models.regions import Region
from budgets.public.county_tables import LOOKS
from budgets.public.found_names import Named
from budgets.public.typed import Question, simplified

MOST_REGIONS = 3  # whose rankings are offered
CALLED: dict[str, Term] = {folded(name): term for term in TERMS for name in names_of(term)}
PUBLIC = Publication.objects.filter(state__status=PublicationStatus.CURRENT, stage=Stage.BUDGET.value)


@dataclass(frozen=True, slots=True)
class Answer:
    """A heading that leads somewhere, and a sentence; `kind` is what it is in a word."""

    kind: str
    href: str
    heading: str
    words: str = ""


def answers(typed: str, question: Question, departments: Sequence[Named]) -> tuple[Answer, ...]:
    """At most one query of each kind, none for words that ask nothing of the sort."""
    said = folded(simplified(typed))
    found = [*explained(question)]
    if asks(said, CHANGE) and departments:
        found += compared(departments[0])
    if asks(said, RANKING) or (asks(said, TOGETHER) and not departments):
        found += ranked(said, question)
    if asks(said, CONTACT):
        found += contacts(question, departments)
    return tuple(found)


def asks(said: str, words: Iterable[str]) -> bool:
    return any(word in said for word in words)


def explained(question: Question) -> Iterator[Answer]:
    """The term that the words are the name of."""
    term = CALLED.get(bare("".join(word.said for word in question.words)))
    if term:
        yield Answer("词语解释", f"/glossary/#{term.key}", term.name, term.text)


def ranked(said: str, question: Question) -> Iterator[Answer]:
    """The departments of each region side by side, in the year that was asked for or the newest of which there is something."""
    look = next((key for key, words in LOOKED_AT if asks(said, words)), "")
    told = YearSum.objects.filter(departments__gt=0).defer("listed")
    if question.regions:
        told = told.filter(region__in=question.regions)
    if question.year:
        told = told.filter(fiscal_year=question.year)
    years = told.values_list("region__code", "region__name").annotate(year=Max("fiscal_year"))
    for code, name, year in years.order_by("-year", "region__code")[:MOST_REGIONS]:
        show = f"?show={look}" if look else ""
        yield Answer("全部部门比一比", f"/{code}/{year}/{show}#look", f"{name}{year}年度：{LOOKS[look].caption.partition('（')[0]}", "各部门从多到少，合计在表末。")  # fmt: skip


def compared(department: Named) -> Iterator[Answer]:
    """The newest budget of a department beside the one before it, where both are public."""
    years = set(PUBLIC.filter(department=department.key).values_list("fiscal_year", flat=True))
    if (newest := max(years, default=0)) and newest - 1 in years:
        yield Answer("与上年相比", f"{department.href}{newest}/budget/compare/", f"{department.name}{newest}年部门预算：与上年相比", "增减了多少、从哪里来，逐项列出。")  # fmt: skip


def contacts(question: Question, departments: Sequence[Named]) -> Iterator[Answer]:
    """Where a department tells how it is reached: its own page, or the list of a region's departments."""
    words = "电话和联系方式在部门的页面上；对一个数字有疑问，点开它可以“问这个数”。"
    if departments:
        yield Answer("联系部门", departments[0].href, f"{departments[0].name}的联系方式", words)
        return
    regions = question.regions or Region.objects.filter(departments__publications__isnull=False).distinct()
    for region in regions[:MOST_REGIONS]:
        yield Answer("联系部门", f"/{region.code}/", f"{region.name}的各部门", words)

"""The index of the search: what stands in it, and which rows hold the words that are asked for.

An entry is written and deleted by whoever writes the standing of a publication, in the same transaction; the index over
the entries, and over the names of departments and regions, is kept by the database itself (migration 0026).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connection, transaction

from budgets.domain.word_grams import grams
from budgets.models.publications import PublicationState, PublicationStatus, SearchEntry
from budgets.models.regions import Department, Region
from budgets.models.search_names import OF_DEPARTMENT, OF_REGION, OF_TITLE
from budgets.publishing.listing import PASSAGE

YEARS_APART = 10**10  # between the keys of one year and those of the next
BATCH = 100

# Alternatives: a row holds the clause when it has all grams of one of them.
type Clause = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Index:
    """A table whose column holds grams parted by blanks."""

    table: str
    column: str

    @property
    def words(self) -> str:
        """The FTS5 table that SQLite keeps of it."""
        return f"{self.table}_words"

    def holding(
        self,
        clauses: Iterable[Clause],
        most: int,
        *,
        span: tuple[int, int] | None = None,
        newest: bool = True,
    ) -> list[int]:
        """The keys of at most so many rows that hold every clause, highest (or lowest) key first; `span` limits keys.

        Of no clause every row is one; a clause without alternatives holds nowhere. One statement that reads the index
        and no text.
        """
        asked = list(clauses)
        if not all(asked):
            return []
        source, key, where, values = self.table, "id", list[str](), list[Any]()
        if asked and connection.vendor == "postgresql":
            where = [f"array_to_tsvector(string_to_array({self.column}, ' ')) @@ %s::tsquery"]
            values = [_expression(asked, "'", "&", "|")]
        elif asked:
            source, key, where = self.words, "rowid", [f"{self.words} MATCH %s"]
            values = [_expression(asked, '"', "AND", "OR")]
        if span:
            # A sum keeps PostgreSQL from walking the keys of a year instead, and reading what each row holds.
            where.append(f"{key}{' + 0' if asked and key == 'id' else ''} BETWEEN %s AND %s")
            values += span
        condition = f"WHERE {' AND '.join(where)}" if where else ""
        order = "DESC" if newest else "ASC"
        with _by_index_alone(bool(asked)), connection.cursor() as cursor:
            # The names are the fields above; what people typed is in the values.
            asking = f"SELECT {key} FROM {source} {condition} ORDER BY {key} {order} LIMIT %s"  # noqa: S608
            cursor.execute(asking, [*values, most])
            return [key for (key,) in cursor.fetchall()]


TEXTS = Index("budgets_searchentry", "grams")
DEPARTMENTS = Index("budgets_department", "name_words")
REGIONS = Index("budgets_region", "callings")
WAYS = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")


def _expression(asked: Sequence[Clause], quote: str, both: str, either: str) -> str:
    """All clauses in the language of a database; a gram has no letter that would need more than quotes."""
    clauses = [
        f" {either} ".join(
            f"({f' {both} '.join(f'{quote}{gram}{quote}' for gram in sorted(alternative))})"
            for alternative in clause
        )
        for clause in asked
    ]
    return f" {both} ".join(f"({clause})" for clause in clauses)


@contextmanager
def _by_index_alone(asked: bool) -> Iterator[None]:
    """PostgreSQL guesses wrongly how many rows hold the words, and would walk the table by its key: not here."""
    if not asked or connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {way} = off" for way in WAYS))
        yield
        cursor.execute("; ".join(f"SET LOCAL {way} = on" for way in WAYS))


def years(first: int, last: int) -> tuple[int, int]:
    """The span of keys of the publications of these years."""
    return first * YEARS_APART, (last + 1) * YEARS_APART - 1


def year_of(key: int) -> int:
    return key // YEARS_APART


def key_of(year: int, publication: int) -> int:
    return year * YEARS_APART + publication


def entry_words(text: str, department: int, region: int) -> str:
    """The grams of a text (`listing.searchable`) and of its title, its department and its region, parted by blanks."""
    title = {f"{OF_TITLE}{gram}" for gram in grams(text.partition(PASSAGE)[0])}
    place = {f"{OF_REGION}{region}", f"{OF_DEPARTMENT}{department}"}
    return " ".join(sorted(grams(text) | title | place))


def enter(standing: Iterable[PublicationState]) -> None:
    """Let the search find these publications, none of which it finds yet."""
    SearchEntry.objects.bulk_create(
        SearchEntry(
            id=key_of(state.publication.fiscal_year, state.pk),
            publication=state.publication,
            grams=entry_words(
                state.text, state.publication.department_id, state.publication.department.region_id
            ),
        )
        for state in standing
    )


def leave(publications: Collection[int]) -> None:
    """Let the search find these publications, by their keys, no longer."""
    SearchEntry.objects.filter(publication__in=publications).delete()


def refill() -> Iterator[int]:
    """Write every entry and name anew, a batch at a time, each in a transaction of its own; how many after each."""
    done = 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for index in (TEXTS, DEPARTMENTS, REGIONS):
                cursor.execute(f"INSERT INTO {index.words}({index.words}) VALUES ('rebuild')")  # noqa: S608
    for region in Region.objects.order_by("pk").iterator(BATCH):
        region.save(update_fields=["callings"])
    for department in Department.objects.order_by("pk").iterator(BATCH):
        department.save(update_fields=["name_words"])
    states = PublicationState.objects.order_by("pk")
    for keys in batched(states.values_list("pk", flat=True).iterator(), BATCH):
        with transaction.atomic():
            leave(keys)
            current = states.filter(pk__in=keys, status=PublicationStatus.CURRENT).select_for_update(
                of=("self",)
            )
            enter(current.select_related("publication__department").defer("publication__payload"))
        done += len(keys)
        yield done

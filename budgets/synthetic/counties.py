"""Synthetic counties in the database: regions of sixty departments, published in full or as rows alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils import timezone

from budgets import ledger, tablesets
from budgets.domain.classification import Subjects
from budgets.domain.composing import compose
from budgets.domain.ledgers import Ledger
from budgets.domain.snapshots import digest, dumps, loads
from budgets.domain.terms import Stage
from budgets.models import (
    Department,
    DepartmentYear,
    Disclosure,
    Explanation,
    FiscalYear,
    Person,
    Publication,
    PublicationState,
    PublicationStatus,
    Region,
    Role,
    Status,
)
from budgets.publishing import word_index, year_sums
from budgets.publishing.chain import GENESIS, Link
from budgets.publishing.listing import summary
from budgets.synthetic.accounts_drawn import account_of
from budgets.synthetic.ledgers_drawn import random_ledger
from budgets.workflow import lifecycle
from budgets.workflow.drafts import draft_of

A_COUNTY = 60  # departments in one region
FIRST_REGION, FIRST_UNIT = 990001, 10001
KINDS = (
    "教育局",
    "财政局",
    "民政局",
    "水务局",
    "司法局",
    "审计局",
    "统计局",
    "林业局",
    "商务局",
    "文化和旅游局",
    "卫生健康局",
    "交通运输局",
)
PATTERNS = (
    40  # documents that are drawn where rows alone are asked for; departments beyond share their figures
)
BATCH = 200
WORDS = "合成数据，供测试用，不代表任何真实部门。"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is drawn: years, table sets taken in turn, functional items a fund, sentences a chapter, the seed."""

    years: tuple[int, ...] = (2023,)
    table_sets: tuple[str, ...] = ("hebei_2023",)
    items: int = 5
    sentences: int = 6
    seed: int = 0


def departments(number: int) -> Iterator[Department]:
    """The first `number` departments of the synthetic counties, made where they are missing."""
    for n in range(number):
        county, place = divmod(n, A_COUNTY)
        region, _ = Region.objects.get_or_create(
            code=str(FIRST_REGION + county), defaults={"name": f"演示{county + 1}县"}
        )
        name = f"{region.name}{KINDS[place % len(KINDS)]}{place // len(KINDS) + 1}"
        found, _ = Department.objects.select_related("region").get_or_create(
            region=region, code=str(FIRST_UNIT + n), defaults={"name": name}
        )
        yield found


def person(role: Role, department: Department) -> Person:
    """The accountant of a department, or the officer of its region; nobody can log in as one."""
    own = {"department": department} if role is Role.ACCOUNTANT else {"region": department.region}
    username = f"{role.value}-{department.code if role is Role.ACCOUNTANT else department.region.code}"
    found = Person.objects.filter(username=username).first()
    return found or Person.objects.create_user(username, name=username, role=role.value, **own)


@cache
def codes(year: int, budget: str = "一般公共") -> tuple[str, ...]:
    """The functional items (项) of a year, from which large budgets are drawn."""
    return tuple(
        subject.code
        for subject in ledger.subjects_for(year).all()
        if subject.level == 3 and subject.budget == budget
    )


def open_years(wish: Wish, number: int) -> None:
    """The years of the counties are open, each department with the table set of its first disclosure there."""
    now = timezone.now()
    for n, department in enumerate(departments(number)):
        for k, each in enumerate(sorted(wish.years)):
            sets = wish.table_sets
            year, _ = FiscalYear.objects.get_or_create(
                region=department.region, fiscal_year=each, defaults={"table_set": sets[0], "opened_at": now}
            )
            own = sets[(n * len(wish.years) + k) % len(sets)]
            if own != year.table_set:
                DepartmentYear.objects.get_or_create(
                    year=year, department=department, defaults={"table_set": own}
                )


def drawn(wish: Wish, department: Department, year: int, n: int) -> Ledger:
    """What the n-th disclosure says: a department's first year is drawn, those after it go on from there."""
    table_set = tablesets.get(wish.table_sets[n % len(wish.table_sets)])
    more = {"functions": codes(year)} if wish.items > 5 else {}
    years_on = sorted(wish.years).index(year)
    return random_ledger(
        wish.seed + n - years_on,
        table_set,
        region=(department.region.code, department.region.name),
        unit=(department.code, department.name),
        year=year,
        items=wish.items,
        sentences=wish.sentences,
        years_on=years_on,
        **more,
    )


def missing(wish: Wish, number: int) -> Iterator[tuple[int, Department, int]]:
    """Number, department and year of each disclosure that is not there yet, a department's years in order."""
    have = set(
        Disclosure.objects.filter(fiscal_year__in=wish.years).values_list("department_id", "fiscal_year")
    )
    for n, department in enumerate(departments(number)):
        for k, year in enumerate(sorted(wish.years)):
            if (department.pk, year) not in have:
                yield n * len(wish.years) + k, department, year


def published(wish: Wish, number: int, *, with_pdf: bool) -> Iterator[Publication]:
    """Each missing disclosure entered, explained, submitted, approved and published, as people would."""
    for n, department, year in missing(wish, number):
        yield _published(department, drawn(wish, department, year, n), with_pdf=with_pdf)


def _published(department: Department, said: Ledger, *, with_pdf: bool) -> Publication:
    """One disclosure from its first row to its address."""
    accountant, officer = person(Role.ACCOUNTANT, department), person(Role.BUREAU_OFFICER, department)
    disclosure = Disclosure.objects.create(
        department=department,
        fiscal_year=said.year,
        stage=said.stage,
        table_set=said.table_set,
        updated_by=accountant,
    )
    ledger.write(disclosure, said)
    explain(disclosure, accountant)
    lifecycle.submit(disclosure, by=accountant)
    lifecycle.approve(disclosure, by=officer)
    return lifecycle.publish(disclosure, by=officer, with_pdf=with_pdf)


def accounts(wish: Wish, number: int, *, with_pdf: bool) -> Iterator[Publication]:
    """The final accounts of the first year of so many departments, each drawn from the budget that is public."""
    year = min(wish.years)
    for n, department in enumerate(departments(number)):
        budget = Publication.objects.filter(
            department=department,
            fiscal_year=year,
            stage=Stage.BUDGET.value,
            state__status=PublicationStatus.CURRENT,
        ).first()
        there = Disclosure.objects.filter(department=department, fiscal_year=year, stage=Stage.FINAL.value)
        if budget and not there.exists():
            yield _published(
                department, account_of(loads(budget.content)[0], wish.seed + n), with_pdf=with_pdf
            )


def explain(disclosure: Disclosure, by: Person) -> None:
    """A word on every warning: drawn figures tie, but they do not follow the habits of real budgets."""
    Explanation.objects.bulk_create(
        Explanation(
            disclosure=disclosure, finding_key=f.key, rule=f.rule, message=f.message, text=WORDS, person=by
        )
        for f in draft_of(disclosure).unexplained
    )


# Whose budget a stamp is drawn as; each word of it stands where a department's own word comes.
BLANK = Department(code="〔编码〕", name="〔部门〕", region=Region(code="〔区划〕", name="〔地区〕"))


def _words(department: Department) -> tuple[str, ...]:
    return department.code, department.name, department.region.code, department.region.name


@dataclass(frozen=True, slots=True)
class Stamp:
    """A drawn budget as it is frozen and listed, with BLANK where a department's own words come: made once, used often.

    In the text of the search the row of 机构设置 keeps the anchor that BLANK's name gives it.
    """

    said: Ledger
    frozen: str
    listed: dict[str, Any]

    @classmethod
    def of(cls, said: Ledger) -> "Stamp":
        document = compose(tablesets.get(said.table_set), said, _codes_of(said.year))
        return cls(said, dumps(said, document).decode(), summary(document))

    def payload(self, department: Department) -> bytes:
        """The same bytes as of the budget drawn as that department's."""
        return _own(self.frozen, department).encode()

    def summary(self, department: Department) -> dict[str, Any]:
        return self.listed | {"text": _own(self.listed["text"], department)}


def _own(text: str, department: Department) -> str:
    for blank, word in zip(_words(BLANK), _words(department), strict=True):
        text = text.replace(blank, word)
    return text


def rows(wish: Wish, number: int) -> Iterator[int]:
    """The rows that publication leaves, without files: how many after each batch. For lists, search and growth.

    Payload, hash, chain and search text are real; figures repeat after forty departments. `verify` finds no address.
    """
    stamps: dict[tuple[int, int], Stamp] = {}
    heads: dict[int, str] = {}
    done = 0
    for batch in batched(missing(wish, number), BATCH):
        with transaction.atomic():
            done += _rows_of(wish, batch, stamps, heads)
            for region, year in sorted({(each.region_id, year) for _, each, year in batch}):
                year_sums.renew(region, year)
        yield done


def _rows_of(
    wish: Wish,
    batch: Iterable[tuple[int, Department, int]],
    stamps: dict[tuple[int, int], Stamp],
    heads: dict[int, str],
) -> int:
    now = timezone.now()
    drafts: list[Disclosure] = []
    publications: list[Publication] = []
    states: list[PublicationState] = []
    people: dict[tuple[Role, int], Person] = {}

    def known(role: Role, department: Department) -> Person:
        key = role, department.pk if role is Role.ACCOUNTANT else department.region_id
        if key not in people:
            people[key] = person(role, department)
        return people[key]

    for n, department, year in batch:
        key = n % PATTERNS, year
        if key not in stamps:
            stamps[key] = Stamp.of(drawn(wish, BLANK, year, key[0]))
        stamp = stamps[key]
        said, payload = stamp.said, stamp.payload(department)
        link = Link(
            heads.get(department.pk) or _head(department),
            digest(payload),
            year,
            said.stage,
            1,
            date(year, 2, 1),
        )
        heads[department.pk] = link.entry
        by = {
            "submitted_by": known(Role.ACCOUNTANT, department),
            "approved_by": known(Role.BUREAU_OFFICER, department),
        }
        draft = Disclosure(
            department=department, fiscal_year=year, stage=said.stage, table_set=said.table_set, status=Status.PUBLISHED.value,
            approved_on=said.approved_on, submitted_hash=link.payload_hash, approved_hash=link.payload_hash, **by,
        )  # fmt: skip
        publication = Publication(
            department=department, disclosure=draft, fiscal_year=year, stage=said.stage, revision=1, payload=payload,
            payload_hash=link.payload_hash, chain_previous=link.previous, chain_entry=link.entry,
            published_on=link.published_on, published_at=now, published_by=by["approved_by"], **by,
        )  # fmt: skip
        drafts.append(draft)
        publications.append(publication)
        states.append(
            PublicationState(publication=publication, pdf_pending=True, **stamp.summary(department))
        )
    Disclosure.objects.bulk_create(drafts)
    Publication.objects.bulk_create(publications)
    PublicationState.objects.bulk_create(states)
    word_index.enter(states)
    return len(publications)


def _head(department: Department) -> str:
    last = Publication.objects.filter(department=department).order_by("pk").last()
    return last.chain_entry if last else GENESIS


@cache
def _codes_of(year: int) -> Subjects:
    return ledger.subjects_for(year)

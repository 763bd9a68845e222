"""The rehearsal of the inspection: what the rules find in each disclosure of a year, checked once and kept until it changes."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from itertools import batched
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.domain.findings import Severity
from budgets.models import Disclosure, Explanation, Publication, Rehearsal, Subject
from budgets.workflow.drafts import Draft, drafts_of, earlier_years

AT_ONCE = 3  # so few are checked while the page is made; more are left to a worker
TOGETHER = 10  # disclosures that are read at a time
CODE = (
    "domain",
    "rules",
    "sentences",
    "tablesets",
    "workflow/drafts.py",
    "workflow/last_year_checked.py",
    "workflow/units_checked.py",
)  # what decides on a finding


def bases_of(disclosures: Collection[Disclosure]) -> dict[int, str]:
    """A digest of all that the findings of each depend on, by its key; five queries, however many they are.

    Content and version, the latest earlier year, the explanations, the day of the first publication, the codes, the
    thresholds and the rules themselves.
    """
    before = earlier_years(disclosures)
    keys = [disclosure.pk for disclosure in disclosures]
    said = {
        row["disclosure"]: (row["number"], row["newest"], row["last"])
        for row in Explanation.objects.filter(disclosure__in=keys)
        .values("disclosure")
        .annotate(number=Count("pk"), newest=Max("pk"), last=Max("at"))
    }
    public = dict(
        Publication.objects.filter(disclosure__in=keys, revision=1).values_list("disclosure", "published_on")
    )
    codes = _codes()
    return {d.pk: _basis(d, before.get(d.pk), said.get(d.pk), public.get(d.pk), codes) for d in disclosures}


def _basis(
    disclosure: Disclosure, before: Disclosure | None, said: Any, public: date | None, codes: str
) -> str:
    parts = (
        _state(disclosure),
        _state(before),
        said,
        public,
        codes,
        settings.PER_VEHICLE_LIMIT,
        rules_digest(),
    )
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def _state(disclosure: Disclosure | None) -> tuple[Any, ...]:
    if disclosure is None:
        return ()
    return disclosure.pk, disclosure.version, disclosure.updated_at, disclosure.status, disclosure.table_set


def _codes() -> str:
    """A digest of the subject codes of every year."""
    rows = Subject.objects.order_by("pk").values_list("fiscal_year", "code", "name", "active", "confidence")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


@cache
def rules_digest() -> str:
    """A digest of the code that finds: a new release checks everything again."""
    found = hashlib.sha256()
    for part in CODE:
        place = Path(settings.BASE_DIR) / "budgets" / part
        for file in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            found.update(file.read_bytes())
    return found.hexdigest()


def rehearsed(disclosures: Collection[Disclosure]) -> tuple[dict[int, Rehearsal], list[Disclosure]]:
    """What is kept of each that still holds, by its key, and those that are still to be checked."""
    bases = bases_of(disclosures)
    kept = {row.disclosure_id: row for row in Rehearsal.objects.filter(disclosure__in=list(bases))}
    held = {key: row for key, row in kept.items() if row.basis == bases[key]}
    return held, [disclosure for disclosure in disclosures if disclosure.pk not in held]


def check(disclosures: Iterable[Disclosure]) -> int:
    """Check these and keep what was found; how many."""
    done = 0
    for some in batched(disclosures, TOGETHER):
        bases, drafts = bases_of(some), drafts_of(some)
        for disclosure in some:
            draft = drafts[disclosure.pk]
            Rehearsal.objects.update_or_create(
                disclosure=disclosure,
                defaults={
                    "basis": bases[disclosure.pk],
                    "counts": counts_of(draft),
                    "blank": disclosure.version == 1 and not draft.ledger.facts,
                    "transcribed": bool(draft.ledger.given),
                    "at": timezone.now(),
                },
            )
            done += 1
    return done


def counts_of(draft: Draft) -> dict[str, list[int]]:
    """By rule: how many findings are open, how many explained, how many only told."""
    open_, said, told = Counter[str](), Counter[str](), Counter[str]()
    for finding in draft.findings:
        if finding.severity is Severity.ADVICE:
            told[finding.rule] += 1
        elif finding.severity is Severity.WARNING and finding.key in draft.explanations:
            said[finding.rule] += 1
        else:
            open_[finding.rule] += 1
    return {rule: [open_[rule], said[rule], told[rule]] for rule in {*open_, *said, *told}}


def keep_up(disclosures: Collection[Disclosure], regions: Iterable[int], year: int) -> dict[int, Rehearsal]:
    """What holds now of each, by its key: a few are checked at once, more by a worker, and are missing until it has."""
    held, left = rehearsed(disclosures)
    if not left:
        return held
    if len(left) <= AT_ONCE:
        check(left)
    else:
        for region in regions:
            if not _asked(region, year):
                check_year.enqueue(region, year)
    return rehearsed(disclosures)[0]


def _asked(region: int, year: int) -> bool:
    """Whether this waits in the queue already."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=check_year.module_path)
    return any(
        arguments["args"] == [region, year] for arguments in ready.values_list("args_kwargs", flat=True)
    )


@task()
def check_year(region: int, year: int) -> None:
    """Check what of a region's year was not checked as it stands."""
    rows = Disclosure.objects.filter(department__region=region, fiscal_year=year)
    check(rehearsed(list(rows.select_related("department__region").prefetch_related("explanations")))[1])

"""Which documents use the subject codes of a year: those of the year itself, and of later ones that have no list of their own."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.models import LINES, Disclosure, Subject
from budgets.workflow.subject_differences import Key


@dataclass(slots=True)
class Usage:
    """The documents by the codes that they have amounts at: published ones, and those of which nothing is public."""

    published: defaultdict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))
    drafts: defaultdict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))


def usage_of(year: int) -> Usage:
    """The documents that go by the list of this year, were it there."""
    lists = Subject.objects.filter(fiscal_year__gt=year).order_by("fiscal_year")
    following = lists.values_list("fiscal_year", flat=True).first()
    years = Q(fiscal_year__gte=year) & (Q(fiscal_year__lt=following) if following else Q())
    found = Usage()
    documents = Disclosure.objects.filter(years)
    public = set(documents.filter(publications__isnull=False).values_list("pk", flat=True))
    for model in LINES.values():
        names = {each.name for each in model._meta.fields}
        for scheme in (FUNCTION, ECONOMIC):
            if scheme not in names:
                continue
            lines = model._default_manager.filter(disclosure__in=documents).exclude(**{scheme: ""})
            for code, document in lines.order_by().values_list(scheme, "disclosure_id").distinct():
                (found.published if document in public else found.drafts)[scheme, code].add(document)
    return found

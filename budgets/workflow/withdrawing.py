"""Taking versions back from the public (撤回): the latest, the earlier ones, or all of them."""

from django.db import transaction

from budgets.access import May
from budgets.domain.terms import Term
from budgets.models import Action, Department, Disclosure, Person, PublicationStatus, Release, Status
from budgets.publishing import pointers, releases, year_sums
from budgets.publishing.editions import Standing
from budgets.workflow import versions
from budgets.workflow.certifying import by_todays_rules
from budgets.workflow.renewing import renew, year_before
from budgets.workflow.stepping import EditedMeanwhile, NotAllowed, hold, reason_given, step
from budgets.workflow.versions import editions_of, publications_of, serve, stand


class Scope(Term):
    """Which versions of an address are taken back; the label is what the person who chooses reads."""

    LATEST = "latest", "只撤下现行版本"
    ALL = "all", "现行版本连同以前各次一并撤下"
    EARLIER = "earlier", "只撤下以前各次"


TAKEN: dict[Scope, tuple[PublicationStatus, ...]] = {
    Scope.LATEST: (PublicationStatus.CURRENT,),
    Scope.ALL: (PublicationStatus.CURRENT, PublicationStatus.SUPERSEDED),
    Scope.EARLIER: (PublicationStatus.SUPERSEDED,),
}


def scopes_of(disclosure: Disclosure) -> dict[Scope, tuple[list[int], list[int]]]:
    """The choices there are now: by scope the revisions that would go, and those that would still be readable.

    Empty when nothing of the disclosure is public.
    """
    rows = publications_of(disclosure).values_list("revision", "state__status")
    public = [(revision, status) for revision, status in rows if status != PublicationStatus.WITHDRAWN]
    standing = {status for _, status in public}
    return {
        scope: (
            [revision for revision, status in public if status in taken],
            [revision for revision, status in public if status not in taken],
        )
        for scope, taken in TAKEN.items()
        if standing.issuperset(taken)
    }


def withdraw(
    disclosure: Disclosure,
    *,
    by: Person,
    reason: str,
    version: int | None = None,
    scope: Scope = Scope.LATEST,
) -> Disclosure:
    """Take the versions of the scope from the public; their addresses answer 410 with this public reason.

    A version outside the scope stays at its fixed address. Payload and chain are kept. A correction that was begun
    goes on. Raises NotAllowed (also for a scope that `scopes_of` does not hold), EditedMeanwhile.
    """
    text = reason_given(reason, "撤回")
    becoming = {Standing(status.value): Standing.WITHDRAWN for status in TAKEN[scope]}
    with transaction.atomic():
        hold(disclosure, May.WITHDRAW, by, version)
        if scope not in scopes_of(disclosure):
            raise NotAllowed(f"没有可以这样撤下的版本（{scope.label}），请看现在公开着哪些版本再选。")
    editions, before = editions_of(disclosure, becoming), year_before(disclosure)
    name = releases.build(editions, before, by_todays_rules(editions))
    current = next((one for one in reversed(editions) if one.standing == Standing.CURRENT), None)
    renewal = renew(disclosure, current)
    with transaction.atomic():
        locked = hold(disclosure, May.WITHDRAW, by, version)
        Department.objects.select_for_update().get(pk=locked.department_id)
        beside = year_before(locked) == before and renewal.holds(locked)
        if editions_of(locked, becoming) != editions or not beside:
            raise EditedMeanwhile("撤回期间公开内容有了变化，没有撤回，请重试。")
        stand(
            locked,
            TAKEN[scope],
            PublicationStatus.WITHDRAWN,
            withdrawn_reason=text,
            withdrawn_on=versions.today(),
        )
        year_sums.renew(locked.department.region_id, locked.fiscal_year)
        served = [*serve(locked, name).values_list("pk", flat=True), *renewal.serve()]
        latest_goes = PublicationStatus.CURRENT in TAKEN[scope]
        gone = latest_goes and locked.status == Status.PUBLISHED
        changes = {"status": Status.WITHDRAWN} if gone else {}
        noted = text if scope is Scope.LATEST else f"{text}（{scope.label}）"
        result = step(locked, Action.WITHDRAW, by, reason=noted, **changes)
    pointers.settle(Release.objects.filter(pk__in=served))
    return result

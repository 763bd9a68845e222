"""Taking versions back from the public (撤回): the latest, the earlier ones, or all of them."""

from typing import Any

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


# What a withdrawal, or a no to it, leaves of what was asked for.
UNASKED: dict[str, Any] = {
    "withdrawal_asked_by": None,
    "withdrawal_reason": "",
    "withdrawal_scope": "",
    "withdrawal_revision": None,
}
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


def ask_withdrawal(
    disclosure: Disclosure,
    *,
    by: Person,
    reason: str,
    version: int | None = None,
    scope: Scope = Scope.LATEST,
) -> Disclosure:
    """Ask for a withdrawal that another person of the bureau confirms; nothing that is public changes until then.

    Raises NotAllowed (also for a scope that `scopes_of` does not hold), EditedMeanwhile.
    """
    text = reason_given(reason, "申请撤回")
    with transaction.atomic():
        locked = hold(disclosure, May.ASK_WITHDRAWAL, by, version)
        _possible(locked, scope)
        asked: dict[str, Any] = {
            "withdrawal_asked_by": by,
            "withdrawal_reason": text,
            "withdrawal_scope": scope.value,
            "withdrawal_revision": _latest(locked),
        }
        return step(locked, Action.ASK_WITHDRAWAL, by, reason=f"{text}（{scope.label}）", **asked)


def keep(disclosure: Disclosure, *, by: Person, reason: str, version: int | None = None) -> Disclosure:
    """Say no to the withdrawal that was asked for, and why; it may be asked for again."""
    text = reason_given(reason, "不予撤回")
    with transaction.atomic():
        locked = hold(disclosure, May.KEEP, by, version)
        return step(locked, Action.KEEP, by, reason=text, **UNASKED)


def confirm(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Disclosure:
    """Withdraw what another person asked for, with their reason. Raises as `withdraw` does."""
    asked = Disclosure.objects.get(pk=disclosure.pk)
    scope = Scope(asked.withdrawal_scope or Scope.LATEST)
    return withdraw(
        disclosure,
        by=by,
        reason=asked.withdrawal_reason or "申请",
        version=version or asked.version,
        scope=scope,
    )


def _possible(locked: Disclosure, scope: Scope) -> None:
    if scope not in scopes_of(locked):
        raise NotAllowed(f"没有可以这样撤下的版本（{scope.label}），请看现在公开着哪些版本再选。")


def _as_asked(locked: Disclosure, reason: str, scope: Scope) -> None:
    """What is withdrawn is what was asked for, while its versions are the same. Raises NotAllowed."""
    if not locked.department.region.withdrawal_confirmed:
        return
    if (reason, scope.value) != (locked.withdrawal_reason, locked.withdrawal_scope):
        raise NotAllowed("要撤下的版本或者原因与申请的不同。请不予撤回，另行申请。")
    if locked.withdrawal_revision != _latest(locked):
        raise NotAllowed("申请撤回以后又公开了新的版本。请看过现在公开着的版本，不予撤回后重新申请。")


def _latest(disclosure: Disclosure) -> int:
    return publications_of(disclosure).values_list("revision", flat=True).latest("revision")


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
    goes on. Where the region wants two persons, another one asked for exactly this. Raises NotAllowed (also for a scope
    that `scopes_of` does not hold), EditedMeanwhile.
    """
    text = reason_given(reason, "撤回")
    becoming = {Standing(status.value): Standing.WITHDRAWN for status in TAKEN[scope]}
    with transaction.atomic():
        locked = hold(disclosure, May.WITHDRAW, by, version)
        _as_asked(locked, text, scope)
        _possible(locked, scope)
    editions, before = editions_of(disclosure, becoming), year_before(disclosure)
    name = releases.build(editions, before, by_todays_rules(editions))
    current = next((one for one in reversed(editions) if one.standing == Standing.CURRENT), None)
    renewal = renew(disclosure, current)
    with transaction.atomic():
        locked = hold(disclosure, May.WITHDRAW, by, version)
        _as_asked(locked, text, scope)
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
        changes = UNASKED | ({"status": Status.WITHDRAWN} if gone else {})
        noted = text if scope is Scope.LATEST else f"{text}（{scope.label}）"
        result = step(locked, Action.WITHDRAW, by, reason=noted, **changes)
    pointers.settle(Release.objects.filter(pk__in=served))
    return result

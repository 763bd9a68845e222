"""What happens to a publication later: it is corrected, or taken back."""

from tests.makers.disclosures import a_person, approved


def corrected(publication, contact: str = "0315-1111111", reason: str = "联系方式有误"):
    """The next version of what was published, with another contact."""
    from budgets.models import Disclosure
    from budgets.workflow import lifecycle

    disclosure = publication.disclosure
    officer = a_person("bureau_officer", region=disclosure.department.region)
    lifecycle.correct(disclosure, by=officer, reason=reason)
    Disclosure.objects.filter(pk=disclosure.pk).update(contact=contact)
    disclosure.refresh_from_db()
    return lifecycle.publish(approved(disclosure, officer), by=officer)


def taken_back(publication, reason: str = "附表漏列", scope: str = "latest") -> None:
    """Withdraw the versions of that scope."""
    from budgets.workflow import lifecycle
    from budgets.workflow.withdrawing import Scope

    disclosure = publication.disclosure
    disclosure.refresh_from_db()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    lifecycle.withdraw(disclosure, by=officer, reason=reason, scope=Scope(scope))

"""What is public made anew: pages for a new look, a PDF that came later, an address that a dead process left behind."""

from django.db import transaction

from budgets.models import Department, Disclosure, PublicationState, Release
from budgets.publishing import pointers, releases, revision_files
from budgets.publishing.editions import edition_of
from budgets.workflow.certifying import by_todays_rules
from budgets.workflow.renewing import year_before
from budgets.workflow.stepping import EditedMeanwhile
from budgets.workflow.versions import editions_of, publications_of, serve


def rebuild(disclosure: Disclosure) -> bool:
    """Make the pages of an address anew from its payloads, for a new look or a PDF that came later.

    Payloads and data files stay as they are. True when something changed. Raises EditedMeanwhile.
    """
    editions = editions_of(disclosure)
    if not editions:
        return False
    with_pdf = [edition.entry for edition in editions if revision_files.build(edition)]
    before = year_before(disclosure)
    name = releases.build(editions, before, by_todays_rules(editions))
    with transaction.atomic():
        locked = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
        Department.objects.select_for_update().get(pk=locked.department_id)
        if editions_of(locked) != editions or year_before(locked) != before:
            raise EditedMeanwhile("期间有了新的公开版本，请重试。")
        release = serve(locked, name)
        shown = publications_of(locked).filter(chain_entry__in=with_pdf)
        PublicationState.objects.filter(publication__in=shown).update(pdf_pending=False)
    return bool(pointers.settle(release))


def add_pdfs(disclosure: Disclosure) -> int:
    """Make the PDFs that are pending and put them on the pages; how many. Raises PdfUnavailable, PdfFailed."""
    pending = list(publications_of(disclosure).filter(state__pdf_pending=True).select_related("state"))
    for publication in pending:
        revision_files.add_pdf(edition_of(publication))
    if pending:
        rebuild(disclosure)
    else:  # one that died after the last file was written has only the address left to change
        settle_address(disclosure)
    return len(pending)


def settle_pdfs() -> int:
    """Put on the pages what PDFs were ready when the process died; of how many disclosures. Nothing is rendered."""
    settled = 0
    for disclosure in Disclosure.objects.filter(publications__state__pdf_pending=True).distinct():
        pending = publications_of(disclosure).filter(state__pdf_pending=True).select_related("state")
        if any(revision_files.has_pdf(edition_of(publication)) for publication in pending):
            rebuild(disclosure)
            settled += 1
    return settled


def settle_address(disclosure: Disclosure) -> None:
    """Serve what the database names for the department, should a process have died before its address flipped."""
    pointers.settle(Release.objects.filter(department=disclosure.department_id))

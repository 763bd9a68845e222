"""The tables of a draft with what was published for the year before beside them."""

from dataclasses import replace
from functools import partial

from budgets import tablesets
from budgets.domain.documents import Document, Sheet
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import loads
from budgets.domain.year_beside import beside
from budgets.models import Disclosure, Publication, PublicationStatus
from budgets.workflow.drafts import Draft


def published_year_before(disclosure: Disclosure) -> tuple[Ledger, Document] | None:
    """What is public of the same department for the year before, at the same stage; None when nothing is."""
    found = Publication.objects.filter(
        department=disclosure.department_id,
        fiscal_year=disclosure.fiscal_year - 1,
        stage=disclosure.stage,
        state__status=PublicationStatus.CURRENT,
    )
    current = found.order_by("-revision").first()
    return loads(current.content) if current else None


def tables_beside(draft: Draft, before: tuple[Ledger, Document]) -> list[Sheet]:
    """The statutory tables of a draft with last year's amounts beside; rows that only one of the years has are there.

    Where last year was published in other tables, its amounts are those of its facts in this year's.
    """
    ledger, published = before
    table_set = tablesets.get(draft.ledger.table_set)
    same = published.table_set == table_set.key
    printed = {sheet.key: sheet for sheet in published.tables} if same else {}
    then = Filler(table_set, replace(ledger, table_set=table_set.key, given=()), draft.subjects)
    facts = (*draft.ledger.facts, *ledger.facts)
    both = Filler(table_set, replace(draft.ledger, facts=facts), draft.subjects)
    out = []
    for sheet in draft.document.tables:
        table = table_set.table(sheet.key)
        rows = sheet.rows if draft.document.transcribed else both.fill(table).rows
        out.append(
            beside(
                sheet,
                printed.get(sheet.key) or then.fill(table),
                rows,
                draft.ledger.year,
                partial(both.money, blank=table.blank),
            )
        )
    return out

"""The tables of a draft with what was published for the year before beside them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.crosswalk import Crosswalk, Succession
from budgets.domain.documents import Document, Sheet
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import loads
from budgets.domain.tables import Table, Tree
from budgets.domain.year_beside import amounts, beside
from budgets.domain.year_columns import of_this_year
from budgets.ledger import crosswalk, subjects_for
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

    Last year's amounts stand at this year's codes, as on the entry pages (科目对照). Where last year was published in
    other tables, or codes of a table changed, its amounts are those of its facts in this year's tables.
    """
    ledger, published = before
    table_set = tablesets.get(draft.ledger.table_set)
    same = published.table_set == table_set.key
    printed = {sheet.key: sheet for sheet in published.tables} if same else {}
    moved = crosswalk(ledger.year, draft.ledger.year)
    then = Filler(table_set, replace(ledger, table_set=table_set.key, given=()), subjects_for(ledger.year))
    carried = tuple(map(moved.carried, ledger.facts)) if moved else ledger.facts
    now = Filler(table_set, replace(then.ledger, facts=carried), draft.subjects)
    both = Filler(table_set, replace(draft.ledger, facts=(*draft.ledger.facts, *carried)), draft.subjects)
    out = []
    for sheet in draft.document.tables:
        table = table_set.table(sheet.key)
        both_years = sheet if draft.document.transcribed else both.fill(table)
        as_it_was, last = then.fill(table), now.fill(table)
        if amounts(as_it_was) == amounts(last):
            last = printed.get(sheet.key) or as_it_was
        out.append(
            beside(
                of_this_year(table, sheet),
                of_this_year(table, last),
                of_this_year(table, both_years).rows,
                draft.ledger.year,
                partial(both.money, blank=table.blank),
                _unlike(table, as_it_was, moved, then.subjects, draft.subjects),
            )
        )
    return out


def _unlike(
    table: Table, last: Sheet, moved: Crosswalk, then: Subjects, now: Subjects
) -> Callable[[str], bool]:
    """Which codes of a table cannot be compared with last year's table, as it was before codes were carried over."""
    if not isinstance(table.rows, Tree):
        return lambda named: False
    codes = dict.fromkeys(code for (code, _), amount in amounts(last).items() if amount)
    return Succession(moved, table.rows.scheme, codes, then, now).unlike

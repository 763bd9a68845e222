"""A draft to take along: the form with its values, its chapters, and its tables with last year's beside."""

from io import BytesIO

from django.http import FileResponse, HttpRequest
from django.urls import URLPattern

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.admin.base import READING, ScopedAdmin, object_view
from budgets.domain.year_beside import MARK
from budgets.forms.narrative_docx import narrative_docx
from budgets.forms.template import draft_workbook
from budgets.models import Disclosure
from budgets.rendering.workbook.xlsx import tables_workbook
from budgets.workflow.drafts import as_printed, draft_of
from budgets.workflow.tables_beside import published_year_before, tables_beside
from budgets.workflow.year_opening import form_of


class DraftFilePages(ScopedAdmin):
    """Files made of a draft as it stands; nothing of it changes."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/files/form/", self.draft_form_view, "draft_form"),
            self.page("<int:object_id>/files/words/", self.draft_words_view, "draft_words"),
            self.page("<int:object_id>/files/tables/", self.draft_tables_view, "draft_tables"),
        ]

    @object_view(*READING)
    def draft_form_view(self, request: HttpRequest, disclosure: Disclosure) -> FileResponse:
        """The form with what the draft says, to go on in a spreadsheet and to be handed in again."""
        subjects = ledgers.subjects_for(disclosure.fiscal_year)
        content = draft_workbook(tablesets.get(form_of(disclosure)), ledgers.read(disclosure), subjects)
        return attached(content, f"{disclosure}填报表.xlsx")

    @object_view(*READING)
    def draft_words_view(self, request: HttpRequest, disclosure: Disclosure) -> FileResponse:
        """The chapters as a Word file, to be worked on and handed in again."""
        table_set, ledger = tablesets.get(disclosure.table_set), ledgers.read(disclosure)
        document = as_printed(disclosure, ledger, ledgers.subjects_for(disclosure.fiscal_year))
        return attached(narrative_docx(table_set, ledger, document), f"{disclosure}情况说明.docx")

    @object_view(*READING)
    def draft_tables_view(self, request: HttpRequest, disclosure: Disclosure) -> FileResponse:
        """The tables as printed, the statutory ones with last year's amounts where last year is public."""
        draft = draft_of(disclosure)
        before = published_year_before(disclosure)
        sheets = tables_beside(draft, before) if before else list(draft.document.tables)
        sheets += [sheet for sheet in draft.document.sheets() if sheet not in draft.document.tables]
        content = tables_workbook(sheets, str(disclosure), disclosure.department.name, MARK if before else "")
        return attached(content, f"{disclosure}报表{'（与上年对比）' if before else ''}.xlsx")


def attached(content: bytes, name: str) -> FileResponse:
    """A file that the browser saves under that name."""
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)

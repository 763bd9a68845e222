"""A Word file of chapters alone: what it changes, sentence by sentence, and the chapters that are to be saved."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from budgets import access, tablesets
from budgets import ledger as ledgers
from budgets.admin.base import ScopedAdmin
from budgets.admin.editing import Stale, editing
from budgets.admin.typed_parts import chapter_part
from budgets.importing.taken import Taken
from budgets.models import Disclosure, Intake, Narrative
from budgets.workflow.chapters_taken import ChapterOffer, confirm, offers, same_text
from budgets.workflow.drafts import as_printed
from budgets.workflow.stepping import Refused

CONFLICT = 409
NOTHING = "没有选中要保存的章。请勾选，或按“不导入”。"


class ChapterIntakePages(ScopedAdmin):
    """The page on which chapters of a file are held against the draft's."""

    def chapters_view(
        self, request: HttpRequest, disclosure: Disclosure, intake: Intake, taken: Taken
    ) -> HttpResponse:
        """What the file changes; POST saves the ticked chapters, each unless somebody else saved it meanwhile."""
        refusal, stale = "", list[str]()
        if request.method == "POST":
            offered = self.chapter_offers(disclosure, taken)
            ticked = [each for each in offered if f"take-{each.key}" in request.POST and not each.refusal]
            try:
                stale = self.save_chapters(request, disclosure, intake, taken, ticked) if ticked else []
            except Refused as refused:
                refusal = str(refused)
            else:
                if ticked and not stale:
                    messages.success(request, f"已从“{intake.name}”保存 {len(ticked)} 章。")
                    return HttpResponseRedirect(
                        reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
                    )
                refusal = "" if ticked else NOTHING
            disclosure.refresh_from_db()
        offered = self.chapter_offers(disclosure, taken)
        there = {offer.key for offer in offered}
        return self.render(
            request,
            "admin/disclosure/intake_chapters.html",
            disclosure,
            title="核对情况说明",
            intake=intake,
            chapters=[(offer, chapter_part(offer.key, offer.title).version(disclosure)) for offer in offered],
            missing=[n.title for n in disclosure.narratives.all() if n.key not in there and n.text.strip()],
            unread=taken.report()["unread"],
            changed=any(offer.changed for offer in offered),
            refusal=refusal,
            stale=stale,
            writable=True,
            status=CONFLICT if refusal or stale else 200,
        )

    def chapter_offers(self, disclosure: Disclosure, taken: Taken) -> list[ChapterOffer]:
        ledger = ledgers.read(disclosure)
        document = as_printed(disclosure, ledger, ledgers.subjects_for(disclosure.fiscal_year))
        return offers(ledger, document, taken.ledger)

    def save_chapters(
        self,
        request: HttpRequest,
        disclosure: Disclosure,
        intake: Intake,
        taken: Taken,
        ticked: list[ChapterOffer],
    ) -> list[str]:
        """Save chapters in one transaction; the titles of those that somebody saved since the page was opened, which are
        left as they are. Then the file goes on waiting, so that they can be looked at again. Raises Refused."""
        stale, titles = [], []
        with transaction.atomic():
            locked = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
            before = ledgers.read(locked)
            for offer in ticked:
                part = chapter_part(offer.key, offer.title)
                try:
                    with editing(request, disclosure, part, request.POST.get(f"version-{offer.key}", "")):
                        write_chapter(locked, offer)
                except Stale:
                    stale.append(offer.title)
                else:
                    titles.append(offer.title)
            if titles and not stale:
                confirm(intake, locked, before, taken, titles, access.person_of(request))
        return stale


def write_chapter(disclosure: Disclosure, offer: ChapterOffer) -> None:
    """Put a chapter's text into the draft; one that differs in blanks alone stays. A new one stands where it is declared."""
    chapter = disclosure.narratives.filter(key=offer.key).first()
    if chapter is None:
        keys = [word.key for word in tablesets.get(disclosure.table_set).chapters]
        last = disclosure.narratives.order_by("-position").values_list("position", flat=True).first() or 0
        position = keys.index(offer.key) + 1 if offer.key in keys else last + 1
        chapter = Narrative(disclosure=disclosure, key=offer.key, title=offer.title[:200], position=position)
    elif same_text(chapter.text, offer.text):
        return
    chapter.text = offer.text
    chapter.save()

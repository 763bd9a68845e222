"""The page on which a chapter is typed: its sentences with live figures, how they print, what must be read again."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern

from budgets import tablesets
from budgets.admin.base import FORM, object_view
from budgets.admin.chapter_desk import ChapterDesk
from budgets.admin.editing import Edit
from budgets.admin.marks import sentence_asked_for
from budgets.admin.typed_parts import CHAPTER, chapter_part
from budgets.admin.word_pages import TextPages, begin_in, form_class
from budgets.domain.paragraphs import too_long
from budgets.domain.tables import TableSet
from budgets.models import Disclosure, Narrative
from budgets.sentences.unusual_words import standard_form

FRAGMENT = "X-Fragment"  # the header with which the page's script asks for the preview alone
READ, UNREAD, STANDARD, MODEL, PREVIEW = "read", "unread", "standard", "model", "preview"
ACTIONS = (READ, UNREAD, STANDARD, MODEL, PREVIEW)  # names of the buttons besides 保存


def not_too_long(text: str) -> None:
    """Raise ValidationError for a chapter that is longer than one can be."""
    if why := too_long(text):
        raise forms.ValidationError(why, code="too_long")


class ChapterPages(TextPages):
    """The chapters of the narrative."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/chapters/<slug:key>/", self.chapter_view, "chapter"),
        ]

    @object_view(*FORM)
    def chapter_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """One chapter of the narrative; 404 when the set has none of that key and none was taken in.

        保存 keeps the text; 已读过 says besides that what was marked has been read, 撤回 takes that back; 改用标准用语 and 用范文起草 change the
        text first; 看印出来的样子 keeps nothing.
        """
        table_set = tablesets.get(disclosure.table_set)
        chapter = _chapter(disclosure, table_set, key)
        desk = ChapterDesk(disclosure, table_set, chapter)
        if request.method == "POST" and request.headers.get(FRAGMENT) == PREVIEW:
            fragment = {"preview": desk.preview(request.POST.get("text", ""))}
            return render(request, "admin/disclosure/chapter_preview.html", fragment)
        action = next((name for name in ACTIONS if name in request.POST), "")
        form = form_class(Narrative, CHAPTER)(_data(request, desk, action), instance=chapter)
        form.fields["text"].validators.append(not_too_long)
        form.fields["text"].widget.attrs["class"] = "wordy"
        typed = desk.chapter.text
        if not typed:
            begin_in(form, "text")

        def save(edit: Edit) -> None:
            text = form.cleaned_data["text"]
            left = desk.left(text, read=action == READ, unread=action == UNREAD, drafted=action == MODEL)
            told = len(desk.marked.sentences) - len(left.sentences)
            form.instance.reread = left.kept()
            if form.changed_data:
                form.save()
            elif left != desk.marked:
                Narrative.objects.filter(pk=chapter.pk).update(reread=left.kept())
                edit.message = (
                    f"情况说明“{chapter.title}”：{f'{told} 处已读过' if told >= 0 else f'{-told} 处又要再读'}"
                )

        part = chapter_part(key, chapter.title)
        valid = request.method == "POST" and action != PREVIEW and form.is_valid()
        shown = str(form["text"].value() or "")
        return self.save_page(
            request,
            disclosure,
            part,
            valid,
            save,
            "admin/disclosure/chapter.html",
            title=chapter.title,
            form=form,
            desk=desk,
            preview=desk.preview(shown),
            sentence=sentence_asked_for(request, typed),
        )


def _chapter(disclosure: Disclosure, table_set: TableSet, key: str) -> Narrative:
    chapter = disclosure.narratives.filter(key=key).first()
    if chapter is not None:
        return chapter
    for position, word in enumerate(table_set.chapters, 1):
        if word.key == key:
            return Narrative(disclosure=disclosure, key=key, title=word.title, position=position)
    raise Http404


def _data(request: HttpRequest, desk: ChapterDesk, action: str) -> QueryDict | None:
    """What was posted, with the text that a button makes of it."""
    if request.method != "POST":
        return None
    data: Any = request.POST.copy()
    text = data.get("text", "")
    if action == STANDARD:
        data["text"] = standard_form(text, desk.marked.offers)
    elif action == MODEL:
        data["text"] = "\n".join(filter(None, (text.strip(), desk.model)))  # behind what was typed
    posted: QueryDict = data
    return posted

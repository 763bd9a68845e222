"""公众提问 at the desk: the department drafts answers, the bureau publishes, sends back or refuses; the others look on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern

from budgets import access
from budgets.admin.base import FORM, READING
from budgets.admin.home import sees_region
from budgets.admin.site_frame import framed, page_at
from budgets.models import Person, Question, QuestionState
from budgets.models.questions import LONGEST_ANSWER, LONGEST_REASON
from budgets.workflow import answering
from budgets.workflow.stepping import Refused

PER_PAGE = 30
TONES = {
    QuestionState.WAITING: "warn",
    QuestionState.ANSWERED: "go",
    QuestionState.PUBLISHED: "good",
    QuestionState.REFUSED: "",
}
DONE = {
    "answer": "已记下答复，等财政局公开。",
    "publish": "已公开；回复邮箱已删除。",
    "back": "已退回部门重新答复。",
    "refuse": "已记为不予公开；回复邮箱已删除。",
}


def urls(site: AdminSite) -> list[URLPattern]:
    """The list and the page of one question."""

    return [
        page_at(site, "questions/", list_view, "question_list"),
        page_at(site, "questions/<int:object_id>/", question_view, "question"),
    ]


def list_view(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """The questions of the person's departments, the oldest that waits first, then the latest; `?only=` is one state."""
    person = access.person_of(request)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    rows = access.questions_for(person)
    only = request.GET.get("only", "")
    only = only if only in set(QuestionState) else ""
    shown = rows.filter(state=only) if only else rows
    waits = only in (QuestionState.WAITING, QuestionState.ANSWERED)
    pages = Paginator(
        shown.order_by("asked_at" if waits else "-asked_at").select_related("department"), PER_PAGE
    )
    context: dict[str, Any] = {
        "title": "公众提问",
        "standing": answering.standing(rows),
        "page": pages.get_page(request.GET.get("page")),
        "tones": TONES,
        "states": [("", "全部"), *QuestionState.choices()],
        "only": only,
        "region": sees_region(person),
    }
    return framed(site, request, "admin/questions.html", context)


def question_view(site: AdminSite, request: HttpRequest, object_id: int) -> HttpResponseBase:
    """One question; POST `do` answers, publishes, sends back or refuses it. What is refused keeps what was typed."""
    person = access.person_of(request)
    rows = access.questions_for(person).select_related("department__region", "answered_by", "decided_by")
    found = rows.filter(pk=object_id).first()
    if found is None:
        raise Http404
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    answers, decides = access.answers_questions(person), access.decides_questions(person)
    refusal = ""
    if request.method == "POST":
        if not (answers or decides):
            raise PermissionDenied
        try:
            done = _step(request, found, person)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(request.path)
    context: dict[str, Any] = {
        "title": f"第 {found.pk} 号公众提问",
        "question": found,
        "tone": TONES[QuestionState(found.state)],
        "saw": answering.seen(found),
        "answers": answers and not found.decided,
        "decides": decides and found.state != QuestionState.REFUSED,
        "public": found.state == QuestionState.PUBLISHED,
        "email": found.email if answers or decides else "",
        "typed": request.POST.get("text", found.answer),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "longest": LONGEST_ANSWER,
        "longest_reason": LONGEST_REASON,
    }
    return framed(site, request, "admin/question.html", context, 409 if refusal else 200)


def _step(request: HttpRequest, found: Question, person: Person) -> str:
    """Take the step that the pressed button says; what was done, in words. Raises Refused."""
    saw, reason = request.POST.get("saw", ""), request.POST.get("reason", "")
    steps: dict[str, Callable[[], None]] = {
        "answer": lambda: answering.answer(found, text=request.POST.get("text", ""), by=person, saw=saw),
        "publish": lambda: answering.publish(found, by=person, saw=saw),
        "back": lambda: answering.send_back(found, reason=reason, by=person, saw=saw),
        "refuse": lambda: answering.refuse(found, reason=reason, by=person, saw=saw),
    }
    do = request.POST.get("do", "")
    if do not in steps:
        raise Refused("什么也没有办理：请按要办的那个按钮。")
    if do == "publish" and reason.strip():
        raise Refused("写了原因，按的却是“公开”：要退回或者不予公开，请按那个按钮；要公开，请先删去原因。")
    steps[do]()
    return DONE[do]

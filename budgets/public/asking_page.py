"""问这个数: the form for a question about one number, where the region's bureau opened it.

It needs no script, no cookie and no name. Nothing that is typed is shown to anybody outside before the bureau publishes it.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from budgets import access
from budgets.domain.readable import cleaned
from budgets.models.questions import LONGEST_QUESTION, Question, QuestionState
from budgets.models.regions import Department
from budgets.public import errors
from budgets.public.answers import NEVER, page, public
from budgets.public.figure_page import Asked, asked_for, naming

PER_HOUR = 5  # questions from one address
MOST_WAITING = 200  # of one department that are not decided
TOO_OFTEN = (
    "请过一会儿再问",
    f"同一个网络地址一小时内最多提 {PER_HOUR} 个问题。请一小时后再试，或者按部门公布的联系方式询问。",
)
TOO_MANY = (
    "现在不能再提问",
    f"这个部门还有 {MOST_WAITING} 个问题没有办理完。请过几天再试，或者按部门公布的联系方式询问。",
)
FROM_ELSEWHERE = ("没有收到问题", "问题只能从本站的页面上提交。请打开这个数的页面，再写一次。")


class QuestionForm(forms.Form):
    """A question, where to write to if the asker likes, and a field that people do not see: who fills it is a program."""

    text = forms.CharField(
        label="您的问题",
        error_messages={"required": "请写下您的问题。"},
        widget=forms.Textarea(
            attrs={"rows": 5, "maxlength": LONGEST_QUESTION, "aria-describedby": "text-help"}
        ),
    )
    email = forms.EmailField(
        label="回复邮箱（可以不填）",
        required=False,
        error_messages={"invalid": "这不是邮箱地址。请写成 name@example.com 的样子，或者留空。"},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "aria-describedby": "email-help"}),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def clean_text(self) -> str:
        """The words alone. Raises ValidationError for none, and for too many."""
        text = cleaned(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError("请写下您的问题。")
        if len(text) > LONGEST_QUESTION:
            raise forms.ValidationError(
                f"问题有 {len(text)} 个字，最多 {LONGEST_QUESTION} 个字，请写短一些。"
            )
        return text


@csrf_exempt  # nobody is signed in here: a token would need a cookie, and pages may be kept by proxies
@require_http_methods(["GET", "HEAD", "POST"])
def ask(
    request: HttpRequest, region: str, unit: str, year: str, stage: str, address: str
) -> HttpResponseBase:
    """The form, and with `?sent` the word that a question came in; 404 where the bureau has not opened it.

    A question from a page of another site is refused (403), as is one too many (429).
    """
    asked = asked_for(region, unit, year, stage, address)
    if isinstance(asked, HttpResponse):
        return asked
    if not asked.own.department.region.questions_open:
        return errors.error(404)
    if request.method != "POST":
        return _shown(request, asked, QuestionForm())
    if _from_elsewhere(request):
        return errors.error(403, FROM_ELSEWHERE)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _shown(request, asked, form)
    if not form.cleaned_data["website"] and (refused := _taken(asked, form.cleaned_data, _source(request))):
        return errors.error(429, refused)
    return public(HttpResponseRedirect(f"{request.path}?sent=1"), NEVER)


def _shown(request: HttpRequest, asked: Asked, form: QuestionForm) -> HttpResponse:
    told = naming(asked)
    number = ("一个数", f"{told['latest']}figures/{asked.address}/")
    told |= {
        "form": form,
        "sent": "sent" in request.GET,
        "longest": LONGEST_QUESTION,
        "crumbs": [*told["crumbs"], number],
        "here": "问这个数",
    }
    return page("public/ask.html", request, cache=NEVER, status=400 if form.errors else 200, **told)


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def _source(request: HttpRequest) -> str:
    """Where it comes from, so that questions of one address can be counted and nobody can read the address from it."""
    return salted_hmac("budgets.question", access.client_address(request), algorithm="sha256").hexdigest()


def _taken(asked: Asked, said: dict[str, Any], source: str) -> tuple[str, str] | None:
    """Keep a question; None when it was kept, else why not."""
    own, words = asked.own, naming(asked)
    with transaction.atomic():
        Department.objects.select_for_update().get(
            pk=own.department_id
        )  # so that counting and adding are one
        hour = timezone.now() - timedelta(hours=1)
        if Question.objects.filter(source=source, asked_at__gt=hour).count() >= PER_HOUR:
            return TOO_OFTEN
        open_ = Question.objects.filter(
            department=own.department_id, state__in=(QuestionState.WAITING, QuestionState.ANSWERED)
        )
        if open_.count() >= MOST_WAITING:
            return TOO_MANY
        Question.objects.create(
            department=own.department,
            fiscal_year=own.fiscal_year,
            stage=own.stage,
            revision=own.revision,
            cell=asked.address,
            printed=words["said"][:400],
            text=said["text"],
            email=said["email"],
            source=source,
            asked_at=timezone.now(),
        )
    return None

"""The steps from draft to public as pages: what will happen, a reason where one is needed, and the button."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access
from budgets.access import May
from budgets.admin import home
from budgets.admin.base import FORM, ScopedAdmin, object_view
from budgets.admin.editing import posted_version
from budgets.admin.noted import Noted, notes_on
from budgets.admin.publishing_times import PublishForm, announced
from budgets.admin.task_list import MOST_SHOWN
from budgets.domain.document_changes import DocumentChanges
from budgets.models import Disclosure, Job, Person
from budgets.workflow import background, deleting, lifecycle, scheduling
from budgets.workflow.commenting import open_comments, unanswered
from budgets.workflow.drafts import draft_of
from budgets.workflow.reviewing import Basis, bases_of, changes_since
from budgets.workflow.signing import sign_off_of, unsigned
from budgets.workflow.withdrawing import Scope, ask_withdrawal, confirm, keep, scopes_of, withdraw


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page puts it. `reason` labels the reason that has to be given; `take` does it."""

    key: str
    label: str
    explain: str
    done: str
    take: Callable[..., Any]
    reason: str = ""
    tone: str = ""


STEPS = (
    Step(
        May.SUBMIT, "提交", "提交后内容不能再改，由财政局审核；审核前可以收回。", "已提交，等财政局审核。", lifecycle.submit
    ),
    Step(May.RECALL, "收回", "收回后回到草稿，可以继续修改，改好再提交。", "已收回，可以继续修改。", lifecycle.recall, tone="quiet"),
    Step(
        May.AGREE, "同意", "同意的就是现在提交的这份内容；同意以后由财政局审核。提交人不能同意自己提交的内容。",
        "已同意，等财政局审核。", lifecycle.agree,
    ),
    Step(
        May.APPROVE, "批准", "批准的就是现在这份内容；以后有任何改动，这次批准即失效。提交人不能批准自己提交的内容。",
        "已批准，可以公开。", lifecycle.approve,
    ),
    Step(
        May.PUBLISH, "公开", "生成网页、PDF、Excel 和数据文件并对外公开。公开的版本不改不删，以后只能更正或撤回。",
        "已排队公开，网页、PDF 和数据文件正在生成。", background.publish,
    ),
    Step(
        May.UNSCHEDULE, "撤回定时", "到时不公开。内容仍是已批准，可以另定时间公开，也可以退回部门。",
        "已撤回，到时不公开。", scheduling.unschedule, tone="quiet",
    ),
    Step(
        May.RETURN, "退回", "退回后由部门修改，改好再提交；已有的批准作废。", "已退回部门。", lifecycle.return_,
        reason="退回原因（部门看得到）", tone="danger",
    ),
    Step(
        May.CORRECT, "更正", "打开修改，现在公开着的版本不变；更正后的内容重新提交、批准、公开，成为新的版本。",
        "已转为更正，请部门修改后重新提交。", lifecycle.correct, reason="更正原因（将公开）", tone="quiet",
    ),
    Step(
        May.DECLINE_CORRECTION, "不予更正", "更正申请不再等待答复；部门看得到原因，可以再申请。", "已答复部门，不予更正。",
        lifecycle.decline_correction, reason="不予更正的原因（部门看得到）", tone="quiet",
    ),
    Step(
        May.ASK_CORRECTION, "申请更正", "请财政局打开修改，现在公开着的版本不变。财政局启动更正以后，部门才能修改。",
        "已申请更正，等财政局答复。", lifecycle.ask_correction, reason="为什么要更正、更正哪里", tone="quiet",
    ),
    Step(
        May.ASK_WITHDRAWAL, "申请撤回公开", "由财政局另一人确认以后才撤下；确认以前，公开的内容不变。", "已申请撤回，等另一人确认。",
        ask_withdrawal, reason="撤回原因（将公开）", tone="danger",
    ),
    Step(
        May.KEEP, "不予撤回", "撤回申请作废，公开的内容不变；以后可以重新申请。", "没有撤回，公开的内容不变。", keep,
        reason="不予撤回的原因", tone="quiet",
    ),
    Step(
        May.WITHDRAW, "撤回公开", "撤下的版本不再对外显示，网页、下载文件和检索里都没有它；原地址说明已撤回及原因，内容和校验值照常保存在本系统里。", "已撤回公开。",
        withdraw, reason="撤回原因（将公开）", tone="danger",
    ),
    Step(
        May.DELETE, "删除草稿", f"删除后这份草稿不再出现。{access.DELETED_KEPT} 天内可以在“已删除的草稿”里恢复，过后内容清除；办理记录一直保留。",
        f"已删除。{access.DELETED_KEPT} 天内可以在“已删除的草稿”里恢复。", deleting.delete, tone="danger",
    ),
)  # fmt: skip
SIGNED = (May.SUBMIT, May.AGREE, May.APPROVE, May.PUBLISH)  # steps that show who vouches for the content
BY_KEY = {str(step.key): step for step in STEPS}


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)


class SureForm(forms.Form):
    """That a draft is handed in although something speaks against it."""

    sure = forms.BooleanField(
        label="我看过了，仍要提交",
        error_messages={"required": "请先看上面的提醒；确认要提交，就勾选“我看过了，仍要提交”。"},
    )


class WithdrawForm(ReasonForm):
    """Why, and which of the versions that are still public: chosen by hand when there are several."""

    scope = forms.ChoiceField(
        label="撤下哪些版本",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择撤下哪些版本。"},
    )
    field_order = ("scope", "reason")

    def __init__(self, data: Any, disclosure: Disclosure) -> None:
        super().__init__(data)
        choices = [(str(scope), scope_words(scope, *each)) for scope, each in scopes_of(disclosure).items()]
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.help_text = "因为涉密或个人信息而撤回时，请先逐版看过：同样的内容以前各版里多半也有。"
        if len(choices) < 2:  # nothing to choose; of nothing the step itself says so
            field.widget, field.required = forms.HiddenInput(), False
            field.initial = choices[0][0] if choices else ""

    def clean_scope(self) -> Scope:
        return Scope(self.cleaned_data["scope"] or self.fields["scope"].initial or Scope.LATEST)


def scope_words(scope: Scope, gone: list[int], left: list[int]) -> str:
    """The choice in words: which versions go, and which anyone can go on reading."""
    goes = f"{scope.label}：第 {'、'.join(map(str, gone))} 版"
    return (
        f"{goes}；第 {'、'.join(map(str, left))} 版仍可按固定地址查看"
        if left
        else f"{goes}；不再有可以查看的版本"
    )


def asked_words(disclosure: Disclosure) -> str:
    """What a withdrawal that waits for a second person would take back, in words; blank when none waits."""
    if disclosure.withdrawal_asked_by is None:
        return ""
    scope = Scope(disclosure.withdrawal_scope)
    versions = scopes_of(disclosure).get(scope)
    return f"{disclosure.withdrawal_asked_by}申请撤回（{scope_words(scope, *versions) if versions else scope.label}）"


def steps_for(user: Person, disclosure: Disclosure) -> list[Step]:
    """The steps that this person may take now with a disclosure of their scope, in the order of the workflow."""
    return [worded(step, disclosure) for step in STEPS if access.may_here(user, step.key, disclosure)]


def worded(step: Step, disclosure: Disclosure) -> Step:
    """The step as it is said of this disclosure: handed in, it may go to the department's own reviewer first; sent back or
    approved no more, it is not published at its minute; a correction that is asked for is the next step; where two withdraw,
    the second only confirms."""
    if step.key == May.SUBMIT and disclosure.department.region.reviewer_agrees:
        explain = "提交后内容不能再改，先由本部门审核人同意，再由财政局审核；审核前可以收回。"
        return replace(step, explain=explain, done="已提交，等本部门审核人同意。")
    if step.key == May.WITHDRAW and disclosure.department.region.withdrawal_confirmed:
        return replace(step, reason="", take=confirm)
    if step.key == May.CORRECT and disclosure.correction_asked:
        return replace(step, tone="")
    if step.key == May.RETURN and disclosure.publish_at is not None:
        return replace(step, explain=f"{step.explain}原定的公开时间同时取消。")
    return step


def refused_notes(disclosure: Disclosure, refused: lifecycle.Refused) -> list[Noted]:
    """What stands against a step, with where to mend it."""
    draft = refused.draft if isinstance(refused, lifecycle.NotPublishable) else None
    return notes_on(disclosure, draft, draft.blockers[:MOST_SHOWN]) if draft else []


class StepPages(ScopedAdmin):
    """One page a step."""

    def object_urls(self) -> list[URLPattern]:
        own = self.page("<int:object_id>/steps/<slug:key>/", self.step_view, "step")
        return [*super().object_urls(), own]

    @object_view(*FORM)
    def step_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """Say what a step does, and take it; 403 for somebody whose role never takes it."""
        if key not in BY_KEY:
            raise Http404
        step = worded(BY_KEY[key], disclosure)
        if access.person_of(request).role not in access.ROLES[May(step.key)]:
            raise PermissionDenied
        changes = self._changed(disclosure, step) if step.key == May.SUBMIT else None
        remarks = open_comments(disclosure).count() if step.key in SIGNED else 0
        waiting = unanswered(disclosure).count() if remarks else 0
        doubts = self._doubts(disclosure, waiting, changes) if step.key == May.SUBMIT else []
        form: forms.Form | None = None
        if step.key == May.ASK_WITHDRAWAL or (step.key == May.WITHDRAW and step.reason):
            form = WithdrawForm(request.POST or None, disclosure)
        elif step.key == May.PUBLISH:
            form = PublishForm(request.POST or None, disclosure.department.region)
        elif step.key == May.SUBMIT and doubts:
            form = SureForm(request.POST or None)
        elif step.reason:
            asked = disclosure.correction_asked if step.key == May.CORRECT else ""
            form = ReasonForm(request.POST or None, initial={"reason": asked})
            if step.key == May.RETURN and (comments := open_comments(disclosure).count()):
                form.fields["reason"].required = False
                form.fields[
                    "reason"
                ].help_text = f"有 {comments} 条未关闭的意见，部门都看得到；没有别的要说，可以不写。"
        if form and step.reason:
            form.fields["reason"].label = step.reason
        refusal, notes = None, []
        if request.method == "POST" and (form is None or form.is_valid()):
            given = form.cleaned_data if form and not doubts else {}
            try:
                result = step.take(
                    disclosure, by=access.person_of(request), version=posted_version(request), **given
                )
            except lifecycle.Refused as refused:
                refusal = refused
                disclosure.refresh_from_db()
                notes = refused_notes(disclosure, refused)
            else:
                scheduled = isinstance(result, Job) and result.due_at
                messages.success(request, announced(scheduled) if scheduled else step.done)
                if step.key == May.DELETE:
                    return HttpResponseRedirect(reverse("admin:index"))
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        response = self.render(
            request,
            "admin/disclosure/step.html",
            disclosure,
            title=step.label,
            step=step,
            state=home.state_of(disclosure)[0],
            unsigned=unsigned(disclosure) if step.key == May.SUBMIT else "",
            form=form,
            refusal=refusal,
            notes=notes,
            changed=changes or self._changed(disclosure, step),
            doubts=doubts,
            undone=f"没有{step.label}",
            settling=remarks if step.key != May.SUBMIT else 0,
            answered=remarks - waiting if step.key == May.SUBMIT else 0,
            signatures=sign_off_of(disclosure).lines if step.key in SIGNED else [],
            held=deleting.held(disclosure) if step.key == May.DELETE else None,
            asked=asked_words(disclosure),
            allowed=access.may(request.user, step.key, disclosure),
            writable=True,
        )
        response.status_code = 409 if refusal else 200
        return response

    def _changed(self, disclosure: Disclosure, step: Step) -> tuple[str, DocumentChanges] | None:
        """Before a correction goes on its way: what it is held against, and what of that it changes."""
        if step.key not in SIGNED:
            return None
        base = bases_of(disclosure).get(Basis.PUBLIC)
        return (base.words, changes_since(draft_of(disclosure), base)) if base else None

    def _doubts(
        self, disclosure: Disclosure, waiting: int, changed: tuple[str, DocumentChanges] | None
    ) -> list[tuple[str, str, str]]:
        """What speaks against handing a draft in, though nothing keeps it: the sentence, where to look, and what for."""
        found = []
        if waiting:
            url = reverse("admin:budgets_disclosure_comments", args=[disclosure.pk])
            found.append((f"仍有 {waiting} 条审核意见没有答复。", url, "去答复"))
        if changed and changed[1].none:
            url = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
            found.append((f"更正后的内容与现行的{changed[0]}完全相同，没有改动。", url, "去改"))
        return found

"""Somebody else's account: their sessions and second factor, and the hand-over of their department to a successor."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access, factors
from budgets.admin import sessions
from budgets.admin.base import CHOOSE, FORM, ScopedAdmin, object_view
from budgets.models import DEPARTMENT_ROLES, Happening, Person
from budgets.workflow import handing_over
from budgets.workflow.histories import note
from budgets.workflow.stepping import Refused

if TYPE_CHECKING:
    PersonChoice = forms.ModelChoiceField[Person]
else:
    PersonChoice = forms.ModelChoiceField


class Successor(PersonChoice):
    """People with the place they hold now: two may have one name."""

    def label_from_instance(self, obj: Person) -> str:
        return f"{obj}（{obj.username}，{obj.department} {obj.role_label}）"


class HandoverForm(forms.Form):
    """The successor: one who is there, or a new one."""

    successor = Successor(None, label="接手人", required=False, empty_label="新建一个人")
    name = forms.CharField(label="新接手人的姓名", max_length=60, required=False)
    username = forms.CharField(
        label="新接手人的用户名", max_length=150, required=False, help_text="选了已有的人，这两项不填。"
    )

    def __init__(self, predecessor: Person, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.predecessor, self.by = predecessor, by
        people = access.people_for(by).filter(is_active=True, role__in=DEPARTMENT_ROLES)
        field = self.fields["successor"]
        assert isinstance(field, Successor)
        field.queryset = people.exclude(pk=predecessor.pk).select_related("department").order_by("username")

    def clean(self) -> dict[str, Any]:
        """Either of the two, and a new one with a name and a username that is free; `person` is who it comes to."""
        data = super().clean() or self.cleaned_data
        chosen, name, username = (data.get(key) for key in ("successor", "name", "username"))
        if chosen and (name or username):
            self.add_error("successor", f"已经选了{chosen}；要新建一个人，请改选“新建一个人”。")
        elif not chosen and "successor" not in self.errors:
            chosen = self._new(name or "", username or "")
        if chosen is not None and not self.errors:
            if reason := handing_over.refusal(self.predecessor, chosen, self.by):
                self.add_error("successor", reason)
            data["person"] = chosen
        return data

    def _new(self, name: str, username: str) -> Person:
        for key, value in (("name", name), ("username", username)):
            if not value and key not in self.errors:
                self.add_error(key, "新建接手人要填姓名和用户名；接手人已有账号的，请在上面选。")
        person = Person(
            name=name, username=username, role=self.predecessor.role, department=self.predecessor.department
        )
        if not self.errors:
            person.set_unusable_password()
            try:
                person.full_clean()
            except forms.ValidationError as error:
                for key, found in error.message_dict.items():
                    self.add_error(key if key in self.fields else None, found)
        return person


class AccountPages(ScopedAdmin):
    """Pages of the administrator about one person."""

    def object_urls(self) -> list[URLPattern]:
        return [
            self.page("<path:object_id>/sign-in/", self.sign_in_view, "sign_in"),
            self.page("<path:object_id>/hand-over/", self.hand_over_view, "hand_over"),
        ]

    @object_view(*FORM)
    def sign_in_view(self, request: HttpRequest, person: Person) -> HttpResponse:
        """Where somebody is signed in and what second factor they have; both can be ended, and the person is told."""
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if request.method == "POST":
            self._end_or_remove(request, person)
            return HttpResponseRedirect(reverse("admin:budgets_person_sign_in", args=[person.pk]))
        context: dict[str, Any] = {
            "sign_ins": sessions.open_sessions(person),
            "has": factors.in_words(factors.factors_of(person), factors.codes_left(person)),
        }
        return self.render(
            request, "admin/person_sign_in.html", person, title=f"登录情况：{person}", **context
        )

    def _end_or_remove(self, request: HttpRequest, person: Person) -> None:
        by = access.person_of(request)
        if request.POST.get("do") == "factors":
            removed = factors.remove_all(person, f"{by.role_label}{by}")
            if not removed:
                messages.warning(request, f"{person}没有设两步登录，没有可以解除的。")
                return
            note(by, person, f"解除两步登录：{removed}", action=Happening.FACTOR)
            messages.success(
                request,
                f"已解除{person}的两步登录（{removed}），其登录都已结束；下次登录只用密码，并会看到这件事。",
            )
        elif request.POST.get("do") == "sessions":
            count = factors.end_all(person)
            person.save(update_fields=["sessions_from"])
            note(by, person, f"结束全部登录：{count} 处", action=Happening.SESSIONS)
            messages.success(request, f"{person}的登录都已结束，要重新登录。")

    @object_view(*FORM)
    def hand_over_view(self, request: HttpRequest, person: Person) -> HttpResponse:
        """Choose the successor, see what will happen, confirm; afterwards a message and both histories say what happened."""
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        by = access.person_of(request)
        context: dict[str, Any] = {"title": f"移交：{person}", "button": "下一步：看移交什么"}
        try:
            context["handover"] = handing_over.survey(person)
        except Refused as refused:
            return self.render(request, "admin/hand_over.html", person, refusal=str(refused), **context)
        form = HandoverForm(person, by, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            successor = form.cleaned_data["person"]
            if "confirm" in request.POST:
                return self._hand_over(request, person, successor)
            consequences = list(handing_over.consequences(context["handover"], successor))
            context |= {"successor": successor, "consequences": consequences}
        return self.render(request, "admin/hand_over.html", person, form=form, choose=CHOOSE, **context)

    def _hand_over(self, request: HttpRequest, person: Person, successor: Person) -> HttpResponse:
        new = successor.pk is None
        try:
            handed = handing_over.hand_over(person, successor, access.person_of(request))
        except Refused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(reverse("admin:budgets_person_hand_over", args=[person.pk]))
        successor = Person.objects.get(username=successor.username)
        words = "；".join(handed.goes_on)
        next_step = "新账号还没有密码，请在这一页设定。" if new else ""
        messages.success(
            request,
            f"{handed.department.name}的工作已由{person}移交给{successor}，{person}的账号已停用。{words}。{next_step}",
        )
        return HttpResponseRedirect(reverse("admin:budgets_person_change", args=[successor.pk]))

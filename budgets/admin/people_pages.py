"""People: the bureau's administrator creates them, gives roles below the own one, and links to set a password with."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access
from budgets.admin.account_pages import AccountPages
from budgets.admin.base import FORM, object_view
from budgets.admin.password_links import issue, with_links, without_password
from budgets.factors import end_all
from budgets.models import DEPARTMENT_ROLES, Person

# Django's classes say their model to the type checker only.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Person]
else:
    ModelForm = forms.ModelForm


HELP = {
    "username": "登录用，字母和数字即可；以后可以改。",
    "department": "部门会计、部门审核必选；财政局和审计的角色不选。",
    "is_active": "不再勾选，此人就不能登录，已登录的马上结束。账号不删除，以前办的事仍是其名字。",
}


class PersonForm(ModelForm):
    """One person; `roles` are those that the editor may give."""

    editor: Person

    class Meta:
        model = Person
        fields = ("username", "name", "role", "department", "region", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = access.roles_to_give(self.editor)
        if "role" in self.fields:
            role = self.fields["role"]
            assert isinstance(role, forms.ChoiceField)
            role.choices = [("", "请选择"), *((each.value, each.label) for each in roles)]
            role.required = True
        for name, text in HELP.items():
            if name in self.fields:
                self.fields[name].help_text = text

    def save(self, commit: bool = True) -> Person:
        """A closed account and a changed role end every session that is open."""
        if self.instance.pk and {"is_active", "role", "department"} & set(self.changed_data):
            end_all(self.instance)
        return super().save(commit)

    def clean(self) -> dict[str, Any]:
        """A department role has a department, any other the editor's region; the model's constraint says the same."""
        data = super().clean() or self.cleaned_data
        role = data.get("role")
        if role in DEPARTMENT_ROLES:
            self.instance.region = data["region"] = None
            if not data.get("department"):
                self.add_error("department", "请选择部门。")
        elif role:
            if data.get("department"):
                self.add_error("department", "这个角色不属于某一个部门，请留空。")
            region = data.get("region") or self.instance.region or self.editor.home_region
            self.instance.region = data["region"] = region
            if region is None:
                self.add_error("role", "这个角色要有所在地区。")
        return data


class NewPersonForm(PersonForm):
    """A new person, without a password: a link lets them set their own."""

    def save(self, commit: bool = True) -> Person:
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(Person)
class PersonAdmin(AccountPages):
    """People of the administrator's region."""

    list_display = ("name", "username", "role", "department", "standing", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("department", "region")
    search_fields = ("username", "name", "department__name", "department__code")
    search_help_text = "按用户名、姓名、部门名称或编码查找"
    ordering = ("username",)
    change_form_template = "admin/person.html"

    @admin.display(description="账号", ordering="is_active")
    def standing(self, row: Person) -> str:
        return "有效" if row.is_active else "停用"

    def may_list(self, user: Person) -> bool:
        return access.manages_people(user)

    def may_add(self, user: Person) -> bool:
        return access.manages_people(user)

    def may_change(self, user: Person, row: Model | None) -> bool:
        """Never oneself, and nobody whose role the editor could not give."""
        if not isinstance(row, Person):
            return access.manages_people(user)
        return access.may_manage(user, row) and row.role in access.roles_to_give(user)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The region is asked only where the editor has none of their own."""
        region = () if access.person_of(request).home_region else ("region",)
        own = ("username", "name", "role", "department", *region)
        if obj is None:
            return own
        return (*own, "is_active" if self.has_change_permission(request, obj) else "standing")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        base = PersonForm if change else NewPersonForm
        names = options.pop("fields", None) or self.get_fields(request, obj)
        form = super().get_form(request, obj, change, form=base, fields=names, **options)
        return type("ScopedPersonForm", (form,), {"editor": access.person_of(request)})

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("links/", self.links_view, "links"),
            self.page("<path:object_id>/password/", self.password_view, "password"),
        ]

    def response_add(
        self, request: HttpRequest, obj: Person, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to the page that makes the link."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, f"已建立{obj}的账号，还没有密码。请生成链接交给本人。")
        return HttpResponseRedirect(reverse("admin:budgets_person_password", args=[obj.pk]))

    @object_view(*FORM)
    def password_view(self, request: HttpRequest, person: Person) -> HttpResponse:
        """A new link for one person; the old password and every session of theirs end."""
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if request.method == "POST" and person.is_active:
            return self.slips(request, access.people_for(access.person_of(request)).filter(pk=person.pk))
        return self.render(request, "admin/password.html", person, title=f"设密码的链接：{person}")

    def links_view(self, request: HttpRequest) -> HttpResponse:
        """Links for everybody who has no password, or for some of them."""
        if request.method not in FORM:
            return HttpResponseNotAllowed(FORM)
        if not self.has_module_permission(request):
            raise PermissionDenied
        people = without_password(access.person_of(request))
        if request.method == "POST":
            ticked = set(request.POST.getlist("chosen"))
            if chosen := [person.pk for person in people if str(person.pk) in ticked]:
                return self.slips(request, people.filter(pk__in=chosen))
            messages.error(request, "一个人也没有选，或者选中的人已经设好了密码。")
        until = with_links(people)
        return self.render(
            request,
            "admin/password_links.html",
            None,
            title="设密码的链接",
            people=[(person, until.get(person.pk)) for person in people],
            linked=len(until),
        )

    def slips(self, request: HttpRequest, people: QuerySet[Person]) -> HttpResponse:
        """The page of links, shown once."""
        found = issue(request, people.order_by("department__code", "username"))
        return self.render(request, "admin/slips.html", None, title="设密码的链接", slips=found)

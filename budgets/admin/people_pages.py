"""People: the bureau's administrator creates them, gives roles below the own one, and resets passwords."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from budgets import access
from budgets.admin.base import FORM, ScopedAdmin, object_view
from budgets.models import DEPARTMENT_ROLES, Happening, Person
from budgets.workflow import trail

# Django's classes say their model to the type checker only.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Person]
else:
    ModelForm = forms.ModelForm


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
        if "department" in self.fields:
            self.fields["department"].help_text = "部门会计、部门审核必选；财政局和审计的角色不选。"

    def save(self, commit: bool = True) -> Person:
        """A closed account and a changed role end every session that is open."""
        if self.instance.pk and {"is_active", "role", "department"} & set(self.changed_data):
            self.instance.sessions_from = timezone.now()
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
    """A new person with a first password."""

    password = forms.CharField(
        label="初始密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> Person:
        self.instance.set_password(self.cleaned_data["password"])
        self.instance.password_given_by, self.instance.password_given_at = self.editor, timezone.now()
        return super().save(commit)


@admin.register(Person)
class PersonAdmin(ScopedAdmin):
    """People of the administrator's region."""

    list_display = ("name", "username", "role", "department", "standing", "last_login")
    list_filter = ("role", "is_active", ("department", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("department", "region")
    search_fields = ("username", "name")
    search_help_text = "按用户名或姓名查找"
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
            return (*own, "password")
        return (*own, "is_active" if self.has_change_permission(request, obj) else "standing")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        base = PersonForm if change else NewPersonForm
        names = [
            name
            for name in options.pop("fields", None) or self.get_fields(request, obj)
            if name != "password"
        ]
        form = super().get_form(request, obj, change, form=base, fields=names, **options)
        return type("ScopedPersonForm", (form,), {"editor": access.person_of(request)})

    def object_urls(self) -> list[URLPattern]:
        return [self.page("<path:object_id>/password/", self.password_view, "password")]

    @method_decorator(sensitive_post_parameters())
    @object_view(*FORM)
    def password_view(self, request: HttpRequest, person: Person) -> HttpResponse:
        """Set a new password for somebody else; every session of theirs ends."""
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        form = SetPasswordForm(person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            person.password_given_by, person.password_given_at = access.person_of(request), timezone.now()
            with transaction.atomic():
                form.save()
                self.log_change(request, person, "重设密码")
                trail.tell(Happening.PASSWORD, access.person_of(request), person, words="为本人重设")
            messages.success(
                request, f"已重设{person}的密码，请当面或电话告知本人；其登录后必须先改成自己的密码。"
            )
            return HttpResponseRedirect(reverse("admin:budgets_person_change", args=[person.pk]))
        title = f"重设密码：{person}"
        return self.render(request, "admin/password.html", person, title=title, form=form)

"""初次设置: the only page of the back office while there is neither a region nor a person."""

import ipaddress
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import login
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.request import split_domain_port
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from budgets import access, tablesets
from budgets.admin.base import FORM
from budgets.admin.site_frame import framed
from budgets.models import Person, Region, Role
from budgets.workflow import first_set_up

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOO_LATE = "别人刚刚完成了初次设置。请用已有的账号登录，或联系完成设置的人。"
SECRET = {"autocomplete": "new-password"}


def text_field(model: type[Model], name: str, label: str) -> forms.CharField:
    """A form's field for a column of text, with the column's own checks."""
    column = cast("Field[Any, Any]", model._meta.get_field(name))
    return forms.CharField(label=label, max_length=column.max_length, validators=column.validators)


class SetUpForm(forms.Form):
    """Region and administrator. The fields of the models check what is typed."""

    region_code = text_field(Region, "code", "行政区划代码")
    region_name = text_field(Region, "name", "地区名称")
    table_set = forms.ChoiceField(label="表样", choices=tablesets.budget_choices)
    username = text_field(Person, "username", "管理员用户名")
    name = text_field(Person, "name", "管理员姓名")
    password = forms.CharField(label="密码", strip=False, widget=forms.PasswordInput(attrs=SECRET))
    again = forms.CharField(label="再输一次密码", strip=False, widget=forms.PasswordInput(attrs=SECRET))
    code = forms.CharField(label="安装码", max_length=100)

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_code:
            del self.fields["code"]
        words = {
            "region_code": "六位数字（GB/T 2260），例如 130225。以后不能改：它在公开网址里。",
            "region_name": "例如 乐亭县。",
            "table_set": "本地区各部门公开用的表；以后可以改。",
            "username": "登录用，字母和数字即可。",
            "name": "",
            "password": " ".join(password_validators_help_texts()),
            "code": "在服务器上运行 manage.py setup --code 得到。",
        }
        for field, text in words.items():
            if field in self.fields:
                self.fields[field].help_text = text
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["region_code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not first_set_up.is_the_code(code):
            raise ValidationError("安装码不对。请在服务器上运行 manage.py setup --code 查看。")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        password = data.get("password")
        if password and data.get("again") and password != data["again"]:
            self.add_error("again", "两次输入的密码不同，请重新输入。")
        elif password:
            who = Person(
                username=data.get("username", ""), name=data.get("name", ""), role=Role.BUREAU_ADMINISTRATOR
            )
            try:
                validate_password(password, who)
            except ValidationError as error:
                self.add_error("password", error)
        return data


def needs_code(request: HttpRequest) -> bool:
    """Nobody is asked for the code at the machine itself; from elsewhere, and in production, everybody is."""
    host, _ = split_domain_port(request.get_host())
    here = (host, access.client_address(request))
    return settings.PRODUCTION or not all(_is_this_machine(each) for each in here)


def _is_this_machine(address: str) -> bool:
    try:
        return address == "localhost" or ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def urls(site: AdminSite) -> list[URLPattern]:
    """The page of the first start."""

    @never_cache
    @sensitive_post_parameters()
    def set_up(request: HttpRequest) -> HttpResponse:
        return set_up_view(site, request)

    return [path("set-up/", set_up, name="set_up")]


def set_up_view(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Make region and administrator, who is signed in then; the first page once that was done."""
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    if not first_set_up.is_open():
        if request.method == "POST":
            messages.error(request, TOO_LATE)
        return HttpResponseRedirect(reverse("admin:index"))
    with_code = needs_code(request)
    form = SetUpForm(request.POST or None, with_code=with_code)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name not in ("again", "code")}
        try:
            person = first_set_up.set_up(**data)
        except first_set_up.AlreadySetUp:
            messages.error(request, TOO_LATE)
            return HttpResponseRedirect(reverse("admin:login"))
        login(request, person, BACKEND)
        messages.success(request, f"已建立{person.region}和您的管理员账号。接下来按首页的清单做。")
        return HttpResponseRedirect(reverse("admin:index"))
    context = {"title": "初次设置", "form": form, "button": "完成设置"}
    return framed(site, request, "admin/set_up.html", context)

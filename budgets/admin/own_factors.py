"""The page 我的登录方式: the own second factor, recovery codes, and where one is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django_otp import login as note_in_session
from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from budgets import access, factors
from budgets.admin import passkeys, sessions
from budgets.admin.base import FORM
from budgets.admin.site_frame import framed
from budgets.models import Happening, Person, SignIn
from budgets.workflow.histories import note

STALE = "登录已超过 15 分钟。为防别人在您离开时改动，请先按“重新登录”。"


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one's own, read and sent as a form."""

    @wraps(view)
    def framed(request: HttpRequest, site: AdminSite) -> HttpResponse:
        return view(request, site) if request.method in FORM else HttpResponseNotAllowed(FORM)

    return framed


def changing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that changes how one signs in: only shortly after signing in, else back to the list with a word."""

    @wraps(view)
    def fresh(request: HttpRequest, site: AdminSite) -> HttpResponse:
        if sessions.is_fresh(request):
            return view(request, site)
        messages.warning(request, STALE)
        return _list()

    return fresh


def _list() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:own_factors"))


def _render(request: HttpRequest, site: AdminSite, template: str, title: str, **more: Any) -> HttpResponse:
    return framed(site, request, template, {"title": title, **more})


@page
def own_factors(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """What one has and where one is signed in; a POST says in `do` what is to be done."""
    person = access.person_of(request)
    if request.method == "POST":
        if (do := DOES.get(request.POST.get("do", ""))) is None:
            raise Http404
        return do(request, person)
    devices = factors.factors_of(person)
    return _render(
        request,
        site,
        "admin/own_factors.html",
        "我的登录方式",
        codes=[device for device in devices if isinstance(device, TOTPDevice)],
        passkeys=[device for device in devices if not isinstance(device, TOTPDevice)],
        left=factors.codes_left(person),
        standing=factors.standing(person),
        fresh=sessions.is_fresh(request),
        sign_ins=sessions.open_sessions(person),
        this=sessions.this(request),
    )


def _begin_code(request: HttpRequest, person: Person) -> HttpResponse:
    """A new secret, which counts only once its first code was typed."""
    if not sessions.is_fresh(request):
        messages.warning(request, STALE)
        return _list()
    TOTPDevice.objects.filter(user=person, confirmed=False).delete()
    TOTPDevice.objects.create(user=person, name="手机验证码", confirmed=False)
    return HttpResponseRedirect(reverse("admin:own_code"))


def _remove(request: HttpRequest, person: Person) -> HttpResponse:
    """Take one factor away; not the last one where the region asks for one."""
    devices = {device.persistent_id: device for device in factors.factors_of(person)}
    device = devices.pop(request.POST.get("device", ""), None)
    if device is None:
        raise Http404
    if not sessions.is_fresh(request):
        messages.warning(request, STALE)
    elif factors.standing(person).required and not devices:
        messages.error(request, "本地区要求两步登录：请先添加另一种，再删除这一种。")
    else:
        factors.remove(device)
        note(person, person, f"本人删除登录方式“{device.name}”", action=Happening.FACTOR)
        for other in list(devices.values())[:1]:  # the session showed one; it goes on with one that is left
            note_in_session(request, other)
        messages.success(
            request, f"已删除“{device.name}”。" + ("" if devices else "现在登录只用密码，恢复码也已作废。")
        )
    return _list()


def _end_one(request: HttpRequest, person: Person) -> HttpResponse:
    """End one session of one's own; this one means signing out."""
    row = SignIn.objects.filter(person=person, pk=_number(request.POST.get("sign_in", ""))).first()
    if row is None:
        raise Http404
    if row.pk == sessions.this(request):
        sessions.end(request)
        return HttpResponseRedirect(reverse("admin:login"))
    row.delete()
    note(person, person, f"本人结束一处登录：{row}", action=Happening.SESSIONS)
    messages.success(request, f"已结束那次登录（{row}）。")
    return _list()


def _end_others(request: HttpRequest, person: Person) -> HttpResponse:
    count = sessions.end_others(request)
    note(person, person, f"本人结束其他登录：{count} 处", action=Happening.SESSIONS)
    messages.success(request, "其他地方的登录都已结束。")
    return _list()


def _again(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign out and come back here after signing in."""
    sessions.end(request)
    return HttpResponseRedirect(f"{reverse('admin:login')}?next={reverse('admin:own_factors')}")


def _heard(request: HttpRequest, person: Person) -> HttpResponse:
    """The person read what was told to them."""
    Person.objects.filter(pk=person.pk).update(notice="")
    return HttpResponseRedirect(reverse("admin:index"))


DOES: dict[str, Callable[[HttpRequest, Person], HttpResponse]] = {
    "code": _begin_code, "remove": _remove, "end": _end_one, "end_others": _end_others, "again": _again, "heard": _heard,
}  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


class CodeForm(forms.Form):
    """The first code of the telephone shows that the secret arrived."""

    token = forms.CharField(
        label="手机上现在的 6 位验证码",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@page
@changing
def own_code(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The secret as a QR code and in letters, and the field for the first code; an earlier telephone is void with it."""
    person = access.person_of(request)
    device = TOTPDevice.objects.filter(user=person, confirmed=False).first()
    if device is None:
        return _list()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if verify_token(person, device.persistent_id, form.cleaned_data["token"].strip()):
            device.refresh_from_db()
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            TOTPDevice.objects.filter(user=person).exclude(pk=device.pk).delete()
            note_in_session(request, device)
            note(person, person, "本人设置手机验证码", action=Happening.FACTOR)
            messages.success(request, "手机验证码已设好，下次登录时和密码一起填。")
            return HttpResponseRedirect(reverse("admin:own_recovery"))
        form.add_error(
            "token",
            "验证码不对。请核对手机的时间是否准确，等下一个验证码出现再填；连续填错要多等几秒。",
        )
    key = device.config_url.partition("secret=")[2].partition("&")[0]
    return _render(
        request,
        site,
        "admin/own_code.html",
        "设置手机验证码",
        form=form,
        image=segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4),
        letters=" ".join(key[n : n + 4] for n in range(0, len(key), 4)),
        button="确认",
    )


@page
@changing
def own_recovery(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """New recovery codes, shown this once; none without a factor for which they stand in."""
    person = access.person_of(request)
    if not factors.standing(person).has:
        messages.error(request, "先设置手机验证码或通行密钥，再生成恢复码。")
        return _list()
    made = factors.new_codes(person) if request.method == "POST" else []
    if made:
        note(person, person, "本人生成一组恢复码", action=Happening.FACTOR)
    left = factors.codes_left(person)
    return _render(request, site, "admin/own_recovery.html", "恢复码", made=made, left=left)


# What somebody reaches who must set a factor up before anything else.
SETTING_UP = (own_factors, own_code, own_recovery, passkeys.add_begin, passkeys.add_complete)


def urls(site: AdminSite) -> list[URLPattern]:
    """The addresses of these pages."""
    own = (("", own_factors), ("code/", own_code), ("recovery/", own_recovery))
    return [
        path(f"sign-in/{route}", site.admin_view(view), {"site": site}, name=view.__name__)
        for route, view in own
    ]

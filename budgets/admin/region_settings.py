"""本地区办理设置: how work is done in a region, for its bureau's administrator."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern

from budgets import access
from budgets.admin.base import FORM, changed_fields
from budgets.admin.site_frame import framed, page_at
from budgets.models import Happening, Region
from budgets.models.regions import SWITCHES
from budgets.workflow.histories import note, said


class SettingsForm(forms.ModelForm[Region]):
    """The switches of a region, with what each means."""

    class Meta:
        model = Region
        fields = SWITCHES


def urls(site: AdminSite) -> list[URLPattern]:
    """The one page."""

    return [page_at(site, "region-settings/", settings_view, "region_settings")]


def settings_view(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """The switches of the person's own region; 404 for who does not keep them. Each change is kept in the region's history."""
    person = access.person_of(request)
    if not access.keeps_settings(person):
        raise Http404
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    with transaction.atomic():
        region = access.regions_for(person).select_for_update().get()
        form = SettingsForm(request.POST or None, instance=region)
        if request.method == "POST" and form.is_valid():
            if form.has_changed():
                form.save()
                fields = changed_fields(form)
                note(person, region, said(fields), action=Happening.SETTINGS, fields=fields)
            messages.success(request, "已保存。" if form.has_changed() else "没有改动。")
            return HttpResponseRedirect(request.path)
    kind = LogEntry.objects.filter(content_type__model="region", object_id=str(region.pk))
    context: dict[str, Any] = {
        "title": "本地区办理设置",
        "region": region,
        "form": form,
        "changes": kind.select_related("user")[:20],
        "writable": True,
    }
    return framed(site, request, "admin/region_settings.html", context)

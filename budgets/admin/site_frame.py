"""What pages of the back office share that belong to no model's admin: the frame around them, and a file that is handed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.files.base import File
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from budgets.importing.reading.opening import MAX_FILE


def framed(
    site: AdminSite, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> TemplateResponse:
    """The page of a template in the frame of the site; what the context says goes before the frame's own."""
    request.current_app = site.name
    return TemplateResponse(request, template, site.each_context(request) | context, status=status)


def page_at(site: AdminSite, address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """The address of a page that belongs to no model's admin, behind the login; `view` takes the site before the request."""

    @wraps(view)
    def shown(request: HttpRequest, **more: Any) -> HttpResponseBase:
        return view(site, request, **more)

    return path(address, site.admin_view(shown), name=name)


class HandedIn(forms.FileField):
    """One file, refused when it is empty or larger than any file may be; `smaller` says how to make it smaller."""

    def __init__(self, *, smaller: str, **options: Any) -> None:
        errors = {"required": "请选择一个文件。", "empty": "文件是空的，请重新选择。"}
        super().__init__(max_length=255, error_messages=errors, **options)
        self.smaller = smaller

    def clean(self, data: Any, initial: Any = None) -> "File[bytes]":
        """The file. Raises ValidationError in one Chinese sentence."""
        file: File[bytes] = super().clean(data, initial)
        if file.size > MAX_FILE:
            raise forms.ValidationError(f"文件超过 {MAX_FILE // 2**20} MB，{self.smaller}。")
        return file

"""本地区的词语解释: a term worded differently for the own region, or one more; for its bureau's administrator."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern

from budgets import access
from budgets.admin.base import FORM, changed_fields
from budgets.admin.site_frame import framed, page_at
from budgets.domain.glossary import SHORTEST, bare
from budgets.domain.plain_terms import TERMS
from budgets.domain.readable import cleaned
from budgets.models import Happening, Region, RegionTerm
from budgets.models.region_terms import LONGEST_TERM
from budgets.workflow.histories import note

FEWEST = 2  # letters of a name


class TermForm(forms.ModelForm[RegionTerm]):
    """One term. Its names may not be those of another term of the region."""

    class Meta:
        model = RegionTerm
        fields = ("name", "also", "text", "source")
        widgets = {"text": forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_TERM})}
        help_texts = {
            "name": f"和平台的词语同名，就换成本地区的解释；不同名，就添加。不足 {SHORTEST} 个字的，不在正文里标出。"
        }

    def clean(self) -> dict[str, Any]:
        """Every text without signs that are not seen. Raises ValidationError for a name that is none or in use."""
        said = super().clean() or self.cleaned_data
        for name, value in said.items():
            said[name] = cleaned(value) if name == "text" else " ".join(cleaned(value).split())
        if said.get("source") == "":
            self.add_error("source", "请写出处。")
        if "text" in said and not 5 <= len(said["text"]) <= LONGEST_TERM:
            self.add_error("text", f"解释有 {len(said['text'])} 个字，要在 5 至 {LONGEST_TERM} 个字之间。")
        if "name" in said and len(bare(said["name"])) < FEWEST:
            self.add_error("name", f"词语至少 {FEWEST} 个字。")
        if "name" in said and "also" in said:
            mine = {bare(name) for name in (said["name"], *RegionTerm(also=said["also"]).others)}
            others = RegionTerm.objects.filter(region=self.instance.region).exclude(pk=self.instance.pk)
            for other in others:
                if taken := mine & {bare(name) for name in (other.name, *other.others)}:
                    self.add_error(
                        "name", f"“{'、'.join(sorted(taken))}”已在本地区的“{other.name}”里，请改那一条。"
                    )
        return said


def urls(site: AdminSite) -> list[URLPattern]:
    """The one page."""

    return [page_at(site, "region-terms/", terms_view, "region_terms")]


def terms_view(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """The region's terms and the form for a new one or, with `?term=`, for that one; 404 for who does not keep them."""
    person = access.person_of(request)
    if not access.keeps_settings(person):
        raise Http404
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    with transaction.atomic():
        region = access.regions_for(person).select_for_update().get()
        row = _asked(request, region)
        form = TermForm(request.POST or None, instance=row)
        if request.method == "POST":
            if "delete" in request.POST and row.pk:
                words, fields = f"删去词语解释“{row.name}”", {"解释": [row.text, ""]}
                row.delete()
            elif "delete" not in request.POST and form.is_valid():
                words, fields = (
                    f"词语解释“{form.cleaned_data['name']}”",
                    changed_fields(form, new=row.pk is None),
                )
                form.save()
            else:
                words, fields = "", {}
            if words:
                note(person, region, words, action=Happening.SETTINGS, fields=fields)
                messages.success(request, "已保存。已公开的网页在下一次公开或者重新生成时换上。")
                return HttpResponseRedirect(request.path)
    context: dict[str, Any] = {
        "title": "本地区的词语解释",
        "region": region,
        "form": form,
        "row": row if row.pk else None,
        "rows": access.terms_for(person).order_by("name"),
        "portal": TERMS,
        "writable": True,
    }
    return framed(site, request, "admin/region_terms.html", context)


def _asked(request: HttpRequest, region: Region) -> RegionTerm:
    """The term that is asked for, or a new one. Raises Http404 for one that is not the region's."""
    asked = request.GET.get("term", "")
    if not asked:
        return RegionTerm(region=region)
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
    row = RegionTerm.objects.filter(region=region, pk=number).first()
    if row is None:
        raise Http404
    return row

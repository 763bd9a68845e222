"""运行情况: how the portal is running, for who keeps the regions: signs of health, and what failed, to be tried again."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.utils import timezone

from budgets import access
from budgets.admin.base import FORM
from budgets.admin.site_frame import framed, page_at
from budgets.models import Happening
from budgets.workflow import operating, trail

MOST = 100


def urls(site: AdminSite) -> list[URLPattern]:
    """The one page."""

    return [page_at(site, "operations/", operations_view, "operations")]


def operations_view(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """The signs, what is under way and what failed lately; `again` names what is put back. 404 for everybody else.

    Of a job its kind, department and outcome are shown: nothing of a draft.
    """
    person = access.person_of(request)
    if not access.keeps_regions(person):
        raise Http404
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    failed = {
        f"{row._meta.model_name}-{row.pk}": row
        for rows in operating.failed(timezone.now())
        for row in rows.select_related("person")[:MOST]
    }
    if request.method == "POST":
        work = failed.get(request.POST.get("again", ""))
        if work is not None and operating.try_again(work):
            trail.tell(Happening.SETTINGS, person, words=f"重新排队：{work}", named="后台任务")
            messages.success(request, "已重新排队。")
        else:
            messages.warning(request, "这个任务已经不在没有做成的任务里。")
        return HttpResponseRedirect(request.path)
    context = {
        "title": "运行情况",
        "signs": operating.signs(),
        "under_way": operating.under_way()[:MOST],
        "failed": failed,
    }
    return framed(site, request, "admin/operations.html", context)

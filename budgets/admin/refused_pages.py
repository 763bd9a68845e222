"""What somebody at work in the back office reads when an address or a permission is wrong: its own head, its own way back."""

import re
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

WORDS = {
    400: ("这个请求不完整", "地址或表单里有系统读不懂的内容，没有保存。请返回上一页重新填写。"),
    403: (
        "没有权限打开这个页面",
        "您的角色不能做这一步，或者内容已经不在可以修改的状态。请回到首页查看要做的事。",
    ),
    404: ("没有这个页面", "内容可能已经改动或不在您的工作范围内。请从首页或列表重新打开。"),
}
ROW = re.compile(r"(?P<row>rows-\d+)-(?P<cell>\w+)")
UNTYPED = {"csrfmiddlewaretoken", "version", "id", "was", "ORDER", "DELETE"}
EXPIRED = ("表单已过期", "登录可能已经失效。请返回上一页，刷新以后重新提交；刚才填写的内容还没有保存。")


def answers(request: HttpRequest) -> bool:
    """True for a request of somebody who is at work in the back office; everybody else gets the public pages."""
    return (
        request.path.startswith("/admin/") and hasattr(request, "user") and admin.site.has_permission(request)
    )


def refused(
    request: HttpRequest, status: int, words: tuple[str, str] | None = None, **more: Any
) -> HttpResponse:
    """The page for that status. It does not say what was asked for: a foreign object answers as a missing one."""
    heading, advice = words or WORDS[status]
    context = {**admin.site.each_context(request), "title": heading, "advice": advice, **more}
    response = TemplateResponse(request, "admin/refused.html", context, status=status).render()
    response["Cache-Control"] = "no-store"
    return response


def not_saved(request: HttpRequest, why: str) -> HttpResponse:
    """The page for a saving that came too late: why, and all that was typed, to be copied and pasted again.

    The script of an entry page is told by the status alone; it keeps what was typed itself.
    """
    return refused(request, 403, ("没有保存", why), typed=typed(request.POST))


def typed(posted: QueryDict) -> str:
    """What a form held, a field a line; the cells of one row stand in one line with tabs between, as the table takes them."""
    lines: dict[str, list[str]] = {}
    for name, value in posted.items():
        row = ROW.match(name)
        if row and row["cell"] not in UNTYPED:
            lines.setdefault(row["row"], []).append(str(value))
        elif not row and not name.startswith("rows-") and name not in UNTYPED:
            lines.setdefault(name, []).append(str(value))
    return "\n".join("\t".join(cells) for cells in lines.values() if any(cell.strip() for cell in cells))

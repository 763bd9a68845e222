"""What somebody at work in the back office reads when an address or a permission is wrong: its own head, its own way back."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

WORDS = {
    400: ("这个请求不完整", "地址或表单里有系统读不懂的内容，没有保存。请返回上一页重新填写。"),
    403: (
        "没有权限打开这个页面",
        "您的角色不能做这一步，或者内容已经不在可以修改的状态。请回到首页查看要做的事。",
    ),
    404: ("没有这个页面", "内容可能已经改动或不在您的工作范围内。请从首页或列表重新打开。"),
}
EXPIRED = ("表单已过期", "登录可能已经失效。请返回上一页，刷新以后重新提交；刚才填写的内容还没有保存。")


def answers(request: HttpRequest) -> bool:
    """True for a request of somebody who is at work in the back office; everybody else gets the public pages."""
    return (
        request.path.startswith("/admin/") and hasattr(request, "user") and admin.site.has_permission(request)
    )


def refused(request: HttpRequest, status: int, words: tuple[str, str] | None = None) -> HttpResponse:
    """The page for that status. It does not say what was asked for: a foreign object answers as a missing one."""
    heading, advice = words or WORDS[status]
    context = {**admin.site.each_context(request), "title": heading, "advice": advice}
    response = TemplateResponse(request, "admin/refused.html", context, status=status).render()
    response["Cache-Control"] = "no-store"
    return response

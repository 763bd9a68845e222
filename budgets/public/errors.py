"""What a citizen reads when an address leads nowhere: one page, in Chinese, with a next step.

An absent page and a page that is not yet public give the same bytes.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from budgets.public.answers import NEVER, page

WORDS = {
    400: ("这个请求不完整", "地址或表单里有系统读不懂的内容。请从首页重新开始。"),
    403: ("没有权限打开这个页面", "请用有权限的账号登录，或从首页重新开始。"),
    404: (
        "没有这个页面",
        "地址可能抄错了，或者内容还没有公开。可以按部门或年度查找，也可以在上面的查找框里试一试。",
    ),
    500: ("系统出了差错", "差错已经记录。请过几分钟再试；已公开的内容不受影响。"),
}


def error(status: int, words: tuple[str, str] | None = None) -> HttpResponse:
    """The page for that status."""
    heading, advice = words or WORDS[status]
    return page("public/error.html", status=status, cache=NEVER, heading=heading, advice=advice)


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: object = None,
    *args: object,
    **more: object,
) -> HttpResponse:
    """Too many wrong passwords: 429, the same words whether the account exists or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    answer = error(
        429,
        (
            "暂时不能登录",
            f"用户名或密码多次输入错误。请 {minutes} 分钟后再试；忘记密码，请向财政局管理员要一个设密码的链接。",
        ),
    )
    answer["Retry-After"] = str(minutes * 60)
    return answer

"""What a citizen reads when an address leads nowhere: one page, in Chinese, with a next step.

An absent page and a page that is not yet public give the same bytes.
"""

from django.http import HttpResponse

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

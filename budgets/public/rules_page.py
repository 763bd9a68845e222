"""The rules that every disclosure is checked by, for people: generated from where they are declared."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.findings import Severity
from budgets.domain.identities import Kind
from budgets.public.answers import page
from budgets.rules.between_documents import all_rules

MEANINGS = {
    Severity.ERROR: "改正以前不能公开；照录以前公开的文件时改不了原文，只作警告。",
    Severity.WARNING: "部门须写明原因；说明一般随预算公开，部门可以选择不公开。",
    Severity.ADVICE: "提醒填报人留意，不影响公开。",
}


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule by severity, and the kinds of identities that the tables' declarations give."""
    registered = list(all_rules().values())
    groups = [
        (severity.label, MEANINGS[severity], [rule for rule in registered if rule.severity is severity])
        for severity in Severity
    ]
    kinds = [kind.label for kind in Kind if kind is not Kind.MEETS]
    return page(
        "public/rules.html",
        request,
        groups=groups,
        kinds=kinds,
        total=len(registered),
        crumbs=[("首页", "/")],
        here="核对规则",
    )

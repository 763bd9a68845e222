"""Rules on publication: the twenty days, and whom to ask (domain rule R54)."""

from datetime import timedelta

from budgets.domain.findings import Severity
from budgets.domain.places import FieldPlace
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import CATALOGUE

LAW = "《预算法》第十四条"
DAYS = timedelta(days=20)


@rule("approval-dated", Severity.ADVICE, source=LAW, formula="填写批复日期，以计算公开期限")
def approval_dated(case: Case, report: Report) -> Found:
    """Without the date of approval the twenty days cannot be counted."""
    if case.ledger.approved_on is None:
        yield report("没有填批复日期，无法计算 20 日公开期限。", at=FieldPlace("approved_on"))


@rule("published-in-time", Severity.ADVICE, source=LAW, formula="首次公开日期 ≤ 批复日期＋20 日")
def published_in_time(case: Case, report: Report) -> Found:
    """What was published was published within twenty days of its approval; lateness is told, no edit can mend it (R54)."""
    approved, published = case.ledger.approved_on, case.published_on
    if approved is not None and published is not None and published > approved + DAYS:
        yield report(
            f"首次公开于 {published}，批复于 {approved}，应在 {approved + DAYS} 前公开，"
            f"晚了 {(published - approved - DAYS).days} 日。",
            at=FieldPlace("approved_on"),
        )


@rule("contact-given", Severity.ADVICE, source=CATALOGUE, formula="公开联系方式")
def contact_given(case: Case, report: Report) -> Found:
    """Citizens are told whom to ask."""
    if not case.ledger.contact.strip():
        yield report("没有填联系方式，公众无处询问。", at=FieldPlace("contact"))

"""Rules on publication: the twenty days, and whom to ask (domain rule R54)."""

from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE, DISCLOSURE, days_late, due
from budgets.domain.places import FieldPlace
from budgets.rules.registry import Case, Found, Report, rule


@rule("approval-dated", Severity.ADVICE, source=DISCLOSURE.article, formula="填写批复日期，以计算公开期限")
def approval_dated(case: Case, report: Report) -> Found:
    """Without the date of approval the twenty days cannot be counted."""
    if case.ledger.approved_on is None:
        yield report(f"没有填批复日期，无法计算 {DISCLOSURE.days} 日公开期限。", at=FieldPlace("approved_on"))


@rule(
    "published-in-time",
    Severity.ADVICE,
    source=DISCLOSURE.article,
    formula=f"首次公开日期 ≤ 批复日期＋{DISCLOSURE.days} 日",
)
def published_in_time(case: Case, report: Report) -> Found:
    """What was published was published within twenty days of its approval; lateness is told, no edit can mend it (R54)."""
    approved, published = case.ledger.approved_on, case.published_on
    if approved is not None and published is not None and (late := days_late(approved, published)) > 0:
        yield report(
            f"首次公开于 {published}，批复于 {approved}，应在 {due(approved)} 前公开，晚了 {late} 日。",
            at=FieldPlace("approved_on"),
        )


@rule("contact-given", Severity.ADVICE, source=CATALOGUE, formula="公开联系方式")
def contact_given(case: Case, report: Report) -> Found:
    """Citizens are told whom to ask."""
    if not case.ledger.contact.strip():
        yield report("没有填联系方式，公众无处询问。", at=FieldPlace("contact"))

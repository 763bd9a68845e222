"""Questions of citizens in the database."""

from datetime import UTC, datetime

CELL = "general_public_expenditure.2010301.basic"


def a_question(department, *, text: str = "这个数为什么比去年多？", state: str = "waiting", **more):
    """A question about the basic expenditure of the department's 2023 budget, in any state."""
    from budgets.models import Question, QuestionState

    answered = {"answer": "因为人员增加。"} if state in ("answered", "published") else {}
    refused = {"reason": "与这个数无关。"} if state == "refused" else {}
    at = datetime(2023, 3, 1, tzinfo=UTC)
    decided = {"decided_at": at} if state in ("published", "refused") else {}
    given = {
        "fiscal_year": 2023,
        "stage": "budget",
        "revision": 1,
        "cell": CELL,
        "printed": "表5 部门预算一般公共预算财政拨款支出表，“2010301 行政运行”行，“基本支出”列：822.00万元",
        "asked_at": at,
        **answered,
        **refused,
        **decided,
    }
    return Question.objects.create(
        department=department, text=text, state=QuestionState(state), **given | more
    )

"""What may be done with a disclosure, by which roles and in which states: one table each."""

from budgets.domain.terms import Term
from budgets.models import (
    DEPARTMENT_ROLES,
    Role,
    Status,
)


class May(Term):
    """What a person may do with a disclosure."""

    VIEW = "view", "查看"
    EDIT = "edit", "编辑"
    SUBMIT = "submit", "提交"
    RECALL = "recall", "收回"
    RETURN = "return", "退回"
    AGREE = "agree", "同意"
    APPROVE = "approve", "批准"
    COMMENT = "comment", "提意见"
    ANSWER = "answer", "答复意见"
    CLOSE = "close", "关闭意见"
    PUBLISH = "publish", "公开"
    UNSCHEDULE = "unschedule", "撤回定时公开"
    PUBLISH_DUE = "publish_due", "到时公开"
    CORRECT = "correct", "启动更正"
    ASK_CORRECTION = "ask", "申请更正"
    DECLINE_CORRECTION = "decline", "不予更正"
    ASK_WITHDRAWAL = "ask_withdraw", "申请撤回公开"
    KEEP = "keep", "不予撤回"
    WITHDRAW = "withdraw", "撤回公开"
    EXPORT = "export", "导出"
    DELETE = "delete", "删除草稿"
    RESTORE = "restore", "恢复草稿"
    FILL = "fill", "批量导入"


EDITABLE = (Status.DRAFT, Status.RETURNED)
READERS: frozenset[str] = frozenset(set(Role) - {Role.CENTRAL_ADMINISTRATOR})


ROLES: dict[May, frozenset[str]] = {
    May.VIEW: READERS,
    May.EXPORT: READERS,
    May.EDIT: frozenset({Role.ACCOUNTANT}),
    May.SUBMIT: frozenset({Role.ACCOUNTANT}),
    May.RECALL: frozenset({Role.ACCOUNTANT}),
    May.RETURN: frozenset({Role.REVIEWER, Role.BUREAU_OFFICER}),
    May.AGREE: frozenset({Role.REVIEWER}),
    May.APPROVE: frozenset({Role.BUREAU_OFFICER}),
    May.COMMENT: frozenset({Role.REVIEWER, Role.BUREAU_OFFICER}),
    May.ANSWER: frozenset(DEPARTMENT_ROLES),
    May.CLOSE: frozenset({Role.REVIEWER, Role.BUREAU_OFFICER}),
    May.PUBLISH: frozenset({Role.BUREAU_OFFICER}),
    May.UNSCHEDULE: frozenset({Role.BUREAU_OFFICER}),
    May.PUBLISH_DUE: frozenset({Role.BUREAU_OFFICER}),  # the worker, for the officer who asked
    May.CORRECT: frozenset({Role.BUREAU_OFFICER}),
    May.ASK_CORRECTION: frozenset({Role.ACCOUNTANT}),
    May.DECLINE_CORRECTION: frozenset({Role.BUREAU_OFFICER}),
    May.ASK_WITHDRAWAL: frozenset({Role.BUREAU_OFFICER}),
    May.KEEP: frozenset({Role.BUREAU_OFFICER}),
    May.WITHDRAW: frozenset({Role.BUREAU_OFFICER}),
    May.DELETE: frozenset({Role.ACCOUNTANT}),
    May.RESTORE: frozenset({Role.ACCOUNTANT, Role.BUREAU_ADMINISTRATOR}),
    May.FILL: frozenset({Role.BUREAU_OFFICER, Role.BUREAU_ADMINISTRATOR}),
}


STATES = {
    May.VIEW: frozenset(Status),
    May.EXPORT: frozenset(Status),
    May.EDIT: frozenset(EDITABLE),
    May.SUBMIT: frozenset(EDITABLE),
    May.RECALL: frozenset({Status.SUBMITTED}),
    May.RETURN: frozenset({Status.SUBMITTED, Status.APPROVED}),
    May.AGREE: frozenset({Status.SUBMITTED}),
    May.APPROVE: frozenset({Status.SUBMITTED}),
    May.COMMENT: frozenset({Status.SUBMITTED, Status.APPROVED}),
    May.ANSWER: frozenset({*EDITABLE, Status.SUBMITTED, Status.APPROVED}),
    May.CLOSE: frozenset({*EDITABLE, Status.SUBMITTED, Status.APPROVED}),
    May.PUBLISH: frozenset({Status.APPROVED}),
    May.UNSCHEDULE: frozenset({Status.APPROVED}),
    May.PUBLISH_DUE: frozenset({Status.APPROVED}),
    May.CORRECT: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    May.ASK_CORRECTION: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    May.DECLINE_CORRECTION: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    May.ASK_WITHDRAWAL: frozenset(Status),
    May.KEEP: frozenset(Status),
    May.WITHDRAW: frozenset(Status),
    May.DELETE: frozenset({Status.DRAFT}),
    May.RESTORE: frozenset({Status.DRAFT}),
    May.FILL: frozenset({Status.DRAFT}),
}


OPENS_YEARS: frozenset[str] = frozenset({Role.BUREAU_OFFICER, Role.BUREAU_ADMINISTRATOR})


# What a department may still do in a year that its bureau locked.
WHILE_LOCKED = frozenset({May.VIEW, May.EXPORT})

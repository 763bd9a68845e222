"""The audit trail (审计日志): who did what from where, with the old and the new value, in one chain a region."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import models

from budgets.domain.audit_records import GENESIS, Linked
from budgets.domain.terms import Term
from budgets.models.disclosures import Action
from budgets.models.people import Role

HASHED = (
    "number", "region", "at", "until", "username", "name", "role", "address", "action", "kind", "object_id",
    "about", "department", "change",
)  # fmt: skip


class Happening(Term):
    """What the audit trail tells besides the steps of the workflow (`Action`)."""

    LOGIN = "login", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOCKED = "locked", "登录锁定"
    LOGOUT = "logout", "退出"
    PASSWORD = "password", "改密码"  # noqa: S105
    REFUSED = "refused", "拒绝访问"
    DOWNLOAD = "download", "下载导出"
    EDIT = "edit", "修改内容"
    ADD = "add", "新增"
    CHANGE = "change", "变更"
    SET_UP = "set_up", "初次设置"
    ROSTER = "roster", "名单导入"
    ROSTER_UNDONE = "roster_undone", "撤销名单导入"
    LINK = "link", "设密码的链接"
    FACTOR = "factor", "登录方式"
    SESSIONS = "sessions", "结束登录"
    HAND_OVER = "hand_over", "移交"
    YEAR = "year", "年度设置"
    SETTINGS = "settings", "办理设置"
    SIGN_OFF = "sign_off", "审查审签"
    COMMENT = "comment", "提意见"
    ANSWER = "answer", "答复意见"
    CLOSE = "close", "关闭意见"
    EXPORT = "export", "申请导出"
    BATCH = "batch", "批量导入"
    QUESTION = "question", "公众提问"
    NOT_DONE = "not_done", "办理被拒"


HAPPENINGS: dict[str, str] = {**dict(Happening.choices()), **dict(Action.choices())}


class Told(models.Model):
    """What happened, in the words of its moment: nothing here follows a name that changes later.

    `at` is its moment and `until` the last one of several savings told as one. `region` is the code of the region in
    whose chain it stands, blank for the platform; `change` canonical JSON with `words`, `fields` {label: [old, new]}
    or `tables` (the changes of `domain.row_changes` with their labels).
    """

    region = models.CharField("地区", max_length=6, blank=True)
    at = models.DateTimeField("时间")
    until = models.DateTimeField("至", null=True, blank=True)
    username = models.CharField("用户名", max_length=150, blank=True)
    name = models.CharField("姓名", max_length=60, blank=True)
    role = models.CharField("当时的角色", max_length=24, blank=True)
    address = models.CharField("来自地址", max_length=64, blank=True)
    action = models.CharField("事项", max_length=16)
    kind = models.CharField("对象类别", max_length=32, blank=True)
    object_id = models.CharField("对象编号", max_length=32, blank=True)
    about = models.CharField("对象", max_length=400, blank=True)
    department = models.CharField("部门编码", max_length=12, blank=True)
    change = models.TextField("改动", default="{}")

    class Meta:
        abstract = True

    @property
    def data(self) -> dict[str, Any]:
        """What changed."""
        read: dict[str, Any] = json.loads(self.change)
        return read

    @property
    def action_label(self) -> str:
        return HAPPENINGS.get(self.action, self.action)

    @property
    def role_label(self) -> str:
        """The role of that moment in words; blank for nobody."""
        return Role(self.role).label if self.role in set(Role) else ""


class AuditEntry(Told):
    """One record of the trail. No row is ever changed or deleted: database triggers refuse it."""

    number = models.PositiveIntegerField("序号")
    previous = models.CharField("上一链值", max_length=64)
    entry = models.CharField("链值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "审计日志"
        ordering = ["region", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="one_audit_entry_per_number"),
            # One successor per entry: the chain of a region cannot fork.
            models.UniqueConstraint(fields=["region", "previous"], name="audit_chain_does_not_fork"),
        ]
        indexes = [
            models.Index(fields=["region", "at"], name="audit_by_time"),
            models.Index(fields=["region", "username", "number"], name="audit_by_person"),
            models.Index(fields=["region", "action", "number"], name="audit_by_action"),
            models.Index(fields=["region", "department", "number"], name="audit_by_department"),
            models.Index(fields=["kind", "object_id", "number"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action_label}"

    @property
    def record(self) -> dict[str, Any]:
        """What is hashed: every column but the two of the chain, times in UTC, `change` as the text that is stored."""
        return {name: _plain(getattr(self, name)) for name in HASHED}

    @property
    def linked(self) -> Linked:
        return Linked(self.number, self.record, self.previous, self.entry)


class AuditPending(Told):
    """What is not in the chain yet: written in the transaction of the deed, taken over by the next writer or timer.

    While `closes_at` lies ahead, further savings of the same `key` (or tries at the same locked account) go into this
    row. `held` has what the first of them changed, as it was before.
    """

    key = models.CharField("合并", max_length=200, blank=True, db_index=True)
    held = models.TextField("改动以前", blank=True)
    closes_at = models.DateTimeField("合并到", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待入链的审计记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.action_label


class AuditHead(models.Model):
    """The end of a region's chain, kept beside it: it is locked while entries are added, and tells a chain cut short."""

    region = models.CharField("地区", max_length=6, blank=True, unique=True)
    number = models.PositiveIntegerField("序号", default=0)
    entry = models.CharField("链值", max_length=64, default=GENESIS)

    class Meta:
        verbose_name = verbose_name_plural = "审计链链头"

    def __str__(self) -> str:
        return f"{self.region} {self.number}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return "" if value is None else value

"""People who work in the portal, each with one role; what a role may do stands in access/."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from budgets.domain.terms import Term
from budgets.models.regions import Department, Region


class Role(Term):
    """Who works here; anonymous readers need none."""

    ACCOUNTANT = "accountant", "部门会计"
    REVIEWER = "reviewer", "部门审核"
    BUREAU_OFFICER = "bureau_officer", "财政局经办"
    BUREAU_ADMINISTRATOR = "bureau_administrator", "财政局管理员"
    AUDITOR = "auditor", "审计监督"
    CENTRAL_ADMINISTRATOR = "central_administrator", "平台管理员"


DEPARTMENT_ROLES = (Role.ACCOUNTANT.value, Role.REVIEWER.value)
REGION_ROLES = (Role.BUREAU_OFFICER.value, Role.BUREAU_ADMINISTRATOR.value, Role.AUDITOR.value)


class Person(AbstractUser):
    """A person with one role.

    Department roles belong to a department, the bureau's and the auditor's to a region, the central administrator's to
    neither: it keeps the regions and the subject codes of all, and sees no draft.
    """

    first_name = last_name = None  # type: ignore[assignment] # Django takes a field away by None
    name = models.CharField("姓名", max_length=60)
    role = models.CharField("角色", max_length=24, choices=Role.choices(), blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name="地区", related_name="people", null=True, blank=True
    )
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="部门", related_name="people", null=True, blank=True
    )
    # Sessions that began before this moment are over: set when an account is closed or its role changes.
    sessions_from = models.DateTimeField("登录须晚于", null=True, blank=True, editable=False)
    # What somebody did to the account, told to the person on the first page until they say that they read it.
    notice = models.TextField("告知", blank=True, editable=False)
    is_staff = models.BooleanField("可以登录后台", default=True, editable=False)

    REQUIRED_FIELDS = ["name"]

    class Meta(AbstractUser.Meta):
        verbose_name = verbose_name_plural = "人员"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="role_has_its_place",
                condition=Q(role__in=DEPARTMENT_ROLES, department__isnull=False, region__isnull=True)
                | Q(role__in=REGION_ROLES, department__isnull=True, region__isnull=False)
                | Q(role=Role.CENTRAL_ADMINISTRATOR.value, department__isnull=True, region__isnull=True)
                | Q(role="", is_superuser=True, department__isnull=True, region__isnull=True),
                violation_error_message="部门会计、部门审核要选部门（不选地区）；财政局和审计的角色要选地区（不选部门）；平台管理员两者都不选。",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is bound to: the password, and the moment from which sessions count."""
        moment = self.sessions_from.isoformat() if self.sessions_from else ""
        bound = salted_hmac("budgets.session", f"{self.password}{moment}", secret=secret, algorithm="sha256")
        return bound.hexdigest()

    @property
    def role_label(self) -> str:
        """The role in Chinese; 系统管理员 for a superuser without a role."""
        return Role(self.role).label if self.role else "系统管理员"

    @property
    def home_region(self) -> Region | None:
        """The region the person works in, through the department where the role belongs to one."""
        return self.department.region if self.department else self.region

"""The application and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BudgetsConfig(AppConfig):
    """The portal's own application."""

    name = "budgets"
    verbose_name = "部门预算公开"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from budgets import checks  # noqa: F401


class BudgetsAdminConfig(AdminConfig):
    """Django's admin with the portal's own site."""

    default_site = "budgets.admin.site.PortalAdminSite"

    def ready(self) -> None:
        """Register the portal's pages after the site is made: making it imports their package."""
        super().ready()
        from budgets.admin import field_messages, registering, trail_requests  # noqa: F401

        field_messages.speak()
        trail_requests.receive()

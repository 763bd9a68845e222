"""Django's command that makes the platform's administrator, told in the audit trail."""

from typing import Any

from django.contrib.auth.management.commands.createsuperuser import Command as Stock

from budgets.models import Happening, Person
from budgets.workflow.trail import tell


class Command(Stock):
    def handle(self, *args: Any, **options: Any) -> None:
        """As Django does; whom it made stands in the trail, by nobody: at the server nobody is signed in.

        No transaction is held while it asks, so a process that is killed in between tells nothing.
        """
        known = set(Person.objects.values_list("pk", flat=True))
        super().handle(*args, **options)
        for person in Person.objects.filter(is_superuser=True).exclude(pk__in=known):
            fields = {"用户名": ["", person.username], "角色": ["", person.role_label]}
            tell(Happening.ADD, None, person, words="在服务器上建立管理员", fields=fields)

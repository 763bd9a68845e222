"""Django's command that sets somebody's password at the server, told in the audit trail."""

from typing import Any

from django.contrib.auth.management.commands.changepassword import Command as Stock

from budgets.models import Happening, Person
from budgets.workflow.trail import tell


class Command(Stock):
    def handle(self, *args: Any, **options: Any) -> str | None:
        """As Django does; told when the password is another one afterwards. No transaction is held while it asks."""
        before = dict(Person.objects.values_list("pk", "password"))
        said: str | None = super().handle(*args, **options)
        for person in Person.objects.all():
            if before.get(person.pk, person.password) != person.password:
                tell(Happening.PASSWORD, None, person, words="在服务器上重设密码")
        return said

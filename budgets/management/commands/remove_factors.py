"""Take the second factor of a person away, for the last administrator who lost the telephone."""

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from budgets import factors
from budgets.models import Happening, Person
from budgets.workflow.histories import note

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "解除一个人的两步登录（验证码、通行密钥、恢复码），结束其全部登录；本人下次登录时会看到。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["person"]).first()
        if person is None:
            raise CommandError(f"没有用户名是“{options['person']}”的人。")
        with transaction.atomic():
            removed = factors.remove_all(person, "服务器管理人员")
            if removed:
                note(None, person, f"服务器管理人员解除两步登录：{removed}", action=Happening.FACTOR)
        if not removed:
            raise CommandError(f"{person}没有设两步登录，没有可以解除的。")
        log.warning("second factor of %s removed on the command line: %s", person.username, removed)
        self.stdout.write(f"已解除{person}的两步登录（{removed}），其登录都已结束。")

"""初次设置 from a shell: the same as the page, and the code that the page asks for."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets import tablesets
from budgets.admin.set_up_pages import SetUpForm
from budgets.workflow import first_set_up

ASKED = {"region": "region_code", "region_name": "region_name", "username": "username", "name": "name"}


class Command(BaseCommand):
    help = "初次设置：建立地区和财政局管理员。没有写的逐项询问；密码在终端输入，或由标准输入的第一行给出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--code", action="store_true", help="只显示网页上初次设置要填的安装码")
        parser.add_argument("--region", help="行政区划代码，例如 130225")
        parser.add_argument("--region-name", help="地区名称，例如 乐亭县")
        parser.add_argument(
            "--table-set",
            choices=[key for key, _ in tablesets.usual()],
            default=tablesets.usual()[0][0],
            help="新年度默认的表样",
        )
        parser.add_argument("--username", help="管理员用户名")
        parser.add_argument("--name", help="管理员姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        if not first_set_up.is_open():
            raise CommandError("已经有地区或人员，不能再做初次设置。")
        if options["code"]:
            self.stdout.write(first_set_up.set_up_code())
            return
        at_a_terminal = sys.stdin.isatty()
        given = {"table_set": options["table_set"]}
        for option, field in ASKED.items():
            given[field] = options[option] or (
                self.ask(SetUpForm.base_fields[field].label) if at_a_terminal else ""
            )
        given["password"] = getpass("密码：") if at_a_terminal else sys.stdin.readline().rstrip("\n")
        given["again"] = getpass("再输一次密码：") if at_a_terminal else given["password"]
        form = SetUpForm(given, with_code=False)
        if not form.is_valid():
            lines = [
                f"{form.fields[name].label if name in form.fields else ''}：{error}"
                for name, errors in form.errors.items()
                for error in errors
            ]
            raise CommandError("没有设置：\n" + "\n".join(lines))
        data = {name: value for name, value in form.cleaned_data.items() if name != "again"}
        try:
            person = first_set_up.set_up(**data)
        except first_set_up.AlreadySetUp:
            raise CommandError("别人刚刚完成了初次设置。") from None
        self.stdout.write(f"已建立{person.region}和管理员 {person.username}。现在可以登录管理端。")

    def ask(self, label: object) -> str:
        return input(f"{label}：").strip()

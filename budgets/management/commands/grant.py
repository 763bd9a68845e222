"""Give the application's and the public side's role in PostgreSQL exactly what they need."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from budgets.management import powers


class Command(BaseCommand):
    help = "以数据库所有者的身份运行：建立应用和公开页两个角色并授权。每次 migrate 以后运行，可重复。"

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("只有 PostgreSQL 有角色；SQLite 的数据库文件由操作系统的权限保护。")
        roles = {name: powers.Role(*each) for name, each in settings.DATABASE_ROLES.items()}
        try:
            with transaction.atomic():
                guarded = powers.grant(connection, **roles)
        except powers.NotGranted as refusal:
            raise CommandError(str(refusal)) from refusal
        except DatabaseError as failure:
            raise CommandError(
                f"没有授权：{failure}\n请以数据库所有者的身份运行；要新建角色，所有者还要有 CREATEROLE。"
            ) from failure
        names = "、".join(role.name for role in roles.values())
        self.stdout.write(f"已授权 {names}；只增不改的表 {len(guarded)} 张：{'、'.join(guarded)}。")

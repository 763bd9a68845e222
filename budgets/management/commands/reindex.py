"""The index of the search and the sums of the years, written anew from what is public."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from budgets.models import Region
from budgets.publishing import word_index, year_sums


class Command(BaseCommand):
    help = "重建检索和合计：按现行的公开版本、部门和地区名称重新写检索条目，重新加各年度的合计。可随时运行，期间检索照常。"

    def handle(self, *args: Any, **options: Any) -> None:
        for region in Region.objects.order_by("pk"):
            with transaction.atomic():
                year_sums.renew(region.pk)
        done = 0
        for done in word_index.refill():
            self.stdout.write(f"已核对 {done} 个版本……")
        self.stdout.write(f"完成：核对 {done} 个版本。")

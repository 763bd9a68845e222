"""Put right after a crash, and tidy up; safe at any time, for start-up and for a timer."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from budgets.publishing import pointers
from budgets.workflow import answering, background, batch_files, deleting, lifecycle, trail
from budgets.workflow import making_exports as exports


class Command(BaseCommand):
    help = "使公开地址与数据库一致，重新排队没有做完的后台任务，清理无人使用的文件；可随时重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        trail.link()
        for name in pointers.settle():
            self.stdout.write(f"{name}：公开地址已更新。")
        if settled := lifecycle.settle_pdfs():
            self.stdout.write(f"{settled} 份公开内容的 PDF 此前已补生成，现已列在页面上。")
        self.stdout.write(
            f"重新排队 {background.requeue() + exports.requeue()} 个任务、{batch_files.resume()} 批文件，"
            f"清理 {len(pointers.sweep())} 个旧文件夹、{background.forget_previews()} 个预览、{exports.forget_exports()} 个过期的导出、{background.forget_waiting()} 个没有确认的导入文件、{batch_files.forget_batches()} 批读过的文件、{deleting.forget_deleted()} 份过期的已删草稿、{answering.forget_askers()} 条提问的来源。"
        )

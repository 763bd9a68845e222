"""How long each kind of thing is kept, why, and what removes it. What a draft, a publication or its proof needs is no kind here.

Never swept: publications, drafts, files that were taken into them, both logs of the workflow, the audit trail.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets import outages
from budgets.access import DELETED_KEPT
from budgets.models import Intake, Job, JobState, RosterImport, SignIn, SubjectImport, UploadCount
from budgets.models.questions import EMAIL_KEPT, SOURCE_KEPT
from budgets.models.region_exports import KEPT as EXPORTS_KEPT
from budgets.publishing import pointers
from budgets.workflow.answering import forget_emails, forget_sources
from budgets.workflow.background import forget_previews, forget_waiting
from budgets.workflow.batch_files import KEPT as BATCHES_KEPT
from budgets.workflow.batch_files import forget_batches
from budgets.workflow.deleting import forget_deleted
from budgets.workflow.kept_files import Swept, bytes_of, sweep_files, sweep_folders, sweep_rows
from budgets.workflow.making_exports import forget_exports

DAY = timedelta(days=1)


def forget_undone(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Remove the files of imports that were taken back; the row stays, with name, hash and report."""
    old = Intake.objects.filter(undone_at__lt=timezone.now() - older_than).exclude(file="")
    files = list(old)
    swept = Swept(len(files), sum(bytes_of(each.file) for each in files))
    for intake in () if dry else files:
        Intake.objects.filter(pk=intake.pk).update(file="")
        intake.file.storage.delete(str(intake.file.name))
    return swept


def forget_orphans(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Remove uploaded files that no row names: left by a process that died between the file and its row."""
    fields = [
        (model, f.name) for model in apps.get_models() for f in model._meta.fields if isinstance(f, FileField)
    ]
    named = {name for model, field in fields for name in model._base_manager.values_list(field, flat=True)}
    limit = timezone.now() - older_than
    try:
        unnamed = [name for name in _handed_in() if name not in named]
        old = [name for name in unnamed if default_storage.get_modified_time(name) < limit]
        swept = Swept(len(old), sum(map(default_storage.size, old)))
        for name in () if dry else old:
            default_storage.delete(name)
    except Exception as failure:  # with the store away all else is tidied, and a worker begins
        if not outages.told(failure):
            raise
        return Swept(0)
    return swept


def _handed_in(folder: str = "") -> Iterator[str]:
    """The name of every file that was handed in, on the disk or in the store that machines share."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _handed_in(f"{folder}{name}/")


def forget_lists(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Drop lists of departments, people and codes that were looked at and never taken in."""
    since = timezone.now() - older_than
    both = [
        sweep_rows(model._default_manager.filter(confirmed_at=None, at__lt=since), dry=dry)
        for model in (RosterImport, SubjectImport)
    ]
    return Swept(sum(each.number for each in both))


def forget_left_over(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Remove releases that were replaced, what nobody finished, and files of the shelf that nobody asks for."""
    old = pointers.left_over(older_than.total_seconds())
    folders = [path for path in old if path.is_dir() and not path.is_symlink()]
    size = sweep_folders(folders, dry=True).size
    size += sweep_files([path for path in old if path not in folders], dry=True).size
    return Swept(len(old if dry else pointers.sweep(older_than.total_seconds())), size)


def forget_sessions(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Delete sessions that ended so long ago, with their lines in the lists of sign-ins."""
    since = timezone.now() - older_than
    swept = sweep_rows(Session.objects.filter(expire_date__lt=since), dry=dry)
    used = since - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return Swept(swept.number + sweep_rows(SignIn.objects.filter(seen__lt=used), dry=dry).number)


def forget_jobs(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Delete jobs that ended; what they made stays."""
    ended = (JobState.DONE, JobState.FAILED)
    return sweep_rows(
        Job.objects.filter(state__in=ended, finished_at__lt=timezone.now() - older_than), dry=dry
    )


def forget_places(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Delete what the queue remembers of tasks that ended."""
    ended = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    old = DBTaskResult.objects.filter(status__in=ended, finished_at__lt=timezone.now() - older_than)
    return sweep_rows(old, dry=dry)


def forget_counts(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Delete how much was handed in on days that are over."""
    return sweep_rows(UploadCount.objects.filter(day__lt=timezone.localdate() - older_than), dry=dry)


def forget_attempts(older_than: timedelta, *, dry: bool = False) -> Swept:
    """Delete the counts of wrong passwords."""
    return sweep_rows(AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - older_than), dry=dry)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: how long it is kept after its end, why so long, and what removes what is older."""

    name: str
    kept: timedelta
    why: str
    forget: Callable[..., Swept]

    def sweep(self, *, dry: bool) -> Swept:
        """Remove what is older than it is kept, or only count it."""
        return self.forget(self.kept, dry=dry)


KINDS = (
    Kind("没有确认的导入文件", DAY, "隔天再看要重新核对，重新上传即可", forget_waiting),
    Kind("撤销了的导入文件", 30 * DAY, "撤销后一个月内还可以查对原件；记录和摘要一直保留", forget_undone),
    Kind("批量导入的文件", BATCHES_KEPT, "写入草稿的另有一份，随草稿保留", forget_batches),
    Kind("没有记录的上传文件", DAY, "上传时进程中断留下的，没有人用得到", forget_orphans),
    Kind("没有导入的名单和科目表", 30 * DAY, "含人员姓名，没有用到就不久留", forget_lists),
    Kind("过期的已删草稿", timedelta(days=DELETED_KEPT), "这些天内可以恢复；办理记录一直保留", forget_deleted),
    Kind("预览", DAY, "随时可以重新生成", forget_previews),
    Kind("导出", EXPORTS_KEPT, "可以重新生成", forget_exports),
    Kind("被替换和没有写完的公开文件", DAY, "正在公开的不会这么久；数据库所记的一个不动", forget_left_over),
    Kind("结束了的登录", DAY, "登录和退出记在审计日志里", forget_sessions),
    Kind("做完的任务", 400 * DAY, "日志留存不少于六个月（《网络安全法》），从宽按 400 天", forget_jobs),
    Kind("密码错误的计数", 400 * DAY, "日志留存不少于六个月（《网络安全法》），从宽按 400 天", forget_attempts),
    Kind("队列里做完的", 14 * DAY, "供查找故障；结果在任务里", forget_places),
    Kind("上传计数", 7 * DAY, "限额按天计算", forget_counts),
    Kind("提问人的邮箱", EMAIL_KEPT, "答复以后不再需要（《个人信息保护法》第十九条）", forget_emails),
    Kind("提问的来源", SOURCE_KEPT, "只用来限制一天内的次数", forget_sources),
)  # fmt: skip


def sweep(*, dry: bool) -> list[tuple[Kind, Swept]]:
    """Remove of each kind what is older than it is kept, or only count it; safe at any time."""
    return [(kind, kind.sweep(dry=dry)) for kind in KINDS]

"""Deleting a draft that nobody submitted: it is found nowhere, can be brought back for some days, and is then emptied.

The row stays, with its lines in the log: what was done is never deleted, only what was typed.
"""

from datetime import timedelta
from functools import partial

from django.contrib.admin.models import LogEntry as Saving
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CASCADE
from django.utils import timezone

from budgets import ledger
from budgets.access import DELETED_KEPT, May, deleted_for, is_locked_for
from budgets.models import Action, Department, Disclosure, Intake, Person
from budgets.workflow.kept_files import Swept, bytes_of
from budgets.workflow.stepping import NotAllowed, hold, step

GONE = ""  # the table set of a draft that holds nothing any more
EMPTIED = (
    "narrative_title", "lead", "approved_on", "contact", "assets_as_of", "agency_running_costs", "given",
    "left_out", "states_no_money",
)  # fmt: skip
COUNTED = (
    ("个金额", "facts"), ("个机构", "organizations"), ("个项目", "projects"), ("张绩效目标表", "goals"),
    ("项政府采购", "procurements"), ("项政府购买服务", "services"), ("家单位的支出", "unit_rows"), ("项固定资产", "assets"),
)  # fmt: skip


def held(disclosure: Disclosure) -> list[str]:
    """What a draft holds, in words, a kind a line; none for an empty one."""
    said = ledger.read(disclosure)
    found = [f"{number} {kind}" for kind, name in COUNTED if (number := len(getattr(said, name)))]
    chapters = [chapter.title for chapter in said.narratives if chapter.text.strip()]
    if chapters:
        found.append(f"{len(chapters)} 章情况说明：{'、'.join(chapters)}")
    if explained := disclosure.explanations.count():
        found.append(f"{explained} 条检查说明")
    files = list(disclosure.intakes.values_list("name", flat=True))
    return [*found, *([f"{len(files)} 个导入的文件：{'、'.join(files)}"] if files else [])]


def delete(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Disclosure:
    """Take a draft away; raises NotAllowed for one that was ever submitted or public, and EditedMeanwhile."""
    with transaction.atomic():
        locked = hold(disclosure, May.DELETE, by, version)
        what = "；".join(held(locked)) or "没有填写内容"
        return step(locked, Action.DELETE, by, reason=what, deleted_at=timezone.now(), deleted_by=by)


def restore(disclosure: Disclosure, *, by: Person) -> Disclosure:
    """Bring a deleted draft back as it was. Raises NotAllowed after its days, and while another one of the year is there."""
    with transaction.atomic():
        Department.objects.select_for_update().get(pk=disclosure.department_id)
        locked = deleted_for(by).select_for_update(of=("self",)).filter(pk=disclosure.pk).first()
        if locked is None:
            raise NotAllowed(f"这份草稿不能恢复：已经恢复过，或者删除已满 {DELETED_KEPT} 天。")
        if is_locked_for(by, May.RESTORE, locked):
            raise NotAllowed(f"{locked.fiscal_year}年度已由财政局锁定，不能恢复草稿。")
        same = Disclosure.objects.filter(
            department=locked.department_id, fiscal_year=locked.fiscal_year, stage=locked.stage
        )
        if same.exists():
            raise NotAllowed(f"{locked.title}已另外建立了一份。要恢复删除的这一份，请先删除现有的草稿。")
        return step(locked, Action.RESTORE, by, deleted_at=None, deleted_by=None)


def forget_deleted(older_than: timedelta = timedelta(days=DELETED_KEPT), *, dry: bool = False) -> Swept:
    """Empty the drafts that were deleted longer ago than they are kept, with their files."""
    old = Disclosure.with_deleted.filter(deleted_at__lte=timezone.now() - older_than).exclude(table_set=GONE)
    swept = Swept(
        old.count(),
        sum(bytes_of(each.file) for each in Intake.objects.filter(disclosure__in=old.values("pk"))),
    )
    return (
        swept
        if dry
        else Swept(sum(_empty(number) for number in old.values_list("pk", flat=True)), swept.size)
    )


def _empty(number: int) -> bool:
    with transaction.atomic():
        locked = Disclosure.with_deleted.select_for_update().get(pk=number)
        if locked.deleted_at is None:
            return False  # brought back in between
        for intake in locked.intakes.all():
            transaction.on_commit(partial(intake.file.delete, save=False))
        for relation in Disclosure._meta.related_objects:
            if relation.on_delete is CASCADE:
                relation.related_model._base_manager.filter(disclosure=locked).delete()
        kind = ContentType.objects.get_for_model(Disclosure)
        Saving.objects.filter(content_type=kind, object_id=str(number)).delete()
        blank = Disclosure()
        for name in EMPTIED:
            setattr(locked, name, getattr(blank, name))
        locked.table_set = GONE
        locked.save(update_fields=[*EMPTIED, "table_set"])
    return True

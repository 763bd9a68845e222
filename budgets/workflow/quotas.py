"""How much may be handed in: files a day and bytes that are kept, of a person and of a department.

Asked first in every way to hand in a file, before anything is written; the limits are `UPLOAD_QUOTAS` in the settings.
"""

import errno
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from budgets.models import BatchFile, Department, Intake, Person, UploadCount
from budgets.workflow.kept_files import free
from budgets.workflow.stepping import Refused

MB = 2**20
# Free bytes that uploads leave to what is being published and to the database.
LEFT_FREE = 200 * MB


class OverQuota(Refused):
    """More than may be handed in; the message says what is used, what is allowed and what to do."""


def claim(by: Person, files: int, size: int, department: Department | None = None) -> None:
    """Count files of `size` bytes together that are about to be kept, for their department where they are one's.

    Of many at once each waits for the one before: inside the transaction that keeps the files no limit is overrun.
    Raises OverQuota, and the OSError of a full disk while only LEFT_FREE is free.
    """
    if free(Path(settings.UPLOAD_ROOT)) < size + LEFT_FREE:
        raise OSError(errno.ENOSPC, "no room for what is handed in", str(settings.UPLOAD_ROOT))
    with transaction.atomic():
        if department is not None:
            _count("department", f"“{department.name}”", department, files, size)
        _count("person", "您", by, files, size)


def _count(whose: str, name: str, owner: Person | Department, files: int, size: int) -> None:
    most_files, most_mb = settings.UPLOAD_QUOTAS[whose]
    day = timezone.localdate()
    its: dict[str, Any] = {whose: owner}
    number = UploadCount.objects.get_or_create(day=day, **its)[0].pk
    row = UploadCount.objects.select_for_update().get(pk=number)
    if row.files + files > most_files:
        raise OverQuota(
            f"{name}今天已上传 {row.files} 个文件，每天最多 {most_files} 个，这次的 {files} 个没有保存：请明天再传，急用请联系系统管理员。"
        )
    used = kept_of(owner)
    if used + size > most_mb * MB:
        raise OverQuota(
            f"{name}上传后保存着的文件已有 {used / MB:.1f} MB，最多 {most_mb} MB，这次的 {size / MB:.1f} MB 没有保存："
            "请删去文件里的图片等无关内容，或请系统管理员清理过期文件、调高限额。"
        )
    row.files += files
    row.save(update_fields=["files"])


def kept_of(owner: Person | Department) -> int:
    """Bytes of the files that lie there, handed in by the person or for the department."""
    rows: list[QuerySet[Any]]
    if isinstance(owner, Department):
        rows = [Intake.objects.filter(disclosure__department=owner)]
    else:
        rows = [Intake.objects.filter(person=owner), BatchFile.objects.filter(batch__person=owner)]
    return sum(each.exclude(file="").aggregate(total=Sum("size"))["total"] or 0 for each in rows)

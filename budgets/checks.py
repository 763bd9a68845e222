"""System checks: what this machine lacks for safe uploads and PDFs, and what is wrong with a declared table set."""

from collections.abc import Sequence
from importlib.util import find_spec

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from budgets.domain.declarations import faults
from budgets.publishing.chain_log import signing_key
from budgets.rendering.pdf.renderer import pdf_problem
from budgets.tablesets import SETS


@register(Tags.security)
def uploads_are_read_safely(app_configs: Sequence[AppConfig] | None, **options: object) -> list[CheckMessage]:
    """An error while defusedxml is missing: openpyxl would expand entity bombs in an uploaded workbook."""
    if find_spec("defusedxml"):
        return []
    return [Error("缺少 defusedxml，不能安全读取上传的工作簿。", hint="运行 uv sync。", id="budgets.E001")]


@register()
def pdf_can_be_made(app_configs: Sequence[AppConfig] | None, **options: object) -> list[CheckMessage]:
    """A warning with what to install while PDFs cannot be made; everything else is published without them."""
    problem = pdf_problem()
    return [Warning(problem, id="budgets.W001")] if problem else []


@register(Tags.security, deploy=True)
def publications_are_anchored(
    app_configs: Sequence[AppConfig] | None, **options: object
) -> list[CheckMessage]:
    """A warning while no key signs checkpoints, so that nobody outside could prove a roll-back; an error for a bad one."""
    hint = "运行 manage.py checkpoint_key 文件，把文件的位置写进 CHECKPOINT_KEY_FILE。"
    try:
        if signing_key() is None:
            return [
                Warning("没有检查点的签名密钥：公开内容被回退，外人无从证明。", hint=hint, id="budgets.W002")
            ]
    except (OSError, ValueError) as error:
        return [Error(f"检查点的签名密钥不能读取：{error}", hint=hint, id="budgets.E002")]
    return []


@register()
def tables_are_declared_soundly(
    app_configs: Sequence[AppConfig] | None, **options: object
) -> list[CheckMessage]:
    """An error for each fault of a declared table set: the set, the table, the row or column, and what to mend."""
    return [
        Error(
            f"表套 {key}，{fault.at}：{fault.message}",
            hint=fault.flaw.label,
            id=f"budgets.{fault.flaw.value}",
        )
        for key, table_set in SETS.items()
        for fault in faults(table_set)
    ]

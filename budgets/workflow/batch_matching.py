"""What a file of a batch is found to be: whose, of which year, whether it fits, and what to do when it does not."""

from dataclasses import dataclass
from typing import Any

from budgets import ledger, tablesets
from budgets.domain.documents import UNDECLARED_NOTE
from budgets.domain.same_words import same_words
from budgets.domain.terms import Stage
from budgets.importing.belonging import Belongs
from budgets.importing.confined_intake import belongs_apart, take_in_apart
from budgets.importing.reading.opening import Unreadable
from budgets.importing.taken import Taken, dumps
from budgets.models import BatchFile, Department, Disclosure, FiscalYear, Region, Status, Verdict
from budgets.tablesets.rounding import fine_records, off_quantum
from budgets.workflow.drafts import earlier_year, limits
from budgets.workflow.year_opening import form_of, terms_for

AGAIN = "改好以后重新上传这一个文件。"
BY_ACCOUNTANT = "由该部门会计在自己的任务页“导入文件”，看过逐格比较以后再确认。"
HELD = (Verdict.FITS, Verdict.TAKEN)  # what takes the place of a department's year in a batch


@dataclass(frozen=True, slots=True)
class Found:
    """The verdict on one file with its reason and remedy in words, and what it was matched to."""

    verdict: Verdict
    reason: str
    remedy: str = ""
    department: Department | None = None
    year: int | None = None
    table_set: str = ""
    taken: str = ""

    def fields(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "remedy": self.remedy,
            "department": self.department,
            "fiscal_year": self.year,
            "table_set": self.table_set,
            "taken": self.taken,
        }


def found_in(file: BatchFile, content: bytes) -> Found:
    """Read a file and say what it is; whatever it holds, it has a verdict."""
    earlier = file.batch.files.filter(position__lt=file.position)
    if same := earlier.filter(sha256=file.sha256).first():
        return Found(Verdict.DOUBLE, f"与本批第 {same.position} 个文件“{same.name}”完全相同。", "不用处理。")
    try:
        said = belongs_apart(file.name, content)
    except Unreadable as refusal:
        return Found(Verdict.UNKNOWN, str(refusal), AGAIN)
    department, why, remedy = department_of(said, file.batch.region)
    year = said.year if 2000 <= said.year <= 2099 else None
    if department is None:
        return Found(Verdict.UNKNOWN, why, remedy, None, year, said.table_set)
    if year is None:
        return Found(
            Verdict.UNKNOWN,
            "文件没有写明预算年度。",
            f"在表的标题或封面写上年度，例如“2023年部门预算”，{AGAIN}",
            department,
            None,
            said.table_set,
        )
    opened = FiscalYear.objects.filter(region=file.batch.region, fiscal_year=year).first()
    if opened is None or opened.locked:
        reason = opened.lock_told if opened else f"{year}年度还没有开放。"
        remedy = f"请先{'解除锁定' if opened else '在“年度”页开放这个年度'}，再重新上传这一个文件。"
        return Found(Verdict.DIFFERS, reason, remedy, department, year, said.table_set)
    stage = tablesets.get(said.table_set).stage
    if place := already(file, department, year, stage):
        reason, remedy = place
        return Found(Verdict.DOUBLE, reason, remedy, department, year, said.table_set)
    usual = terms_for(opened, department).table_set
    if stage is Stage.FINAL:
        usual = said.table_set
    return _held_against(file, content, usual, department, year)


def department_of(said: Belongs, region: Region) -> tuple[Department | None, str, str]:
    """The department that a file names by code, else by name, with or without the region's; or why there is none, and the remedy."""
    departments = list(region.departments.select_related("region"))
    named = _bare(said.unit_name, region)
    unit = same_words(said.unit)
    by_code = [each for each in departments if unit and each.code == unit]
    by_name = [each for each in departments if named and _bare(each.name, region) == named]
    in_use = [each for each in by_name if each.active]
    found = by_code or in_use or by_name
    if not (said.unit or named):
        return None, "文件没有写明是哪个部门。", f"在各表上方写上编制单位，或在封面写上部门名称，{AGAIN}"
    if not found:
        who = "、".join(filter(None, (f"编码 {said.unit}" if said.unit else "", said.unit_name)))
        return (
            None,
            f"{region.name}没有这个部门：{who}。",
            f"核对部门名称；新部门请财政局管理员先建立。{AGAIN}",
        )
    if len(found) > 1:
        codes = "、".join(each.code for each in found)
        return (
            None,
            f"有几个部门都叫“{said.unit_name}”（编码 {codes}）。",
            f"在文件里写上部门预算编码，{AGAIN}",
        )
    if not found[0].active:
        return None, f"{found[0].name}已停用。", "要补录停用部门以前的公开内容，请财政局管理员先恢复在用。"
    return found[0], "", ""


def _bare(name: str, region: Region) -> str:
    return same_words(name).removeprefix(same_words(region.name))


def already(file: BatchFile, department: Department, year: int, stage: str) -> tuple[str, str] | None:
    """Why this department's year has its content of that stage already, and the remedy; None when it is free."""
    forms = [declared.key for declared in tablesets.of_stage(stage)]
    rows = file.batch.files.filter(
        position__lt=file.position, department=department, fiscal_year=year, table_set__in=forms
    )
    if same := rows.filter(verdict__in=HELD).first():
        return (
            f"与本批第 {same.position} 个文件“{same.name}”是同一部门同一年度。",
            "只留一个；要用这一个的，先不导入那一个，另行上传。",
        )
    there = Disclosure.objects.filter(department=department, fiscal_year=year, stage=stage).first()
    if there is None or (there.status == Status.DRAFT and there.version == 1):
        return None
    state = there.get_status_display()
    if there.editable:
        return f"{there}已经开始填报（{state}）。", BY_ACCOUNTANT
    if there.status in (Status.PUBLISHED, Status.WITHDRAWN):
        return f"{there}{state}。", "要改动，请启动更正，再由该部门会计导入。"
    return f"{there}{state}。", f"要换成这份文件，先退回，再{BY_ACCOUNTANT}"


def _held_against(file: BatchFile, content: bytes, usual: str, department: Department, year: int) -> Found:
    """The file held against the draft that it would become, as one that a department hands in is."""
    stage = tablesets.get(usual).stage
    there = Disclosure.objects.filter(department=department, fiscal_year=year, stage=stage).first()
    table_set = form_of(there) if there else usual
    matched: Any = (department, year, table_set)
    try:
        taken = take_in_apart(
            file.name,
            content,
            subjects=ledger.subjects_for(year),
            previous=earlier_year(there or Disclosure(department=department, fiscal_year=year, stage=stage)),
            limits=limits(),
            region=department.region.code,
            region_name=department.region.name,
            unit=department.code,
            unit_name=department.name,
            year=year,
            table_set=table_set,
            transcribed=file.batch.transcribed,
        )
    except Unreadable as refusal:
        return Found(Verdict.UNKNOWN, str(refusal), AGAIN, *matched)
    if why := differing(taken, table_set):
        reason, remedy = why
        return Found(Verdict.DIFFERS, reason, remedy, *matched)
    said_of_it = (
        f"{len(taken.tables)} 张表、{len(taken.ledger.facts)} 个金额、{len(taken.ledger.narratives)} 章"
    )
    same = "各表照录原件" if taken.ledger.given else "各格与明细推算的一致"
    if not tablesets.get(taken.ledger.table_set).tables:
        same = UNDECLARED_NOTE.removesuffix("。")
    return Found(Verdict.FITS, f"{said_of_it}，{same}。", "", department, year, table_set, dumps(taken))


def differing(taken: Taken, table_set: str) -> tuple[str, str] | None:
    """What of a file keeps it from being taken in unseen, and the remedy; None when nothing does."""
    if taken.misplaced:
        return taken.misplaced[0].message, AGAIN
    lost = [error for error in taken.errors if error.rule.startswith("intake-")]
    if not taken.parts:
        return (lost[0].message if lost else "文件里没有可以导入的内容。"), AGAIN
    if not taken.complete:
        parts = [f"{len(taken.differences)} 处金额与明细推算的不一致" if taken.differences else ""]
        parts += [f"{len(lost)} 处没有读取" if lost else ""]
        first = taken.suspects[0] if taken.suspects else None
        where = f"最可能有误的是“{first.sheet}”{first.cell}。" if first else ""
        if lost and not first:
            where = f"例如：{lost[0].message}"
        return f"{'、'.join(filter(None, parts))}。{where}", f"{AGAIN}确实如此的，{BY_ACCOUNTANT}"
    if fine := [*off_quantum(taken.ledger), *fine_records(taken.ledger)]:
        unit = tablesets.get(table_set).unit
        return f"有 {len(fine)} 个金额比表中能印出的（{unit}）更细，要四舍五入。", BY_ACCOUNTANT
    return None

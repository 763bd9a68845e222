"""Made the first golden, once, with the code of commit 9cd382c; kept to show how, not to be run again.

Its imports are those of that commit. `fill` does with the product's own steps what people do over four years; `main`
fills one database, and `write_list` tells what came out. See README.md beside it.
"""

import hashlib
import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import openpyxl

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
PLACES = (
    # region, its name, departments
    ("130225", "乐亭县", (("483", "乐亭县行政审批局"), ("301", "乐亭县财政局"), ("302", "乐亭县教育局"))),
    (
        "310107",
        "上海市普陀区",
        (("101", "上海市普陀区财政局"), ("102", "上海市普陀区教育局"), ("103", "上海市普陀区民政局")),
    ),
)


@contextmanager
def on(*day: int) -> Iterator[None]:
    """That morning in Beijing, whatever the clock says."""
    now = datetime(*day, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with patch("django.utils.timezone.now", lambda: now):
        yield


class Golden:
    """The people of a small portal and the steps they take."""

    def __init__(self) -> None:
        from django.core.management import call_command

        from budgets.models import Department, Person, Region

        call_command("load_subjects", stdout=StringIO())
        Person.objects.create_superuser("central", None, None, name="系统管理员")
        self.departments: dict[str, Any] = {}
        for code, name, departments in PLACES:
            region = Region.objects.create(code=code, name=name)
            for role in ("bureau_officer", "bureau_administrator", "auditor"):
                Person.objects.create_user(
                    f"{role}-{code}", None, None, name=f"{name}{role}", role=role, region=region
                )
            for unit, title in departments:
                department = Department.objects.create(region=region, code=unit, name=title)
                self.departments[f"{code}/{unit}"] = department
                for role in ("accountant", "reviewer"):
                    Person.objects.create_user(
                        f"{role}-{code}-{unit}",
                        None,
                        None,
                        name=f"{title}{role}",
                        role=role,
                        department=department,
                    )

    def accountant(self, disclosure: Any) -> Any:
        return disclosure.department.people.get(role="accountant")

    def officer(self, disclosure: Any) -> Any:
        return disclosure.department.region.people.get(role="bureau_officer")

    def start(self, place: str, year: int, table_set: str = "hebei_2023") -> Any:
        from budgets import starting

        department = self.departments[place]
        by = department.people.get(role="accountant")
        return starting.start(department, year, by=by, table_set=table_set)

    def take_in(self, disclosure: Any, file: Path, *, transcribed: bool = False) -> Any:
        """Take a file into the draft, as the import command does."""
        from budgets import ledger
        from budgets.importing.intake import take_in
        from budgets.importing.saving import save
        from budgets.models import Disclosure
        from budgets.rendering.glyphs import missing_glyphs

        department = disclosure.department
        taken = take_in(
            file,
            region=department.region.code,
            region_name=department.region.name,
            unit=department.code,
            unit_name=department.name,
            year=disclosure.fiscal_year,
            table_set=disclosure.table_set,
            subjects=ledger.subjects_for(disclosure.fiscal_year),
            glyphs=missing_glyphs,
            transcribed=transcribed,
        )
        save(taken, disclosure, self.accountant(disclosure), accept=True)
        return Disclosure.objects.get(pk=disclosure.pk)

    def enter(self, disclosure: Any, seed: int, **header: Any) -> None:
        """A budget drawn at random in which every table ties, with a project, goals where the set has them, and words."""
        from budgets import ledger, tablesets
        from budgets.domain import ledgers
        from budgets.domain.terms import AssetItem, Comparator, Family, Use
        from tests.random_budgets import random_facts

        table_set = tablesets.get(disclosure.table_set)
        facts = random_facts(seed, disclosure.table_set)
        spent = sum(
            fact.amount for fact in facts if fact.family is Family.EXPENDITURE and fact.use is Use.PROJECT
        )
        sides = (("产出指标", "数量指标"), ("效益指标", "社会效益指标"), ("满意度指标", "服务对象满意度指标"))
        goal = ledgers.Goal(
            "窗口运行",
            ("保障窗口运行",),
            tuple(
                ledgers.Indicator(a, b, f"{b}达标率", "达标", Comparator.AT_LEAST, "95", "%", "年度计划")
                for a, b in sides
            ),
        )
        current = ledger.read(disclosure)
        ledger.write(
            disclosure,
            replace(
                current,
                facts=facts,
                projects=(ledgers.Project("窗口运行", spent),) if spent else (),
                goals=(goal,) if spent and disclosure.table_set == "hebei_2023" else (),
                assets=(ledgers.Asset(AssetItem.VEHICLES, 1, 180_000),)
                if disclosure.table_set == "hebei_2023"
                else (),
                narratives=tuple(ledgers.Narrative(w.key, w.title, "无。") for w in table_set.chapters),
                **header,
            ),
        )

    def change(self, disclosure: Any, **header: Any) -> None:
        from budgets import ledger

        disclosure.refresh_from_db()
        ledger.write(disclosure, replace(ledger.read(disclosure), **header))

    def explain(self, disclosure: Any) -> None:
        """Every second warning is explained to the public, the others to the bureau only."""
        from budgets.drafts import draft_of
        from budgets.models import Explanation

        draft = draft_of(disclosure)
        print(disclosure, "errors", [f.message for f in draft.errors], "warnings", len(draft.unexplained))
        for number, finding in enumerate(draft.unexplained):
            Explanation.objects.create(
                disclosure=disclosure,
                finding_key=finding.key,
                rule=finding.rule,
                message=finding.message,
                text=f"经核实，原文如此（第{number + 1}条）。",
                public=number % 2 == 0,
            )

    def publish(self, disclosure: Any, *, pdf: bool = True, queued: bool = False) -> Any:
        from budgets import tasks, workflow
        from budgets.publishing import files
        from budgets.rendering.pdf import PdfUnavailable

        officer = self.officer(disclosure)
        disclosure.refresh_from_db()
        self.explain(disclosure)
        workflow.submit(disclosure, by=self.accountant(disclosure))
        disclosure.refresh_from_db()
        workflow.approve(disclosure, by=officer)
        disclosure.refresh_from_db()
        if queued:
            job = tasks.publish(disclosure, by=officer)
            tasks.run.func(job.pk)
            return disclosure.publications.last()
        if pdf:
            return workflow.publish(disclosure, by=officer)
        with patch.object(files, "render_pdf", side_effect=PdfUnavailable("不能生成 PDF：缺少 libpango。")):
            return workflow.publish(disclosure, by=officer)

    def correct(self, disclosure: Any, reason: str, **header: Any) -> None:
        from budgets import workflow

        disclosure.refresh_from_db()
        workflow.correct(disclosure, by=self.officer(disclosure), reason=reason)
        self.change(disclosure, **header)

    def type_contact(self, disclosure: Any, contact: str) -> None:
        """Change the telephone number at the desk, as the accountant does: the history has a line of it."""
        from django.test import Client

        from tests.admin.forms import fields, of

        client = Client(headers={"host": "localhost"})
        client.force_login(self.accountant(disclosure))
        address = of(disclosure, "basics")
        answer = client.post(address, fields(client.get(address)) | {"contact": contact})
        assert answer.status_code == 302, answer.status_code

    def withdraw(self, disclosure: Any, reason: str) -> None:
        from budgets import workflow

        disclosure.refresh_from_db()
        workflow.withdraw(disclosure, by=self.officer(disclosure), reason=reason)


def renamed(name: str) -> Path:
    """A copy of a sample workbook in which another department's name stands."""
    book = openpyxl.load_workbook(SAMPLE / name)
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str):
            cell.value = cell.value.replace("普陀区财政局", "普陀区教育局")
    copy = (
        Path(os.environ["DATA_DIR"]).parent / "given-tables.xlsx"
    )  # one for both databases: it holds the time
    if not copy.is_file():
        book.save(copy)
    return copy


def fill() -> None:
    from budgets import workflow

    with on(2023, 1, 18):
        golden = Golden()
        sample = golden.start("130225/483", 2023)
        sample = golden.take_in(sample, SAMPLE / "laoting-483-2023-disclosure.docx")
    with on(2023, 2, 3):
        golden.publish(sample)
    with on(2023, 2, 10):
        golden.correct(sample, "联系电话有误，更正为现用号码", contact="0315-4610000")
        golden.publish(sample)
    with on(2023, 2, 6):
        wrong = golden.start("130225/301", 2023)
        golden.enter(wrong, 7, approved_on=date(2023, 1, 20), contact="0315-0000301")
        golden.publish(wrong)
    with on(2023, 2, 8):
        golden.withdraw(wrong, "误将内部稿公开，\n核对后另行公开")
    with on(2024, 2, 1):
        later = golden.start("130225/483", 2024)
        golden.enter(later, 11, approved_on=date(2024, 1, 18), contact="0315-4610000")
        golden.publish(later, pdf=False)
        # The correction of 2024 is being written while r1 is public.
        golden.correct(later, "补充说明机关运行经费", contact="0315-4610001")
        golden.type_contact(later, "0315-4610002")
        twice = golden.start("130225/301", 2024)
        golden.enter(twice, 12, approved_on=date(2024, 1, 18), contact="0315-0000301")
        golden.publish(twice)
    with on(2024, 3, 1):
        golden.correct(twice, "联系方式有误", contact="0315-0000302")
        golden.publish(twice)
        golden.withdraw(twice, "更正稿有误，撤回待查")
    with on(2024, 2, 20):
        handed_in = golden.start("130225/302", 2024)
        golden.enter(handed_in, 13, approved_on=date(2024, 1, 18), contact="0315-0000302")
        golden.explain(handed_in)
        workflow.submit(handed_in, by=golden.accountant(handed_in))
        handed_back = golden.start("130225/302", 2025)
        golden.enter(handed_back, 14, approved_on=date(2025, 1, 18), contact="0315-0000302")
        golden.explain(handed_back)
        workflow.submit(handed_back, by=golden.accountant(handed_back))
        handed_back.refresh_from_db()
        workflow.return_(handed_back, by=golden.officer(handed_back), reason="请核对项目名称")
        golden.start("130225/302", 2026)  # blank
    with on(2025, 2, 12):
        old = golden.start("310107/101", 2025, "shanghai_2023")
        old = golden.take_in(old, SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf", transcribed=True)
        golden.publish(old)
        given = golden.start(
            "310107/102", 2025, "shanghai_2023"
        )  # in work, its tables kept as they were published
        golden.take_in(given, renamed("shanghai-putuo-finance-bureau-2025.xlsx"), transcribed=True)
        other = golden.start("310107/103", 2025, "shanghai_2023")
        golden.enter(other, 21, approved_on=date(2025, 1, 20), contact="021-0000103")
        golden.publish(other, queued=True)
    with on(2026, 2, 9):
        entered = golden.start("310107/101", 2026, "shanghai_2023")
        golden.enter(entered, 22, approved_on=date(2026, 1, 20), contact="021-0000101")
        golden.publish(entered)
    with on(2026, 2, 16):
        golden.correct(entered, "联系电话有误", contact="021-0000111")
        golden.publish(entered)


def listed(root: Path) -> dict[str, Any]:
    """What is public by address: each revision with its hashes, its place in the chain, and its data files."""
    from budgets.models import Publication

    out: dict[str, Any] = {}
    for row in Publication.objects.select_related("state", "department__region").order_by("pk"):
        region, unit = row.department.region.code, row.department.code
        folder = root / "revisions" / row.chain_entry
        out.setdefault(f"{region}/{unit}/{row.fiscal_year}/{row.stage}", []).append(
            {
                "revision": row.revision,
                "standing": row.state.status,
                "withdrawn_reason": row.state.withdrawn_reason,
                "published_on": row.published_on.isoformat(),
                "reason": row.public_reason,
                "pdf_pending": row.state.pdf_pending,
                "payload": row.payload_hash,
                "previous": row.chain_previous,
                "entry": row.chain_entry,
                # The manifest is left out: a PDF that comes later is added to it.
                "files": {
                    file.name: hashlib.sha256(file.read_bytes()).hexdigest()
                    for file in sorted(folder.iterdir())
                    if file.name != "manifest.json"
                },
            }
        )
    return out


def main() -> None:
    """Fill the database of DATABASE_URL and the folder DATA_DIR, both empty; the list goes to DATA_DIR/list.json."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgets.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    with on(2023, 1, 17):
        call_command("migrate", verbosity=0)
    fill()
    call_command("verify", "--render", "--database")
    names = listed(Path(settings.PUBLISHED_ROOT))
    text = json.dumps(names, ensure_ascii=False, indent=1)
    (Path(settings.DATA_DIR) / "list.json").write_text(f"{text}\n", encoding="utf-8")


def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


def pack(filled: Path, postgresql: str, target: Path) -> None:
    """Put away what was made: `filled` is the DATA_DIR with SQLite, `postgresql` the other database's address."""
    with tarfile.open(target / "tree.tar.xz", "w:xz", preset=9) as tar:
        for name in ("published", "uploads"):
            tar.add(filled / name, name, filter=plain)
    copy = filled / "copy.db"
    with sqlite3.connect(filled / "db.sqlite3") as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    (target / "sqlite.db.xz").write_bytes(lzma.compress(copy.read_bytes(), preset=9))
    # As INSERTs, so that any client can replay it; without what only psql understands.
    options = ("--no-owner", "--no-privileges", "--rows-per-insert=200")
    dump = subprocess.run(["pg_dump", *options, postgresql], check=True, capture_output=True).stdout
    lines = [line for line in dump.splitlines(keepends=True) if not line.startswith(b"\\")]
    (target / "postgresql.sql.xz").write_bytes(lzma.compress(b"".join(lines), preset=9))
    (target / "list.json").write_bytes((filled / "list.json").read_bytes())


if __name__ == "__main__":
    if len(sys.argv) == 3:
        pack(Path(sys.argv[1]), sys.argv[2], Path(__file__).parent)
    else:
        main()

"""The portal with its sample, from nothing: database, codes, people, the sample published, a server."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import WSGIServer, get_internal_wsgi_application, run

from budgets import ledger
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing.pipeline import take_in
from budgets.models import (
    DEPARTMENT_ROLES,
    Department,
    Disclosure,
    Explanation,
    FiscalYear,
    Person,
    Region,
    Role,
    Status,
)
from budgets.publishing.folders import make_folder
from budgets.rendering.pdf.renderer import pdf_problem
from budgets.synthetic.counties import FIRST_REGION
from budgets.workflow import intake_saving, lifecycle
from budgets.workflow.drafts import draft_of
from budgets.workflow.starting import start
from budgets.workflow.versions import publications_of
from budgets.workflow.year_opening import open_year

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "laoting-483-2023-disclosure.docx"
REGION, UNIT, YEAR = "130225", "483", 2023
ADDRESS = f"/{REGION}/{UNIT}/{YEAR}/budget/"
# Listed as not published yet. Their names say that they are for show: their real codes are not known here.
OTHERS = (("901", "演示部门一"), ("902", "演示部门二"), ("903", "演示部门三"))
PEOPLE = (
    (Role.ACCOUNTANT, "kuaiji", "演示会计"),
    (Role.REVIEWER, "shenhe", "演示审核"),
    (Role.BUREAU_OFFICER, "caizheng", "演示财政"),
    (Role.BUREAU_ADMINISTRATOR, "guanli", "演示管理"),
    (Role.AUDITOR, "shenji", "演示审计"),
    (Role.CENTRAL_ADMINISTRATOR, "pingtai", "演示平台管理"),
)
EXPLANATION = "样例取自已公开的 2023 年文件，演示时照原文录入，未作改动。"
RECALL_MINUTES = 2  # long enough to see it and to take it back
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is easily mistaken for another
PORTS = range(8000, 8100)
COMPRESSING = "django.middleware.gzip.GZipMiddleware"
WORKER = ("db_worker", "--queue-name", "*", "--no-startup-delay")
COUNTY = (
    "make_county",
    "6",
    "--years",
    "2022",
    "2023",
    "2024",
    "--accounts",
    "2",
)  # departments and years to compare


class Command(BaseCommand):
    help = "演示：建库、载入科目、导入并公开样例、为每个角色建一个人员，然后在本机提供服务。可重复运行。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="只准备数据，不启动服务")
        parser.add_argument("--without-county", action="store_true", help="不再生成一个演示县")
        parser.add_argument("--port", type=int, help="端口；不写则用 8000 或其后第一个空闲的")

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"] or free_port()
        if settings.SITE_ADDRESS == "http://127.0.0.1:8000":
            settings.SITE_ADDRESS = f"http://127.0.0.1:{port}"
            settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [f"http://localhost:{port}"]
        make_folder(Path(settings.STATIC_ROOT))  # WhiteNoise complains about a missing one
        self.stdout.write("准备数据库和科目……")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_subjects", stdout=StringIO())
        department = the_department()
        people = self.people(department)
        open_the_years(department, people[Role.BUREAU_OFFICER])
        disclosure = self.sample(department, people)
        call_command("settle", stdout=StringIO())
        problem = pdf_problem()
        if problem and publications_of(disclosure).filter(state__pdf_pending=True).exists():
            self.stdout.write(f"{problem} 装好后运行 uv run manage.py publish --pending-pdf 即可补上 PDF。")
        if not options["no_serve"]:
            self.serve(port, county=not options["without_county"])

    def people(self, department: Department) -> dict[Role, Person]:
        """One person per role; passwords are made once and kept in a file that only its owner may read."""
        kept = Path(settings.DATA_DIR) / "demo-people.txt"
        found = {}
        for role, username, name in PEOPLE:
            person = Person.objects.filter(username=username).first()
            if person is None:
                password = "".join(secrets.choice(LETTERS) for _ in range(12))
                place: dict[str, Any] = {}
                if role in DEPARTMENT_ROLES:
                    place = {"department": department}
                elif role is not Role.CENTRAL_ADMINISTRATOR:
                    place = {"region": department.region}
                person = Person.objects.create_user(
                    username, password=password, name=name, role=role.value, **place
                )
                make_folder(kept.parent)
                kept.touch(mode=0o600)
                with kept.open("a", encoding="utf-8") as file:
                    file.write(f"{role.label}\t{username}\t{password}\n")
            found[role] = person
        self.stdout.write(f"演示人员（角色、用户名、随机密码，记在 {kept}；仅供本机演示）：")
        for line in kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else ():
            self.stdout.write("  {}　{}　{}".format(*line.split("\t")))
        return found

    def sample(self, department: Department, people: dict[Role, Person]) -> Disclosure:
        """The sample, taken in, explained, submitted, approved and published, as far as that was not done yet."""
        accountant, officer = people[Role.ACCOUNTANT], people[Role.BUREAU_OFFICER]
        disclosure = Disclosure.objects.filter(department=department, fiscal_year=YEAR).first()
        if disclosure is None:
            self.stdout.write(f"导入样例：{department.name}{YEAR}年部门预算……")
            disclosure = start(department, YEAR, by=accountant)
            taken = take_in(
                SAMPLE,
                region=department.region.code,
                region_name=department.region.name,
                unit=department.code,
                unit_name=department.name,
                year=YEAR,
                subjects=ledger.subjects_for(YEAR),
                glyphs=missing_glyphs,
            )
            intake_saving.save(taken, disclosure, accountant)
            explain(disclosure, accountant)
        if publications_of(disclosure).exists():
            self.stdout.write(f"{disclosure}已公开，不再重复导入。")
            return disclosure
        try:
            if disclosure.status == Status.DRAFT:
                disclosure = lifecycle.submit(disclosure, by=accountant)
            if disclosure.status == Status.SUBMITTED:
                disclosure = lifecycle.approve(disclosure, by=officer)
            if disclosure.status == Status.APPROVED:
                self.stdout.write("生成网页、PDF 和数据文件……")
                publication = lifecycle.publish(disclosure, by=officer)
                self.stdout.write(f"已公开 r{publication.revision}，链值 {publication.chain_entry[:12]}。")
        except lifecycle.Refused as refused:
            raise CommandError(f"样例没有公开：{refused}") from None
        return disclosure

    def serve(self, port: int, *, county: bool) -> None:
        """Serve until interrupted, with a worker for publications and previews beside it, and one that draws a county."""
        signal.signal(signal.SIGTERM, interrupted)
        settings.MIDDLEWARE = [COMPRESSING, *settings.MIDDLEWARE]  # as the server in front does
        with beside(*(WORKER, COUNTY) if county else (WORKER,)):
            self.stdout.write(f"公开页面 {settings.SITE_ADDRESS}/　样例 {settings.SITE_ADDRESS}{ADDRESS}")
            self.stdout.write(f"管理后台 {settings.SITE_ADDRESS}/admin/　按 Ctrl+C 停止。")
            if county:
                self.stdout.write(
                    f"演示县（随机生成，可作对比）一两分钟后在 {settings.SITE_ADDRESS}/{FIRST_REGION}/"
                )
            self.stdout.flush()
            try:
                run(
                    "127.0.0.1",
                    port,
                    get_internal_wsgi_application(),
                    threading=True,
                    server_cls=WSGIServer,
                )
            except KeyboardInterrupt:
                self.stdout.write("已停止。")


def interrupted(*_: Any) -> None:
    """Being ended politely is like Ctrl+C, so that the worker is ended too."""
    raise KeyboardInterrupt


def free_port(ports: range = PORTS) -> int:
    """8000, or the next port that nobody listens on."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(f"端口 {ports[0]} 至 {ports[-1]} 都被占用，请用 --port 指定。")


def the_department() -> Department:
    """The sample's department in its region, among others that have published nothing."""
    region, _ = Region.objects.get_or_create(
        code=REGION, defaults={"name": "乐亭县", "recall_minutes": RECALL_MINUTES}
    )
    for code, name in OTHERS:
        Department.objects.get_or_create(region=region, code=code, defaults={"name": name})
    department, _ = Department.objects.select_related("region").get_or_create(
        region=region, code=UNIT, defaults={"name": "乐亭县行政审批局"}
    )
    return department


def open_the_years(department: Department, by: Person) -> None:
    """The year of the sample is open, and the next one, for whoever wants to try how a department begins."""
    have = FiscalYear.objects.filter(region=department.region).values_list("fiscal_year", flat=True)
    for year in {YEAR, YEAR + 1} - set(have):
        open_year(department.region, year, table_set="hebei_2023", by=by)


def explain(disclosure: Disclosure, by: Person) -> None:
    """The department's words on every warning of the sample; kept inside, for they are not the department's own."""
    Explanation.objects.bulk_create(
        Explanation(
            disclosure=disclosure,
            finding_key=finding.key,
            rule=finding.rule,
            message=finding.message,
            text=EXPLANATION,
            person=by,
        )
        for finding in draft_of(disclosure).unexplained
    )


@contextmanager
def beside(*commands: tuple[str, ...]) -> Iterator[None]:
    """These commands in processes of their own, which publish under the same address, ended with the server."""
    environment = os.environ | {"SITE_ADDRESS": settings.SITE_ADDRESS}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    processes = [
        subprocess.Popen(  # noqa: S603
            [*manage, *command, "-v", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
        )  # noqa: S603
        for command in commands
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

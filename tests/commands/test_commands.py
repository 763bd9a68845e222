"""Commands that people run: codes, publishing, exporting, settling, the demo."""

import io
import time
import zipfile

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from budgets.management.commands import demo
from budgets.models import (
    Department,
    Disclosure,
    Explanation,
    Intake,
    Job,
    Person,
    Publication,
    Release,
    Role,
    Status,
    Subject,
)
from budgets.publishing import releases, revision_files, verification
from budgets.rendering.pdf import renderer
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved

pytestmark = pytest.mark.django_db
PLACE = ("130225", "483", 2023, "budget")
HERE = ("--region", "130225", "--unit", "483", "--year", "2023")


def said(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def officer():
    return a_person("bureau_officer")


@pytest.fixture
def published(officer, no_pdf, few_pages):
    return lifecycle.publish(approved(a_sound_disclosure(), officer), by=officer)


def test_codes_are_loaded_with_level_parent_budget_and_confidence():
    assert "新增 1581 个" in said("load_subjects", "2023")
    code = Subject.objects.get(fiscal_year=2023, code="2010301")
    assert (code.name, code.level, code.parent_code, code.confidence) == ("行政运行", 3, "20103", "high")
    assert code.budget == "一般公共"
    cost = Subject.objects.get(fiscal_year=2023, code="30231")
    assert (cost.scheme, cost.basic_group, cost.government_code_administrative) == (
        "economic",
        "公用经费",
        "50208",
    )
    assert Subject.objects.filter(scheme="government_economic").count() == 66


def test_loading_again_mends_and_keeps_what_the_bureau_did():
    said("load_subjects", "2023")
    Subject.objects.filter(code="2010301").update(name="错名", active=False)
    Subject.objects.create(fiscal_year=2023, scheme="function", code="2990101", name="自定", level=3)
    assert "新增 0 个，更正 1 个" in said("load_subjects", "2023")
    assert Subject.objects.get(code="2010301").name == "行政运行"
    assert not Subject.objects.get(code="2010301").active
    assert Subject.objects.filter(name="自定").exists()


def test_codes_that_ended_are_not_loaded_for_later_years():
    said("load_subjects", "2017", "2023")
    years = set(Subject.objects.filter(code="2080504").values_list("fiscal_year", flat=True))
    assert years == {2017}


def test_approved_ones_are_published_by_command(officer, no_pdf, few_pages):
    approved(a_sound_disclosure(), officer)
    a_sound_disclosure(a_department("484", "甲局"))
    told = said("publish", "--year", "2023", "--as", officer.username)
    assert "已公开为 r1，PDF 待生成" in told
    assert Publication.objects.count() == 1
    with pytest.raises(CommandError, match="没有已批准"):
        said("publish", "--as", officer.username)


def test_publishing_by_command_asks_for_a_person_who_may(officer):
    approved(a_sound_disclosure(), officer)
    with pytest.raises(CommandError, match="用户名"):
        said("publish", *HERE)
    with pytest.raises(CommandError, match="部门会计.*不能公开"):
        said("publish", *HERE, "--as", a_person("accountant").username)
    with pytest.raises(CommandError, match="没有这样的"):
        said("publish", "--unit", "999", "--as", officer.username)


def test_pending_pdfs_are_added_and_pages_made_anew_by_command(published, monkeypatch, settings):
    with pytest.raises(CommandError, match="libpango"):
        said("publish", "--pending-pdf")
    monkeypatch.setattr(revision_files, "render_pdf", lambda html, **options: b"%PDF")
    assert "补生成 1 个 PDF" in said("publish", "--pending-pdf")
    assert "没有待生成" in said("publish", "--pending-pdf")
    assert "没有变化" in said("publish", "--rebuild")
    assert verification.verify().mismatches == []


def test_one_file_or_all_of_them_are_exported(published, tmp_path):
    target = tmp_path / "out.xlsx"
    said("export", *HERE, "--format", "xlsx", "-o", str(target))
    assert target.read_bytes() == (releases.address(PLACE) / "disclosure.xlsx").read_bytes()
    with pytest.raises(CommandError, match="还没有生成"):
        said("export", *HERE, "--format", "pdf", "-o", str(tmp_path / "out.pdf"))
    errors = io.StringIO()
    archive = tmp_path / "all.zip"
    call_command("export", "-o", str(archive), stdout=io.StringIO(), stderr=errors)
    with zipfile.ZipFile(archive) as packed:
        name = "130225-483-2023-budget/乐亭县行政审批局_2023_部门预算_r1"
        assert packed.namelist() == [f"{name}.xlsx", f"{name}.csv.zip", f"{name}.json"]
        assert packed.read(f"{name}.json") == published.content
    assert "r1.pdf 待生成" in errors.getvalue()
    assert not list(tmp_path.glob("*.part"))


def test_one_file_of_several_disclosures_is_refused(published, officer, tmp_path):
    other = a_sound_disclosure(a_department("484", "甲局"))
    lifecycle.publish(approved(other, officer), by=officer)
    with pytest.raises(CommandError, match="2 份公开"):
        said("export", "--format", "json", "-o", str(tmp_path / "x"))


def test_what_is_not_public_is_not_exported(tmp_path):
    a_sound_disclosure()
    with pytest.raises(CommandError, match="都没有公开"):
        said("export", *HERE, "-o", str(tmp_path / "x"))


def test_settling_flips_what_a_crash_left(published):
    address = releases.address(PLACE)
    address.unlink()
    assert "130225/483/2023/budget：公开地址已更新。" in said("settle")
    assert address.resolve().name == Release.objects.get().name
    assert "公开地址已更新" not in said("settle")


def test_a_tampered_file_makes_verification_fail(published):
    assert "全部相符" in said("verify", "--database", "--render")
    (releases.address(PLACE) / "index.html").write_text("改过")
    with pytest.raises(CommandError, match="发现 1 处不符") as failed:
        said("verify")
    assert failed.value.returncode == 1


@pytest.mark.slow
def test_the_demo_publishes_the_sample_by_two_people_and_finds_everything_the_second_time(no_pdf):
    told = said("demo", "--no-serve")
    publication = Publication.objects.get()
    assert publication.submitted_by.role == Role.ACCOUNTANT
    assert publication.approved_by.role == Role.BUREAU_OFFICER
    assert Disclosure.objects.get().status == Status.PUBLISHED
    assert Intake.objects.get().name.endswith(".docx")
    assert {person.role for person in Person.objects.all()} == set(Role)
    lines = (settings.DATA_DIR / "demo-people.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 6
    for line in lines:
        role, username, password = line.split("\t")
        assert Person.objects.get(username=username).check_password(password)
        assert role in told
        assert password in told
    assert not Explanation.objects.filter(public=True).exists()  # they are not the department's own words
    assert Department.objects.exclude(publications__isnull=False).count() == 3
    assert (releases.address(PLACE) / "index.html").is_file()
    assert verification.verify(render=True).mismatches == []
    counts = [model.objects.count() for model in (Person, Department, Disclosure, Subject, Intake, Job)]
    assert "不再重复导入" in said("demo", "--no-serve")
    assert counts == [
        model.objects.count() for model in (Person, Department, Disclosure, Subject, Intake, Job)
    ]
    assert Publication.objects.count() == 1


def test_the_worker_of_the_demo_publishes_under_its_address(settings, tmp_path, monkeypatch):
    said_by_worker = tmp_path / "address"
    stand_in = "import os, sys; open(sys.argv[-1], 'w').write(os.environ['SITE_ADDRESS'])"
    settings.SITE_ADDRESS = "http://127.0.0.1:8765"
    start = demo.subprocess.Popen
    monkeypatch.setattr(
        demo.subprocess,
        "Popen",
        lambda command, **how: start([command[0], "-c", stand_in, str(said_by_worker)], **how),
    )
    with demo.beside(demo.WORKER):
        for _ in range(100):
            if said_by_worker.exists() and said_by_worker.read_text():
                break
            time.sleep(0.05)
    assert said_by_worker.read_text() == "http://127.0.0.1:8765"


@pytest.mark.slow
def test_a_demo_that_was_cut_short_goes_on(no_pdf, few_pages, monkeypatch):
    approve = lifecycle.approve

    def cut(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(lifecycle, "approve", cut)
    with pytest.raises(KeyboardInterrupt):
        said("demo", "--no-serve")
    monkeypatch.setattr(lifecycle, "approve", approve)
    said("demo", "--no-serve")
    assert Publication.objects.count() == 1


@pytest.mark.slow
def test_without_pango_the_demo_says_what_to_install_and_how_to_add_the_pdf(no_pdf, few_pages, monkeypatch):
    monkeypatch.setattr(renderer, "_loads", lambda names: False)
    told = said("demo", "--no-serve")
    line = next(line for line in told.splitlines() if "不能生成 PDF" in line)
    assert "apt install" in line
    assert "publish --pending-pdf" in line
    assert Publication.objects.get().state.pdf_pending


def test_the_demo_takes_the_next_free_port():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        free = demo.free_port(range(port, port + 20))
    assert port < free < port + 20

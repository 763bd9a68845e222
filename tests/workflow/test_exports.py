"""What the bureau takes along of a year: whose documents count, and that no file is lost with the worker that made it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.models import Department, Export, ExportKind, JobState, Publication
from budgets.publishing.folders import make_folder, replace, revisions
from budgets.publishing.revision_files import PDF
from budgets.workflow import making_exports as exports
from budgets.workflow.consolidation import scope_of
from tests.makers.disclosures import a_person
from tests.makers.public_years import a_public_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    """A department with two units below it, all public, one approved only, and one that has nothing."""
    region = a_public_year()
    above = Department.objects.get(code="101")
    Department.objects.filter(code__in=("102", "103")).update(supervising_department=above)
    return region


@pytest.fixture
def pdfs(county):
    """Every publication has its file."""
    for publication in Publication.objects.all():
        make_folder(revisions() / publication.chain_entry)
        replace(revisions() / publication.chain_entry / PDF, b"%PDF " + publication.department.code.encode())
    return county


EVERY = 29  # of the steps at which a worker dies one is tried; each of them was, too


class Killed(BaseException):
    """What nothing catches: the worker is gone at once, and leaves its row as it stands."""


class Works:
    """Stands for WeasyPrint and the binder; dies at the step that is asked for."""

    def __init__(self, monkeypatch) -> None:
        self.steps, self.dies_at, self.set, self.bound = 0, 0, [], []
        monkeypatch.setattr(exports, "render_pdf", self.render)
        monkeypatch.setattr(exports, "bind_apart", self.bind)
        monkeypatch.setattr(exports, "pages_of", lambda contents: [self.step() or 2 for _ in contents])

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.dies_at:
            raise Killed

    def render(self, html, *, created):
        self.step()
        self.set.append(html)
        return html.encode()

    def bind(self, front, specimen, parts, progress):
        for n in range(1, len(parts) + 1):
            progress(n, len(parts) + 1)
            self.step()
        progress(len(parts) + 1, len(parts) + 1)
        self.bound.append((front, parts))
        return b"%PDF book"


@pytest.fixture
def works(monkeypatch):
    return Works(monkeypatch)


def book(region) -> Export:
    return exports.ask(ExportKind.BOOK, region, 2023, by=a_person("bureau_officer", region=region))


def codes(counted) -> list[str]:
    return [each.department.code for each in counted]


def test_units_inside_a_department_are_not_counted_twice(county):
    both = scope_of(county, 2023)
    assert codes(both.counted) == ["101", "102", "103"] and both.inside == ()
    assert any(each.startswith("甲局与下属单位（乙局、丙局）分别计入") for each in both.words)
    Department.objects.filter(code="101").update(includes_units=True)
    scope = scope_of(county, 2023)
    assert codes(scope.counted) == ["101"]
    assert [(unit.department.code, above.code) for unit, above in scope.inside] == [
        ("102", "101"),
        ("103", "101"),
    ]
    assert scope.standing == "已公开 3／5，未包含：丁局、戊局"
    assert "甲局的预算已含下属单位，未另计：乙局、丙局。" in scope.words and "分别计入" not in "".join(
        scope.words
    )
    (heading, total), (_, twice) = scope.documents[0], both.documents[0]
    assert heading == "汇总表"
    assert twice.figures[0].amount == 3 * total.figures[0].amount > 0


def test_a_department_that_is_not_there_contains_nobody(county):
    Department.objects.filter(code="105").update(includes_units=True)
    Department.objects.filter(code__in=("102", "103")).update(
        supervising_department=Department.objects.get(code="105")
    )
    assert codes(scope_of(county, 2023).counted) == ["101", "102", "103"]


def test_a_circle_of_supervisors_ends(county):
    a, b = Department.objects.get(code="101"), Department.objects.get(code="102")
    Department.objects.filter(pk=a.pk).update(supervising_department=b)
    Department.objects.filter(pk__in=(a.pk, b.pk)).update(includes_units=True)
    assert {*codes(scope_of(county, 2023).present)} == {"101", "102", "103"}


def test_what_is_approved_counts_when_asked_for_and_is_marked(county):
    scope = scope_of(county, 2023, approved=True)
    assert codes(scope.counted) == ["101", "102", "103", "104"]
    assert scope.standing == "已公开 3／5，另含已批准未公开 1 个：丁局，未包含：戊局"


def test_a_book_holds_the_tables_and_every_published_file(pdfs, works, settings):
    Department.objects.filter(code="101").update(includes_units=True)
    export = book(pdfs)
    assert (export.state, export.done) == (JobState.DONE, export.of)
    ((front, parts),) = works.bound
    assert [part.content for part in parts if not part.within] == [b"%PDF 101", b"%PDF 102", b"%PDF 103"]
    assert [part.title for part in parts if not part.within] == ["101 甲局", "102 乙局", "103 丙局"]
    assert sum(bool(part.within) for part in parts) == 11  # the words, nine tables, “三公”经费 by department
    assert "未包含：丁局、戊局" in front.decode() and f"共 {2 + 2 * len(parts)} 页" in export.message
    file = exports.file_of(export)
    assert file.read_bytes() == b"%PDF book" and not file.is_relative_to(settings.PUBLISHED_ROOT)
    assert exports.name_of(export) == "乐亭县2023年部门预算公开汇编.pdf"
    assert list(file.parent.iterdir()) == [file]  # what was kept on the way is gone


def test_a_missing_pdf_is_told_and_none_at_all_is_refused(county, works):
    refused = book(county)
    assert (refused.state, refused.message) == (
        JobState.FAILED,
        "本年度还没有已公开的 PDF，没有可以汇编的内容。",
    )
    one = Publication.objects.get(department__code="102")
    make_folder(revisions() / one.chain_entry)
    replace(revisions() / one.chain_entry / PDF, b"%PDF 102")
    export = book(county)
    assert (
        export.state == JobState.DONE
        and "甲局、丙局" in export.message
        and "甲局、丙局" in works.bound[0][0].decode()
    )


def test_killed_at_every_step_it_goes_on_and_ends(pdfs, works, settings):
    """What was set before is not set again; the file is there at the end alone."""
    book(pdfs)
    whole, steps = len(works.set), works.steps
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    for step in range(1, steps + 1, EVERY):
        export = book(pdfs)
        works.steps, works.dies_at, works.set = 0, step, []
        with pytest.raises(Killed):
            exports.make.func(export.pk)
        assert not exports.file_of(export).exists()
        works.dies_at = 0
        DBTaskResult.objects.all().delete()  # the dead worker had taken its place
        assert exports.requeue(timedelta(seconds=-1)) == 1
        exports.make.func(export.pk)
        export.refresh_from_db()
        assert (export.state, export.attempts) == (JobState.DONE, 2)
        assert exports.file_of(export).is_file() and len(works.set) == whole, step
        assert exports.requeue(timedelta(seconds=-1)) == 0


def test_the_same_is_not_made_twice_at_once(pdfs, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    person = a_person("bureau_officer")
    first = book(pdfs)
    assert book(pdfs) == first
    assert exports.ask(ExportKind.TABLES, pdfs, 2023, by=person) != first
    assert exports.ask(ExportKind.BOOK, pdfs, 2022, by=person) != first


def test_files_are_kept_thirty_days(pdfs, works):
    export = book(pdfs)
    assert exports.forget_exports().number == 0
    Export.objects.update(queued_at=timezone.now() - timedelta(days=31))
    young = book(pdfs)
    assert exports.forget_exports().number == 1
    assert not exports.file_of(export).exists() and exports.file_of(young).exists()
    assert list(Export.objects.all()) == [young]


def test_an_archive_holds_the_files_of_the_region_alone(pdfs):
    chosen = list(
        Publication.objects.values_list("disclosure", flat=True)
    )  # one of another region among them
    person = a_person("bureau_officer")
    export = exports.ask(ExportKind.ARCHIVE, pdfs, 2023, by=person, file=PDF, disclosures=chosen)
    assert (export.state, export.message) == (JobState.DONE, "共 3 个文件。")
    assert exports.name_of(export) == "乐亭县2023年部门预算PDF.zip"

"""Handing in files: many at once leave one that waits, and one that fails leaves nothing."""

import threading
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from budgets.models import Intake, Job
from budgets.workflow import background, lifecycle
from budgets.workflow.intake_saving import hand_in
from tests.makers.disclosures import a_disclosure, a_person, a_sound_disclosure, submitted

AT_ONCE = 20


def kept(settings) -> list[Path]:
    return [file for file in Path(settings.UPLOAD_ROOT).rglob("*") if file.is_file()]


def post(client: Client, disclosure, n: int) -> int:
    url = reverse("admin:budgets_disclosure_intake", args=[disclosure.pk])
    file = SimpleUploadedFile(f"{n}.xlsx", b"no workbook")
    return client.post(url, {"file": file}).status_code


def signed_in(person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


@pytest.mark.slow
@pytest.mark.django_db
def test_the_next_file_takes_the_place_of_the_one_that_waits(settings):
    """One person's; a colleague's own file stays."""
    disclosure, person, colleague = a_disclosure(), a_person("accountant"), a_person("accountant")
    post(signed_in(colleague), disclosure, 0)
    client = signed_in(person)
    assert {post(client, disclosure, n) for n in (1, 2, 3)} == {302}
    assert sorted(Intake.objects.values_list("name", flat=True)) == ["0.xlsx", "3.xlsx"]
    assert Job.objects.count() == len(kept(settings)) == 2
    assert {file.name for file in kept(settings)} == {Path(i.file.name).name for i in Intake.objects.all()}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs rows that can be locked")
def test_many_at_once_leave_one(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    disclosure, person = a_disclosure(), a_person("accountant")
    clients = [signed_in(person) for _ in range(AT_ONCE)]
    barrier, answers = threading.Barrier(AT_ONCE), []

    def one(n: int) -> None:
        barrier.wait(30)
        try:
            answers.append(post(clients[n], disclosure, n))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302] * AT_ONCE
    assert Intake.objects.count() == Job.objects.count() == len(kept(settings)) == 1


def half_written(self, name, content):
    path = Path(self.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.read()[:3])
    raise OSError(28, "No space left on device")


@pytest.mark.sweep(1)
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("owner", "name", "fails", "status"),
    [
        (FileSystemStorage, "_save", half_written, 503),
        (Intake, "save", lambda self, **options: 1 / 0, 500),
        (background, "reading", lambda intake, *, by: 1 / 0, 500),
    ],
)
def test_a_failed_one_leaves_nothing_and_takes_nothing_away(
    settings, monkeypatch, owner, name, fails, status
):
    disclosure, person = a_disclosure(), a_person("accountant")
    client = signed_in(person)
    post(client, disclosure, 1)
    before = kept(settings)
    monkeypatch.setattr(owner, name, fails)
    assert post(client, disclosure, 2) == status
    assert list(Intake.objects.values_list("name", flat=True)) == ["1.xlsx"]
    assert kept(settings) == before


@pytest.mark.django_db
def test_the_same_file_twice_is_two_files(settings):
    """So that what is removed after a failure, or forgotten, is nobody else's."""
    disclosure = a_disclosure()
    for person in (a_person("accountant"), a_person("accountant")):
        hand_in(disclosure, "a.xlsx", ContentFile(b"same"), person)
    assert len(kept(settings)) == 2


@pytest.mark.django_db
def test_what_was_submitted_in_the_same_moment_takes_no_file(settings):
    disclosure = a_sound_disclosure()
    person = a_person("accountant")
    submitted(disclosure)
    with pytest.raises(lifecycle.NotAllowed):
        background.take_in(disclosure, ContentFile(b"x", "a.xlsx"), by=person)
    assert not kept(settings) and not Intake.objects.exists()

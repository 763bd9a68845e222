"""The pages of many files at once: the upload, the table with reasons and remedies, and who sees none of it."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets.admin import batch_pages
from budgets.models import Batch, BatchFile, Disclosure, Verdict
from budgets.workflow import batch_files, batch_matching
from tests.makers.batches import HOSTILE
from tests.makers.disclosures import a_department, a_person, a_region

from .forms import enter

pytestmark = pytest.mark.django_db
URL = "/admin/batches/"


@pytest.fixture
def read_as_said(monkeypatch):
    """A file fits, differs or is unknown as its bytes say."""
    department = a_department("101", "甲局")

    def found(file, content):
        if content == b"differs":
            return batch_matching.Found(
                Verdict.DIFFERS, "3 处金额不一致。", "改好以后重新上传。", department, 2023
            )
        if content == b"unknown":
            return batch_matching.Found(Verdict.UNKNOWN, "没有写明部门。", "写上部门。")
        return batch_matching.Found(Verdict.FITS, "9 张表。", "", department, 2023, "hebei_2023", "{}")

    monkeypatch.setattr(batch_files, "found_in", found)


def files(*contents: bytes):
    return [SimpleUploadedFile(f"{n}.xlsx", content) for n, content in enumerate(contents, 1)]


@pytest.mark.parametrize("role", ["bureau_officer", "bureau_administrator"])
def test_the_table_names_each_file_with_its_reason_and_remedy(client, read_as_said, role):
    enter(client, role)
    page = client.post(URL, {"upload": files(b"fits", b"differs", b"unknown", b"")}, follow=True)
    assert page.status_code == 200
    for words in (
        "甲局 2023",
        "3 处金额不一致。",
        "改好以后重新上传。",
        "没有写明部门。",
        "写上部门。",
        "对得上 2",
    ):
        assert words in page.text
    assert page.text.count('name="chosen"') == 2
    assert [file.position for file, _ in page.context["rows"]] == [
        2,
        3,
        1,
        4,
    ]  # what is to be done comes first
    batch = Batch.objects.get()
    assert client.get(reverse("admin:batch_progress", args=[batch.pk])).json()["state"] == "done"
    assert str(batch.person) in client.get(URL).text


def test_what_is_not_chosen_or_does_not_fit_is_not_taken(client, read_as_said, monkeypatch):
    enter(client, "bureau_officer")
    client.post(URL, {"upload": files(b"differs", b"fits")})
    batch = Batch.objects.get()
    url = reverse("admin:batch", args=[batch.pk])
    differs = batch.files.get(position=1)
    for chosen in ([], [differs.pk], ["x", "٣", "1" * 30], [10**9]):
        assert "没有选中对得上的文件" in client.post(url, {"chosen": chosen}, follow=True).text
    assert not Disclosure.objects.exists()
    taken = []
    monkeypatch.setattr(batch_files, "_take", lambda file: taken.append(file.position))
    client.post(url, {"chosen": [file.pk for file in batch.files.all()]})
    assert taken == [2]


def test_a_page_that_waits_says_how_far_it_is(client, read_as_said):
    enter(client, "bureau_officer")
    client.post(URL, {"upload": files(b"fits", b"fits", b"fits")})
    batch = Batch.objects.get()
    BatchFile.objects.filter(position__gt=1).update(state="queued", verdict="")
    page = client.get(reverse("admin:batch", args=[batch.pk]))
    assert "已完成 1／3 个" in page.text
    assert "等待读取" in page.text
    progress = client.get(reverse("admin:batch_progress", args=[batch.pk])).json()
    assert progress == {"state": "waiting", "message": "已完成 1／3 个"}


def test_an_upload_is_refused_in_words(client, db, monkeypatch):
    enter(client, "bureau_officer")
    assert "请选择文件" in client.post(URL, {}).text
    monkeypatch.setattr(batch_pages, "MOST_FILES", 2)
    assert "请分几次上传" in client.post(URL, {"upload": files(b"a", b"b", b"c")}).text
    monkeypatch.setattr(batch_pages, "MOST_BYTES", 3)
    assert "请分几次上传" in client.post(URL, {"upload": files(b"ab", b"cd")}).text
    monkeypatch.setattr(batch_pages, "MAX_FILE", 1)
    assert "1.xlsx" in client.post(URL, {"upload": files(b"ab")}).text
    assert not Batch.objects.exists()


@pytest.mark.slow
def test_a_hostile_archive_leaves_nothing(client, db, settings):
    enter(client, "bureau_officer")
    for which in ("slip", "encrypted"):
        make, words = HOSTILE[which]
        assert words in client.post(URL, {"upload": [SimpleUploadedFile("收集.zip", make())]}).text
    assert not Batch.objects.exists()
    assert not settings.UPLOAD_ROOT.exists() or not any(p.is_file() for p in settings.UPLOAD_ROOT.rglob("*"))


@pytest.mark.parametrize("role", ["accountant", "reviewer", "auditor", "central_administrator"])
def test_others_find_nothing(client, here, role):
    client.force_login(a_person(role))
    for name, args in (("batches", []), ("batch", [here.batch.pk]), ("batch_progress", [here.batch.pk])):
        for method in ("get", "post"):
            assert getattr(client, method)(reverse(f"admin:{name}", args=args)).status_code == 404


def test_another_county_finds_nothing(client, here):
    client.force_login(a_person("bureau_officer", region=a_region("130224", "滦南县")))
    assert client.get(reverse("admin:batch", args=[here.batch.pk])).status_code == 404
    assert reverse("admin:batch", args=[here.batch.pk]) not in client.get(URL).text


def test_a_scope_that_lets_everything_through_is_noticed(client, here, monkeypatch):
    """The negative control of the two tests above."""
    from budgets import access

    monkeypatch.setattr(access, "batches_for", lambda user: Batch.objects.all())
    client.force_login(a_person("bureau_officer", region=a_region("130224", "滦南县")))
    assert client.get(reverse("admin:batch", args=[here.batch.pk])).status_code == 200


def test_a_batch_is_called_by_the_minute_in_beijing(db):
    at = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)
    assert str(Batch(region=a_region(), at=at)) == "乐亭县 2026-12-01 00:05"

"""A minute of publication on the desk: asked for, said, taken back with one press, and nothing offered while it runs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from budgets.admin.publishing_times import UNDER_WAY, look_again
from budgets.models import Disclosure, Job, Publication, Region
from budgets.workflow import lifecycle
from budgets.workflow.stepping import BEIJING, in_beijing
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, submitted

from .forms import enter, of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages")]
YEAR = "/admin/overview/2023/"


@pytest.fixture(autouse=True)
def queued(settings):
    """Jobs wait in the database for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


@pytest.fixture
def two(client):
    """Two departments' approved disclosures, and their officer at the browser."""
    enter(client, "bureau_officer")
    other = a_person("bureau_officer")
    made = [a_sound_disclosure(a_department(code, f"{code}局")) for code in ("101", "102")]
    for each in made:
        lifecycle.approve(submitted(each), by=other)
    Region.objects.update(recall_minutes=10)
    return [Disclosure.objects.get(pk=each.pk) for each in made]


def press(client, disclosure, key: str, **more: str):
    version = Disclosure.objects.get(pk=disclosure.pk).version
    return client.post(of(disclosure, "step", key), {"version": version, **more}, follow=True)


def minute(**ahead: int) -> str:
    """A minute from now as a browser sends it."""
    return (timezone.now() + timedelta(**ahead)).astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def due(disclosure):
    return Disclosure.objects.get(pk=disclosure.pk).publish_at


def test_it_is_said_wherever_it_is_listed_and_taken_back_with_one_press(client, two):
    page = client.get(of(two[0], "step", "publish")).text
    assert "约 10 分钟公开" in page and "公开时间（北京时间）" in page
    page = press(client, two[0], "publish").text
    words = f"将于 {in_beijing(due(two[0]))}公开，在此之前可以撤回"
    assert page.count(words) == 2  # told once, and as its state
    assert "定时公开" in page and "data-look-again" in page
    assert of(two[0], "step", "publish") not in page and page.count(of(two[0], "step", "unschedule")) == 1
    home = client.get("/admin/").text
    assert words in home and home.count(of(two[0], "step", "unschedule")) == 1
    assert "定时公开 1" in client.get(YEAR).text
    enter(client, "accountant", department=two[0].department)
    own = client.get("/admin/").text
    assert words in own and of(two[0], "step", "unschedule") not in own
    assert press(client, two[0], "unschedule").status_code == 403
    enter(client, "bureau_officer")
    page = press(client, two[0], "unschedule").text
    assert "已撤回，到时不公开。" in page and due(two[0]) is None
    assert words not in page and of(two[0], "step", "publish") in page


IMPOSSIBLE = (
    ({"minutes": 3}, "太早"), ({"days": -1}, "太早"), ({"days": 500}, "核对年份"), ("2026-13-01T09:00", "请把日期和时间都填上"),
    ("2099-12-01", "请把日期和时间都填上"), ("９", "请把日期和时间都填上"), ("9" * 5000, "请把日期和时间都填上"), ("\x00", ""),
)  # fmt: skip


def test_a_minute_that_cannot_be_is_refused_in_words(client, two):
    for given, words in IMPOSSIBLE:
        typed = given if isinstance(given, str) else minute(**given)
        answer = press(client, two[0], "publish", at=typed)
        assert words in answer.text and due(two[0]) is None, given
        chosen = f"{two[0].pk}:{two[0].version}"
        many = client.post(YEAR, {"do": "publish", "chosen": chosen, "at": typed}, follow=True)
        assert words in many.text and due(two[0]) is None, given
        assert not Job.objects.exists(), given


def test_a_minute_is_beijings_whatever_zone_the_portal_is_set_to(client, two, settings):
    settings.TIME_ZONE = "UTC"
    typed = minute(days=2)
    press(client, two[0], "publish", at=typed)
    assert due(two[0]).astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M") == typed


def test_many_are_scheduled_and_taken_back_together(client, two):
    typed = minute(days=2)
    chosen = [f"{d.pk}:{d.version}" for d in two]
    page = client.post(YEAR, {"do": "publish", "chosen": chosen, "at": typed}, follow=True)
    assert "已定时 2 个部门。将于" in page.text
    assert {due(d).astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M") for d in two} == {typed}
    assert page.text.count("<small>" + typed[5:10] + " " + typed[11:] + "</small>") == 2
    chosen = [f"{d.pk}:{d.version + 1}" for d in two]
    page = client.post(YEAR, {"do": "unschedule", "chosen": chosen}, follow=True)
    assert "已撤回定时公开 2 个部门" in page.text and [due(d) for d in two] == [None, None]


def test_nothing_is_offered_while_it_is_published(client, two):
    for each in two:
        press(client, each, "publish")
    Disclosure.objects.filter(pk=two[0].pk).update(publish_at=timezone.now())
    Job.objects.filter(disclosure=two[0], kind="publish").update(due_at=due(two[0]))
    hub = client.get(of(two[0], "change")).text
    assert "正在公开" in hub and 'type="button" disabled' in hub and of(two[0], "step", "return") not in hub
    assert of(two[0], "step", "unschedule") not in hub
    home, year = client.get("/admin/").text, client.get(YEAR).text
    assert "正在公开" in home and of(two[0], "step", "unschedule") not in home
    assert year.count("disabled") == 1 and "正在公开" in year
    assert all(f'data-look-again="{UNDER_WAY}"' in page for page in (home, year))
    assert press(client, two[0], "unschedule").status_code == 409


def test_pages_wait_for_a_minute_that_is_near(two):
    assert look_again(two) is None
    two[0].publish_at = timezone.now() + timedelta(hours=3)
    assert look_again([*two, None]) is None
    two[1].publish_at = timezone.now() + timedelta(seconds=30)
    assert 30 <= look_again(two) <= 32


def test_the_day_it_becomes_public_is_what_the_law_counts(client, two):
    """Scheduled in time and late all the same, when its day is: 20 days after approval are over."""
    press(client, two[0], "publish", at=minute(days=2))
    page = client.get(YEAR).text
    assert "逾期" in page and not Publication.objects.exists()

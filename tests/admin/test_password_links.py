"""One-time links: the account has no password meanwhile, the link works once, in time, for that account only."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.models import Person
from tests.makers.disclosures import a_department, a_person, a_region

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = "wan-yuan-2023", "qing-qi-4567", "bai-yun-8901"
LINK = re.compile(r"http://testserver(/admin/password/[^<\s]+)")


@pytest.fixture
def office(client):
    client.force_login(a_person("bureau_administrator"))
    return client


def links(answer) -> list[str]:
    assert answer.status_code == 200, answer
    return LINK.findall(answer.text)


def issue(office, person) -> str:
    (link,) = links(office.post(reverse("admin:budgets_person_password", args=[person.pk])))
    return link


def use(link: str, password: str = NEW, client: Client | None = None):
    """Open the link and set a password, as a browser would; the answer to what was last asked."""
    client = client or Client()
    opened = client.get(link)
    if opened.status_code != 302:
        return opened
    assert "/new/" in opened.url  # the token leaves the address
    return client.post(opened.url, {"new_password1": password, "new_password2": password})


def knows(person, password: str) -> bool:
    return Person.objects.get(pk=person.pk).check_password(password)


def test_a_link_sets_a_password_once(office):
    person = a_person("accountant", password=OLD)
    theirs = Client()
    theirs.force_login(person)
    link = issue(office, person)
    assert not knows(person, OLD) and theirs.get(reverse("admin:index")).status_code == 302
    assert use(link).url == reverse("admin:login")
    assert knows(person, NEW)
    assert use(link, OTHER).status_code == 410 and knows(person, NEW)
    login = Client().post(reverse("admin:login"), {"username": person.username, "password": NEW})
    assert login.status_code == 302
    said = list(LogEntry.objects.filter(object_id=str(person.pk)).values_list("change_message", flat=True))
    assert any("链接设了密码" in words for words in said) and any("原密码" in words for words in said)


def test_a_page_opened_before_the_password_was_set_sets_no_second_one(office):
    person = a_person("accountant")
    link, late = issue(office, person), Client()
    way = late.get(link).url
    use(link)
    assert late.post(way, {"new_password1": OTHER, "new_password2": OTHER}).status_code == 410
    assert knows(person, NEW)


def test_a_newer_link_ends_the_older_one(office):
    person = a_person("accountant")
    old, new = issue(office, person), issue(office, person)
    assert use(old).status_code == 410 and use(new).status_code == 302


def test_who_has_a_link_that_still_works_is_not_ticked_again(office, settings):
    """Ticking them would end the slip that they hold."""
    held, bare = a_person("accountant", name="有条"), a_person("reviewer", name="无条")
    url = reverse("admin:budgets_person_links")
    assert office.get(url).text.count('name="chosen"') == 2
    office.post(url, {"chosen": [held.pk]})
    page = office.get(url).text
    assert f'value="{bare.pk}" checked>' in page and f'value="{held.pk}"> 有条' in page
    assert "链接还有效的 1 人没有选上" in page and page.count("有效到") == 1
    LogEntry.objects.update(action_time=timezone.now() - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT))
    assert f'value="{held.pk}" checked>' in office.get(url).text


def test_a_link_expires_and_belongs_to_one_account(office, settings, monkeypatch):
    person, other = a_person("accountant"), a_person("reviewer")
    link = issue(office, person)
    whose = reverse("admin:password_link", args=["x", "y"]).split("x")[0]
    stolen = issue(office, other).split("/")[-2]
    assert use(f"{whose}{link.split('/')[-3]}/{stolen}/").status_code == 410
    later = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert use(link).status_code == 410


def test_a_closed_account_has_no_link(office):
    person = a_person("accountant")
    link = issue(office, person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert use(link).status_code == 410
    assert "已停用" in office.post(reverse("admin:budgets_person_password", args=[person.pk])).text


def test_a_weak_password_is_refused_and_the_link_lives(office):
    person = a_person("accountant")
    link, browser = issue(office, person), Client()
    assert use(link, "123", browser).status_code == 200
    assert use(link).status_code == 302


@pytest.mark.parametrize("how", ["get", "post"])
def test_links_are_made_for_whom_one_manages_only(office, how):
    """Not oneself, not a peer, not somebody of another region; and a page that is only looked at ends nothing."""
    mine = a_person("accountant", password=OLD)
    peer = a_person("bureau_administrator", password=OLD)
    far = a_person(
        "accountant", department=a_department("101", "远局", a_region("130224", "滦南县")), password=OLD
    )
    for person, status in ((peer, 403), (far, 404)):
        url = reverse("admin:budgets_person_password", args=[person.pk])
        assert getattr(office, how)(url).status_code == status and knows(person, OLD)
    assert office.get(reverse("admin:budgets_person_password", args=[mine.pk])).status_code == 200
    assert knows(mine, OLD)
    Person.objects.filter(pk__in=[peer.pk, far.pk]).update(password="!x")
    page = office.get(reverse("admin:budgets_person_links"))
    assert f'value="{far.pk}"' not in page.text and f'value="{peer.pk}"' not in page.text
    forged = office.post(reverse("admin:budgets_person_links"), {"chosen": [far.pk, peer.pk, "x", "9" * 40]})
    assert links(forged) == []


def test_slips_for_many_are_one_a_person(office):
    """Each with name, account and an address of its own; none is kept anywhere."""
    people = [a_person("accountant", name=f"会计{n}") for n in range(5)]
    page = office.post(reverse("admin:budgets_person_links"), {"chosen": [p.pk for p in people]})
    found = links(page)
    assert len(set(found)) == 5 and page.text.count("data:image/svg+xml") == 5
    for person, link in zip(people, found, strict=True):
        assert person.username in page.text and use(link).status_code == 302
    assert "no-store" in page.headers["Cache-Control"]
    assert all(link.split("/")[-2] not in str(LogEntry.objects.values()) for link in found)


@pytest.mark.parametrize("role", ["accountant", "reviewer", "bureau_officer", "auditor"])
def test_others_make_no_links(client, role):
    client.force_login(a_person(role))
    assert client.get(reverse("admin:budgets_person_links")).status_code == 403
    assert client.post(reverse("admin:budgets_person_links")).status_code == 403


def test_a_link_that_outlives_its_use_is_noticed(office, monkeypatch):
    """The negative control: a token that does not depend on the password works twice."""
    monkeypatch.setattr(
        PasswordResetTokenGenerator, "_make_hash_value", lambda self, user, stamp: f"{user.pk}{stamp}"
    )
    link = issue(office, a_person("accountant"))
    assert use(link).status_code == 302 and use(link, OTHER).status_code == 302

"""The page 我的登录方式: setting a telephone up, recovery codes, taking a factor away, sessions listed and ended."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from budgets import factors
from budgets.admin import own_factors, sessions
from budgets.models import Person, SignIn
from tests.makers.disclosures import a_person
from tests.makers.second_factors import a_telephone, code_of, patience, require, wrong_code_of

from .test_pages import read

pytestmark = pytest.mark.django_db
PASSWORD = "wan-yuan-2023"


def url(name: str = "own_factors") -> str:
    return reverse(f"admin:{name}")


def at(person, *, agent: str = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0", shown=None) -> Client:
    """A browser in which this person is signed in, and has shown this factor."""
    client = Client(headers={"user-agent": agent})
    client.force_login(person)
    if shown:
        session = client.session
        session["otp_device_id"] = shown.persistent_id
        session.save()
    assert client.get(url("index")).status_code in (200, 302)
    return client


def do(client: Client, what: str, **more):
    return client.post(url(), {"do": what, **more}, follow=True)


@pytest.fixture
def person():
    return a_person("bureau_officer", password=PASSWORD)


def test_a_telephone_counts_from_its_first_right_code_on(person):
    client = at(person)
    page = do(client, "code")
    device = TOTPDevice.objects.get(user=person)
    assert not device.confirmed and "data:image/svg+xml" in page.text
    letters = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1]
    assert len(letters.replace(" ", "")) == 32 and read(page).english() <= {*letters.split()}
    assert client.get(url("index")).status_code == 200  # nothing is asked yet
    refused = client.post(url("own_code"), {"token": wrong_code_of(device)})
    assert "验证码不对" in refused.text and not factors.factors_of(person)
    patience(device)
    answer = client.post(url("own_code"), {"token": code_of(device)}, follow=True)
    assert "手机验证码已设好" in answer.text and factors.factors_of(person) == [device]
    assert client.get(url("index")).status_code == 200  # this session has just shown it
    made = client.post(url("own_recovery"))
    assert len(re.findall(r"<li><code>\w{5}-\w{5}</code>", made.text)) == 10
    assert read(client.get(url("own_recovery"))).english() == set()
    history = reverse("admin:budgets_person_history", args=[person.pk])
    told = at(a_person("bureau_administrator")).get(history).text
    assert "本人设置手机验证码" in told and "本人生成一组恢复码" in told


@pytest.mark.slow
def test_a_new_telephone_takes_the_place_of_the_old_one(person):
    old = a_telephone(person)
    client = at(person, shown=old)
    do(client, "code")
    new = TOTPDevice.objects.get(user=person, confirmed=False)
    assert client.get(url("index")).status_code == 200 and factors.factors_of(person) == [old]
    client.post(url("own_code"), {"token": code_of(new)})
    assert factors.factors_of(person) == [new] and client.get(url("index")).status_code == 200


def test_with_the_last_factor_go_the_recovery_codes(person):
    phone = a_telephone(person)
    factors.new_codes(person)
    client = at(person, shown=phone)
    assert client.post(url(), {"do": "remove", "device": "otp_totp.totpdevice/0"}).status_code == 404
    theirs = a_telephone(a_person("auditor"))
    assert client.post(url(), {"do": "remove", "device": theirs.persistent_id}).status_code == 404
    assert "已删除" in do(client, "remove", device=phone.persistent_id).text
    assert factors.codes_left(person) == 0 and client.get(url("index")).status_code == 200
    assert "先设置" in client.get(url("own_recovery"), follow=True).text


@pytest.mark.slow
def test_the_last_factor_stays_where_one_is_asked_for(person):
    phone = a_telephone(person)
    require(person)
    client = at(person, shown=phone)
    assert "请先添加另一种" in do(client, "remove", device=phone.persistent_id).text
    assert factors.factors_of(person) == [phone]


@pytest.mark.sweep(1)
@pytest.mark.parametrize("what", ["code", "remove", "own_code", "own_recovery"])
def test_an_unattended_desk_changes_nothing(person, what):
    phone = a_telephone(person)
    client = at(person, shown=phone)
    TOTPDevice.objects.create(user=person, confirmed=False)
    SignIn.objects.update(began=timezone.now() - timedelta(minutes=16))
    if what.startswith("own"):
        answer = client.post(url(what), {"token": "123456"}, follow=True)
    else:
        answer = do(client, what, device=phone.persistent_id)
    assert "登录已超过 15 分钟" in answer.text and answer.redirect_chain
    assert factors.factors_of(person) == [phone] and factors.codes_left(person) == 0
    again = client.post(url(), {"do": "again"})
    assert again.url == f"{url('login')}?next={url()}" and client.get(url("index")).status_code == 302


@pytest.mark.slow
def test_with_the_question_of_freshness_switched_off_it_would(person, monkeypatch):
    """The negative control."""
    phone = a_telephone(person)
    client = at(person, shown=phone)
    SignIn.objects.update(began=timezone.now() - timedelta(minutes=16))
    monkeypatch.setattr(sessions, "is_fresh", lambda request: True)
    do(client, "remove", device=phone.persistent_id)
    assert factors.factors_of(person) == []


@pytest.mark.slow
def test_what_is_not_known_is_no_page_and_other_methods_are_refused(person):
    client = at(person)
    assert client.post(url(), {"do": "everything"}).status_code == 404
    for name in ("own_factors", "own_code", "own_recovery"):
        assert client.put(url(name)).status_code == 405
    assert set(own_factors.DOES) == {"code", "remove", "end", "end_others", "again", "heard"}


def test_sessions_are_listed_with_browser_address_and_time(person):
    here, there = at(person), at(person, agent="Mozilla/5.0 (X11; Linux) Gecko Firefox/142.0")
    at(a_person("auditor"), agent="Mozilla/5.0 (iPhone) Safari/605")
    page = here.get(url()).text
    assert "谷歌浏览器一类，Windows" in page and "火狐，Linux" in page and "苹果" not in page
    assert page.count("这一处") == 1 and page.count("<span>127.0.0.1</span>") == 2
    assert there.session.session_key not in page and here.session.session_key not in page


def kept_about(client: Client) -> str:
    """Everything that the list of sessions keeps of one."""
    return repr(list(SignIn.objects.values()))


def test_an_ended_session_is_over_and_the_others_go_on(person):
    here, there, third = at(person), at(person), at(person)
    key = there.session.session_key
    assert key not in kept_about(there)
    row = there.session[sessions.SIGN_IN]
    stranger = at(a_person("auditor"))
    assert stranger.post(url(), {"do": "end", "sign_in": row}).status_code == 404
    assert "已结束" in do(here, "end", sign_in=row).text
    answer = there.get(url("index"))
    assert answer.status_code == 302 and answer.url.startswith(url("login"))
    assert not Session.objects.filter(session_key=key).exists()
    assert [each.get(url("index")).status_code for each in (here, third, stranger)] == [200] * 3
    do(here, "end_others")
    assert [each.get(url("index")).status_code for each in (here, third, stranger)] == [200, 302, 200]
    assert here.post(url(), {"do": "end", "sign_in": here.session[sessions.SIGN_IN]}).url == url("login")
    assert here.get(url("index")).status_code == 302


@pytest.mark.slow
def test_with_the_list_not_asked_an_ended_session_would_go_on(person, monkeypatch):
    """The negative control."""
    here, there = at(person), at(person)
    do(here, "end_others")
    monkeypatch.setattr(sessions.IdleSessions, "look", lambda self, request: None)
    assert there.get(url("index")).status_code == 200


@pytest.mark.slow
def test_a_new_password_and_signing_out_take_sessions_off_the_list(person):
    here, there = at(person), at(person)
    data = {"old_password": PASSWORD, "new_password1": "qing-qi-4567", "new_password2": "qing-qi-4567"}
    here.post(url("password_change"), data)
    assert [each.get(url("index")).status_code for each in (here, there)] == [200, 302]
    assert SignIn.objects.filter(person=person).count() == 1
    key = here.session.session_key
    here.post(url("logout"))
    assert not SignIn.objects.filter(person=person).exists()
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert stolen.get(url("index")).status_code == 302


@pytest.mark.slow
def test_the_administrator_ends_every_session_of_a_person_and_of_nobody_else(person):
    other = a_person("accountant")
    theirs, others, office = at(person), at(other), at(a_person("bureau_administrator"))
    page = reverse("admin:budgets_person_sign_in", args=[person.pk])
    assert "谷歌浏览器一类" in office.get(page).text
    assert "都已结束" in office.post(page, {"do": "sessions"}, follow=True).text
    assert [each.get(url("index")).status_code for each in (theirs, others, office)] == [302, 200, 200]
    assert "结束全部登录" in office.get(reverse("admin:budgets_person_history", args=[person.pk])).text
    officer = at(a_person("bureau_officer"))
    assert officer.post(page, {"do": "factors"}).status_code in (403, 404)
    assert Person.objects.get(pk=person.pk).notice == ""

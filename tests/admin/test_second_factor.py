"""Signing in with a second factor: codes right, wrong, used and missing; recovery codes; who must have one."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp import models as otp_models
from django_otp import oath

from budgets import factors
from budgets.admin import login_form
from budgets.models import Person, SignIn
from tests.makers.disclosures import a_person, a_region
from tests.makers.second_factors import a_telephone, code_of, patience, require, wrong_code_of

pytestmark = pytest.mark.django_db
PASSWORD = "wan-yuan-2023"


def login(person, *, client: Client | None = None, address: str = "127.0.0.1", **more):
    data = {"username": person.username, "password": PASSWORD} | more
    return (client or Client()).post(reverse("admin:login"), data, REMOTE_ADDR=address)


@pytest.fixture
def person():
    return a_person("bureau_officer", password=PASSWORD)


@pytest.fixture
def phone(person):
    return a_telephone(person)


def test_a_password_and_the_code_open_and_the_session_has_shown_it(person, phone):
    client = Client()
    assert login(person, client=client, otp_token=code_of(phone)).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:index")).wsgi_request.user.is_verified()


@pytest.mark.sweep(1)
@pytest.mark.parametrize("token", ["", "000", "不知道"])
def test_without_the_right_code_nobody_comes_in(person, phone, token):
    client = Client()
    answer = login(person, client=client, otp_token=token)
    assert answer.status_code == 200 and "errornote" in answer.text
    assert ("请再填一次密码，并填" in answer.text) == (not token)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_code_is_used_once_and_a_wrong_one_makes_the_next_wait(person, phone):
    token = code_of(phone)
    assert login(person, otp_token=token).status_code == 302
    assert "验证码不对" in login(person, otp_token=token).text
    assert "秒内不再核对" in login(person, otp_token=code_of(phone, 1)).text
    patience(phone)
    assert login(person, otp_token=code_of(phone, 1)).status_code == 302


def test_a_recovery_code_opens_once_however_it_is_written_and_is_kept_unreadable(person, phone):
    codes = factors.new_codes(person)
    assert len(set(codes)) == 10 and factors.codes_left(person) == 10
    kept = json.dumps(list(person.staticdevice_set.get().token_set.values_list("token", flat=True)))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    login(person, otp_token=wrong_code_of(phone))  # wrong codes of the telephone do not hold up the recovery
    assert login(person, recovery_code=f" {codes[0].upper().replace('-', ' ')} ").status_code == 302
    assert "恢复码不对" in login(person, recovery_code=codes[0]).text
    assert factors.codes_left(person) == 9
    assert factors.new_codes(person) and factors.match(person, recovery=codes[1]) is None


@pytest.mark.slow
def test_a_factor_of_somebody_else_opens_nothing(person, phone):
    other = a_person("auditor", password=PASSWORD)
    theirs = a_telephone(other)
    codes = factors.new_codes(other)
    assert login(person, otp_token=code_of(theirs)).status_code == 200
    assert login(person, recovery_code=codes[0]).status_code == 200


@pytest.mark.slow
def test_wrong_codes_count_for_the_throttle_like_wrong_passwords(person, phone, settings):
    settings.AXES_ENABLED = True
    answers = []
    for _ in range(6):
        answers.append(login(person, otp_token=wrong_code_of(phone)))
        patience(phone)
    assert [each.status_code for each in answers][:4] == [200] * 4 and answers[-1].status_code == 429
    assert login(person, otp_token=code_of(phone)).status_code == 429
    assert login(person, otp_token=code_of(phone), address="10.0.0.9").status_code == 302


def evaluated(phone, monkeypatch, seconds: int, every: int) -> int:
    """How many of the guesses are looked at when one comes every so many seconds, each from another address."""
    looked = []
    verify, begin, at = oath.TOTP.verify, timezone.now(), [0]
    monkeypatch.setattr(oath.TOTP, "verify", lambda *a, **k: looked.append(1) or verify(*a, **k))
    monkeypatch.setattr(otp_models.timezone, "now", lambda: begin + timedelta(seconds=at[0]))
    for at[0] in range(0, seconds, every):
        factors.match(phone.user, token="000000")
    return len(looked)


@pytest.mark.slow
def test_of_a_code_guessed_from_everywhere_for_ten_minutes_ten_are_looked_at(phone, monkeypatch):
    assert evaluated(phone, monkeypatch, 600, 5) <= 10


@pytest.mark.slow
def test_without_the_waiting_every_guess_would_be_looked_at(phone, monkeypatch, settings):
    """The negative control."""
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    assert evaluated(phone, monkeypatch, 200, 5) == 40


@pytest.mark.slow
def test_without_counting_them_codes_could_be_guessed(person, phone, settings, monkeypatch):
    """The negative control."""
    settings.AXES_ENABLED = True
    monkeypatch.setattr(factors, "count_failure", lambda *args: None)
    for _ in range(8):
        assert login(person, otp_token=wrong_code_of(phone)).status_code == 200
        patience(phone)


def test_with_the_question_switched_off_a_password_would_do(person, phone, monkeypatch):
    """The negative control: the form lets the password pass, and the site still asks in its one place."""
    monkeypatch.setattr(login_form.LoginForm, "_prove", lambda self, person: None)
    client = Client()
    assert login(person, client=client).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 302
    monkeypatch.setattr(factors.Standing, "closed", False)
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_session_from_before_the_factor_asks_for_it(person):
    client = Client()
    client.force_login(person)
    assert client.get(reverse("admin:index")).status_code == 200
    a_telephone(person)
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 302 and answer.url.startswith(reverse("admin:login"))
    assert "两步登录的第二步" in client.get(answer.url).text


@pytest.mark.sweep(1)
@pytest.mark.parametrize("role", ["bureau_officer", "bureau_administrator", "auditor"])
def test_who_must_have_one_is_led_to_set_it_up_before_anything_else(role):
    person = a_person(role, password=PASSWORD)
    require(person)
    client = Client()
    assert login(person, client=client).status_code == 302
    for name in ("index", "overview", "budgets_disclosure_changelist"):
        answer = client.get(reverse(f"admin:{name}"))
        assert answer.status_code == 302 and answer.url == reverse("admin:own_factors")
    page = client.get(answer.url)
    assert "请先设置两步登录" in page.text and client.post(reverse("admin:logout")).status_code == 200


@pytest.mark.slow
def test_it_is_asked_of_the_roles_of_that_region_alone():
    require(a_person("bureau_officer"))
    others = [a_person("accountant"), a_person("bureau_officer", region=a_region("130224", "滦南县"))]
    for person in [*others, a_person("central_administrator")]:
        client = Client()
        client.force_login(person)
        assert client.get(reverse("admin:index")).status_code == 200


def test_with_the_lead_switched_off_nothing_is_asked(monkeypatch, person):
    """The negative control."""
    require(person)
    monkeypatch.setattr(factors.Standing, "must_set_up", False)
    client = Client()
    client.force_login(person)
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_lost_telephone_is_mended_by_the_administrator_and_the_person_is_told(person, phone):
    factors.new_codes(person)
    office, theirs = Client(), Client()
    office.force_login(a_person("bureau_administrator", name="管理员甲"))
    assert login(person, client=theirs, otp_token=code_of(phone)).status_code == 302
    url = reverse("admin:budgets_person_sign_in", args=[person.pk])
    assert "手机验证码、10 个恢复码" in office.get(url).text
    answer = office.post(url, {"do": "factors"}, follow=True)
    assert "已解除" in answer.text and not factors.factors_of(person)
    assert theirs.get(reverse("admin:index")).status_code == 302  # that session is over
    assert "解除两步登录" in office.get(reverse("admin:budgets_person_history", args=[person.pk])).text
    assert login(person, client=theirs).status_code == 302
    assert "管理员甲于" in theirs.get(reverse("admin:index")).text
    theirs.post(reverse("admin:own_factors"), {"do": "heard"})
    assert "管理员甲于" not in theirs.get(reverse("admin:index")).text
    assert "没有可以解除的" in office.post(url, {"do": "factors"}, follow=True).text


def test_the_last_administrator_is_helped_on_the_server(capsys):
    person = a_person("bureau_administrator", password=PASSWORD)
    other = a_person("bureau_administrator")
    phones = a_telephone(person), a_telephone(other)
    call_command("remove_factors", person.username)
    assert "手机验证码" in capsys.readouterr().out
    assert login(person).status_code == 302 and factors.factors_of(other) == [phones[1]]
    assert "服务器管理人员" in Person.objects.get(pk=person.pk).notice
    for name in (person.username, "nobody"):
        with pytest.raises(CommandError):
            call_command("remove_factors", name)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null", b'{"id": 1}', b'{"response": []}'])
@pytest.mark.parametrize("step", ["sign_in_begin", "sign_in_complete", "add_begin", "add_complete"])
def test_the_ceremonies_answer_nonsense_in_chinese(person, step, body):
    client = Client()
    if step.startswith("add"):
        client.force_login(person)
        client.get(reverse("admin:index"))
    begin = reverse(f"admin:passkey_{step.rpartition('_')[0]}_begin")
    assert client.post(begin, b"{}", content_type="application/json").status_code == 200
    answer = client.post(reverse(f"admin:passkey_{step}"), body, content_type="application/json")
    assert answer.status_code in ((200, 400) if step.endswith("begin") else (400, 422)), answer.content
    if answer.status_code != 200:
        assert not answer.json()["detail"].isascii()
    assert "no-store" in answer["Cache-Control"]


def test_a_passkey_is_added_by_nobody_but_who_signed_in_a_short_while_ago(person):
    url = reverse("admin:passkey_add_begin")
    assert Client().post(url).status_code == 302
    client = Client()
    client.force_login(person)
    client.get(reverse("admin:index"))
    assert client.post(url).status_code == 200
    SignIn.objects.update(began=SignIn.objects.get().began - timedelta(minutes=16))
    refused = client.post(url)
    assert refused.status_code == 403 and "15 分钟" in refused.json()["detail"]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post(url).status_code == 403
    assert strict.post(reverse("admin:passkey_sign_in_begin")).status_code == 403

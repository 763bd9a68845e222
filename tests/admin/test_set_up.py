"""初次设置: once, by one person, only while there is nothing, and with the code from anywhere but the machine itself."""

import io
import re
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from budgets.models import Person, Region
from budgets.workflow import first_set_up
from tests.makers.disclosures import a_person, a_region

PASSWORD = "qing-qi-4567"
NEW = {
    "region_code": "130225",
    "region_name": "乐亭县",
    "table_set": "shanghai_2023",
    "username": "guan",
    "name": "王管理",
    "password": PASSWORD,
    "again": PASSWORD,
}
PLAIN = {name: value for name, value in NEW.items() if name != "again"}
ELSEWHERE = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture
def client():
    """A browser at the machine itself."""
    return Client(headers={"host": "127.0.0.1"})


def url() -> str:
    return reverse("admin:set_up")


def nothing() -> bool:
    return not (Region.objects.exists() or Person.objects.exists())


@pytest.mark.django_db
def test_every_address_leads_to_the_page_until_it_was_used(client):
    for name in ("index", "login", "budgets_person_changelist", "overview", "budgets_department_add"):
        assert client.get(reverse(f"admin:{name}"), follow=True).redirect_chain[-1] == (url(), 302)
    assert client.get("/admin/no/such/page/", follow=True).redirect_chain[-1] == (url(), 302)
    answer = client.post(url(), NEW, follow=True)
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "接下来" in answer.text and "导入部门和人员" in answer.text
    step = re.search(r'<li><a href="([^"]+)">核对办理设置</a> (.*?)<small>', answer.text)
    assert step and step[1] == reverse("admin:region_settings") and "已办" not in step[2]
    client.post(step[1], {"recall_minutes": "5"})
    assert "核对办理设置</a> <span" in client.get(reverse("admin:index")).text
    person = Person.objects.get()
    assert (person.role, person.region.name, person.is_superuser) == ("bureau_administrator", "乐亭县", False)
    assert person.region.table_set == "shanghai_2023" and person.check_password(PASSWORD)
    again = Client(headers={"host": "127.0.0.1"}).post(url(), NEW | {"username": "second"}, follow=True)
    assert "刚刚完成" in again.text and Person.objects.count() == Region.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("there", [a_region, lambda: a_person("central_administrator")])
def test_what_is_there_closes_the_page(client, there):
    there()
    before = (Region.objects.count(), Person.objects.count())
    assert client.get(url()).status_code == 302 and client.post(url(), NEW).status_code == 302
    assert (Region.objects.count(), Person.objects.count()) == before
    assert client.get(reverse("admin:login")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"region_code": "13022"}, "六位数字"),
        ({"region_name": ""}, "必填"),
        ({"table_set": "nowhere"}, "有效的选项"),
        ({"again": "other-4567"}, "两次输入的密码不同"),
        ({"password": "1234567890", "again": "1234567890"}, "密码"),
        ({"username": "qing-qi-4567"}, "相似"),
        ({"username": "a b"}, "用户名"),
        ({"name": "名" * 61}, "60"),
    ],
)
def test_what_does_not_fit_makes_nothing(client, wrong, words):
    answer = client.post(url(), NEW | wrong)
    assert answer.status_code == 200 and words in answer.text and nothing()
    assert PASSWORD not in answer.text or wrong.get("username") == PASSWORD


@pytest.mark.django_db
def test_from_elsewhere_the_code_is_asked_and_works_once(client, settings):
    assert "安装码" not in client.get(url()).text  # at the machine itself
    assert "安装码" in client.get(url(), **ELSEWHERE).text
    assert "安装码" in Client().get(url()).text  # by another name of this machine
    told = io.StringIO()
    call_command("setup", "--code", stdout=told)
    code = told.getvalue().strip()
    assert len(code.replace("-", "")) == 20
    own, settings.SECRET_KEY = settings.SECRET_KEY, "of another server"
    elsewhere, settings.SECRET_KEY = first_set_up.set_up_code(), own
    for wrong in ("", "AAAA-BBBB", code[:-1], elsewhere):
        assert client.post(url(), NEW | {"code": wrong}, **ELSEWHERE).status_code == 200 and nothing()
    assert client.post(url(), NEW | {"code": code.lower().replace("-", " ")}, **ELSEWHERE).status_code == 302
    assert not nothing()
    with pytest.raises(CommandError, match="已经有"):
        call_command("setup", "--code")


@pytest.mark.django_db
def test_in_production_the_code_is_asked_whoever_asks(client, settings):
    settings.PRODUCTION = True
    assert client.post(url(), NEW).status_code == 200 and nothing()


@pytest.mark.django_db
def test_without_the_guard_the_page_is_open_to_everybody(client, monkeypatch):
    """The negative control."""
    from budgets.admin import set_up_pages

    monkeypatch.setattr(set_up_pages, "needs_code", lambda request: False)
    assert client.post(url(), NEW, **ELSEWHERE).status_code == 302 and not nothing()


@pytest.mark.django_db
def test_the_command_does_the_same(monkeypatch):
    options = {"region": "130225", "region_name": "乐亭县", "username": "guan", "name": "王管理"}
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
    with pytest.raises(CommandError, match="密码"):
        call_command("setup", **options)
    assert nothing()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    call_command("setup", **options, stdout=io.StringIO())
    assert Person.objects.get().check_password(PASSWORD)
    with pytest.raises(CommandError, match="已经有"):
        call_command("setup", **options)


def at_once(monkeypatch) -> list[str]:
    """Two people who both saw that there was nothing; what became of each."""
    outcomes, gate = [], Barrier(2)

    def one(n: int) -> None:
        try:
            gate.wait(10)
            first_set_up.set_up(**PLAIN | {"username": f"guan{n}", "region_code": f"13022{n}"})
            outcomes.append("made")
        except first_set_up.AlreadySetUp:
            outcomes.append("too late")
        finally:
            connection.close()

    monkeypatch.setattr(first_set_up, "is_open", lambda: True)
    threads = [Thread(target=one, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(monkeypatch):
    assert at_once(monkeypatch) == ["made", "too late"]
    assert Region.objects.count() == Person.objects.count() == 1


@pytest.mark.django_db
def test_a_second_one_that_came_past_the_check_is_refused(monkeypatch):
    monkeypatch.setattr(first_set_up, "is_open", lambda: True)
    first_set_up.set_up(**PLAIN)
    with pytest.raises(first_set_up.AlreadySetUp):
        first_set_up.set_up(**PLAIN | {"username": "second", "region_code": "130224"})
    assert Region.objects.count() == Person.objects.count() == 1

"""A withdrawal that one asks for and another of the bureau confirms, where the region wants it."""

import pytest

from budgets.models import AuditEntry, LogEntry, Region
from budgets.workflow import lifecycle, trail
from budgets.workflow.lifecycle import EditedMeanwhile, NotAllowed
from budgets.workflow.withdrawing import UNASKED, Scope, ask_withdrawal, confirm, keep, withdraw
from tests.admin.forms import fields, of
from tests.makers.disclosures import a_person, a_sound_disclosure, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("built", "without_rules")]


@pytest.fixture
def officers():
    return a_person("bureau_officer", name="赵科长"), a_person("bureau_officer", name="钱科长")


@pytest.fixture(params=["hebei_2023", "shanghai_2023"])
def public(request, officers):
    """A disclosure that is public, in a region that wants two."""
    disclosure = a_sound_disclosure(table_set=request.param)
    published(disclosure, officers[0])
    Region.objects.update(withdrawal_confirmed=True)
    disclosure.refresh_from_db()
    return disclosure


def standing(disclosure) -> list[str]:
    return list(disclosure.publications.order_by("revision").values_list("state__status", flat=True))


def test_one_asks_and_another_confirms(public, officers):
    one, other = officers
    asked = ask_withdrawal(public, by=one, reason="误公开个人信息", version=public.version)
    assert standing(public) == ["current"]
    with pytest.raises(NotAllowed, match="申请撤回的人不能自己确认"):
        confirm(asked, by=one)
    with pytest.raises(NotAllowed, match="已经申请过撤回"):
        ask_withdrawal(asked, by=other, reason="再申请")
    done = confirm(asked, by=other, version=asked.version)
    assert standing(public) == ["withdrawn"] and done.status == "withdrawn"
    assert {name: getattr(done, name) for name in UNASKED} == UNASKED
    assert done.publications.get().state.withdrawn_reason == "误公开个人信息"
    steps = [(each.action, each.person, each.reason) for each in LogEntry.objects.order_by("pk")][-2:]
    assert steps == [
        ("ask_withdraw", one, "误公开个人信息（只撤下现行版本）"),
        ("withdraw", other, "误公开个人信息"),
    ]
    trail.link()
    told = AuditEntry.objects.order_by("pk").values_list("action", "username")
    assert [each for each in told if "withdraw" in each[0]] == [
        ("ask_withdraw", one.username),
        ("withdraw", other.username),
    ]


def test_nobody_goes_around_the_second_person(public, officers):
    one, other = officers
    with pytest.raises(NotAllowed, match="本地区撤回公开要由两个人办"):
        withdraw(public, by=one, reason="误公开")
    with pytest.raises(NotAllowed, match="没有等待确认的撤回申请"):
        keep(public, by=one, reason="不必")
    ask_withdrawal(public, by=one, reason="误公开")
    for way in ({"reason": "别的原因"}, {"reason": "误公开", "scope": Scope.ALL}):
        with pytest.raises(NotAllowed, match="与申请的不同"):
            withdraw(public, by=other, **way)
    for stranger in (a_person("accountant"), a_person("reviewer"), a_person("bureau_administrator")):
        with pytest.raises(NotAllowed):
            confirm(public, by=stranger)
    assert standing(public) == ["current"]


def test_a_no_lets_it_be_asked_for_again(public, officers):
    one, other = officers
    for who in (other, one):  # or who asked thinks better of it
        ask_withdrawal(public, by=one, reason="误公开")
        public.refresh_from_db()
        keep(public, by=who, reason="不必撤回")
    with pytest.raises(NotAllowed, match="两个人办"):
        confirm(public, by=other)
    assert standing(public) == ["current"]


def test_what_was_published_meanwhile_is_not_withdrawn(public, officers):
    one, other = officers
    seen = public.version
    ask_withdrawal(public, by=one, reason="误公开")
    with pytest.raises(EditedMeanwhile):
        confirm(public, by=other, version=seen)
    lifecycle.correct(public, by=one, reason="更正")
    public.refresh_from_db()
    public.contact = "0315-1"
    public.save()
    published(public, one)
    with pytest.raises(NotAllowed, match="又公开了新的版本"):
        confirm(public, by=other)
    assert standing(public) == ["superseded", "current"]


def test_elsewhere_one_person_withdraws(public, officers):
    ask_withdrawal(public, by=officers[0], reason="误公开")
    Region.objects.update(withdrawal_confirmed=False)
    with pytest.raises(NotAllowed, match="不需要另一人确认"):
        ask_withdrawal(public, by=officers[0], reason="误公开")
    assert withdraw(public, by=officers[0], reason="直接撤回").withdrawal_asked_by is None


def test_the_pages_say_whose_turn_it_is(client, public, officers):
    one, other = officers
    client.force_login(one)
    hub = client.get(of(public, "change")).text
    assert "申请撤回公开</a>" in hub and "steps/withdraw/" not in hub
    page = client.get(of(public, "step", "ask_withdraw"))
    assert "由财政局另一人确认以后才撤下" in page.text
    assert (
        client.post(of(public, "step", "ask_withdraw"), fields(page) | {"reason": "误公开"}).status_code
        == 302
    )
    hub = client.get(of(public, "change")).text
    assert (
        "赵科长已申请撤回公开，等财政局另一人确认" in hub
        and "steps/withdraw/" not in hub
        and "不予撤回</a>" in hub
    )
    own = client.post(of(public, "step", "withdraw"), fields(client.get(of(public, "step", "withdraw"))))
    assert own.status_code == 409 and "申请撤回的人不能自己确认" in own.text
    client.force_login(other)
    home = client.get("/admin/").text
    assert "撤回公开等另一人确认" in home and "误公开" in home
    page = client.get(of(public, "step", "withdraw"))
    assert "赵科长申请撤回（只撤下现行版本：第 1 版；不再有可以查看的版本）" in page.text
    assert "reason" not in fields(page)
    assert client.post(of(public, "step", "withdraw"), fields(page)).status_code == 302
    assert standing(public) == ["withdrawn"]

"""本地区的词语解释: kept by the bureau's administrator, shown with its source, and proved with the pages that show it."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from budgets.models import AuditPending, RegionTerm
from budgets.publishing import pages_proved, verification
from tests.makers.disclosures import a_person, a_region, a_sound_disclosure, published

pytestmark = pytest.mark.django_db
ADDRESS = reverse("admin:region_terms")
OWN = {
    "name": "专项债券",
    "also": "专项债、 专债",
    "text": "为有收益的公益项目发行的债券。",
    "source": "《乐亭县办法》第三条",
}
BASIC = {
    "name": "基本支出",
    "also": "",
    "text": "本县说的基本支出，是机关运转的钱。",
    "source": "《乐亭县办法》第四条",
}


@pytest.fixture
def keeper(client):
    client.force_login(a_person("bureau_administrator"))
    return client


def test_a_term_is_added_changed_and_deleted_and_told(keeper):
    assert keeper.post(ADDRESS, OWN).url == ADDRESS
    row = RegionTerm.objects.get()
    assert row.region == a_region() and row.others == ("专项债", "专债")
    told = AuditPending.objects.last()
    assert told.action == "settings" and told.data["fields"]["出处"] == ["空", OWN["source"]]
    at = f"{ADDRESS}?term={row.pk}"
    assert OWN["text"] in keeper.get(at).content.decode()
    keeper.post(at, OWN | {"text": "另一种解释的说法。"})
    assert RegionTerm.objects.get().text == "另一种解释的说法。"
    keeper.post(at, {"delete": "1"})
    assert not RegionTerm.objects.exists() and AuditPending.objects.filter(action="settings").count() == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "这个字段是必填项"),
        ({"name": "“甲”"}, "词语至少 2 个字"),
        ({"text": "短"}, "解释有 1 个字，要在 5 至 300 个字之间"),
        ({"text": "长" * 301}, "解释有 301 个字"),
        ({"source": "\u202e"}, "请写出处"),
        ({"name": "“基本”支出"}, "“基本支出”已在本地区的“基本支出”里"),
        ({"also": "债、基本支出"}, "请改那一条"),
    ],
)
def test_what_is_no_term_is_said(keeper, wrong, said):
    keeper.post(ADDRESS, BASIC)
    page = keeper.post(ADDRESS, OWN | wrong)
    assert page.status_code == 200 and said in page.content.decode(), page.content.decode()
    assert RegionTerm.objects.count() == 1


def test_signs_that_are_not_seen_are_left_out(keeper):
    keeper.post(ADDRESS, OWN | {"name": "专项\u202e债券", "source": "一\r\n二"})
    row = RegionTerm.objects.get()
    assert (row.name, row.source) == ("专项债券", "一 二")


@pytest.mark.parametrize(
    "role", ["accountant", "reviewer", "bureau_officer", "auditor", "central_administrator"]
)
def test_nobody_else_keeps_terms(client, role):
    client.force_login(a_person(role))
    assert client.get(ADDRESS).status_code == client.post(ADDRESS, OWN).status_code == 404
    assert not RegionTerm.objects.exists()


def test_another_regions_term_is_not_there(keeper):
    row = RegionTerm.objects.create(region=a_region("130224", "滦南县"), **BASIC)
    for term in (row.pk, "x", "9" * 30, "\u0663"):
        assert keeper.get(ADDRESS, {"term": term}).status_code == 404
        assert keeper.post(f"{ADDRESS}?term={term}", {"delete": "1"}).status_code == 404
    assert "本县说的" not in keeper.get(ADDRESS).content.decode() and RegionTerm.objects.exists()


def test_the_glossary_of_a_region_has_its_words_with_their_source(client):
    for term in (OWN, BASIC):
        RegionTerm.objects.create(region=a_region(), **term)
    a_region("130224", "滦南县")
    page = client.get("/130225/glossary/").content.decode()
    assert BASIC["text"] in page and f"出处：{OWN['source']}" in page and 'id="basic"' in page
    for address in ("/glossary/", "/130224/glossary/"):
        assert BASIC["text"] not in client.get(address).content.decode()
    assert 'href="/130225/glossary/">乐亭县' in client.get("/glossary/").content.decode()
    assert 'href="/care/130225/glossary/"' in client.get("/care/glossary/").content.decode()
    assert client.get("/999999/glossary/").status_code == 404


@pytest.mark.slow
def test_pages_show_a_regions_words_and_are_proved_with_them(client, no_pdf, monkeypatch):
    """The popover of the number's table has the region's words; a change shows when pages are made again, and verifies."""
    row = RegionTerm.objects.create(region=a_region(), **BASIC)
    published(a_sound_disclosure())
    address = "/130225/483/2023/budget/"

    def shown(path: str) -> str:
        answer = client.get(path)
        return (b"".join(answer) if answer.streaming else answer.content).decode()

    for path in (
        address,
        f"{address}tables/expenditure/",
        f"{address}figures/general_public_expenditure.2010301.basic/",
    ):
        assert BASIC["text"] in shown(path) and BASIC["source"] in shown(path), path
    assert '<a href="/130225/glossary/#basic">' in shown(address)
    assert [str(fault) for fault in verification.verify(render=True).mismatches] == []
    RegionTerm.objects.filter(pk=row.pk).update(text="后来的另一种解释。")
    assert BASIC["text"] in shown(address), "files stay until they are made again"
    assert [str(fault) for fault in verification.verify(render=True).mismatches] == []
    call_command("publish", "--rebuild", verbosity=0)
    assert "后来的另一种解释。" in shown(address) and BASIC["text"] not in shown(address)
    assert [str(fault) for fault in verification.verify(render=True).mismatches] == []
    assert verification.verify(render=True).other_pages == []
    monkeypatch.setattr(pages_proved, "read_words", lambda listed: ())
    assert verification.verify(render=True).mismatches, "the control: without the words other pages are made"

"""What an address answers as its disclosure goes its way: draft, published, corrected, withdrawn."""

import pytest

from budgets.workflow import lifecycle
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_sound_disclosure, published

pytestmark = pytest.mark.django_db
ADDRESS = "/130225/483/2023/budget/"


def body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_a_draft_answers_as_what_never_existed(client):
    """The same status, bytes and headers, whatever is in the database."""
    published()
    drafted = a_disclosure(a_department("301", "乐亭县财政局"))
    assert drafted.pk
    asked = ["/130225/301/2023/budget/", "/130225/999/2023/budget/", "/130225/483/2022/budget/", "/no/such"]
    asked += ["/130225/301/2023/", "/999999/", "/130225/1999/", f"{ADDRESS}r2/", f"{ADDRESS}tables/none/"]
    answers = [client.get(address) for address in asked]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_correction_keeps_the_first_revision_at_its_address(client):
    disclosure = a_sound_disclosure()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    published(disclosure, officer)
    lifecycle.correct(disclosure, by=officer, reason="表 3 数字更正")
    disclosure.refresh_from_db()
    disclosure.contact = "0315-1111111"
    disclosure.save()
    published(disclosure, officer)
    latest = body(client.get(ADDRESS)).decode()
    first = body(client.get(f"{ADDRESS}r1/")).decode()
    assert "表 3 数字更正" in latest
    assert "更正版" in latest
    assert "已更正" in first
    assert "第 2 版" in first
    assert body(client.get(f"{ADDRESS}r2/")).decode() == latest


def test_a_withdrawn_disclosure_is_gone_with_its_reason(client, django_assert_num_queries):
    disclosure = a_sound_disclosure()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    published(disclosure, officer)
    lifecycle.withdraw(disclosure, by=officer, reason="附表漏列 <项目>")
    for below in ("", "r1/", "r1", "tables/balance/", "disclosure.json", "r1/disclosure.pdf"):
        with django_assert_num_queries(1):
            response = client.get(ADDRESS + below)
        assert response.status_code in (301, 410), below
        if response.status_code == 410:
            assert "附表漏列 &lt;项目&gt;" in response.content.decode()
            assert response["Cache-Control"] == "no-store"
    assert client.get(f"{ADDRESS}r2/").status_code == 404
    assert client.get("/130225/483/2023/").status_code == 302


@pytest.mark.slow
def test_a_withdrawn_revision_leads_to_the_one_that_is_public_now(client):
    disclosure = a_sound_disclosure()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    published(disclosure, officer)
    lifecycle.withdraw(disclosure, by=officer, reason="附表漏列")
    before = client.get(f"{ADDRESS}r1/").content.decode()
    assert "重新公开时会另立新版" in before and f'href="{ADDRESS}"' not in before
    lifecycle.correct(disclosure, by=officer, reason="补列附表")
    disclosure.refresh_from_db()
    disclosure.contact = "0315-1111111"
    disclosure.save()
    published(disclosure, officer)
    after = client.get(f"{ADDRESS}r1/")
    assert after.status_code == 410
    page = after.content.decode()
    assert f'href="{ADDRESS}"' in page and "第 2 版已取代它" in page and "重新公开时会" not in page
    assert client.get(ADDRESS).status_code == 200

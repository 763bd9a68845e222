"""Agreement, signatures, corrections asked for and the settings of a region, on their pages."""

import pytest
from django.contrib.admin.models import LogEntry as History
from django.urls import reverse

from budgets.models import Disclosure, Region, SignOff, Status
from budgets.models.regions import SWITCHES
from budgets.workflow.stepping import touched
from tests.makers.disclosures import a_person, a_region, a_sound_disclosure, published, submitted

from .forms import enter, fields, of

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/region-settings/"
SIGNED = {
    "secrecy_by": "赵某", "secrecy_on": "2023-01-18", "secrecy_basis": "没有涉密内容",
    "signed_by": "钱某", "signed_post": "局长", "signed_on": "2023-01-19",
}  # fmt: skip


def switch(**values) -> None:
    Region.objects.update(**values)


def take(client, disclosure, step: str, **data):
    url = of(disclosure, "step", step)
    return client.post(url, fields(client.get(url)) | data)


@pytest.mark.slow
def test_the_departments_reviewer_agrees_before_the_bureau_is_asked(client):
    disclosure = submitted(a_sound_disclosure())
    switch(reviewer_agrees=True)
    officer = enter(client, "bureau_officer")
    home = client.get(reverse("admin:index"))
    assert home.context["submitted"] == [] and [i.disclosure for i in home.context["agreeing"]] == [
        disclosure
    ]
    overview = client.get(reverse("admin:overview_year", args=[2023]))
    shown = {key: number for key, _, number in overview.context["shown"]}
    assert (shown["agreeing"], shown["submitted"]) == (1, 0) and "部门审核中" in overview.text
    chosen = {"do": "approve", "chosen": f"{disclosure.pk}:{disclosure.version}"}
    batch = client.post(reverse("admin:overview_year", args=[2023]), chosen)
    assert "部门审核人还没有同意" in batch.text and disclosure.department.name in batch.text
    assert client.get(of(disclosure, "change")).context["steps"] == []
    enter(client, "reviewer")
    assert "等您审核" in client.get(reverse("admin:index")).text
    assert [step.label for step in client.get(of(disclosure, "change")).context["steps"]] == ["同意", "退回"]
    assert take(client, disclosure, "agree").status_code == 302
    client.force_login(officer)
    assert [i.disclosure for i in client.get(reverse("admin:index")).context["submitted"]] == [disclosure]
    assert client.post(reverse("admin:overview_year", args=[2023]), chosen | {"chosen": f"{disclosure.pk}:{disclosure.version + 1}"}).status_code == 302  # fmt: skip
    assert Disclosure.objects.get().status == Status.APPROVED


def test_a_submission_without_signatures_leads_to_their_page(client):
    disclosure = a_sound_disclosure()
    switch(sign_offs_required=True)
    enter(client, "accountant")
    page = of(disclosure, "sign_off")
    assert page in client.get(of(disclosure, "change")).text
    refused = take(client, disclosure, "submit")
    assert (
        refused.status_code == 409
        and "还没有填全：保密审查、负责人审签" in refused.text
        and page in refused.text
    )
    form = fields(client.get(page))
    assert set(SIGNED) < set(form) and "before_on" not in form
    ahead = client.post(page, form | SIGNED | {"signed_on": "2999-01-01"})
    assert ahead.status_code == 200 and "不能晚于今天" in ahead.text and not SignOff.objects.exists()
    assert client.post(page, form | SIGNED).status_code == 302
    assert "钱某" in History.objects.get(object_id=str(disclosure.pk)).change_message
    assert "审查人：空 → 赵某" in client.get(of(disclosure, "history")).text
    step = client.get(of(disclosure, "step", "submit"))
    assert "负责人审签：钱某（局长），2023-01-19" in step.text
    assert (
        client.post(page, form | SIGNED | {"signed_by": "孙某"}).status_code == 409
    )  # the form is an older one
    assert client.post(of(disclosure, "step", "submit"), fields(step)).status_code == 302
    assert client.post(page, fields(client.get(page)) | SIGNED | {"signed_by": "孙某"}).status_code == 409
    assert SignOff.objects.get().signed_by == "钱某"


def test_what_was_changed_after_it_was_signed_is_confirmed_again(client):
    disclosure = a_sound_disclosure()
    switch(sign_offs_required=True)
    accountant = enter(client, "accountant")
    page, hub = of(disclosure, "sign_off"), of(disclosure, "change")
    client.post(page, fields(client.get(page)) | SIGNED)
    assert "要重新确认" not in client.get(hub).text and "确认并保存" not in client.get(page).text
    assert client.get(hub).context["desk"].left == [] and "可以提交" in client.get(hub).text
    touched(Disclosure.objects.get(), accountant, contact="0315-1111111")
    todo = client.get(hub)
    assert "要重新确认" in todo.text and "可以提交" not in todo.text
    assert [(task.key, task.url) for task in todo.context["desk"].left] == [("sign_off", page)]
    assert "保密审查和审签要重新确认" in client.get(of(disclosure, "step", "submit")).text
    assert "可以提交" not in client.get(reverse("admin:index")).text
    refused = take(client, disclosure, "submit")
    assert refused.status_code == 409 and "重新确认" in refused.text and page in refused.text
    again = client.get(page)
    assert "确认并保存" in again.text
    assert client.post(page, fields(again)).status_code == 302, "the same words count"
    assert "内容改动后重新确认" in History.objects.latest("pk").change_message
    assert take(client, disclosure, "submit").status_code == 302


@pytest.mark.slow
def test_only_the_accountant_signs_off(client):
    disclosure = a_sound_disclosure()
    for role in ("reviewer", "bureau_officer", "bureau_administrator", "auditor"):
        enter(client, role)
        page = of(disclosure, "sign_off")
        assert "<button" not in client.get(page).text.partition("<form method=\"post\" novalidate")[2].partition("</form>")[0]  # fmt: skip
        assert client.post(page, {"version": disclosure.version, **SIGNED}).status_code == 409
    assert not SignOff.objects.exists()


@pytest.mark.slow
def test_a_document_published_before_is_asked_where(client):
    disclosure = a_sound_disclosure()
    Disclosure.objects.update(given="[]")
    enter(client, "accountant")
    form = fields(client.get(of(disclosure, "sign_off")))
    assert {"before_on", "before_at"} < set(form) and not set(SIGNED) & set(form)
    client.post(of(disclosure, "sign_off"), form | {"before_on": "2023-02-05", "before_at": "县政府网站"})
    assert SignOff.objects.get().lines == ["原公开：2023-02-05，县政府网站"]


@pytest.mark.slow
def test_a_correction_is_asked_for_seen_and_opened_with_the_same_words(client, no_pdf, few_pages):
    disclosure = published().disclosure
    enter(client, "accountant")
    assert take(client, disclosure, "ask", reason="表3 数字有误").status_code == 302
    assert "已申请更正，等财政局答复" in client.get(of(disclosure, "change")).text
    assert client.post(of(disclosure, "step", "decline"), {"reason": "x"}).status_code == 403
    enter(client, "bureau_officer")
    home = client.get(reverse("admin:index"))
    assert [i.disclosure for i in home.context["asked"]] == [disclosure] and "表3 数字有误" in home.text
    overview = client.get(reverse("admin:overview_year", args=[2023]) + "?only=asked")
    assert "申请更正" in overview.text and disclosure.department.name in overview.text
    assert "部门申请更正的原因：表3 数字有误" in client.get(of(disclosure, "step", "decline")).text
    correct = client.get(of(disclosure, "step", "correct"))
    assert fields(correct)["reason"] == "表3 数字有误"
    assert client.post(of(disclosure, "step", "correct"), fields(correct)).status_code == 302
    assert Disclosure.objects.get().correction_reason == "表3 数字有误"
    assert client.get(reverse("admin:index")).context["asked"] == []


def test_the_settings_of_a_region_are_its_administrators_alone(client):
    a_region("130224", "滦南县")
    for role in ("accountant", "reviewer", "bureau_officer", "auditor", "central_administrator"):
        enter(client, role)
        assert client.get(SETTINGS).status_code == 404
        assert client.post(SETTINGS, {"reviewer_agrees": "on"}).status_code == 404
        assert SETTINGS not in client.get(reverse("admin:index")).text
    administrator = a_person("bureau_administrator")
    client.force_login(administrator)
    page = client.get(SETTINGS)
    assert set(page.context["form"].fields) == set(SWITCHES) and SETTINGS in page.text
    assert client.post(SETTINGS, {"reviewer_agrees": "on", "recall_minutes": 0}).status_code == 302
    own, other = Region.objects.get(code="130225"), Region.objects.get(code="130224")
    assert (own.reviewer_agrees, own.sign_offs_required, other.reviewer_agrees) == (True, False, False)
    assert "提交后先由部门审核人同意：否 → 是" in client.get(SETTINGS).text
    client.post(SETTINGS, {"reviewer_agrees": "on", "recall_minutes": 0})
    assert History.objects.filter(content_type__model="region").count() == 1
    assert client.delete(SETTINGS).status_code == 405

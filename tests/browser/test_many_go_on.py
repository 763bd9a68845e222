"""A batch in Chromium: pressed once, it goes on request by request until each department had its turn; also without script."""

import pytest

from budgets.admin import many_at_once
from budgets.models import Disclosure, Status
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, submitted

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_batch_goes_on_by_itself_and_by_its_button(page, office, monkeypatch):
    url, *_ = office
    for code in ("301", "302", "303"):
        submitted(a_sound_disclosure(a_department(code, f"{code}局")))
    monkeypatch.setattr(many_at_once, "TOGETHER", 1)
    desk = Desk(page, url)
    desk.sign_in(a_person("bureau_officer", password=PASSWORD))
    page.route("**/going_on*.js", lambda route: route.abort())
    page.goto(f"{url}/admin/overview/2023/?only=submitted")
    page.get_by_label("全选").check()
    desk.press("批准", "button", exact=True)
    page.get_by_text("已办理 1／3 个部门").wait_for()
    desk.complaints.clear()  # the script that was kept away
    desk.look()
    page.unroute("**/going_on*.js")
    desk.press("继续批准其余 2 个", "button")
    page.get_by_text("已批准 3 个部门").wait_for()
    assert Disclosure.objects.filter(status=Status.APPROVED).count() == 3
    assert desk.complaints == []

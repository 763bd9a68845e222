"""A passkey added and used in a real browser with a virtual authenticator; the pages of signing in, looked at."""

import pytest
from django.contrib.admin.models import LogEntry
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from budgets import factors
from budgets.models import SignIn
from tests.makers.disclosures import a_person
from tests.makers.second_factors import code_of

from .desk import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Authenticator:
    """A device of the browser that keeps passkeys and knows its owner's finger."""

    def __init__(self, page) -> None:
        self.wire = page.context.new_cdp_session(page)
        self.wire.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def finger(self, known: bool) -> None:
        """Whether the finger on it is the owner's."""
        self.wire.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": known})


@pytest.fixture
def authenticator(desk, settings):
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [desk.url]
    return Authenticator(desk.page)


def sign_in_with_passkey(desk) -> None:
    button = desk.page.get_by_role("button", name="用通行密钥登录")
    button.focus()
    desk.page.keyboard.press("Enter")


def test_a_passkey_signs_in_and_a_password_alone_no_longer_does(desk, office, authenticator):
    page, person = desk.page, office[2]
    desk.press("登录方式")
    page.get_by_label("给这把密钥起个名字").fill("办公室电脑")
    desk.enter()
    page.wait_for_selector("text=办公室电脑")
    assert WebAuthnCredential.objects.get().user == person
    assert LogEntry.objects.get().change_message == "本人添加通行密钥"
    desk.look()
    desk.press("退出", "button")
    page.goto(f"{desk.url}/admin/")
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    desk.press("登录", "button", exact=True)
    assert "这个账号设了两步登录" in page.inner_text(".errornote")
    desk.look()
    authenticator.finger(False)
    sign_in_with_passkey(desk)
    page.wait_for_selector("text=没有完成")
    authenticator.finger(True)
    sign_in_with_passkey(desk)
    page.wait_for_selector("nav.portal")
    assert desk.complaints == []
    # The administrator takes it away; the key in the device opens nothing any more.
    factors.remove_all(person, "管理员")
    page.goto(f"{desk.url}/admin/")
    sign_in_with_passkey(desk)
    page.wait_for_selector("text=没有登记")
    assert not SignIn.objects.filter(person=person).exists()


def test_the_pages_of_signing_in_are_looked_at(desk, office):
    page, person = desk.page, office[2]
    desk.press("登录方式")
    desk.press("设置手机验证码", "button")
    desk.look()
    page.get_by_label("手机上现在的 6 位验证码").fill(code_of(TOTPDevice.objects.get()))
    desk.press("确认", "button")
    desk.press("生成恢复码", "button")
    desk.look()
    desk.sign_in(a_person("bureau_administrator", password=PASSWORD))
    for address in ("sign-in", "hand-over"):
        page.goto(f"{desk.url}/admin/budgets/person/{person.pk}/{address}/")
        desk.look()
    page.get_by_label("新接手人的姓名").fill("新会计")
    page.get_by_label("新接手人的用户名").fill("xin-kuaiji")
    desk.press("下一步：看移交什么", "button")
    desk.look()

"""Deeds of the desks for the sweep of the audit trail: how each is done, and the one entry that it leaves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from budgets.models import Disclosure
from tests.makers.disclosures import a_sound_disclosure, an_open_year, approved, published, submitted

from .conftest import Place
from .forms import fields, page_of, row_of
from .policies import OBJECT, address

ADDRESS = "203.0.113.7"
PASSWORD, OTHER = "wan-yuan-2023", "qing-qi-4567"
NASTY = "甲\r\n2026-01-01 管理员 登录\x1b[2K\u2028乙\u202e"


@dataclass
class Deed:
    """One kind of deed: how it is done, and the entry it leaves."""

    do: Callable[[Place], Any]
    action: str
    by: str = "accountant"
    about: str = ""  # in the object, or its start
    told: tuple[str, ...] = ()  # in the change
    address: str = ADDRESS
    before: Callable[[Place], Any] = field(default=lambda place: None)


def client(place: Place, role: str) -> Client:
    browser = place.client(role)
    browser.defaults["REMOTE_ADDR"] = ADDRESS
    return browser


def step(key: str, role: str, **data: str) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        now = Disclosure.objects.get(pk=place.disclosure.pk)
        url = address("budgets_disclosure_step", place, key=key)
        answer = client(place, role).post(url, {"version": now.version} | data)
        assert answer.status_code == 302, key

    return do


def typed(place: Place, value: str = "81.00", by_itself: bool = False, browser: Client | None = None) -> Any:
    browser, url = (
        browser or client(place, "accountant"),
        page_of(place.disclosure, "expenditure-general_public"),
    )
    data = fields(browser.get(url))
    headers = {"Accept": "application/json"} if by_itself else {}
    return browser.post(url, data | {f"{row_of(data, '2080505')}-basic": value}, headers=headers)


def login(place: Place, password: str = PASSWORD, name: str = "") -> Client:
    person = place.people["accountant"]
    person.set_password(PASSWORD)
    person.save()
    browser = Client(REMOTE_ADDR=ADDRESS)
    browser.post(reverse("admin:login"), {"username": name or person.username, "password": password})
    return browser


def got(role: str, name: str, **other: Any) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        answer = client(place, role).get(
            address(name, place, **other) if name in OBJECT else reverse(f"admin:{name}")
        )
        assert answer.status_code == 200

    return do


def posted(
    role: str, name: str, data: Callable[[Place], dict[str, Any]], **other: Any
) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        url = address(name, place, **other) if name in OBJECT else reverse(f"admin:{name}")
        answer = client(place, role).post(url, data(place))
        assert answer.status_code == 302, url

    return do


def person_of(place: Place) -> dict[str, Any]:
    person = place.people["reviewer"]
    return {
        "username": person.username,
        "name": "改名",
        "role": "reviewer",
        "department": place.department.pk,
    }


def department_of(place: Place) -> dict[str, Any]:
    return {"name": "改名局", "phone": "1", "active": "on"}


def basics(place: Place) -> dict[str, Any]:
    page = client(place, "accountant").get(address("budgets_disclosure_basics", place))
    return fields(page) | {"contact": "新电话"}


def chapter(place: Place) -> dict[str, Any]:
    page = client(place, "accountant").get(address("budgets_disclosure_chapter", place))
    return fields(page) | {"text": "本部门新的职责。"}


def new_person(place: Place) -> dict[str, Any]:
    return {
        "username": "xin",
        "name": "新会计",
        "role": "accountant",
        "department": place.department.pk,
    }


def sound(then: Callable[[Disclosure], Any] = lambda disclosure: None) -> Callable[[Place], Any]:
    """The place has another disclosure, sound and at the step that `then` brings it to."""

    def before(place: Place) -> None:
        place.disclosure = a_sound_disclosure(place.department, year=2025)
        then(place.disclosure)

    return before


DESK_DEEDS: dict[str, Deed] = {
    "login": Deed(login, "login", about=""),
    "wrong password": Deed(lambda place: login(place, "wrong-wrong"), "login_failed"),
    "unknown name": Deed(lambda place: login(place, OTHER, "nobody"), "login_failed", by="", about="（没有这个用户名）"),
    "logout": Deed(lambda place: login(place).post(reverse("admin:logout")), "logout"),
    "own password": Deed(
        lambda place: login(place).post(
            reverse("admin:password_change"),
            {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER},
        ),
        "password", told=("改自己的密码",),
    ),
    "refused": Deed(
        lambda place: client(place, "reviewer").post(address("budgets_disclosure_step", place, key="submit")),
        "refused", "reviewer", about="POST /admin/budgets/disclosure/", told=("403",),
    ),
    "not found": Deed(
        lambda place: client(place, "accountant").get("/admin/nothing%0A%1B%5B2K/"), "refused", about="GET /admin/nothing\\u000a\\u001b[2K/",
    ),
    "trail refused": Deed(
        lambda place: client(place, "accountant").get(reverse("admin:audit")), "refused", about="GET /admin/audit/",
    ),
    "draft form": Deed(got("accountant", "budgets_disclosure_draft_form"), "download", about="金丝雀"),
    "draft tables": Deed(got("reviewer", "budgets_disclosure_draft_tables"), "download", "reviewer", told=(".xlsx",)),
    "draft words": Deed(got("accountant", "budgets_disclosure_draft_words"), "download", told=(".docx",)),
    "template": Deed(got("accountant", "budgets_disclosure_intake_template"), "download"),
    "trail export": Deed(got("auditor", "audit_export"), "download", "auditor", about="/admin/audit/export/"),
    "person made": Deed(
        posted("bureau_administrator", "budgets_person_add", new_person), "add", "bureau_administrator",
        about="新会计", told=('"用户名":["空","xin"]', '"姓名":["空","新会计"]'),
    ),
    "person closed": Deed(
        posted("bureau_administrator", "budgets_person_change", person_of), "change",
        "bureau_administrator", told=("改名", '["是","否"]'),
    ),
    "department made": Deed(
        posted("bureau_administrator", "budgets_department_add", lambda p: {
            "region": p.department.region.pk, "code": "777", "name": "新局", "active": "on",
        }), "add", "bureau_administrator", about="777 新局", told=('"部门预算编码":["空","777"]',),
    ),
    "department changed": Deed(
        posted("bureau_administrator", "budgets_department_change", department_of), "change", "bureau_administrator",
        told=("金丝雀", "改名局"),
    ),
    "region changed": Deed(
        posted("central_administrator", "budgets_region_change", lambda p: {"name": "新县", "table_set": "hebei_2023", "recall_minutes": "10"}), "change",
        "central_administrator", told=('"名称":["乐亭县","新县"]',),
    ),
    "subject added": Deed(
        posted("central_administrator", "budgets_subject_add", lambda p: {
            "fiscal_year": 2023, "scheme": "function", "code": "2990101", "name": "新科目", "level": 3,
            "parent_code": "29901", "confidence": "high", "active": "on",
        }), "add", "central_administrator", told=("新科目",),
    ),
    "grid typed": Deed(typed, "edit", told=('"810000"',)),
    "basics typed": Deed(posted("accountant", "budgets_disclosure_basics", basics), "edit", told=("金丝雀审批局电话", "新电话")),
    "chapter typed": Deed(posted("accountant", "budgets_disclosure_chapter", chapter), "edit", told=("新的职责",)),
    "submitted": Deed(step("submit", "accountant"), "submit", before=sound(), told=('"状态":["草稿","已提交"]',)),
    "recalled": Deed(step("recall", "accountant"), "recall", before=sound(submitted)),
    "returned": Deed(
        step("return", "reviewer", reason=NASTY), "return", "reviewer", before=sound(submitted),
        told=("甲\\n2026-01-01 管理员 登录\\u001b[2K",),
    ),
    "approved": Deed(
        step("approve", "bureau_officer"), "approve", "bureau_officer", before=sound(submitted),
    ),
    "published": Deed(
        step("publish", "bureau_officer"), "publish", "bureau_officer", before=sound(approved),
        told=('["已批准","已公开"]',),
    ),
    "corrected": Deed(
        step("correct", "bureau_officer", reason="更正数字"), "correct", "bureau_officer",
        before=sound(published), told=("更正数字",),
    ),
    "withdrawn": Deed(
        step("withdraw", "bureau_officer", reason="有误", scope="latest"), "withdraw", "bureau_officer",
        before=sound(published), told=("有误",),
    ),
    "restored": Deed(
        posted("accountant", "budgets_disclosure_restore", lambda p: {}), "restore",
    ),
    "begun": Deed(
        posted("accountant", "budgets_disclosure_add", lambda p: {"year": 2024}), "create", about="金丝雀审批局 2024",
        before=lambda place: an_open_year(2024, "shanghai_2023", region=place.department.region),
    ),
    "many downloaded": Deed(
        lambda place: client(place, "bureau_officer").post("/admin/overview/2023/", {"do": "list"}), "download",
        "bureau_officer", about="/admin/overview/2023/",
    ),
}  # fmt: skip

"""Deeds of the bureau's desk and of accounts for the sweep of the audit trail; see `deeds`."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from budgets.admin import passkeys
from budgets.domain.places import Whole, serialised
from budgets.importing.reading.workbooks import read_workbook
from budgets.importing.rosters.roster_reading import read_roster
from budgets.models import (
    BatchFile,
    Comment,
    Disclosure,
    FileState,
    JobState,
    Question,
    Region,
    RosterImport,
    SignIn,
)
from budgets.publishing.folders import make_folder, replace
from budgets.workflow import (
    batch_files,
    batch_matching,
    commenting,
    lifecycle,
    roster_taking,
    scheduling,
    trail,
    withdrawing,
    year_opening,
)
from budgets.workflow import making_exports as exports
from budgets.workflow.answering import seen
from budgets.workflow.year_opening import Terms
from tests.makers.disclosures import a_department, a_person, an_open_year, approved, published, submitted
from tests.makers.rosters import a_book, content_of
from tests.makers.second_factors import a_telephone, code_of

from .conftest import Place
from .deeds import ADDRESS, OTHER, Deed, client, got, posted, sound, step
from .forms import fields, of
from .policies import address

OFFICER, OFFICE = "bureau_officer", "bureau_administrator"
LINK = re.compile(r"http://testserver(/admin/password/[^<\s]+)")


def in_process(monkeypatch: Any) -> None:
    """Lists are read without a child, and every file that is handed in fits."""
    fits = batch_matching.Found(batch_matching.Verdict.FITS, "9 张表。", "", None, 2023, "hebei_2023", "{}")
    monkeypatch.setattr(
        roster_taking, "roster_apart", lambda name, content: read_roster(name, read_workbook(name, content))
    )
    monkeypatch.setattr(batch_files, "found_in", lambda file, content: fits)


def here(act: Callable[[Place], Any]) -> Callable[[Place], Any]:
    """What is done as a request would, without a page."""

    def do(place: Place) -> Any:
        with trail.coming_from(ADDRESS):
            return act(place)

    return do


def slips(place: Place) -> str:
    """A link for the accountant, as it stands on the slip."""
    answer = client(place, OFFICE).post(address("budgets_person_password", place))
    (found,) = LINK.findall(answer.text)
    return str(found)


def use_link(link: str, password: str = OTHER) -> None:
    browser = Client(REMOTE_ADDR=ADDRESS)
    form = browser.get(link).url
    assert browser.post(form, {"new_password1": password, "new_password2": password}).status_code == 302


def keep(name: str, make: Callable[[Place], Any]) -> Callable[[Place], Any]:
    """What was there before, kept beside the place for the deed."""
    return lambda place: place.__dict__.update({name: make(place)})


def signed_in(place: Place, role: str = OFFICER) -> Client:
    """A browser that is on the list of sessions, and has shown the telephone of who has one."""
    browser = client(place, role)
    if device := TOTPDevice.objects.filter(user=place.people[role], confirmed=True).first():
        session = browser.session
        session["otp_device_id"] = device.persistent_id
        session.save()
    browser.get(reverse("admin:own_factors"))
    return browser


def telephone(place: Place, role: str = OFFICER) -> Any:
    return a_telephone(place.people[role])


def own(what: str, **more: Callable[[Place], Any]) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        data = {name: make(place) for name, make in more.items()}
        assert signed_in(place).post(reverse("admin:own_factors"), {"do": what} | data).status_code == 302

    return do


def code_set(place: Place) -> Any:
    browser = signed_in(place)
    browser.post(reverse("admin:own_factors"), {"do": "code"})
    device = TOTPDevice.objects.get(user=place.people[OFFICER])
    assert browser.post(reverse("admin:own_code"), {"token": code_of(device)}).status_code == 302


def passkey_added(place: Place) -> Any:
    with mock.patch.object(passkeys.RegistrationComplete, "post", lambda *given, **more: HttpResponse()):
        return signed_in(place).post(reverse("admin:passkey_add_complete"), {})


def another_session(place: Place) -> Any:
    return place.client(OFFICER).get(reverse("admin:index"))


def its_row(place: Place) -> int:
    """The session that was there before the one that asks."""
    return SignIn.objects.filter(person=place.people[OFFICER]).order_by("pk")[0].pk


def upload(place: Place) -> RosterImport:
    return roster_taking.hand_in(
        place.department.region, "名单.xlsx", content_of(a_book()), place.people[OFFICE]
    )


def roster(undo: bool = False) -> Callable[[Place], Any]:
    def do(place: Place) -> Any:
        imported = place.__dict__["list"]
        seen = "" if undo else roster_taking.plan_for(imported, place.people[OFFICE]).digest
        data = {"undo": "1"} if undo else {"seen": seen}
        answer = client(place, OFFICE).post(reverse("admin:roster_import", args=[imported.pk]), data)
        assert answer.status_code == 302, answer.text

    return do


def taken(place: Place) -> RosterImport:
    imported, by = upload(place), place.people[OFFICE]
    return roster_taking.take(imported, roster_taking.plan_for(imported, by).digest, by)


def year(do: str) -> Callable[[Place], Any]:
    """Press that button on the page of a year."""

    def act(place: Place) -> Any:
        url = reverse("admin:fiscal_year", args=[2024])
        browser = client(place, OFFICER)
        data = fields(browser.get(url)) | {"do": do}
        if do == "dates":
            data["list"] = "483 2024-01-20"
        assert browser.post(url, data).status_code == 302, do

    return act


def opened(place: Place, **more: Any) -> Any:
    return an_open_year(2024, "shanghai_2023", region=place.department.region, **more)


def terms(place: Place) -> Any:
    new = Terms("hebei_2023", date(2024, 1, 18))
    usual = {place.department: ("shanghai_2023", date(2024, 1, 19))}
    return year_opening.set_terms(opened(place), new, usual, by=place.people[OFFICER])


def texts(place: Place) -> Any:
    given = {("shanghai_2023", "overview"): "新年度的起草文字。"}
    return year_opening.set_texts(opened(place), given, by=place.people[OFFICER])


def switches(place: Place) -> dict[str, Any]:
    page = client(place, OFFICE).get(reverse("admin:region_settings"))
    return fields(page) | {"reviewer_agrees": "on"}


def signatures(place: Place) -> dict[str, Any]:
    page = client(place, "accountant").get(address("budgets_disclosure_sign_off", place))
    return fields(page) | {"secrecy_by": "赵某", "secrecy_on": "2023-01-18"}


def remark(place: Place) -> Comment:
    return commenting.comment(
        place.disclosure, place=serialised(Whole()), text="请核对", by=place.people[OFFICER]
    )


def replied(role: str, do: str) -> Callable[[Place], Any]:
    def act(place: Place) -> Any:
        key = place.__dict__["remark"].pk
        data = {"do": f"{do}-{key}", f"text-{key}": "已改好"}
        url = of(place.disclosure, "comments")
        assert client(place, role).post(url, data).status_code == 302

    return act


def with_remark(place: Place) -> None:
    sound(submitted)(place)
    keep("remark", remark)(place)


def approved_with_remark(place: Place) -> None:
    with_remark(place)
    approve = lifecycle.approve
    with mock.patch.object(lifecycle, "settled", lambda *given: None):
        approve(
            Disclosure.objects.get(pk=place.disclosure.pk),
            by=a_person(OFFICER, region=place.department.region),
        )


def own_submission(place: Place) -> None:
    sound(submitted)(place)
    Disclosure.objects.filter(pk=place.disclosure.pk).update(submitted_by=place.people[OFFICER])


def refused(key: str) -> Callable[[Place], Any]:
    def act(place: Place) -> Any:
        now = Disclosure.objects.get(pk=place.disclosure.pk)
        url = address("budgets_disclosure_step", place, key=key)
        assert client(place, OFFICER).post(url, {"version": now.version}).status_code == 409

    return act


def many(do: str, url: str = "/admin/overview/2025/") -> Callable[[Place], Any]:
    def act(place: Place) -> Any:
        now = Disclosure.objects.get(pk=place.disclosure.pk)
        answer = client(place, OFFICER).post(url, {"do": do, "chosen": f"{now.pk}:{now.version}"})
        assert answer.status_code in (200, 302)

    return act


def recalls(then: Callable[[Disclosure], Any]) -> Callable[[Place], Any]:
    """The region leaves ten minutes, so publication is scheduled."""

    def before(place: Place) -> None:
        sound(then)(place)
        Region.objects.update(recall_minutes=10)

    return before


def at_its_minute(place: Place) -> Any:
    """Publication where a worker waits for the minute."""
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}):
        return step("publish", OFFICER)(place)


def scheduled(disclosure: Disclosure) -> Any:
    Region.objects.update(recall_minutes=10)
    officer = a_person(OFFICER, region=disclosure.department.region)
    return scheduling.schedule(approved(disclosure), by=officer)


def asked_for_correction(disclosure: Disclosure) -> Any:
    published(disclosure)
    now = Disclosure.objects.get(pk=disclosure.pk)
    return lifecycle.ask_correction(now, by=a_person(department=disclosure.department), reason="数字有误")


def by_two(then: Callable[[Disclosure], Any]) -> Callable[[Place], None]:
    """In a region where another one confirms a withdrawal."""
    return lambda place: (Region.objects.update(withdrawal_confirmed=True), sound(then)(place))[0]


def asked_to_withdraw(disclosure: Disclosure) -> Any:
    published(disclosure)
    now = Disclosure.objects.get(pk=disclosure.pk)
    officer = a_person(OFFICER, region=disclosure.department.region)
    return withdrawing.ask_withdrawal(now, by=officer, reason="误公开")


def book_ready(place: Place) -> None:
    place.export.state = JobState.DONE
    place.export.save()
    make_folder(exports.file_of(place.export).parent)
    replace(exports.file_of(place.export), b"%PDF")


def batch(place: Place) -> Any:
    data = {"upload": [SimpleUploadedFile("甲.xlsx", b"fits"), SimpleUploadedFile("乙.xlsx", b"fits2")]}
    with mock.patch.object(batch_files, "go_on"):
        assert client(place, OFFICER).post(reverse("admin:batches"), data).status_code == 302


def a_file(place: Place) -> BatchFile:
    return BatchFile.objects.create(
        batch=place.batch, position=1, name="甲.xlsx", sha256="0" * 64, state=FileState.READ, verdict=batch_matching.Verdict.FITS,
    )  # fmt: skip


def chosen(place: Place) -> Any:
    with mock.patch.object(batch_files, "go_on"):
        data = {"chosen": place.__dict__["file"].pk}
        assert client(place, OFFICER).post(address("batch", place), data).status_code == 302


def superuser(place: Place) -> Any:
    call_command("createsuperuser", "--no-input", username="pingtai", name="平台", stdout=mock.Mock())


def on_question(do: str, **data: str) -> Callable[[Place], dict[str, Any]]:
    """The button of a question's page, with what was seen there."""
    return lambda place: {"do": do, "saw": seen(Question.objects.get(pk=place.question.pk))} | data


def answered_question(place: Place) -> None:
    Question.objects.filter(pk=place.question.pk).update(state="answered", answer="因为人员增加。")


def successor(place: Place) -> dict[str, Any]:
    return {"name": "接手人", "username": "jieshou", "confirm": "1"}


BUREAU_DEEDS: dict[str, Deed] = {
    "link issued": Deed(slips, "link", OFFICE, about="金丝雀审批局accountant", told=("生成设密码的链接",)),
    "links for those without": Deed(
        lambda p: client(p, OFFICE).post(reverse("admin:budgets_person_links"), {"chosen": p.people["reviewer"].pk}),
        "link", OFFICE, about="金丝雀审批局reviewer",
    ),
    "link used": Deed(
        lambda p: use_link(p.__dict__["link"]), "password", "accountant", told=("本人用链接设了密码",), before=keep("link", slips),
    ),
    "telephone set up": Deed(code_set, "factor", OFFICER, told=("本人设置手机验证码",)),
    "passkey added": Deed(passkey_added, "factor", OFFICER, told=("本人添加通行密钥",)),
    "factor removed": Deed(
        own("remove", device=lambda p: p.__dict__["phone"].persistent_id), "factor", OFFICER,
        told=("本人删除登录方式",), before=keep("phone", telephone),
    ),
    "recovery codes made": Deed(
        lambda p: signed_in(p).post(reverse("admin:own_recovery")), "factor", OFFICER, told=("恢复码",), before=telephone,
    ),
    "session ended": Deed(own("end", sign_in=its_row), "sessions", OFFICER, told=("本人结束一处登录",), before=another_session),
    "other sessions ended": Deed(own("end_others"), "sessions", OFFICER, told=("其他登录：1 处",), before=another_session),
    "another's factors removed": Deed(
        posted(OFFICE, "budgets_person_sign_in", lambda p: {"do": "factors"}), "factor", OFFICE,
        about="金丝雀审批局accountant", told=("解除两步登录：手机验证码",), before=lambda p: telephone(p, "accountant"),
    ),
    "another's sessions ended": Deed(
        posted(OFFICE, "budgets_person_sign_in", lambda p: {"do": "sessions"}), "sessions", OFFICE, about="金丝雀审批局accountant",
    ),
    "factors removed on the server": Deed(
        lambda p: call_command("remove_factors", p.people["accountant"].username, stdout=mock.Mock()), "factor", "",
        about="金丝雀审批局accountant", before=lambda p: telephone(p, "accountant"), address="",
    ),
    "administrator made on the server": Deed(superuser, "add", "", told=('"用户名":["","pingtai"]',), address=""),
    "handed over": Deed(
        posted(OFFICE, "budgets_person_hand_over", successor), "hand_over", OFFICE,
        about="金丝雀审批局accountant", told=("jieshou", '["有效","停用"]'),
    ),
    "list taken": Deed(roster(), "roster", OFFICE, told=('"部门 301":["","县教育局',"财政局经办"), before=keep("list", upload)),
    "list taken back": Deed(roster(undo=True), "roster_undone", OFFICE, told=('"部门 301":["县教育局',), before=keep("list", taken)),
    "people and departments taken along": Deed(got(OFFICE, "roster_current"), "download", OFFICE, about="/admin/roster/current/"),
    "year opened": Deed(
        posted(OFFICER, "fiscal_years", lambda p: {"number": "2024", "table_set": "shanghai_2023", "approved_on": ""}), "year", OFFICER,
        told=("开放2024年度",),
    ),
    "terms set": Deed(here(terms), "year", OFFICER, told=('"批复日期":["","2024-01-18"]', "2024-01-19"), before=opened),
    "dates set": Deed(year("dates"), "year", OFFICER, told=('批复日期":["","2024-01-20"]',), before=opened),
    "texts set": Deed(here(texts), "year", OFFICER, told=("新年度的起草文字。",), before=opened),
    "year locked": Deed(year("lock"), "year", OFFICER, told=("锁定2024年度",), before=opened),
    "year unlocked": Deed(
        year("unlock"), "year", OFFICER, told=("解除锁定",),
        before=lambda p: year_opening.lock(opened(p), by=p.people[OFFICER]),
    ),
    "date filled in a draft": Deed(
        here(lambda p: year_opening.fill(opened(p, approved_on=date(2024, 1, 18)), p.people[OFFICER])), "change", OFFICER,
        told=('"批复日期":["","2024-01-18"]',),
        before=lambda p: Disclosure.objects.create(department=a_department("301", "邻局"), fiscal_year=2024),
    ),
    "settings of the region": Deed(posted(OFFICE, "region_settings", switches), "settings", OFFICE, told=('["否","是"]',)),
    "signed": Deed(
        posted("accountant", "budgets_disclosure_sign_off", signatures), "sign_off", told=('["空","赵某"]', "2023-01-18"),
    ),
    "comment": Deed(
        lambda p: client(p, OFFICER).post(of(p.disclosure, "comment_new"), {"place": serialised(Whole()), "text": "请核对"}), "comment",
        OFFICER, told=("请核对",), before=sound(submitted),
    ),
    "comment answered": Deed(replied("accountant", "answer"), "answer", told=("请核对", "已改好"), before=with_remark),
    "comment closed": Deed(replied(OFFICER, "close"), "close", OFFICER, told=('["未关闭","已关闭"]',), before=with_remark),
    "agreed": Deed(
        step("agree", "reviewer"), "agree", "reviewer",
        before=lambda p: (Region.objects.update(reviewer_agrees=True), sound(submitted)(p)),
    ),
    "correction asked for": Deed(
        step("ask", "accountant", reason="数字有误"), "ask", told=("数字有误",), before=sound(published),
    ),
    "correction declined": Deed(
        step("decline", OFFICER, reason="不影响"), "decline", OFFICER, told=("不影响",), before=sound(asked_for_correction),
    ),
    "withdrawal asked for": Deed(
        step("ask_withdraw", OFFICER, reason="误公开"), "ask_withdraw", OFFICER, told=("误公开（只撤下现行版本）",), before=by_two(published),
    ),
    "withdrawal not granted": Deed(
        step("keep", OFFICER, reason="可以更正"), "keep", OFFICER, told=("可以更正",), before=by_two(asked_to_withdraw),
    ),
    "withdrawal confirmed": Deed(
        step("withdraw", OFFICER), "withdraw", OFFICER, told=("误公开", '["已公开","已撤回"]'), before=by_two(asked_to_withdraw),
    ),
    "scheduled": Deed(at_its_minute, "schedule", OFFICER, told=("北京时间",), before=recalls(approved)),
    "taken back": Deed(step("unschedule", OFFICER), "unschedule", OFFICER, told=("原定",), before=sound(scheduled)),
    "many approved": Deed(many("approve"), "approve", OFFICER, before=sound(submitted)),
    "own submission not approved": Deed(
        refused("approve"), "not_done", OFFICER, about="金丝雀审批局 2025", told=("批准：提交人不能批准自己提交的内容",), before=own_submission,
    ),
    "of many not approved": Deed(
        many("approve"), "not_done", OFFICER, about="金丝雀审批局 2025", told=("提交人不能批准",), before=own_submission,
    ),
    "not approved with open comments": Deed(
        refused("approve"), "not_done", OFFICER, told=("1 条未关闭的意见",), before=with_remark,
    ),
    "not published with open comments": Deed(
        refused("publish"), "not_done", OFFICER, told=("1 条未关闭的意见",), before=approved_with_remark,
    ),
    "book asked for": Deed(many("book"), "export", OFFICER, about="2025年部门预算公开汇编", before=sound()),
    "sums asked for": Deed(
        lambda p: client(p, OFFICER).post("/admin/overview/2023/sums/"), "export", OFFICER, told=("部门预算汇总表",),
    ),
    "sums taken along": Deed(
        lambda p: client(p, OFFICER).get("/admin/overview/2025/sums/?xlsx=1&approved=1"), "download", OFFICER, told=(".xlsx",),
        before=sound(approved),
    ),
    "book taken along": Deed(got("auditor", "download_file"), "download", "auditor", told=("部门预算公开汇编.pdf",), before=book_ready),
    "rehearsal taken along": Deed(
        lambda p: client(p, "auditor").get("/admin/inspection/2023/workbook/"), "download", "auditor", told=("公开检查预演.xlsx",),
    ),
    "question answered": Deed(
        posted("accountant", "question", on_question("answer", text="因为人员增加。")), "question", about="号公众提问",
        told=("拟答复", '["","因为人员增加。"]', '["待答复","待公开"]'),
    ),
    "question published": Deed(
        posted(OFFICER, "question", on_question("publish")), "question", OFFICER, told=('"words":"公开"', '["待公开","已答复"]'),
        before=answered_question,
    ),
    "question sent back": Deed(
        posted(OFFICER, "question", on_question("back", reason="请写明数")), "question", OFFICER, told=("退回重答", "请写明数"),
        before=answered_question,
    ),
    "question refused": Deed(
        posted(OFFICER, "question", on_question("refuse", reason="与此数无关")), "question", OFFICER, told=("不予公开", "与此数无关"),
    ),
    "files handed in": Deed(batch, "batch", OFFICER, told=("交来 2 个文件：甲.xlsx、乙.xlsx",)),
    "files chosen": Deed(chosen, "batch", OFFICER, told=("选中 1 个文件写入草稿：甲.xlsx",), before=keep("file", a_file)),
}  # fmt: skip

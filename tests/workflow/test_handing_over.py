"""Handing a department over: what is open goes on for the successor, what was done keeps the old name, the account is closed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from budgets.models import Disclosure, Intake, Job, JobKind, JobState, LogEntry, Person
from budgets.workflow import handing_over, lifecycle
from budgets.workflow.handing_over import hand_over
from budgets.workflow.intake_saving import hand_in
from budgets.workflow.stepping import NotAllowed
from tests.makers.disclosures import a_department, a_person, a_region, a_sound_disclosure, submitted

pytestmark = pytest.mark.django_db
TABLE_SETS = ("hebei_2023", "shanghai_2023")


class Office:
    """Two departments with two accountants each, and in both a draft, a waiting file with its job, and a deleted draft."""

    def __init__(self) -> None:
        self.by = a_person("bureau_administrator")
        self.departments = [a_department("483", "审批局"), a_department("301", "邻局")]
        self.people = [[a_person(department=each) for _ in range(2)] for each in self.departments]
        self.drafts, self.files, self.deleted = [], [], []
        for n, department in enumerate(self.departments):
            draft = a_sound_disclosure(department)
            Disclosure.objects.filter(pk=draft.pk).update(table_set=TABLE_SETS[n])
            self.drafts.append(draft)
            for person in self.people[n]:
                file = SimpleUploadedFile(f"{person}.xlsx", b"x")
                intake = hand_in(draft, file.name, file, person)
                Job.objects.create(
                    kind=JobKind.READ, disclosure=draft, person=person, version=1, intake=intake
                )
                self.files.append(intake)

    def client(self, person=None) -> Client:
        client = Client()
        client.force_login(Person.objects.get(pk=(person or self.by).pk))
        return client

    def owners(self) -> list[list[int]]:
        """Whose the files and jobs are, file by file."""
        return [list(rows.order_by("pk").values_list("person", flat=True)) for rows in (Intake.objects, Job.objects)]  # fmt: skip


@pytest.fixture
def office():
    return Office()


def test_what_is_open_goes_on_for_the_successor_and_nothing_else_moves(office):
    (old, same), others = office.people
    theirs = office.client(old)
    assert theirs.get(reverse("admin:index")).status_code == 200
    handed = hand_over(old, same, office.by)
    assert (handed.files, handed.jobs, len(handed.drafts)) == (1, 1, 1)
    assert office.owners() == [[same.pk, same.pk, others[0].pk, others[1].pk]] * 2
    old = Person.objects.get(pk=old.pk)
    assert not old.is_active and theirs.get(reverse("admin:index")).status_code == 302
    args = {"object_id": office.drafts[0].pk, "intake_id": office.files[0].pk}
    url = reverse("admin:budgets_disclosure_intake_file", kwargs=args)
    assert office.client(same).get(url).status_code == 200
    assert office.client(others[0]).get(url).status_code == 404
    lifecycle.submit(office.drafts[0], by=Person.objects.get(pk=same.pk))


@pytest.mark.slow
def test_what_is_done_keeps_its_name(office):
    (old, same), _ = office.people
    Job.objects.filter(person=old).update(state=JobState.DONE)
    Intake.objects.filter(person=old).update(confirmed_at="2023-02-01T00:00Z")
    disclosure = submitted(office.drafts[0], by=old)
    hand_over(old, same, office.by)
    disclosure.refresh_from_db()
    assert disclosure.submitted_by == old and LogEntry.objects.get().person == old
    assert office.owners()[0][0] == office.owners()[1][0] == old.pk


@pytest.mark.slow
def test_somebody_of_another_department_changes_place_and_signs_in_again(office):
    (old, _), (other, stays) = office.people
    moved = office.client(other)
    assert moved.get(reverse("admin:index")).status_code == 200
    said = list(handing_over.consequences(handing_over.survey(old), other))
    assert any("邻局" in each and "审批局" in each for each in said)
    assert not any("从此没有" in each for each in said)
    assert (
        any("从此没有" in each for each in handing_over.consequences(handing_over.survey(old), stays))
        is False
    )
    Person.objects.filter(pk=stays.pk).update(is_active=False)
    assert any("从此没有" in each for each in handing_over.consequences(handing_over.survey(old), other))
    hand_over(old, other, office.by)
    other.refresh_from_db()
    assert other.department == office.departments[0]
    assert moved.get(reverse("admin:index")).status_code == 302
    assert office.owners()[0] == [other.pk, office.people[0][1].pk, other.pk, stays.pk]


def test_who_cannot_take_over_is_refused_with_the_reason_and_nothing_happens(office):
    (old, same), _ = office.people
    far = a_person(department=a_department("101", "远局", a_region("130224", "滦南县")))
    closed = a_person()
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    before = office.owners()
    for successor, by, word in (
        (old, office.by, "不能是移交人自己"),
        (far, office.by, "不是本地区的"),
        (a_person("bureau_officer"), office.by, "不是本地区的"),
        (closed, office.by, "已停用"),
        (same, a_person("bureau_officer"), "不能管理"),
        (same, a_person("bureau_administrator", region=far.department.region), "不能管理"),
    ):
        with pytest.raises(NotAllowed, match=word):
            hand_over(old, successor, by)
    with pytest.raises(NotAllowed, match="没有可以移交的部门工作"):
        handing_over.survey(a_person("auditor"))
    assert office.owners() == before and Person.objects.get(pk=old.pk).is_active


@pytest.mark.slow
def test_with_the_refusal_switched_off_a_stranger_would_take_over(office, monkeypatch):
    """The negative control."""
    far = a_person(department=a_department("101", "远局", a_region("130224", "滦南县")))
    monkeypatch.setattr(handing_over, "refusal", lambda *args: "")
    hand_over(office.people[0][0], far, office.by)
    assert office.owners()[0][0] == far.pk


@pytest.mark.slow
def test_a_failure_half_way_leaves_everything_as_it_was(office, monkeypatch):
    (old, same), _ = office.people
    before = office.owners()

    def full(self, *args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(Person, "save", full)  # the last but one of what is written
    with pytest.raises(OSError):
        hand_over(old, same, office.by)
    assert office.owners() == before and Person.objects.get(pk=old.pk).is_active


def test_the_page_says_before_and_after_what_happens(office):
    old = office.people[0][0]
    client, url = office.client(), reverse("admin:budgets_person_hand_over", args=[old.pk])
    form = client.get(url).text
    assert "编报中的草稿 1 份" in form and "等着核对的导入文件 1 个" in form
    assert "要填姓名和用户名" in client.post(url, {}).text
    taken = {"name": "新会计", "username": office.people[1][0].username}
    assert "已存在" in client.post(url, taken).text
    new = {"name": "新会计", "username": "xin-kuaiji"}
    plan = client.post(url, new).text
    assert "还没有密码" in plan and "账号停用" in plan and not Person.objects.filter(username="xin-kuaiji")
    done = client.post(url, new | {"confirm": "1"}, follow=True).text
    assert f"已由{old}移交给新会计" in done and "等着核对的导入文件 1 个" in done
    person = Person.objects.get(username="xin-kuaiji")
    assert not person.has_usable_password() and person.department == office.departments[0]
    for each in (person, old):
        assert old.name in client.get(reverse("admin:budgets_person_history", args=[each.pk])).text
    assert office.owners()[0][0] == person.pk
    both = {"successor": office.people[0][1].pk, "name": "又一个"}
    assert "已经选了" in client.post(url, both).text

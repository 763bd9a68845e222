"""A county of two regions in the database beside its model (`county_model`): steps drawn at random, by anybody, at any
time, on what is there or something older. Each is taken in both or in none, and both stand alike afterwards."""

import random
from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from budgets import access
from budgets.domain.places import Whole, serialised
from budgets.models import Comment, Disclosure, Job, JobState, Publication, SignOff
from budgets.models import Department as DepartmentRow
from budgets.models import Person as PersonRow
from budgets.models import Region as RegionRow
from budgets.workflow import (
    background,
    commenting,
    deleting,
    lifecycle,
    scheduling,
    stepping,
    withdrawing,
    year_opening,
)
from budgets.workflow.stepping import BEIJING, Refused
from budgets.workflow.withdrawing import Scope
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_region, an_open_year

from .county_model import SCOPES, STEPS, County, Paper, Person, Region
from .test_agreeing import SIGNED

ROLES = (
    "accountant", "accountant", "reviewer", "reviewer", "bureau_officer", "bureau_officer", "bureau_administrator",
    "auditor", "central_administrator",
)  # fmt: skip
JUDGES = ("reviewer", "bureau_officer")
LIKELY = {
    "lock": 0.3,
    "submit": 5,
    "agree": 5,
    "approve": 8,
    "publish": 8,
    "close": 3,
    "correct": 3,
    "restore": 3,
    "ask_withdraw": 1,
    "withdraw": 0.5,
    "keep": 0.2,
}
WORDS = ("0", "1", "2", "错")


class Drawn:
    """A county of two regions with two departments each, beside its model."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = datetime(2026, 12, 1, 9, 0, 30, tzinfo=BEIJING)
        self.counted: Counter[str] = Counter()
        self.regions = [a_region("130225", "乐亭县"), a_region("130224", "滦南县")]
        self.departments = [a_department(f"48{n}", f"部门{n}", self.regions[n // 2]) for n in range(4)]
        self.years = [an_open_year(region=region) for region in self.regions]
        self.papers = [a_disclosure(each, facts=(), contact="0") for each in self.departments]
        model = [Person() for _ in range(2 * len(ROLES) + 4)]
        self.people = [a_person("auditor", region=self.regions[0]) for _ in model]
        regions = [Region() for _ in self.regions]
        papers = [
            Paper(n, n // 2, ("0", each.name), Disclosure.objects.get(pk=row.pk).version)
            for n, (each, row) in enumerate(zip(self.departments, self.papers, strict=True))
        ]
        self.model = County(regions, model, papers)
        for n in range(len(model)):
            self.employ(n, ROLES[n % len(ROLES)])
        for n in range(len(regions)):
            self.set_up(n)

    # What changes around the disclosures

    def employ(self, n: int, role: str = "", place: int | None = None) -> None:
        """Somebody takes up an office, or leaves."""
        person, place = self.model.people[n], self.chance.randrange(4) if place is None else place
        person.role, person.active = role or self.chance.choice(ROLES), self.chance.random() < 0.9
        person.department = place if person.role in ("accountant", "reviewer") else None
        person.region = place // 2 if person.role != "central_administrator" else -1
        row = self.people[n]
        row.role, row.is_active = person.role, person.active
        row.department = self.departments[place] if person.department is not None else None
        row.region = (
            None if person.department is not None or person.region < 0 else self.regions[person.region]
        )
        row.save()
        self.people[n] = PersonRow.objects.get(pk=row.pk)

    def set_up(self, n: int) -> None:
        region = self.model.regions[n]
        region.agrees, region.signs = self.chance.random() < 0.5, self.chance.random() < 0.5
        region.minutes, region.two = self.chance.choice((0, 0, 10)), self.chance.random() < 0.5
        RegionRow.objects.filter(pk=self.regions[n].pk).update(
            reviewer_agrees=region.agrees,
            sign_offs_required=region.signs,
            recall_minutes=region.minutes,
            withdrawal_confirmed=region.two,
        )

    def rename(self, n: int) -> None:
        """A name that every document prints changes, maybe under what was handed in."""
        paper = self.model.papers[n]
        paper.content = (paper.content[0], "乙局" if paper.content[1] == "甲局" else "甲局")
        DepartmentRow.objects.filter(pk=self.departments[n].pk).update(name=paper.content[1])

    def around(self) -> None:
        handed = [n for n, paper in enumerate(self.model.papers) if paper.submitted]
        if handed and self.chance.random() < 0.5:
            n = self.chance.choice(handed)
            if self.chance.random() < 0.3:
                self.rename(n)
            else:  # who handed it in goes over to those who judge it
                self.employ(self.model.papers[n].submitted[0], self.chance.choice(JUDGES), n)
        elif self.chance.random() < 0.6:
            self.employ(self.chance.randrange(len(self.people)))
        else:
            self.set_up(self.chance.randrange(2))

    # A step, in the product and in the model

    def draw(self) -> None:
        if (kind := self.chance.random()) < 0.06:
            self.around()
        elif kind < 0.2:
            self.work()
        else:
            self.step()
        self.agree()

    def step(self) -> None:
        """What somebody may do, what is somebody's to do, here or elsewhere, although something may stand in its way, or
        anything."""
        n, kind = self.chance.randrange(len(self.papers)), self.chance.random()
        paper, anybody = self.model.papers[n], range(len(self.people))
        possible = [
            (step, by) for step in STEPS for by in anybody
            if kind > 0.95 or self.model.fits(step, paper, by, anywhere=kind > 0.85)
        ]  # fmt: skip
        if kind < 0.6:
            possible = [
                (step, by) for step, by in possible
                if self.model.may(step, paper, by, self.now, **self.given(step, paper))
            ]  # fmt: skip
        if not possible:
            return
        steps = sorted({step for step, _ in possible})
        step = self.chance.choices(steps, [LIKELY.get(each, 1) for each in steps])[0]
        by = self.chance.choice([by for each, by in possible if each == step])
        if (
            paper.submitted
            and self.model.people[paper.submitted[0]].role in JUDGES
            and self.chance.random() < 0.5
        ):
            step, by = self.chance.choice(("agree", "approve")), paper.submitted[0]  # the temptation
        if paper.taking and self.chance.random() < 0.2:
            step, by = "withdraw", paper.taking[0]  # and this one
        given = self.given(step, paper) | {"seen": paper.version - (self.chance.random() < 0.1)}
        allowed = self.model.may(step, paper, by, self.now, **given)
        try:
            with transaction.atomic():
                self.do(step, n, self.people[by], given)
            taken = True
        except (Refused, year_opening.CannotOpen, Disclosure.DoesNotExist, Comment.DoesNotExist):
            taken = False
        assert taken == allowed, (step, by, self.model.people[by], given, paper)
        self.counted[step if taken else f"no {step}"] += 1
        if taken:
            self.model.take(step, paper, by, self.now, **given)

    def given(self, step: str, paper: Paper) -> dict:
        near = self.now.replace(second=0) + timedelta(minutes=self.chance.choice((-5, 5, 20)))
        return {
            "seen": paper.version,
            "content": self.chance.choice(WORDS),
            "reason": self.chance.choice(("原因", "")) if step == "return" else "原因",
            "at": self.chance.choice((None, None, near)) if step == "publish" else None,
            "scope": self.chance.choice([*SCOPES, *[paper.taking[1]] * 6] if paper.taking else list(SCOPES)),
            "on": not self.model.regions[paper.region].locked if self.chance.random() < 0.4 else False,
        }

    def do(self, step: str, n: int, by: PersonRow, given: dict) -> None:
        row, seen = self.papers[n], {"by": by, "version": given["seen"]}
        match step:
            case "edit" | "sign":
                held = stepping.hold(row, access.May.EDIT, by, given["seen"])
                stepping.touched(held, by, **{"contact": given["content"]} if step == "edit" else {})
                if step == "sign":
                    SignOff.objects.update_or_create(
                        disclosure=held, defaults=SIGNED | {"of_version": held.version}
                    )
            case "submit" | "recall" | "agree" | "approve":
                getattr(lifecycle, step)(row, **seen)
            case "return":
                lifecycle.return_(row, reason=given["reason"], **seen)
            case "comment":
                commenting.comment(row, place=serialised(Whole()), text="意见", by=by)
            case "answer" | "close":
                on = commenting.open_comments(row).earliest("pk")
                getattr(commenting, step)(on, text="已改", by=by)
            case "publish":
                background.publish(row, at=given["at"], **seen)
            case "unschedule":
                scheduling.unschedule(row, **seen)
            case "correct":
                lifecycle.correct(row, reason="原因", **seen)
            case "ask" | "decline":
                getattr(lifecycle, f"{step}_correction")(row, reason="原因", **seen)
            case "ask_withdraw" | "keep":
                kind = {"scope": Scope(given["scope"])} if step == "ask_withdraw" else {}
                taking = withdrawing.ask_withdrawal if step == "ask_withdraw" else withdrawing.keep
                taking(row, reason="原因", **kind, **seen)
            case "withdraw":
                lifecycle.withdraw(row, reason="原因", scope=Scope(given["scope"]), **seen)
            case "delete":
                deleting.delete(row, **seen)
            case "restore":
                deleting.restore(row, by=by)
            case "lock":
                (year_opening.lock if given["on"] else year_opening.unlock)(self.years[n // 2], by=by)

    def work(self) -> None:
        """Time passes, and a worker takes up what waits."""
        self.now += timedelta(seconds=self.chance.choice((0, 30, 60, 600, 900, 90_000)))
        for job in Job.objects.filter(state=JobState.QUEUED).order_by("pk"):
            paper = self.model.papers[self.papers.index(job.disclosure)]
            self.model.due(paper, self.people.index(job.person), self.now, job.due_at, job.version)
            background.run.call(job.pk)

    def agree(self) -> None:
        """The product stands where the model stands."""
        rows = {row.pk: row for row in Disclosure.with_deleted.all()}
        standing: dict[int, list[str]] = {}
        for number, status in Publication.objects.order_by("pk").values_list("disclosure", "state__status"):
            standing.setdefault(number, []).append(status)
        open_ = Counter(Comment.objects.exclude(replies__kind="close").values_list("disclosure", flat=True))
        numbers = {person.pk: n for n, person in enumerate(self.people)} | {None: None}
        for made, paper in zip(self.papers, self.model.papers, strict=True):
            row = rows[made.pk]
            found = (
                row.status, row.version, row.publish_at, numbers[row.submitted_by_id], numbers[row.agreed_by_id],
                numbers[row.approved_by_id], bool(row.correction_asked), row.deleted_at, open_[row.pk],
                standing.get(row.pk, []), numbers[row.withdrawal_asked_by_id],
            )  # fmt: skip
            expected = (
                paper.status, paper.version, paper.minute, paper.submitted and paper.submitted[0], paper.agreed,
                paper.approved, paper.asked, paper.deleted_at, len(paper.comments), [s for s, _ in paper.public],
                paper.taking and paper.taking[0],
            )  # fmt: skip
            assert found == expected

"""What a county's disclosures may go through, said once more in plain Python: the model that the steps are held against.

It knows no Django and none of the product's code. `County.may` tells whether a step is taken, `County.take` takes it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

STEPS = {  # whose step it is, and the states from which
    "edit": ("accountant", "draft returned"),
    "sign": ("accountant", "draft returned"),
    "submit": ("accountant", "draft returned"),
    "recall": ("accountant", "submitted"),
    "return": ("reviewer bureau_officer", "submitted approved"),
    "agree": ("reviewer", "submitted"),
    "approve": ("bureau_officer", "submitted"),
    "comment": ("reviewer bureau_officer", "submitted approved"),
    "answer": ("accountant reviewer", "draft returned submitted approved"),
    "close": ("reviewer bureau_officer", "draft returned submitted approved"),
    "publish": ("bureau_officer", "approved"),
    "unschedule": ("bureau_officer", "approved"),
    "correct": ("bureau_officer", "published withdrawn"),
    "ask": ("accountant", "published withdrawn"),
    "decline": ("bureau_officer", "published withdrawn"),
    "withdraw": ("bureau_officer", "draft returned submitted approved published withdrawn"),
    "delete": ("accountant", "draft"),
    "restore": ("accountant bureau_administrator", "draft"),
    "lock": ("bureau_officer bureau_administrator", "draft returned submitted approved published withdrawn"),
}
UNSEEN = {"comment", "answer", "close", "restore", "lock"}  # taken without a version that was looked at
OF_THE_DEPARTMENT = {"accountant", "reviewer"}
SCOPES = {"latest": {"current"}, "all": {"current", "superseded"}, "earlier": {"superseded"}}


@dataclass
class Region:
    agrees: bool
    signs: bool
    minutes: int
    locked: bool = False


@dataclass
class Person:
    role: str
    department: int | None
    region: int
    active: bool = True


@dataclass
class Paper:
    """A disclosure. Its content is whatever was typed last, with the name of its department; "错" is never sound."""

    department: int
    region: int
    content: tuple[str, str] = ("0", "")
    status: str = "draft"
    version: int = 1
    signed: bool = False
    signed_version: int = 0
    submitted: tuple[int, tuple[str, str]] | None = None
    agreed: int | None = None
    approved: int | None = None
    comments: list[int] = field(default_factory=list)  # the open ones: who made them
    minute: datetime | None = None
    public: list[tuple[str, tuple[str, str]]] = field(default_factory=list)
    asked: bool = False
    handed_in: bool = False
    deleted_at: datetime | None = None


class County:
    def __init__(self, regions: list[Region], people: list[Person], papers: list[Paper]) -> None:
        self.regions, self.people, self.papers = regions, people, papers

    def may(self, step: str, paper: Paper, by: int, now: datetime, **given) -> bool:
        person, region = self.people[by], self.regions[paper.region]
        roles, states = (words.split() for words in STEPS[step])
        of_it = person.role in OF_THE_DEPARTMENT
        placed = person.department == paper.department if of_it else person.region == paper.region
        if not (person.active and person.role in roles and placed) or paper.status not in states:
            return False
        if step == "lock":
            return region.locked != given["on"]
        if (paper.deleted_at is not None) != (step == "restore") or (region.locked and of_it):
            return False
        if step not in UNSEEN and given.get("seen", paper.version) != paper.version:
            return False
        waits = paper.status == "submitted" and region.agrees and paper.agreed is None
        own = paper.submitted is not None and paper.submitted[0] == by
        as_handed_in = (
            paper.submitted is not None and self.sound(paper) and paper.content == paper.submitted[1]
        )
        match step:
            case "submit":
                return self.sound(paper) and (not region.signs or self.signed_now(paper))
            case "agree":
                return waits and not own and not paper.comments and as_handed_in
            case "approve":
                return not waits and not own and not paper.comments and as_handed_in
            case "return" | "comment":
                allowed = paper.status == "submitted" if person.role == "reviewer" else not waits
                return allowed and (step == "comment" or bool(given["reason"] or paper.comments))
            case "answer":
                return bool(paper.comments)
            case "close":
                return bool(paper.comments) and (person.role == "bureau_officer" or paper.comments[0] == by)
            case "publish":
                early = given["at"] is not None and given["at"] < self.earliest(region, now)
                return paper.minute is None and self.ready(paper) and not early
            case "unschedule":
                return paper.minute is not None and now < paper.minute
            case "ask":
                return not paper.asked
            case "decline":
                return paper.asked
            case "withdraw":
                return SCOPES[given["scope"]] <= {standing for standing, _ in paper.public}
            case "delete":
                return not paper.handed_in
            case "restore":
                return paper.deleted_at is not None and now - paper.deleted_at < timedelta(days=30)
        return True

    def take(self, step: str, paper: Paper, by: int, now: datetime, **given) -> None:
        """A step that `may` allows; "publish" with a minute, or in a region that leaves time, is only set here."""
        region = self.regions[paper.region]
        paper.version += step not in ("comment", "answer", "close", "lock")
        match step:
            case "edit":
                paper.content = (given["content"], paper.content[1])
            case "sign":
                paper.signed, paper.signed_version = True, paper.version
            case "submit":
                self.anew(paper, "submitted")
                paper.submitted, paper.handed_in = (by, paper.content), True
            case "recall" | "return":
                self.anew(paper, "draft" if step == "recall" else "returned")
            case "agree":
                paper.agreed = by
            case "approve":
                paper.approved, paper.status = by, "approved"
            case "comment":
                paper.comments.append(by)
            case "close":
                paper.comments.pop(0)
            case "publish":
                paper.minute = given["at"] or self.earliest(region, now)
            case "unschedule":
                paper.minute = None
            case "correct":
                self.anew(paper, "draft")
                paper.asked = paper.signed = False
            case "ask" | "decline":
                paper.asked = step == "ask"
            case "withdraw":
                gone = SCOPES[given["scope"]]
                paper.public = [("withdrawn" if s in gone else s, content) for s, content in paper.public]
                if "current" in gone and paper.status == "published":
                    paper.status = "withdrawn"
            case "delete" | "restore":
                paper.deleted_at = now if step == "delete" else None
            case "lock":
                region.locked = given["on"]

    def due(self, paper: Paper, by: int, now: datetime, minute: datetime | None, version: int) -> None:
        """A worker takes up what was asked: at its minute while that is still the one, at once on what was seen."""
        person = self.people[by]
        if paper.minute != minute or (minute is not None and now < minute) or paper.status != "approved":
            return
        officer = person.active and person.role == "bureau_officer" and person.region == paper.region
        same = paper.public and paper.public[-1] == ("current", paper.content)
        seen = minute is not None or version == paper.version
        fits = paper.submitted is not None and self.sound(paper) and paper.content == paper.submitted[1]
        if officer and seen and fits and not same and self.ready(paper):
            paper.public = [("superseded" if s == "current" else s, content) for s, content in paper.public]
            paper.public.append(("current", paper.content))
            paper.status = "published"
        elif minute is None:
            return
        paper.version, paper.minute = paper.version + 1, None

    def ready(self, paper: Paper) -> bool:
        return not paper.comments and (paper.signed or not self.regions[paper.region].signs)

    def anew(self, paper: Paper, status: str) -> None:
        paper.status, paper.submitted, paper.agreed, paper.approved, paper.minute = (
            status,
            None,
            None,
            None,
            None,
        )

    def signed_now(self, paper: Paper) -> bool:
        return paper.signed and paper.signed_version == paper.version

    def sound(self, paper: Paper) -> bool:
        return paper.content[0] != "错"

    def earliest(self, region: Region, now: datetime) -> datetime:
        soon = now + timedelta(minutes=region.minutes)
        return soon if not soon.second else soon.replace(second=0) + timedelta(minutes=1)

"""What a county's disclosures may go through, said once more in plain Python: the model that the steps are held against.

It knows no Django and none of the product's code. `County.may` tells whether a step is taken, `County.take` takes it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

EVERY = "draft returned submitted approved published withdrawn"
STEPS = {  # whose step it is, and the states from which
    **dict.fromkeys(("edit", "sign", "submit"), ("accountant", "draft returned")),
    **dict.fromkeys(("return", "comment"), ("reviewer bureau_officer", "submitted approved")),
    **dict.fromkeys(("publish", "unschedule"), ("bureau_officer", "approved")),
    **dict.fromkeys(("correct", "decline"), ("bureau_officer", "published withdrawn")),
    "recall": ("accountant", "submitted"),
    "agree": ("reviewer", "submitted"),
    "approve": ("bureau_officer", "submitted"),
    "answer": ("accountant reviewer", "draft returned submitted approved"),
    "close": ("reviewer bureau_officer", "draft returned submitted approved"),
    "ask": ("accountant", "published withdrawn"),
    **dict.fromkeys(("withdraw", "ask_withdraw", "keep"), ("bureau_officer", EVERY)),
    "delete": ("accountant", "draft"),
    "restore": ("accountant bureau_administrator", "draft"),
    "lock": ("bureau_officer bureau_administrator", EVERY),
}
UNSEEN = {"comment", "answer", "close", "restore", "lock"}  # taken without a version that was looked at
SCOPES = {"latest": {"current"}, "all": {"current", "superseded"}, "earlier": {"superseded"}}


@dataclass
class Region:
    agrees: bool = False
    signs: bool = False
    two: bool = False  # who withdraw: one asks, another confirms
    minutes: int = 0
    locked: bool = False


@dataclass
class Person:
    role: str = ""
    department: int | None = None  # of an accountant or reviewer
    region: int = 0
    active: bool = True


@dataclass
class Paper:
    """A disclosure. Its content is what was typed last, with the name of its department; "错" is never sound."""

    department: int
    region: int
    content: tuple[str, str]
    version: int
    status: str = "draft"
    signed: int | None = None  # the version that was
    submitted: tuple[int, tuple[str, str]] | None = None
    agreed: int | None = None
    approved: int | None = None
    comments: list[int] = field(default_factory=list)  # the open ones: who made them
    minute: datetime | None = None
    at_once: bool = False  # a worker is asked to publish it
    public: list[tuple[str, tuple[str, str]]] = field(default_factory=list)
    asked: bool = False
    taking: tuple[int, str, int] | None = None  # who asked to withdraw what, and how many versions there were
    handed_in: bool = False
    deleted_at: datetime | None = None


@dataclass
class County:
    regions: list[Region]
    people: list[Person]
    papers: list[Paper]

    def fits(self, step: str, paper: Paper, by: int, anywhere: bool = False) -> bool:
        """Whether it is this person's step in this state, whatever else stands in its way."""
        person, (roles, states) = self.people[by], (words.split() for words in STEPS[step])
        placed = person.region == paper.region and person.department in (None, paper.department)
        return person.role in roles and (placed or anywhere) and paper.status in states

    def may(self, step: str, paper: Paper, by: int, now: datetime, **given) -> bool:
        person, region, comments = self.people[by], self.regions[paper.region], paper.comments
        if (paper.deleted_at is not None) != (step == "restore") and step != "lock":
            return False
        locked = region.locked and person.department is not None
        if not person.active or locked or (step not in UNSEEN and given["seen"] != paper.version):
            return False
        waits = paper.status == "submitted" and region.agrees and paper.agreed is None
        may_judge = paper.status == "submitted" if person.role == "reviewer" else not waits
        others = paper.submitted is not None and paper.submitted[0] != by
        as_handed_in = others and not comments and self.as_handed_in(paper)
        early = given["at"] is not None and given["at"] < self.earliest(region, now) and not paper.at_once
        return self.fits(step, paper, by) and {
            "submit": paper.content[0] != "错" and (not region.signs or paper.signed == paper.version),
            "agree": waits and as_handed_in,
            "approve": not waits and as_handed_in,
            "return": may_judge and bool(given["reason"] or comments),
            "comment": may_judge,
            "answer": bool(comments),
            "close": bool(comments) and (person.role == "bureau_officer" or comments[0] == by),
            "publish": paper.minute is None and self.ready(paper) and not early,
            "unschedule": paper.minute is not None and now < paper.minute,
            "ask": not paper.asked,
            "decline": paper.asked,
            "ask_withdraw": region.two and paper.taking is None and self.there(paper, given["scope"]),
            "keep": paper.taking is not None,
            "withdraw": self.there(paper, given["scope"])
            and (
                not region.two
                or (
                    paper.taking is not None
                    and paper.taking[0] != by
                    and self.as_asked(paper, given["scope"])
                )
            ),
            "delete": not paper.handed_in,
            "restore": now - (paper.deleted_at or now) < timedelta(days=30),
            "lock": region.locked != given["on"],
        }.get(step, True)

    def take(self, step: str, paper: Paper, by: int, now: datetime, **given) -> None:
        """A step that `may` allows; whatever is asked to be published, a worker does (`due`)."""
        region = self.regions[paper.region]
        at_once = step == "publish" and (paper.at_once or not (given["at"] or region.minutes))
        paper.version += not at_once and step not in ("comment", "answer", "close", "lock")
        match step:
            case "edit":
                paper.content = (given["content"], paper.content[1])
            case "sign":
                paper.signed = paper.version
            case "submit" | "recall" | "return" | "correct":
                paper.status = {"submit": "submitted", "return": "returned"}.get(step, "draft")
                paper.submitted = paper.agreed = paper.approved = paper.minute = None
                if step == "submit":
                    paper.submitted, paper.handed_in = (by, paper.content), True
                if step == "correct":
                    paper.asked, paper.signed = False, None
            case "agree":
                paper.agreed = by
            case "approve":
                paper.approved, paper.status = by, "approved"
            case "comment" | "close":
                paper.comments = [*paper.comments, by] if step == "comment" else paper.comments[1:]
            case "publish" | "unschedule":
                timed = step == "publish" and not at_once
                paper.at_once = at_once
                paper.minute = (given["at"] or self.earliest(region, now)) if timed else None
            case "ask" | "decline":
                paper.asked = step == "ask"
            case "ask_withdraw" | "keep":
                asks = step == "ask_withdraw"
                paper.taking = (by, given["scope"], len(paper.public)) if asks else None
            case "withdraw":
                paper.taking = None
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
        paper.at_once = paper.at_once and minute is not None
        if paper.status != "approved" or paper.minute != minute or (minute is not None and now < minute):
            return
        new = not paper.public or paper.public[-1] != ("current", paper.content)
        sound = new and self.ready(paper) and self.as_handed_in(paper) and self.fits("publish", paper, by)
        if out := sound and self.people[by].active and (minute is not None or version == paper.version):
            paper.public = [("superseded" if s == "current" else s, content) for s, content in paper.public]
            paper.public.append(("current", paper.content))
            paper.status = "published"
        if out or minute is not None:
            paper.version, paper.minute = paper.version + 1, None

    def ready(self, paper: Paper) -> bool:
        return not paper.comments and (paper.signed is not None or not self.regions[paper.region].signs)

    def there(self, paper: Paper, scope: str) -> bool:
        return SCOPES[scope] <= {standing for standing, _ in paper.public}

    def as_asked(self, paper: Paper, scope: str) -> bool:
        return paper.taking is not None and paper.taking[1:] == (scope, len(paper.public))

    def as_handed_in(self, paper: Paper) -> bool:
        return paper.submitted is not None and paper.content == paper.submitted[1]

    def earliest(self, region: Region, now: datetime) -> datetime:
        soon = now + timedelta(minutes=region.minutes)
        return soon if not soon.second else soon.replace(second=0) + timedelta(minutes=1)

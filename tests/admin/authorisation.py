"""Who may open and who may act at each address of an object, said by hand: what the matrix of all of them is held against.

A page that is not named here is read by everybody who may see its object, and takes nothing.
"""

from typing import NamedTuple

from budgets.models import Person, Status
from tests.makers.disclosures import a_person

from .policies import OBJECT

NOBODY, ROOT = "nobody", "superuser"
DEPARTMENT = {"accountant", "reviewer"}
READERS = {*DEPARTMENT, "bureau_officer", "bureau_administrator", "auditor", ROOT}
EDITABLE = {Status.DRAFT, Status.RETURNED}
ALWAYS = set(Status)
OFFICER, ADMINISTRATOR = {"bureau_officer"}, {"bureau_administrator"}
# Whose role ever takes a step; in which state it is taken the page says in words.
STEPS = {
    **dict.fromkeys(["submit", "recall", "ask", "delete"], {"accountant"}),
    **dict.fromkeys(
        ["approve", "publish", "unschedule", "correct", "decline", "withdraw", "ask_withdraw", "keep"],
        OFFICER,
    ),
    "agree": {"reviewer"},
    "return": {"reviewer", *OFFICER},
}
TYPED = [
    "basics",
    "goals",
    "wording",
    "explain",
    "given",
    "enter",
    "chapter",
    "goal",
    "intake_file",
    "intake",
]
PERSON = [f"budgets_person_{page}" for page in ("change", "password", "sign_in", "hand_over")]
# For whom the object exists at all; everybody else is answered as if it did not.
EXISTS = {
    **dict.fromkeys(
        ["budgets_region_change", "budgets_region_history", "subject_list"], {"central_administrator", ROOT}
    ),
    **dict.fromkeys([*PERSON, "budgets_person_history"], {*ADMINISTRATOR, ROOT}),
    "budgets_disclosure_restore": {"accountant", *ADMINISTRATOR},
    "roster_import": ADMINISTRATOR,
    **dict.fromkeys(["batch", "batch_progress"], OFFICER | ADMINISTRATOR),
    **dict.fromkeys(["download_state", "download_file"], READERS - DEPARTMENT),
}
# The place's jobs made no file, and nothing is answered without naming a comment.
MISSING = {
    ("budgets_disclosure_preview_file", "get"),
    ("download_file", "get"),
    ("budgets_disclosure_comments", "post"),
}
# Who sends something there, and while it stands how.
ACTS = {
    **dict.fromkeys(["budgets_region_change", "subject_list"], ({"central_administrator", ROOT}, ALWAYS)),
    "budgets_department_change": ({*ADMINISTRATOR, ROOT}, ALWAYS),
    **dict.fromkeys(PERSON, ({*ADMINISTRATOR, ROOT}, ALWAYS)),
    **dict.fromkeys(["budgets_publication_change", "budgets_logentry_change"], (set[str](), ALWAYS)),
    **{f"budgets_disclosure_{page}": ({"accountant"}, EDITABLE) for page in TYPED},
    # Who may not is told so in words.
    **{
        f"budgets_disclosure_{page}": (READERS, ALWAYS) for page in ("preview_pdf", "comment_new", "sign_off")
    },
    "budgets_disclosure_pending_pdf": (OFFICER, ALWAYS),
    "budgets_disclosure_restore": ({"accountant", *ADMINISTRATOR}, ALWAYS),
    "roster_import": (ADMINISTRATOR, ALWAYS),
    "batch": (OFFICER | ADMINISTRATOR, ALWAYS),
    "question": (DEPARTMENT | OFFICER, ALWAYS),
}
# Who opens what not every reader of the object opens.
OPENS = {
    **dict.fromkeys(
        ["budgets_department_change", "budgets_department_history"], (READERS - DEPARTMENT, ALWAYS)
    ),
    "budgets_disclosure_intake": ({"accountant"}, EDITABLE),
    "budgets_disclosure_pending_pdf": (OFFICER, ALWAYS),
}


class Actor(NamedTuple):
    """Who asks: a role, and whether the place is the own one."""

    role: str
    own: bool
    person: Person | None

    def __str__(self) -> str:
        return f"{self.role} {'own' if self.own else 'foreign'}"


def actors(here, beside, elsewhere) -> list[Actor]:
    """Everybody who can ask for what is in `here`: its own people, those of another department and region, and the rest."""
    found = [Actor(role, True, person) for role, person in here.people.items()]
    found += [Actor(role, role not in DEPARTMENT, person) for role, person in beside.people.items()]
    found += [Actor(role, False, person) for role, person in elsewhere.people.items()]
    central = a_person("central_administrator")
    root = Person.objects.create(username="root", name="系统", is_superuser=True, role="")
    closed = a_person("accountant", department=here.department, name="停用")
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    closed.refresh_from_db()
    return [
        *found,
        Actor("central_administrator", True, central),
        Actor(ROOT, True, root),
        Actor(NOBODY, True, closed),
        Actor(NOBODY, True, None),
    ]


def expected(name: str, key: str, method: str, actor: Actor, status: str) -> str:
    """What the model says an address answers: "login", "404", "403", "405" or "open". `key` is a step's."""
    assert name in OBJECT
    if actor.role == NOBODY:
        return "login"
    if not actor.own or actor.role not in EXISTS.get(name, READERS):
        return "404"
    if (name, "get" if method == "head" else method) in MISSING:
        return "404"
    step = (STEPS[key], ALWAYS) if name == "budgets_disclosure_step" else None
    if method == "post":
        taken = step or ACTS.get(name)
    elif method in ("get", "head"):
        taken = step or OPENS.get(name, (READERS | {"central_administrator"}, ALWAYS))
    else:
        taken = None
    if taken is None:
        return "405"
    roles, states = taken
    return "open" if actor.role in roles and status in states else "403"

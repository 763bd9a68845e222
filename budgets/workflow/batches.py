"""One step for many disclosures at once: each in its own transaction, what is refused stops no other.

Nothing is spared for being one of many: each is read, checked and hashed under its own lock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from budgets.access import May
from budgets.models import Disclosure, Happening, Person
from budgets.workflow import background, lifecycle, scheduling, trail
from budgets.workflow.stepping import NotPublishable, Refused

# A batch takes steps that need no reason of their own.
STEPS: dict[May, Callable[..., object]] = {
    May.APPROVE: lifecycle.approve,
    May.PUBLISH: background.publish,
    May.UNSCHEDULE: scheduling.unschedule,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them; `refusal` is blank where the step was taken."""

    disclosure: Disclosure
    refusal: str = ""


def take(step: May, chosen: Iterable[tuple[Disclosure, int]], *, by: Person, **given: Any) -> list[Outcome]:
    """Take a step of STEPS for each disclosure in the version that the person saw, in order; see the step itself, also
    for what else is given.

    Raises KeyError for a step that no batch takes.
    """
    act = STEPS[step]
    out = []
    for disclosure, version in chosen:
        try:
            act(disclosure, by=by, version=version, **given)
        except Refused as refused:
            open_ = refused.findings if isinstance(refused, NotPublishable) else ()
            first = f"例如：{open_[0].message}" if open_ else ""
            trail.tell(Happening.NOT_DONE, by, disclosure, words=f"{step.label}：{refused}{first}")
            out.append(Outcome(disclosure, f"{refused}{first}"))
        else:
            out.append(Outcome(disclosure))
    return out

"""What a list of subject codes changes, as values: against the year before, against what the year has, and its mapping."""

import hashlib
import json
from dataclasses import dataclass, field

from budgets.domain.codec import encode
from budgets.domain.crosswalk import Move
from budgets.importing.rosters.roster_reading import RosterFault

type Key = tuple[str, str]  # scheme, code


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One column of one code that changes, in words."""

    code: str
    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A code that the year before has and this year has not; `became` are the codes that took its place, by the mapping."""

    code: str
    name: str
    became: str
    drafts: int


@dataclass(slots=True)
class SubjectPlan:
    """All of it. `wanted` are the columns of each code of the year that will be in use, `moves` its mapping."""

    year: int
    before: int | None = None  # the year whose list comes before
    own: bool = False  # the year has a list already
    listed: bool = False  # the file names codes
    added: list[str] = field(default_factory=list)
    renamed: list[CodeChange] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    changed: list[CodeChange] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    mapped: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    faults: list[RosterFault] = field(default_factory=list)
    wanted: dict[Key, dict[str, str]] = field(default_factory=dict)
    moves: list[Move] | None = None  # None leaves the mapping as it is

    @property
    def does(self) -> bool:
        """Whether anything would change."""
        return bool(self.new or self.changed or self.retired or self.restored or self.mapped or self.unmapped)

    @property
    def digest(self) -> str:
        """What somebody saw who saw this plan: any other plan has another one."""
        said = [
            self.year, self.before, self.own, self.added, encode(self.renamed), encode(self.dropped), self.new,
            encode(self.changed), self.retired, self.restored, self.mapped, self.unmapped, encode(self.faults),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

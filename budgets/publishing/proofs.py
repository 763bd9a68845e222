"""What a proof of the published folder looked at, and the faults that it found."""

from dataclasses import dataclass, field
from pathlib import Path

from budgets.publishing import folders
from budgets.publishing.editions import Edition


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One fault: the file or address, and in Chinese what is wrong with it."""

    at: str
    what: str


@dataclass(slots=True)
class Proof:
    """What was looked at, and every fault found."""

    releases: int = 0
    revisions: int = 0
    files: int = 0
    pending: list[str] = field(default_factory=list)
    otherwise_made: list[str] = field(
        default_factory=list
    )  # data files that could not be made anew to compare
    other_pages: list[str] = field(default_factory=list)  # addresses whose pages could not
    other_rules: list[str] = field(default_factory=list)  # revisions whose checks could not
    mismatches: list[Mismatch] = field(default_factory=list)
    editions: dict[str, Edition] = field(default_factory=dict)

    def fault(self, at: Path | str, what: str) -> None:
        name = str(at.relative_to(folders.root())) if isinstance(at, Path) else at
        self.mismatches.append(Mismatch(name, what))

"""A finding as the desk shows it: where it is, where it is mended, and what the department says on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from budgets.admin.finding_links import Link, Links
from budgets.domain.findings import Finding, Severity
from budgets.models import Disclosure, Explanation
from budgets.workflow.drafts import Draft

TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.ADVICE: "go"}
TO_DO = "待填"  # an error before anything was typed


@dataclass
class Noted:
    """A finding with its links and its explanation, if one was given.

    `typed` is what a form says of it that was not saved (text, printed or not), `refused` why it was not. A page lists
    some of many findings: place and links are put into words when they are asked for.
    """

    finding: Finding
    where: Links
    explanation: Explanation | None = None
    quiet: bool = False  # nothing was typed yet
    typed: tuple[str, bool] | None = None
    refused: str = ""

    @cached_property
    def at(self) -> str:
        """Its place in words."""
        return self.where.words(self.finding.at)

    @cached_property
    def tasks(self) -> list[str]:
        """The keys of the tasks that its links lead to, in their order."""
        return self.where.tasks_of(self.finding)

    @cached_property
    def links(self) -> list[Link]:
        """Where it is to be mended, then where its cells are typed."""
        return self.where.of(self.finding)

    @property
    def tone(self) -> str:
        return "" if self.quiet and self.finding.severity is Severity.ERROR else TONES[self.finding.severity]

    @property
    def label(self) -> str:
        """The severity in words."""
        return (
            TO_DO if self.quiet and self.finding.severity is Severity.ERROR else self.finding.severity.label
        )

    @property
    def field(self) -> str:
        """What the finding is called in a form."""
        return self.finding.short_key

    @property
    def explainable(self) -> bool:
        return self.finding.severity is Severity.WARNING

    @property
    def text(self) -> str:
        """The explanation as its field shows it."""
        if self.typed is not None:
            return self.typed[0]
        return self.explanation.text if self.explanation else ""

    @property
    def public(self) -> bool:
        """Whether it is printed with what is published, as its field shows it: so it is unless somebody decides otherwise."""
        if self.typed is not None:
            return self.typed[1]
        return self.explanation is None or self.explanation.public


def notes_on(
    disclosure: Disclosure, draft: Draft, findings: Iterable[Finding], *, quiet: bool = False
) -> list[Noted]:
    """Findings of a draft with their places in words, their links, and what was said on them."""
    links = Links(disclosure, draft)
    return [Noted(f, links, draft.explanations.get(f.key), quiet) for f in findings]


def counted(notes: Iterable[Noted]) -> list[tuple[str, int, str]]:
    """(severity, number, tone) of some findings, worst first."""
    by_severity: dict[Severity, list[Noted]] = {severity: [] for severity in Severity}
    for note in notes:
        by_severity[note.finding.severity].append(note)
    return [(found[0].label, len(found), found[0].tone) for found in by_severity.values() if found]

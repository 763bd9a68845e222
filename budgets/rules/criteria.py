"""The five criteria of the inspection (公开检查), as data: which of them each rule serves, and what a rule needs to say anything.

The Ministry of Finance looks at 及时性, 完整性, 细化程度, 真实性 and 公开方式 of every region's disclosures (its yearly 专项检查).
"""

from budgets.domain.tables import TableSet
from budgets.domain.terms import Stage, Term


class Criterion(Term):
    """What an inspection looks at, in its order."""

    TIMELY = "timely", "及时"
    COMPLETE = "complete", "完整"
    DETAILED = "detailed", "细化"
    TRUE = "true", "真实"
    FORM = "form", "方式"


MEANINGS = {
    Criterion.TIMELY: "批复以后在法定期限内公开",
    Criterion.COMPLETE: "各表、各章、附表和原因都有，空表有说明",
    Criterion.DETAILED: "功能分类到项级，基本支出经济分类到款级",
    Criterion.TRUE: "表与表、文字与表、今年与上年的数都对得上",
    Criterion.FORM: "用语、单位、年度规范，字都印得出，留有联系方式",
}
READ_AGAIN = (
    "sentences-read-again"  # not a rule of the registry: what was taken over from last year and nobody read
)
UNITS_ADD_UP = "units-add-up"  # nor this: it is held against documents of others
UNIT_ROWS = "unit-rows-as-published"  # nor this
LAST_YEAR = "last-year-as-published"  # nor this: codes of two years meet in it
SERVES: dict[Criterion, tuple[str, ...]] = {
    Criterion.TIMELY: ("approval-dated", "published-in-time"),
    Criterion.COMPLETE: (
        "money-budgeted", "amount-printed", "empty-table-told", "empty-note-names-its-fund", "chapters-written", "sections-not-empty",
        "running-costs-told", "compared-with-budget", "reason-fits-change", "reason-given", "projects-have-goals", "goals-cover-projects",
        "goals-complete", "services-are-procured", "taken-over-whole",
    ),
    Criterion.DETAILED: (
        "code-detailed", "one-level-of-codes", "class-printed", "amount-names-its-row", "code-known", "code-confirmed",
    ),
    Criterion.TRUE: (
        "families-meet", "printed-tables-tie", "given-cells-tie", "given-cells-rounded", "funds-within-expenditure", "amount-not-negative",
        "typed-in-its-unit", "kind-of-basic-expenditure", "function-pays-economic", "no-project-under-administration",
        "three-public-covers-economic", "events-cover-economic", "three-public-within-fund", "vehicle-cost-plausible", "planned-vehicles-budgeted",
        "agency-costs-are-running-costs", "text-amount-agrees", "text-amount-rounded", "text-amount-untied", "text-percent-agrees",
        "text-change-adds-up", "text-parts-add-up", "text-direction-fits", "text-told-alike", "text-year-right", "class-amount-agrees",
        "said-nothing-is-nothing", "unchanged-verified", READ_AGAIN, UNITS_ADD_UP, UNIT_ROWS, LAST_YEAR, "unit-rows-add-up", "goal-money-adds-up", "project-money-alike", "project-names-agree",
        "procurement-multiplies", "procurement-reserve-within", "procurement-within-project", "procurement-parts-add-up",
        "services-within-project", "planned-purchases-procured", "office-space-within-buildings", "assets-counted-at-year-end", "counts-fit-money",
        "stated-numbers-agree", "plan-as-published", "accounts-as-published",
    ),
    Criterion.FORM: (
        "wording-standard", "item-named-as-printed", "year-in-titles", "unit-of-amounts", "text-unit", "text-slip", "amount-fits-unit",
        "no-template-residue", "indicator-money-unit", "indicator-percent-sign", "time-indicator-measures-time", "figures-known",
        "chapters-printable", "characters-printable", "contact-given",
    ),
}  # fmt: skip
CRITERION_OF = {rule: criterion for criterion, rules in SERVES.items() for rule in rules}

# Rules that speak of one annex alone: a set without it has nothing that they could look at.
OF_ANNEX = {
    "goals": ("goals-complete", "goals-cover-projects", "indicator-money-unit", "indicator-percent-sign", "time-indicator-measures-time"),
    "procurements": ("procurement-multiplies", "procurement-reserve-within", "procurement-within-project", "services-are-procured"),
    "services": ("services-within-project",),
    "unit_rows": ("unit-rows-add-up",),
    "assets": ("office-space-within-buildings", "assets-counted-at-year-end"),
}  # fmt: skip
# Rules of one stage: the other has nothing that they could look at.
OF_STAGE = {
    Stage.FINAL: ("counts-fit-money", "stated-numbers-agree", "plan-as-published"),
    Stage.BUDGET: ("accounts-as-published", "compared-with-budget", "goals-cover-projects"),
}
OF_TRANSCRIBED = ("given-cells-tie", "given-cells-rounded", "taken-over-whole")
OF_ENTERED = (
    "families-meet",
    "published-in-time",
)  # what was published before ties by its cells, and has that day

# What can be asked of a document whose form no set declares: the sums that its captions name, and what needs no table.
OF_ANY_FORM = (
    *OF_TRANSCRIBED, "printed-tables-tie", "approval-dated", "published-in-time", "contact-given", "text-slip",
    "no-template-residue", "chapters-printable", "characters-printable",
)  # fmt: skip

# What a rule compares with, by the attribute of its case: where it is not known, silence says nothing.
HELD_AGAINST = {
    "last_year": ("text-change-adds-up", "reason-fits-change", "unchanged-verified", "text-percent-agrees", "text-amount-untied", "text-year-right"),
    "previous": ("typed-in-its-unit",),
    "other_stage": ("plan-as-published", "accounts-as-published"),
    "published_on": ("published-in-time",),
    "missing_glyphs": ("characters-printable",),
}  # fmt: skip
# Rules that leave out amounts which are likely wrong in themselves: those are told once, by another rule.
SPARING = (
    "agency-costs-are-running-costs", "running-costs-told", "families-meet", "text-change-adds-up", "reason-fits-change",
    "unchanged-verified", "goals-cover-projects", "goal-money-adds-up", "project-money-alike", "projects-have-goals",
    "procurement-parts-add-up", "planned-purchases-procured", "text-percent-agrees", "text-amount-agrees", "text-unit",
    "text-amount-rounded", "item-named-as-printed", "text-amount-untied", "text-parts-add-up", "class-amount-agrees",
    "said-nothing-is-nothing", "text-year-right", "text-told-alike", "text-direction-fits", "accounts-as-published",
)  # fmt: skip


def without_object(table_set: TableSet, *, transcribed: bool) -> frozenset[str]:
    """The rules that have nothing to look at in such a document (不适用)."""
    annexes = {listing.source for listing in table_set.annexes}
    absent = {rule for source, rules in OF_ANNEX.items() if source not in annexes for rule in rules}
    absent |= {rule for stage, rules in OF_STAGE.items() if stage is not table_set.stage for rule in rules}
    if not table_set.tables:
        absent |= CRITERION_OF.keys() - set(OF_ANY_FORM)
    return frozenset(absent | (set() if transcribed else set(OF_TRANSCRIBED)))

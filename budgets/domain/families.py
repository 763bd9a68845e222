"""What the facts of each family are made of, and how they lie in rows: the one schema that all else derives from.

A family is added by one declaration here, a line model with its migration, and the tables that print it.
"""

from dataclasses import dataclass

from budgets.domain.facts import CODED, KINDS, NOTHING, Slice, where
from budgets.domain.terms import Family, Flow, Fund, Term, Use

FISCAL = (Fund.GENERAL_PUBLIC, Fund.GOVERNMENT_FUND, Fund.STATE_CAPITAL)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one family is typed: the dimensions that name a row, and the one whose values lie across it as amounts.

    `across` blank: the family is one amount of the whole disclosure. `values` are the values across that may hold money,
    all of the dimension unless given. `laid_out` says that the rows are known beforehand, so every disclosure has them.
    `impossible` are meanings that no amount of the family has. `by_class` says that its codes are 类, as a summary prints them.
    `seldom` says that rows of it are looked for only where a set prints the family.
    `beside_fiscal` says that tables of all money hold non-fiscal money of the family that no fiscal table prints.
    """

    named_by: tuple[str, ...] = ()
    across: str = ""
    values: tuple[Term, ...] = ()
    laid_out: bool = False
    beside_fiscal: bool = False
    impossible: Slice = NOTHING
    by_class: bool = False
    seldom: bool = False

    @property
    def amounts(self) -> tuple[str, ...]:
        """The names of the amounts of a row, in printed order: the values of the dimension across."""
        return tuple(term.value for term in self.values or (KINDS[self.across] if self.across else ()))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that a fact of the family fills, besides the family itself."""
        return (*self.named_by, *((self.across,) if self.across else ()))

    @property
    def code(self) -> str:
        """The dimension that holds the subject code of a row, which is also its scheme; blank for a family without codes."""
        return next((name for name in self.named_by if name in CODED), "")

    @property
    def page(self) -> str:
        """The dimension beside the code that names a row: each of its values has an entry page; blank where one page has all."""
        return next((name for name in self.named_by if self.code and name != self.code), "")


FAMILIES: dict[Family, Shape] = {
    Family.REVENUE: Shape(("function",), "origin"),
    Family.EXPENDITURE: Shape(
        ("function", "fund"),
        "use",
        beside_fiscal=True,
        impossible=where(fund=FISCAL, use=(Use.BUSINESS, Use.TO_SUPERIOR, Use.TO_AFFILIATES)),
    ),
    Family.BASIC_EXPENDITURE: Shape(("economic",), "kind"),
    Family.BASIC_BY_CLASS: Shape(("function",), "kind", by_class=True, seldom=True),
    Family.THREE_PUBLIC: Shape(("item",), "fund", FISCAL, laid_out=True),
    Family.FUND: Shape(
        ("fund",),
        "flow",
        laid_out=True,
        beside_fiscal=True,
        impossible=where(fund=FISCAL, flow=(Flow.SURPLUS_USED, Flow.DISTRIBUTED)),
    ),
    Family.AGENCY: Shape(),
    # What accounts print beside what was spent, and by item where a budget has the whole fund alone.
    Family.BUDGETED: Shape(("function", "fund"), "measure"),
    Family.THREE_PUBLIC_BUDGETED: Shape(("item",), "measure", laid_out=True),
    Family.FUND_ITEM: Shape(
        ("function", "fund"),
        "flow",
        (Flow.REVENUE, Flow.OPENING, Flow.CLOSING),
        impossible=where(fund=(Fund.GENERAL_PUBLIC, Fund.NON_FISCAL)),
    ),
    # General public expenditure of an item of function by economic item, 类 or 款 as the form's columns are.
    Family.BY_ECONOMIC: Shape(("function", "economic"), "use", (Use.BASIC, Use.PROJECT), seldom=True),
    # Beside “三公”经费, by the two economic items of the name, of all expenditure.
    Family.EVENTS: Shape(("economic",), "fund", FISCAL, seldom=True),
}

# What only accounts hold: of a budget nobody looks for rows of these.
OF_ACCOUNTS = (Family.BUDGETED, Family.THREE_PUBLIC_BUDGETED, Family.FUND_ITEM)

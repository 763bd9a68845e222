"""What the columns of a budget system's export hold, as the bureau said once: values that are kept as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass

from budgets.domain.facts import DIMENSIONS, KINDS
from budgets.domain.families import FISCAL
from budgets.domain.terms import BasicKind, Family, Origin, Term, Use

SKIPPED = "skip"  # what a value means whose rows are another's, or are counted elsewhere
UNIT, AMOUNT = "unit", "amount"
HOLDS = (
    ("", "不用"),
    (UNIT, "单位编码或名称"),
    ("function", "功能分类科目"),
    ("economic", "部门预算支出经济分类科目"),
    ("fund", "资金性质"),
    ("use", "支出类别"),
    ("origin", "收入来源"),
    ("kind", "人员经费或公用经费"),
    ("item", "“三公”经费项目"),
    ("flow", "资金收支或结转"),
    (AMOUNT, "金额"),
)


class Tells(Term):
    """What an amount of a row is counted as."""

    EXPENDITURE = "expenditure", "支出"
    REVENUE = "revenue", "收入"
    BASIC_EXPENDITURE = "basic_expenditure", "只是基本支出"
    THREE_PUBLIC = "three_public", "只是“三公”经费"
    FUND = "fund", "只是资金收支"
    AGENCY = "agency", "机关运行经费"


FAMILIES = {  # that an amount may give facts of
    Tells.EXPENDITURE: (Family.EXPENDITURE, Family.BASIC_EXPENDITURE, Family.THREE_PUBLIC),
    Tells.REVENUE: (Family.REVENUE, Family.FUND),
} | {
    tells: (Family(tells.value),)
    for tells in (Tells.BASIC_EXPENDITURE, Tells.THREE_PUBLIC, Tells.FUND, Tells.AGENCY)
}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column by its heading: what it holds; of an amount what it is counted as, in which unit, and what its heading
    says that no other column does (`means`, as in `ExportLayout.words`)."""

    heading: str
    holds: str = ""
    tells: Tells = Tells.EXPENDITURE
    means: str = ""
    unit: str = "元"


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """The columns of one sheet in their order; a sheet with just these headings is read by it, whatever its name."""

    name: str
    columns: tuple[ExportColumn, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)

    def holding(self, what: str) -> list[int]:
        """The places of the columns that hold something, from 0."""
        return [n for n, column in enumerate(self.columns) if column.holds == what]


@dataclass(frozen=True, slots=True)
class ExportLayout:
    """The layout of an export. `words` say what a value of a column means: (what the column holds, value) -> meaning,
    which is dimensions (`use=basic,kind=personnel`) or that the row is skipped."""

    sheets: tuple[ExportSheet, ...] = ()
    words: tuple[tuple[str, str, str], ...] = ()


def options(holds: str) -> Iterator[tuple[str, str]]:
    """The meanings that a value of a column can have, each with its words; what is one term or two at once."""
    for term in KINDS.get(holds, ()):
        yield f"{holds}={term.value}", term.label
    if holds == "use":
        for kind in BasicKind:
            yield f"use={Use.BASIC.value},kind={kind.value}", f"{Use.BASIC.label}·{kind.label}"
    if holds == "origin":
        for origin in (Origin.FISCAL_APPROPRIATION, Origin.BROUGHT_FORWARD):
            for fund in FISCAL:
                yield f"origin={origin.value},fund={fund.value}", f"{origin.label}·{fund.label}"
    yield SKIPPED, "不计入"


def every_option() -> Iterator[tuple[str, str]]:
    """The meanings that the heading of an amount can have."""
    for holds in KINDS:
        yield from (each for each in options(holds) if each[0] != SKIPPED)


def meaning(text: str) -> dict[str, Term]:
    """The dimensions of a meaning; empty for a blank one. Raises ValueError for one that is none."""
    found: dict[str, Term] = {}
    for pair in filter(None, text.split(",")):
        name, _, value = pair.partition("=")
        if name not in KINDS or name not in DIMENSIONS:
            raise ValueError(text)
        found[name] = KINDS[name](value)
    return found


def likeliest(holds: str, value: str) -> str:
    """The meaning that a value's own words suggest, the most telling first; blank when they suggest none."""
    found = [
        (len(word), -meant.count(","), meant)
        for meant, label in options(holds)
        for word in (*label.split("·"), *SAID.get(meant, ()))
        if word and word in value
    ]
    return max(found, default=(0, 0, ""))[2]


def guessed(heading: str) -> ExportColumn:
    """What a column may hold, by the words of its heading: the bureau sets it right."""
    holds = next((held for held, words in HEADED if any(word in heading for word in words)), "")
    means = likeliest_of_all(heading) if holds == AMOUNT else ""
    unit = "万元" if "万元" in heading else "元"
    tells = Tells.REVENUE if "收入" in heading or means.startswith("origin") else Tells.EXPENDITURE
    return ExportColumn(heading, holds, tells, means, unit)


def likeliest_of_all(heading: str) -> str:
    """The meaning that the heading of an amount suggests; blank when it suggests none."""
    found = [likeliest(holds, heading) for holds in ("fund", "use", "kind", "origin", "flow")]
    return next((meant for meant in found if meant and meant != SKIPPED), "")


HEADED = (  # the first that fits counts
    ("", ("名称", "项目", "备注", "序号", "摘要")),
    (AMOUNT, ("金额", "数", "合计", "（元）", "（万元）", "预算资金")),
    (UNIT, ("单位", "部门代码", "部门编码")),
    ("economic", ("经济",)),
    ("function", ("功能", "科目")),
    ("fund", ("资金性质", "资金来源", "资金")),
    ("use", ("支出类", "类型", "类别")),
    ("origin", ("收入", "来源")),
    ("item", ("三公",)),
    ("flow", ("收支", "结转")),
)

# How systems name what the terms call otherwise.
SAID = {
    "use=basic,kind=personnel": ("人员类", "人员支出", "人员经费"),
    "use=basic,kind=running_costs": ("运转类", "公用经费", "日常公用"),
    "use=project": ("特定目标", "项目"),
    "fund=government_fund": ("政府性基金", "基金预算"),
    "fund=state_capital": ("国有资本", "国资"),
    "fund=general_public": ("一般公共预算", "经费拨款"),
    "fund=non_fiscal": ("单位资金", "事业收入", "其他收入", "财政专户", "非财政"),
    "origin=fiscal_appropriation": ("财政拨款",),
    "origin=fiscal_appropriation,fund=general_public": ("一般公共预算",),
    "origin=fiscal_appropriation,fund=government_fund": ("政府性基金",),
    "origin=fiscal_appropriation,fund=state_capital": ("国有资本",),
    "origin=special_account": ("财政专户",),
    "origin=service": ("事业收入",),
    "origin=brought_forward": ("结转",),
    SKIPPED: ("合计", "小计", "总计"),
}

"""Rules on subject codes: known in the year, fine enough, printed by the summary tables."""

from budgets.domain.classification import ECONOMIC, FUNCTION, Confidence, level_of
from budgets.domain.families import FAMILIES
from budgets.domain.findings import Severity
from budgets.domain.law import SCHEME
from budgets.domain.places import CodePlace
from budgets.domain.tables import Balance
from budgets.rules.registry import Case, Found, Report, rule

MISTYPED = 10  # codes that are compared with every known one


def used(case: Case) -> list[tuple[str, str]]:
    """The (scheme, code) pairs that carry an amount, sorted."""
    pairs = {(FUNCTION, f.function) for f in case.ledger.facts if f.function}
    return sorted(pairs | {(ECONOMIC, f.economic) for f in case.ledger.facts if f.economic})


@rule("code-known", Severity.WARNING, source=SCHEME, formula="科目编码存在于当年的政府收支分类科目")
def code_known(case: Case, report: Report) -> Found:
    """Every code is in the year's list; a mistyped one is answered with the nearest known codes.

    Where many are unknown they are of another list, and not mistyped: those behind the first are only named.
    """
    unknown = [(scheme, code) for scheme, code in used(case) if case.subjects.get(code, scheme) is None]
    for n, (scheme, code) in enumerate(unknown):
        likely = case.subjects.nearest(code, scheme) if n < MISTYPED else []
        near = "、".join(f"{s.code} {s.name}" for s in likely)
        hint = f"相近的科目有：{near}，请核对编码。" if near else "请核对编码，或请财政局补充科目。"
        yield report(f"{case.ledger.year}年科目中没有 {code}。{hint}", at=CodePlace(scheme, code))


@rule("code-confirmed", Severity.ADVICE, source=SCHEME, formula="科目名称经公开文件核实")
def code_confirmed(case: Case, report: Report) -> Found:
    """Codes whose name was never read in a published document are pointed out."""
    for scheme, code in used(case):
        subject = case.subjects.get(code, scheme)
        if subject is not None and subject.confidence is Confidence.LOW:
            yield report(f"{code} {subject.name}的名称待核实，请对照当年科目书。", at=CodePlace(scheme, code))


@rule(
    "code-detailed",
    Severity.ERROR,
    source="《财政预决算领域基层政务公开标准目录》：功能分类到项级，基本支出经济分类到款级",
    formula="支出功能分类编码 7 位，部门预算支出经济分类编码 5 位",
)
def code_detailed(case: Case, report: Report) -> Found:
    """Amounts are entered at 项 (function) and 款 (economic); those that a summary alone divides, at 类."""
    of_classes = {f.function for f in case.ledger.facts if FAMILIES[f.family].by_class}
    of_items = {f.function or f.economic for f in case.ledger.facts if not FAMILIES[f.family].by_class}
    asked = [
        (scheme, code, 3 if scheme == FUNCTION else 2) for scheme, code in used(case) if code in of_items
    ]
    for scheme, code, wanted in (*asked, *((FUNCTION, code, 1) for code in sorted(of_classes))):
        if level_of(code, scheme) != wanted:
            level = "类（3 位编码）" if wanted == 1 else "项（7 位编码）" if wanted == 3 else "款（5 位编码）"
            yield report(f"科目 {code} 不到{level}，请填到{level}。", at=CodePlace(scheme, code))


@rule(
    "class-printed",
    Severity.ERROR,
    source="收支总表的支出类别",
    formula="每个支出功能分类的类在收支总表中有一行",
)
def class_printed(case: Case, report: Report) -> Found:
    """A class that the summary tables have no line for would be missing from their sums."""
    for code in unprinted_classes(case):
        yield report(
            f"收支总表没有 {code} 类的行，该类支出无法列示，请核对科目编码。", at=CodePlace(FUNCTION, code)
        )


def unprinted_classes(case: Case) -> list[str]:
    """The classes with expenditure that no summary table has a line for, sorted; none in a set without such tables."""
    lines = {
        line.key
        for table in case.table_set.tables
        if isinstance(table.rows, Balance)
        for line in table.rows.right
    }
    spent = {f.function[:3] for f in case.ledger.facts if f.use and f.function}
    return sorted(spent - lines) if lines else []

"""A report in Chinese lines, for people at the command line."""

from collections.abc import Iterator

from budgets.domain.findings import Severity
from budgets.importing.comparing.reports import FoundFault
from budgets.importing.reading.grids import by_cause
from budgets.importing.taken import Taken


def tell(taken: Taken) -> Iterator[str]:
    """The report of one file, line by line; a list that is empty is left out."""
    ledger = taken.ledger
    where = " ".join(
        filter(None, [ledger.unit_code, ledger.unit_name, f"{ledger.year}年" if ledger.year else ""])
    )
    yield f"文件：{taken.source.name}（{where}）"
    yield f"认出 {len(taken.tables)} 张表，{len(ledger.narratives)} 章情况说明，{len(ledger.facts)} 个填报金额。"
    if taken.differences:
        yield f"差异 {len(taken.differences)} 处（文件中的金额 ≠ 由明细推算的金额）："
        for d in taken.differences:
            place = f"单元格 {d.cell}" if d.cell else "文件中没有这一格"
            yield (
                f"  “{d.sheet}”{place}，“{d.row}”行“{d.column}”列："
                f"文件为 {d.given or '空白'}，推算为 {d.derived or '空白'}"
            )
    if taken.suspects:
        cells = "、".join(f"“{s.sheet}”{s.cell}" for s in taken.suspects)
        yield f"最可能填错的单元格：{cells}。改正后各表即可相符。"
    yield from tell_findings(taken.findings)
    if taken.unread:
        yield f"没有读懂 {len(taken.unread)} 处："
        for u in by_cause(taken.unread):
            yield f"  “{u.sheet}”{u.cell} “{u.text[:40]}”：{u.why}"


def tell_findings(findings: list[FoundFault]) -> Iterator[str]:
    """Findings, worst first, with the cells they concern."""
    order = list(Severity)
    for finding in sorted(findings, key=lambda f: order.index(Severity(f.severity))):
        cells = "、".join(dict.fromkeys(f"“{c.sheet}”{c.cell}" for c in finding.cells if c.cell))
        yield f"{Severity(finding.severity).label}：{finding.message}" + (f"（{cells}）" if cells else "")

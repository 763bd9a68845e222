"""A report in Chinese lines, for people at the command line."""

from collections.abc import Iterator

from budgets.domain.findings import Severity
from budgets.importing.comparing.reports import Difference, FoundFault, Suspect
from budgets.importing.reading.grids import by_cause, cells_in_words
from budgets.importing.taken import Taken


def tell(taken: Taken) -> Iterator[str]:
    """The report of one file, line by line; a list that is empty is left out."""
    ledger = taken.ledger
    where = " ".join(
        filter(None, [ledger.unit_code, ledger.unit_name, f"{ledger.year}年" if ledger.year else ""])
    )
    yield f"文件：{taken.source.name}" + (f"（{where}）" if where else "")
    yield f"认出 {len(taken.tables)} 张表，{len(ledger.narratives)} 章情况说明，{len(ledger.facts)} 个填报金额。"
    suspects = {(s.sheet, s.cell) for s in taken.suspects}
    if taken.suspects:
        yield f"最可能填错的 {len(taken.suspects)} 格："
        yield from (f"  {_suspect(suspect)}" for suspect in taken.suspects)
    differing = [d for d in taken.differences if (d.sheet, d.cell) not in taken.lost]
    follow = [d for d in differing if d.follows]
    own = [d for d in differing if not d.follows and (d.sheet, d.cell) not in suspects]
    for told, why in ((own, "文件中的金额 ≠ 由明细推算的金额"), (follow, "上面的格子改对，这些就都相符")):
        if told:
            yield f"差异 {len(told)} 处（{why}）："
            yield from (f"  {_difference(d)}" for d in told)
    yield from tell_findings([f for f in taken.findings if not f.follows])
    if gone := [f for f in taken.findings if f.follows]:
        yield f"检查结果 {len(gone)} 条（上面的格子改对，这些就都没有了）："
        yield from (f"  {line}" for line in tell_findings(gone))
    if unread := [u for u in taken.unread if (u.sheet, u.cell) not in taken.lost]:
        yield f"没有读懂 {len(unread)} 处："
        for u in by_cause(unread):
            yield f"  “{u.sheet}”{u.cell} “{u.text[:40]}”：{u.why}"


def _suspect(suspect: Suspect) -> str:
    right = f"，改为 {suspect.right} 即可相符" if suspect.right else "，可能有误"
    other = f"（也可能错在 {'、'.join(suspect.instead)}：同在一个合计里，分不出）" if suspect.instead else ""
    return f"{_place(suspect)}：文件为 {suspect.given or '空白'}{right}{other}"


def _difference(d: Difference) -> str:
    return f"{_place(d)}：文件为 {d.given or '空白'}，推算为 {d.derived or '空白'}"


def _place(at: Suspect | Difference) -> str:
    where = f"单元格 {at.cell}" if at.cell else "文件中没有这一格"
    return f"“{at.sheet}”{where}，“{at.row}”行“{at.column}”列"


def tell_findings(findings: list[FoundFault]) -> Iterator[str]:
    """Findings, worst first, with the cells they concern."""
    order = list(Severity)
    for finding in sorted(findings, key=lambda f: order.index(Severity(f.severity))):
        cells = cells_in_words([f"“{c.sheet}”{c.cell}" for c in finding.cells if c.cell])
        yield f"{Severity(finding.severity).label}：{finding.message}" + (f"（{cells}）" if cells else "")

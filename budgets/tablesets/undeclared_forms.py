"""Documents of a form that nobody declared, one set for each stage: no table of their own, every printed one is given.

They are no forms to choose: a file becomes one when it was published before and none of the declared sets fits it.
"""

from decimal import Decimal

from budgets.domain.tables import TableSet
from budgets.domain.terms import Stage


def _of(stage: Stage, key: str, title: str) -> TableSet:
    return TableSet(
        key=key,
        label=f"照原样收录的{stage.label}（未声明的表样）",
        unit="万元",
        quantum=Decimal(100),
        tables=(),
        annexes=(),
        chapters=(),
        figures=(),
        meets=(),
        narrative_title=title,
        lead="",
        numbered_chapters=False,
        stage=stage,
    )


AS_IT_STANDS = {
    each.key: each
    for each in (
        _of(Stage.BUDGET, "as_it_stands", "{unit_name}{year}年部门预算说明"),
        _of(Stage.FINAL, "as_it_stands_final", "{unit_name}{year}年部门决算说明"),
    )
}

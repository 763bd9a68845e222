"""Rules between documents: declared as all are, found by the workflow, which alone knows the documents of others."""

from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.rules.criteria import LAST_YEAR, UNIT_ROWS, UNITS_ADD_UP
from budgets.rules.registry import REGISTRY, Declared

BETWEEN = {
    each.id: each
    for each in (
        Declared(LAST_YEAR, Severity.WARNING, CATALOGUE, "各表的上年数＝公开的上年部门预算"),
        Declared(UNIT_ROWS, Severity.WARNING, CATALOGUE, "部门表中各单位的支出＝各单位公开的支出"),
        Declared(UNITS_ADD_UP, Severity.WARNING, CATALOGUE, "含下属单位的部门＝各单位合计－内部往来抵销"),
    )
}


def all_rules() -> dict[str, Declared]:
    """Every rule that a public version is checked by: the registry's in their order, then those between documents."""
    return {**REGISTRY.rules, **BETWEEN}

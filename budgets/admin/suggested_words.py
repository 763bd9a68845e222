"""Words offered while records are typed: usual ones, and the names of projects, which are written once and chosen everywhere else."""

from budgets.domain.terms import Comparator
from budgets.models import Disclosure

# Anything else may be typed: these are what 财预〔2020〕10号 and its tables use.
USUAL = {
    "dimension": ("产出指标", "效益指标", "满意度指标", "成本指标"),
    "aspect": (
        "数量指标", "质量指标", "时效指标", "成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标",
        "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标",
    ),
    "comparator": tuple(each.value for each in Comparator if each),
    "unit": ("%", "个", "件", "次", "人", "人次", "户", "天", "月", "年", "套", "台", "平方米", "万元", "元"),
    "unit_of_measure": ("台", "套", "个", "辆", "项", "批", "年", "平方米"),
    "nature": ("行政", "参公", "公益一类", "公益二类"),
    "rank": ("正处级", "副处级", "正科级", "副科级", "股级"),
    "funding": ("财政拨款", "财政性资金基本保证", "财政性资金定额或定项补助", "财政性资金零补助"),
}  # fmt: skip
PROJECTS = "project"  # the field that names a project of the same disclosure
SUGGESTED = frozenset([*USUAL, PROJECTS])


def suggested(fields: set[str], disclosure: Disclosure) -> dict[str, list[str]]:
    """The words that the fields of a page offer, in order; a field without any is left out."""
    found = {name: list(words) for name, words in USUAL.items() if name in fields}
    if PROJECTS in fields:
        named = [
            *disclosure.projects.values_list("name", flat=True),
            *disclosure.goals.values_list("project", flat=True),
        ]
        found[PROJECTS] = sorted(set(filter(None, named)), key=named.index)
    return {name: words for name, words in found.items() if words}

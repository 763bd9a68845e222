"""Entered amounts in words, as messages name them."""

from budgets.domain.classification import ECONOMIC, Subjects
from budgets.domain.facts import Fact


def describe(subjects: Subjects, fact: Fact) -> str:
    """An entered amount as people call it: 支出明细（一般公共预算）2010301 行政运行 基本支出."""
    words: list[str] = [fact.family.label]
    if fact.fund:
        words.append(fact.fund.label)
    if fact.function:
        words.append(f"{fact.function} {subjects.name(fact.function)}")
    if fact.economic:
        words.append(f"{fact.economic} {subjects.name(fact.economic, ECONOMIC)}")
    words += [term.label for term in (fact.origin, fact.use, fact.kind, fact.item, fact.flow) if term]
    return " ".join(words)

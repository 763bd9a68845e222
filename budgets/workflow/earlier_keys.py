"""Explanations find their findings: by key, and those of an earlier release, whose keys were words and cells, by theirs.

A key is a hash of rule and place (`findings.key_of`). An explanation written when it was not yet is matched when it is
read, so that what was approved stays as it was, and gets its new key when explanations are saved the next time.
"""

import re
from collections.abc import Iterable
from copy import copy

from budgets.domain.findings import Finding
from budgets.models import Explanation

OWN = re.compile(r"[a-z-]+:[0-9a-f]{16}")
AMOUNT = re.compile(r"-?[\d,]+\.\d+")  # codes and years have no point
SUPPOSED = re.compile(r"，像是[^，。；]+")  # how a number may have come about: said only since


def explained(findings: Iterable[Finding], rows: Iterable[Explanation]) -> dict[str, Explanation]:
    """The explanations by the key of their finding; one of an earlier release may stand for several alike."""
    every, standing = list(rows), list(findings)
    own = {row.finding_key: row for row in every}
    found = {finding.key: own[finding.key] for finding in standing if finding.key in own}
    earlier = [row for row in every if not OWN.fullmatch(row.finding_key)]
    for same in (_word_for_word, _but_for_amounts):
        open_ = [finding for finding in standing if finding.key not in found]
        left = [row for row in earlier if row not in found.values()]
        for finding in open_ if left else ():
            row = next((row for row in left if row.rule == finding.rule and same(finding, row)), None)
            if row is not None:
                found[finding.key] = row
    return found


def _word_for_word(finding: Finding, row: Explanation) -> bool:
    return finding.message == row.message


def _but_for_amounts(finding: Finding, row: Explanation) -> bool:
    """The same words but for the amounts and what is supposed of them, or the same cells, which were the key."""
    cells = "|".join("/".join(cell) for cell in finding.cells)
    return f"{finding.rule}:{cells}" == row.finding_key or _words(finding.message) == _words(row.message)


def _words(message: str) -> str:
    return AMOUNT.sub("", SUPPOSED.sub("", message))


def adopt(explanations: dict[str, Explanation]) -> dict[str, Explanation]:
    """Give explanations of an earlier release the keys of today, a row for each finding; all of them as they are now."""
    written = {row.pk: row.at for row in explanations.values()}
    now: dict[str, Explanation] = {}
    for key, row in explanations.items():
        if row.finding_key != key:
            at = written[row.pk]
            if row in now.values():  # it has its key: another finding gets a copy
                row = copy(row)
                row.pk, row._state.adding = None, True
            row.finding_key = key
            row.save()
            Explanation.objects.filter(pk=row.pk).update(at=at)
        now[key] = row
    return now

"""The certificate of checks (核对清单) of one public version: every rule with its state, and what was found.

`checks.json` is a certificate as canonical JSON. It is frozen with its version and says on its own what each rule asks,
so that it can be read when the rules are others.
"""

import json
from dataclasses import dataclass

from budgets.domain.codec import decode, encode
from budgets.domain.findings import Severity
from budgets.domain.snapshots import canonical
from budgets.domain.terms import Term

SCHEMA = "mingzhang-checks/1"


class State(Term):
    """How a rule stands to a document; what was not checked comes first."""

    NOT_CHECKED = "not_checked", "未核对"
    MISSING = "missing", "缺数据"
    FINDING = "finding", "有提示"
    EXPLAINED = "explained", "有提示已说明"
    HOLDS = "holds", "成立"
    NOT_APPLICABLE = "not_applicable", "不适用"


@dataclass(frozen=True, slots=True)
class Told:
    """One finding: its key and words (both numbers and the difference), its place and further cells as `places.serialised`.

    `explanation` are the department's public words; `explained` is also true where it did not publish them.
    """

    key: str
    message: str
    at: str
    cells: tuple[str, ...] = ()
    explanation: str = ""
    explained: bool = False

    @property
    def anchor(self) -> str:
        """Where its line stands on the page of the certificate."""
        return f"f-{self.key.rpartition(':')[2]}"


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule: what it asks, its state, and in words why it was not looked at or not wholly; blank where it was."""

    rule: str
    severity: Severity
    source: str
    formula: str
    state: State
    lacking: str = ""
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """Every rule in the order of the registry; `rules` names their version.

    `year_before` is the earlier year whose publication it was held against, `entry_before` that one's chain entry; 0 and
    blank where nothing earlier was public. `basis` is a digest of what else decides (codes, limits, faces); blank in
    certificates that were made before it was kept.
    """

    rules: str
    checked: tuple[Checked, ...]
    year_before: int = 0
    entry_before: str = ""
    basis: str = ""

    def among(self, state: State) -> list[Checked]:
        """The rules in a state, in order."""
        return [each for each in self.checked if each.state is state]


def dumps(certificate: Certificate) -> bytes:
    """`checks.json`."""
    return canonical({"schema": SCHEMA, "certificate": encode(certificate)})


def loads(content: bytes) -> Certificate:
    """The certificate of a `checks.json`; ValueError, in Chinese, when it is not exactly what `dumps` writes."""
    try:
        data = json.loads(content)
        certificate: Certificate = decode(Certificate, data["certificate"])
        same = data["schema"] == SCHEMA and dumps(certificate) == content
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("核对结果不能读取") from error
    if not same:
        raise ValueError("核对结果被改动")
    return certificate

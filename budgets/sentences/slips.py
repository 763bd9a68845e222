"""Slips of the pen in sentences that amounts cannot show: a doubled unit, a rate without its %, a choice not made, a reason not written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from budgets.domain.quantities import plain_digits
from budgets.sentences.comparisons import DOWN, UP


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip in one paragraph: where it stands in it, what is wrong and what to do, in words."""

    start: int
    end: int
    words: str


KINDS = (
    (
        re.compile(r"\d\s*(?:万元万元|亿元亿元|万万元|亿亿元|[万亿]?元元)"),
        "“{0}”的单位写了两遍。请只留一个",
    ),
    (
        re.compile(r"(?:增长|下降|增幅|降幅)(?:率)?[了为]?\s*\d+(?:\.\d+)?(?=\s*[。，；,;])|占[^，,。；;、\d万亿元]{0,20}\d+\.\d+(?=\s*[。，；,;])"),
        "“{0}”像是百分比，没有写“%”。请补上",
    ),
    (
        re.compile(rf"(?:{UP}|{DOWN})\s*(?:[（(]\s*(?:或|/)?\s*(?:{UP}|{DOWN})\s*[）)]|[/／](?:{UP}|{DOWN}))"),
        "“{0}”两个方向都留着。请按实际的增减只留一个",
    ),
)  # fmt: skip
NO_REASON = re.compile(r"(?:主要)?原因(?:是|为|：|:|在于)+\s*(?=[。；;，,]|$)|主要由于\s*(?=[。；;，,]|$)")


def slips(line: str) -> Iterator[Slip]:
    """The slips of one paragraph."""
    text = plain_digits(line)
    for pattern, words in KINDS:
        for match in pattern.finditer(text):
            yield Slip(match.start(), match.end(), words.format(match[0].strip()))


def unwritten_reasons(line: str, *, last: bool) -> Iterator[Slip]:
    """主要原因是。 without a reason; a colon at the end of a paragraph opens the next one, unless it is the `last`."""
    text = line.rstrip()
    for match in NO_REASON.finditer(text):
        opens = match.end() == len(text) and match[0].rstrip()[-1] in "：:" and not last
        if not opens:
            yield Slip(match.start(), match.end(), f"“{match[0].strip()}”后面没有写原因。请补写原因")

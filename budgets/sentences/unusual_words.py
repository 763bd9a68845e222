"""Words of old files that the field writes otherwise, offered in standard form; captions of tables have `standard_words`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from budgets.domain.items import Items, item_name

# As printed in disclosures where 单位 was replaced by 部门, or a name was shortened.
STANDARD = (
    (re.compile(r"政府基金(?=预算|收入|支出|拨款)"), "政府性基金"),
    (re.compile(r"事业部门"), "事业单位"),
    (re.compile(r"附属部门"), "附属单位"),
    (re.compile(r"公务?车(?:用车)?(?=购置|运行|运维)"), "公务用车"),
    (re.compile(r"机关运行费"), "机关运行经费"),
    (re.compile(r"(?<=[（(，：。\s])部门(?=：(?:万元|元))"), "单位"),
)
LAST_LEVEL = re.compile(r"[（(]项[）)]")
LONGEST = 120  # characters of an item's names before its 项


@dataclass(frozen=True, slots=True)
class Offer:
    """Words as typed and their standard form."""

    typed: str
    standard: str


def standard_form(text: str, offers: Iterable[Offer] = ()) -> str:
    """A text in standard words: those that the field has for everybody, and the offered ones."""
    for pattern, standard in STANDARD:
        text = pattern.sub(standard, text)
    for offer in offers:
        text = text.replace(offer.typed, offer.standard) if len(offer.typed) > 2 else text
    return text


def offers_in(text: str, items: Items) -> Iterator[Offer]:
    """The words of a text that have a standard form, each once; names of items as the tables print them."""
    seen: set[str] = set()
    for pattern, standard in STANDARD:
        for match in pattern.finditer(text):
            if match[0] != standard and match[0] not in seen:
                seen.add(match[0])
                yield Offer(match[0], standard)
    for match in LAST_LEVEL.finditer(text):
        words = re.split(r"[。；;，,\n]", text[max(0, match.start() - LONGEST) : match.end()])[-1]
        item = item_name(words)
        found = items.find(item) if item and item.names else None
        path = items.paths[found.codes[0]] if found and not found.exact else ()
        for level, typed in item.names if item and path else ():
            printed = path[level - 1] if level <= len(path) else typed
            if typed != printed and not typed.endswith(printed) and typed not in seen:
                seen.add(typed)
                yield Offer(typed, printed)

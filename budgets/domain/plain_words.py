"""Plain sentences made from figures: how much, how much more than last year, on what; each amount a link to where it stands.

A sentence is left out where a figure that it needs is not there; nothing is estimated. Words are parts with an address,
blank for plain words, so that a page, a feed and a description say the same.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from budgets.domain.key_figures import SPENT, USE_WORDS, part_changes, parts
from budgets.domain.money import in_unit, percentage

HUNDRED_MILLION = Decimal(100_000_000)

UNTOLD = ("other", "rest")  # what is left over says nothing to a reader
type Part = tuple[str, str]
type Sentence = tuple[Part, ...]


def in_words(yuan: Decimal) -> str:
    """An amount as people say it: 8.30 亿元, 612.61 万元; with two places."""
    unit = "亿元" if abs(yuan) >= HUNDRED_MILLION else "万元"
    return f"{in_unit(yuan, unit):,.2f} {unit}"


def percent(amount: Decimal, whole: Decimal) -> Decimal | None:
    """The share in percent with one place, half up; None of nothing."""
    return percentage(amount, whole) if whole else None


def as_rate(rate: Decimal, difference: Decimal) -> str:
    """A rate with its sign: +5.2%, −3.3%, 0.0% of no difference; 增不到 0.1% where the one place shows nothing of it."""
    if not rate and difference:
        return f"{'增' if difference > 0 else '减'}不到 0.1%"
    return f"{rate:+}%".replace("-", "−") if rate else "0.0%"


def change(now: Decimal, before: Decimal) -> str:
    """增加 5.0%, 减少 3.3% or 持平; what grew from nothing, and by more than a hundredfold, says both amounts instead."""
    if now == before:
        return "与上年持平"
    rate = percent(now - before, before)
    more = "增加" if now > before else "减少"
    if rate is None or before < 0 or abs(rate) > 10_000:
        return f"比上年{more} {in_words(abs(now - before))}"
    if rate == 0:
        return f"比上年{more}不到 0.1%"
    return f"比上年{more} {abs(rate)}%"


def county_words(
    *,
    public: int,
    known: int,
    spent: Decimal | None,
    compared: Sequence[tuple[Decimal, Decimal]],
    three_public: tuple[Decimal, int] | None,
    links: dict[str, str],
    unsaid: int = 0,
) -> tuple[Sentence, ...]:
    """What a county's year comes to: who has published, what they spend, what changed among those that can be compared.

    `spent` is the sum over those that count; `compared` pairs this year's amount with last year's; `three_public` is a
    sum and of how many departments; `unsaid` are public and print nothing that adds up. `links` are addresses by key: spent, change, three_public, missing.
    """
    out: list[Sentence] = []
    if spent is not None and public:
        first: list[Part] = [(f"已公开的 {public} 个部门共安排支出 ", ""), (in_words(spent), links["spent"])]
        if compared:
            now, before = (sum(amounts, Decimal(0)) for amounts in zip(*compared, strict=True))
            among = "，" if len(compared) == public else f"，其中上年也公开的 {len(compared)} 个部门合计"
            first += [(among, ""), (change(now, before), links["change"])]
        out.append((*first, ("。", "")))
    if unsaid:
        whose = "其中" if out else "已公开的"
        out.append(((f"{whose} {unsaid} 个部门没有可以相加的数{'，没有计入' if out else ''}。", ""),))
    if three_public is not None:
        amount, of = three_public
        less = "" if of == public else f"（{of} 个部门）"
        out.append(((f"“三公”经费{less}合计 ", ""), (in_words(amount), links["three_public"]), ("。", "")))
    if missing := known - public:
        out.append((("还有 ", ""), (f"{missing} 个部门", links["missing"]), ("没有公开。", "")))
    elif known:
        out.append(((f"{known} 个部门全部公开。", ""),))
    return tuple(out)


def unit_words(
    year: int,
    amounts: Mapping[str, Decimal],
    before: Mapping[str, Decimal],
    links: Mapping[str, str],
    *,
    final: bool = False,
) -> tuple[Sentence, ...]:
    """What a department spends in a year (`final`: spent in fact), on what, how that changed and where most, and its “三公”经费.

    `before` are last year's amounts, empty where they cannot be compared; a change leads to `links["change"]`.
    """
    out: list[Sentence] = []
    if SPENT in amounts:
        first: list[Part] = [
            (f"{year}年{'实际' if final else '安排'}支出 ", ""),
            (in_words(amounts[SPENT]), links[SPENT]),
        ]
        first += _changed(SPENT, amounts, before, links)
        if most := _most(amounts, before):
            first.append((f"，{most}", ""))
        divided = parts(amounts)
        if whole := sum(divided.values(), Decimal(0)):
            largest = max(divided, key=lambda key: (key not in UNTOLD and divided[key] > 0, divided[key]))
            first.append((f"；每 100 元里{USE_WORDS[largest]} {percent(divided[largest], whole)} 元", ""))
        out.append((*first, ("。", "")))
    if "three_public" in amounts:
        second: list[Part] = [("“三公”经费 ", ""), (in_words(amounts["three_public"]), links["three_public"])]
        second += _changed("three_public", amounts, before, links)
        out.append((*second, ("。", "")))
    return tuple(out)


def _changed(
    key: str, amounts: Mapping[str, Decimal], before: Mapping[str, Decimal], links: Mapping[str, str]
) -> list[Part]:
    return [("，", ""), (change(amounts[key], before[key]), links.get("change", ""))] if key in before else []


def _most(amounts: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> str:
    """Which use grew most of a whole that grew, or shrank most of one that shrank; blank where nothing did."""
    if SPENT not in before or amounts[SPENT] == before[SPENT]:
        return ""
    up = amounts[SPENT] > before[SPENT]
    found = {key: by if up else -by for key, by in part_changes(parts(amounts), parts(before)).items()}
    key = max(found, key=lambda key: found[key], default="")
    if not key or found[key] <= 0:
        return ""
    return f"{'增加' if up else '减少'}最多的是{USE_WORDS[key]}（{in_words(found[key])}）"


def plain(sentences: Sequence[Sentence]) -> str:
    """The sentences without their links."""
    return "".join(words for sentence in sentences for words, _ in sentence)

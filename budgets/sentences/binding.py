"""Last year's text made this year's: what the checks can tie becomes live, what they cannot stays as typed and is told.

Nothing is guessed: an amount is tied by the words that it is called by and by its value; two cells that fit both leave it untied.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.documents import Document
from budgets.domain.figures import Known, rounded, same, wrong_unit
from budgets.domain.ledgers import Narrative
from budgets.domain.money import YUAN_IN
from budgets.domain.passages import lines_of
from budgets.domain.quantities import SENTENCES, UNITS, plain_digits
from budgets.domain.sheets import Filler
from budgets.sentences.cell_names import GOAL_MONEY, RECORDS, CellNames, plain, with_goals
from budgets.sentences.comparisons import (
    ACTUAL,
    CHANGED,
    COMPARING,
    DIRECTION,
    FLAT,
    MOVED,
    ONLY_DIRECTION,
    RATE_BEHIND,
    REASON,
)  # fmt: skip
from budgets.sentences.moving_years import years_in
from budgets.sentences.percentages import Ratio, ratios_in
from budgets.sentences.references import GROWN, LAST, references
from budgets.sentences.statements import QUOTED_TEXTS, Said, stated
from budgets.sentences.unusual_words import Offer, offers_in, standard_form

PLANS = {"performance"}  # chapters that are a plan of the year: read again as a whole
WHOLE_PLAN = "这一章写的是去年的目标和措施，请逐条核对"
NO_CELL = "“{0}”在公开表里没有对应的一格，请按今年的情况填写"
OTHER = "“{0}”与去年公开表的{1} {2}不符，请核对后改写"
SEVERAL = "“{0}”可指{1}，请写明是哪一个"
REASONS = "增减原因写的是去年的，请核对或改写"
DECIDED_YEAR = "“{0}”是不是要改，请看一看"
COUNTS = "“{0}”等数量请按今年的情况核对"
FINAL = "“{0}”是上年决算或执行数，本系统只有预算，请填写"
UNTIED_CHANGE = "“{0}”说的是哪一个数的增减没有写明，请核对后改写"
SHARES = "“{0}”是哪个数占哪个数没有写明，请核对后改写"
COUNT = re.compile(r"(?<![\d.,])\d+\s*(?:辆|台|套|家|人|名|个|项|平方米)")
GOAL_COUNT = re.compile(r"绩效目标的?项目[^。；;\d]*(?P<count>\d+)\s*[个项]")
PERCENTAGE = re.compile(r"\d+(?:\.\d+)?\s*[%％]")
FULL_UNIT = {"万": "万元", "亿": "亿元"}


@dataclass(frozen=True, slots=True)
class Reread:
    """A sentence that a person must read again, as it now stands, and why; without a sentence the whole chapter."""

    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A chapter with live references, what must be read again in it, and words that are offered in standard form."""

    text: str
    reread: tuple[Reread, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the old text and what stands in their place."""

    start: int
    end: int
    new: str


class Binder:
    """Binds the chapters of one disclosure. `previous` are the tables of the year before it, where the system has them."""

    def __init__(
        self, filler: Filler, document: Document, previous: tuple[Filler, Document] | None = None
    ) -> None:
        self.filler = filler
        self.year = filler.ledger.year
        self.names = CellNames(filler, document)
        self.figures = self.names.figures
        self.then = CellNames(*previous) if previous else None
        self.last: Mapping[str, Known] = self.then.figures.known if self.then else {}
        self.unit = filler.set.text_unit or filler.set.unit

    def bind(self, narrative: Narrative) -> Bound:
        """The chapter as a following year starts from it."""
        page = _Page(self, narrative)
        return Bound(page.text(), tuple(page.reread()), tuple(offers_in(narrative.text, self.figures.items)))


class _Page:
    """One chapter while it is bound: edits and marks, collected in the order in which one needs the other."""

    def __init__(self, binder: Binder, narrative: Narrative) -> None:
        self.binder, self.narrative = binder, narrative
        self.typed = narrative.text
        self.plain = plain_digits(narrative.text)
        self.edits: list[Edit] = []
        self.marks: list[tuple[int, str]] = []
        self.tied: dict[int, Known] = {}  # by where the amount stands
        self.owns: list[int] = []  # where the amounts of its own year stand
        self.taken: set[int] = set()  # amounts that a comparison has swallowed
        for live in references(self.typed):
            self.edits.append(Edit(live.start, live.end, self.typed[live.start : live.end]))
        if narrative.key not in QUOTED_TEXTS:
            amounts = list(stated(narrative, binder.year, binder.figures))
            self.owns = [self._at(one) for one in amounts if one.own]
            for one in amounts:
                if one.own:
                    self._own(one)
            self._flat(amounts)
            for one in amounts:
                if one.quantity.change:
                    self._change(one, amounts)
                elif not one.own and self._at(one) not in self.taken:
                    self._last(one)
            self._ratios(amounts)
            self._counts()
            self._words()
        self._years()

    def text(self) -> str:
        """The chapter with its edits made."""
        return "".join(self._made(0, len(self.typed)))

    def reread(self) -> Iterator[Reread]:
        """The marked sentences as they now stand, each once with all that is to be said of it."""
        if self.narrative.key in PLANS and self.typed.strip():
            yield Reread("", WHOLE_PLAN)
        told: dict[tuple[int, int], list[str]] = {}
        for at, why in sorted(self.marks, key=lambda mark: mark[0]):
            whys = told.setdefault(self._sentence(at), [])
            whys += [why] * (why not in whys)
        for (start, end), whys in told.items():
            yield Reread("".join(self._made(start, end)).strip(), "；".join(whys))

    def _made(self, start: int, end: int) -> Iterator[str]:
        after = start
        for edit in sorted(self.edits, key=lambda edit: edit.start):
            if edit.start >= after and edit.end <= end:
                yield self.typed[after : edit.start]
                yield edit.new
                after = edit.end
        yield self.typed[after:end]

    def _sentence(self, at: int) -> tuple[int, int]:
        start = self.typed.rfind("\n", 0, at) + 1
        end = self.typed.find("\n", at)
        line = self.plain[start : end if end >= 0 else None]
        for match in SENTENCES.finditer(line):
            if match.start() <= at - start < match.end():
                return start + match.start(), start + match.end()
        return start, start + len(line)

    def _free(self, start: int, end: int) -> bool:
        return all(end <= edit.start or edit.end <= start for edit in self.edits)

    def _edit(self, start: int, end: int, new: str) -> bool:
        """Put a reference in place of words; False where another stands already."""
        if not self._free(start, end):
            return False
        self.edits.append(Edit(start, end, new))
        return True

    def _mark(self, at: int, why: str) -> None:
        self.marks.append((at, why))

    def _at(self, one: Said) -> int:
        return one.start + one.quantity.begin + one.quantity.at

    def _end(self, one: Said) -> int:
        return self._at(one) + len(one.quantity.text)

    def _name(self, figure: Known) -> str:
        return self.binder.names.name_of(figure)

    def _own(self, one: Said) -> None:
        """An amount of the document's own year."""
        at, end, quantity = self._at(one), self._end(one), one.quantity
        shown = self.typed[at:end]
        if not self._free(at, end):
            return
        if not quantity.text[:1].isdigit():
            self._mark(at, NO_CELL.format(shown))
            return
        figures = one.figures or tuple(self._called(one))
        found = self._settled(one, [f for f in figures if same(quantity, f)])
        unit, places = FULL_UNIT.get(quantity.unit, quantity.unit), ""
        if found is None and (near := self._near(one, figures)):
            found, unit, places = near
        if isinstance(found, str):
            self._mark(at, found)
        elif found is None and figures and quantity.item and not quantity.part and self._exact(one):
            # The words name the very item, the number was wrong.
            found = figures[0]
            self._mark(at, OTHER.format(shown, found.label, self._shown(found)) + "；已改为引用表中的数")
        if isinstance(found, Known):
            self.tied[at] = found
            self._edit(at, end, f"[[{self._name(found)}{places}]]{unit}")
        elif found is None and figures:
            self._mark(at, OTHER.format(shown, figures[0].label, self._shown(figures[0])))
        elif found is None:
            self._mark(at, NO_CELL.format(shown))

    def _shown(self, figure: Known) -> str:
        unit = self.binder.unit
        return f"{figure.yuan / YUAN_IN[unit]:.2f}{unit}"

    def _exact(self, one: Said) -> bool:
        found = self.binder.figures.named_item(one.quantity)
        return found is not None and found.exact and len(found.codes) == 1

    def _near(self, one: Said, figures: Iterable[Known]) -> tuple[Known | str, str, str] | None:
        """The figure that the number is but for its unit or the places left out, with the unit and places it is to print in."""
        quantity = one.quantity
        unit = FULL_UNIT.get(quantity.unit, quantity.unit)
        wrong = {f.cell: (f, right) for f in figures if (right := wrong_unit(quantity, f))}
        if len(wrong) == 1:
            ((figure, right),) = wrong.values()
            self._mark(self._at(one), f"单位原写作“{quantity.unit}”，已改为“{right}”")
            return figure, right, ""
        places = max(0, -int(quantity.number.as_tuple().exponent))
        step = Decimal(1).scaleb(-places)
        short = [
            f
            for f in figures
            if (f.yuan / UNITS[quantity.unit]).quantize(step, ROUND_HALF_UP) == quantity.number
        ]
        cut = [f for f in figures if rounded(quantity, f) and places >= 2]
        found = self._settled(one, (short if quantity.number else []) or cut)
        return (found, unit, f"·{places}位小数" if short and places < 2 else "") if found else None

    def _settled(self, one: Said, equal: list[Known]) -> Known | str | None:
        """The one cell of those that have the value: by the words around where there are several; a why where they do not tell."""
        cells = {figure.cell: figure for figure in equal}
        if len(cells) <= 1 or all(figure.key.startswith("item:") for figure in equal):
            return equal[0] if equal else None
        called = plain(standard_form(one.quantity.called))
        if "支出" in called and "收入" not in called:
            cells = {cell: figure for cell, figure in cells.items() if "收入" not in figure.label}
        if len(cells) == 1:
            return next(iter(cells.values()))
        named = [figure for figure in cells.values() if plain(figure.label) in called]
        if named:
            return max(named, key=lambda figure: len(figure.label))
        told = "或".join(dict.fromkeys(figure.label for figure in cells.values()))
        return SEVERAL.format(f"{one.quantity.called}{one.quantity.text}", told)

    def _called(self, one: Said) -> Iterator[Known]:
        """Figures for words that no table's figure is called by: 机关运行经费, a project, the projects with goals, a subject."""
        known = self.binder.figures.known
        called = plain(one.quantity.called)
        if "机关运行" in called:
            keys = ("agency_running_costs", "running_costs")
            yield from (known[key] for key in [k for k in keys if k in known][:1])
            return
        labels = self.binder.names.labels
        if re.search(r"绩效目标.*项目.*|涉及项目", called) and GOAL_MONEY in labels:
            yield from [labels[GOAL_MONEY]] * bool(with_goals(self.binder.filler.ledger))
            return
        for project in self.binder.filler.ledger.projects:
            if project.amount is not None and called.endswith(plain(project.name)):
                yield labels[plain(f"项目/{project.name}")]
                return
        for kind in ("货物", "工程", "服务"):
            if "采购" in called and kind in called and self.binder.filler.ledger.procurements:
                yield labels[f"政府采购{kind}"]
                return
        if "政府采购" in called and self.binder.filler.ledger.procurements:
            yield labels["政府采购预算合计"]
            return
        found = self.binder.names.find((re.sub(r"(?:预算|安排|支出|为|共|计)+$", "", called) or "无",))
        whole = self.binder.names.find((called or "无",))
        yield from (
            f for f in (whole, found) if isinstance(f, Known) and not f.key and f.cell.table != RECORDS
        )

    def _before(self, at: int) -> Known | None:
        """What the last amount in the sentence before a place is tied to; None where it is not."""
        start, _ = self._sentence(at)
        places = [place for place in self.owns if start <= place < at and place not in self.taken]
        return self.tied.get(max(places)) if places else None

    def _flat(self, amounts: list[Said]) -> None:
        """与2024年预算持平: the change of the amount before it."""
        for start, line in lines_of(self.narrative):
            for match in FLAT.finditer(plain_digits(line)):
                at, end = start + match.start(), start + match.end()
                figure = self._before(at)
                inside = [one for one in amounts if at <= self._at(one) < end]
                self.taken |= {self._at(one) for one in inside}
                self.tied = {place: figure for place, figure in self.tied.items() if not at <= place < end}
                self.marks = [(place, why) for place, why in self.marks if not at <= place < end]
                self.edits = [e for e in self.edits if not (at <= e.start and e.end <= end)]
                if ACTUAL.search(match["base"]):
                    self._mark(at, FINAL.format(match[0]))
                elif figure is None or not self._edit(
                    at, end, f"[[{self._name(figure)}·比{self._base(match['base'])}]]"
                ):
                    self._mark(at, UNTIED_CHANGE.format(match[0]))

    def _base(self, base: str) -> str:
        """What is compared with, its year live."""
        return re.sub(r"\d{4}", lambda m: "{上年}" if int(m[0]) == self.binder.year - 1 else m[0], base)

    def _change(self, one: Said, amounts: list[Said]) -> None:
        """比2024年预算增加107.62万元, with the rate behind it."""
        at, end = self._at(one), self._end(one)
        start, stop = self._sentence(at)
        before = self.plain[start:at]
        shown = self.plain[max(start, at - len(one.quantity.called)) : end]
        direct, loose = CHANGED.search(before), MOVED.search(before)
        figure = self._before(at) or self._meant(one)
        base = direct or next(iter(COMPARING.finditer(before)), None)
        unit = FULL_UNIT.get(one.quantity.unit, one.quantity.unit)
        if figure is None or base is None or not loose or unit != self.binder.unit:
            self._mark(at, UNTIED_CHANGE.format(shown))
        elif ACTUAL.search(base[0]) or self._from_final(one, figure, amounts):
            self._mark(at, FINAL.format(shown))
        elif not self._true(one, figure):
            self._mark(at, f"“{shown}”与两年公开的数不符，请核对后改写")
        else:
            rate = RATE_BEHIND.match(self.plain[end:stop])
            name = self._name(figure)
            places = (
                f"·{len(rate['rate'].partition('.')[2])}位小数"
                if rate and len(rate["rate"].partition(".")[2]) != 2
                else ""
            )
            end += rate.end() if rate and not places else 0
            if direct:
                lead = "较" if direct["lead"] == "较" else "比"
                grown = f"·{GROWN}" if rate and not places else ""
                self._edit(
                    start + direct.start(), end, f"[[{name}·{lead}{self._base(direct['base'])}{grown}]]"
                )
            else:
                grown = f"，[[{name}·{GROWN}]]" if rate and not places else ""
                self._edit(start + loose.start(), end, f"[[{name}·变动]]{grown}")
            self.tied[at] = figure

    def _meant(self, one: Said) -> Known | None:
        found = self._settled(one, list(one.figures))
        return found if isinstance(found, Known) else None

    def _from_final(self, one: Said, figure: Known, amounts: list[Said]) -> bool:
        """True where the chapter quotes last year's final account of the same figure, from which the change is counted."""
        return any(
            other.quantity.year == self.binder.year - 1
            and not other.quantity.change
            and ACTUAL.search(other.quantity.sentence)
            and any(f.key == figure.key or f.cell == figure.cell for f in other.figures)
            for other in amounts
        )

    def _true(self, one: Said, figure: Known) -> bool:
        """False where last year's disclosure gives another change."""
        then = self.binder.then.same_in(figure) if self.binder.then else None
        return then is None or same(
            one.quantity, replace(figure, yuan=(figure.yuan - then.yuan) * one.quantity.change)
        )

    def _last(self, one: Said) -> None:
        """An amount of the year before: live where it is the budget's."""
        at, end, quantity = self._at(one), self._end(one), one.quantity
        shown = self.typed[at:end]
        figure = self._meant(one)
        if not self._free(at, end):
            return
        if ACTUAL.search(quantity.sentence) or quantity.year != self.binder.year - 1:
            self._mark(
                at, FINAL.format(shown) if quantity.year == self.binder.year - 1 else NO_CELL.format(shown)
            )
            return
        then = self.binder.then.same_in(figure) if self.binder.then and figure else None
        if figure is None:
            self._mark(at, NO_CELL.format(shown))
        elif then is not None and not same(quantity, then):
            self._mark(at, OTHER.format(shown, f"上年{figure.label}", self._shown(then)))
        else:
            self._edit(
                at, end, f"[[{self._name(figure)}·{LAST}]]{FULL_UNIT.get(quantity.unit, quantity.unit)}"
            )

    def _ratios(self, amounts: list[Said]) -> None:
        for ratio in ratios_in(self.narrative, amounts, self.binder.figures, self.binder.last):
            match = PERCENTAGE.search(self.plain, ratio.start, ratio.start + len(ratio.percent.text))
            if match is None or not self._free(*match.span()):
                continue
            reference = self._ratio(ratio)
            start = match.start()
            if reference and ratio.percent.growth:
                start = ratio.start
            if not (reference and self._edit(start, match.end(), reference)):
                self._mark(match.start(), SHARES.format(self.plain[ratio.start : match.end()]))

    def _ratio(self, ratio: Ratio) -> str:
        """The reference for a percentage, blank where its amounts are not both known."""
        part = self._before(ratio.start)
        digits = len(str(ratio.percent.number).partition(".")[2])
        places = "" if digits == 2 else f"·{digits}位小数"
        if part is None:
            return ""
        if ratio.percent.growth:
            lead = self.plain[ratio.start : ratio.start + len(ratio.percent.text)]
            bare = ONLY_DIRECTION.match(lead)
            told = not ratio.pairs or any(
                ratio.computed(pair) == ratio.percent.number for pair in ratio.pairs
            )
            return f"[[{self._name(part)}·{GROWN}{places}]]" if bare and told else ""
        words = ratio.percent.of.strip("的比例重为约 ")
        if not words or ratio.part is None:
            return ""
        wholes = self.binder.figures.meant(replace(ratio.part.quantity, called=words, item=None))
        true = [w for w in wholes if w.yuan and ratio.computed((part.yuan, w.yuan)) == ratio.percent.number]
        cells = {whole.cell: whole for whole in true}
        if len(cells) > 1:
            cells = {cell: whole for cell, whole in cells.items() if plain(whole.label) in plain(words)}
        return (
            f"[[{self._name(part)}·占{self._name(next(iter(cells.values())))}{places}]]"
            if len(cells) == 1
            else ""
        )

    def _counts(self) -> None:
        goals = len(with_goals(self.binder.filler.ledger))
        for start, line in lines_of(self.narrative):
            told = GOAL_COUNT.search(plain_digits(line))
            if told and goals and int(told["count"]) == goals:
                self._edit(start + told.start("count"), start + told.end("count"), "[[绩效目标项目数]]")
            for match in COUNT.finditer(plain_digits(line)):
                if self._free(start + match.start(), start + match.end()):
                    self._mark(start + match.start(), COUNTS.format(match[0]))

    def _words(self) -> None:
        """Reasons, percentages and comparisons that nothing above has made live."""
        for start, line in lines_of(self.narrative):
            text = plain_digits(line)
            for match in REASON.finditer(text):
                if DIRECTION.search(text) or self._compares(start, start + len(text)):
                    self._mark(start + match.start(), REASONS)
            for match in PERCENTAGE.finditer(text):
                if self._free(start + match.start(), start + match.end()):
                    self._mark(start + match.start(), SHARES.format(match[0]))
            for match in COMPARING.finditer(text):
                at, (_, stop) = start + match.start(), self._sentence(start + match.start())
                said = DIRECTION.search(self.plain, start + match.end(), stop)
                known = any(self._sentence(place) == self._sentence(at) for place, _ in self.marks)
                if (
                    said
                    and not known
                    and self._free(at, at + len(match[0]))
                    and self._free(said.start(), said.end())
                ):
                    self._mark(at, UNTIED_CHANGE.format(self.plain[at : said.end()]))

    def _compares(self, start: int, end: int) -> bool:
        return any(start <= e.start < end and "·" in e.new for e in self.edits)

    def _years(self) -> None:
        for start, line in lines_of(self.narrative):
            for first, last, reference in years_in(line, self.binder.year):
                at, end = start + first, start + last
                if not self._free(at, end):
                    continue
                if reference:
                    self._edit(at, end, reference)
                elif self.narrative.key not in QUOTED_TEXTS:
                    self._mark(at, DECIDED_YEAR.format(line[first : last + 1]))

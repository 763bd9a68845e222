"""What a list of subject codes would do to a year: against the year before, against what the year has, and what is refused."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from budgets import ledger
from budgets.domain.classification import ECONOMIC, FUNCTION, LENGTHS, Confidence, Subjects
from budgets.domain.classification import Subject as Code
from budgets.domain.codec import decode
from budgets.domain.crosswalk import Move
from budgets.importing.rosters.roster_reading import Roster, RosterFault, RosterRow
from budgets.importing.rosters.subject_columns import BUDGETS, GROUPS, MOVES, SUBJECT_LIST, SUBJECTS
from budgets.models import Scheme, Subject, SubjectImport, SubjectMove
from budgets.workflow.crosswalk_rules import NEW, OLD, SCHEME, SCHEMES, YEAR, loops, repeated, wrong
from budgets.workflow.subject_differences import CodeChange, Dropped, Key, SubjectPlan
from budgets.workflow.subject_usage import Usage, usage_of

GOVERNMENT = Scheme.GOVERNMENT_ECONOMIC.value
LABELLED = {scheme.label: scheme.value for scheme in Scheme}
DIGITS = {**LENGTHS, GOVERNMENT: LENGTHS[ECONOMIC]}
LEVELS = "类款项"
GIVEN = (
    "name",
    "budget",
    "basic_group",
    "government_code_administrative",
    "government_code_institution",
    "confidence",
)
HEADINGS = {column.key: column.heading for column in SUBJECT_LIST.sheets[0].columns}
MOVED = {YEAR: "year", SCHEME: "scheme", OLD: "old", NEW: "new"}
STANDS = "现有对照"
QUOTED = 30
MOST_NAMED = 20  # codes
ROW = re.compile(r"[0-9]+")


def plan_subjects(imported: SubjectImport) -> SubjectPlan:
    """The plan of a list as the lists of all years stand now."""
    return _Planner(imported, decode(Roster, imported.roster)).plan()


def list_before(year: int) -> int | None:
    """The latest year before this one that has a list of its own; None when there is none."""
    years = Subject.objects.filter(fiscal_year__lt=year).order_by("-fiscal_year")
    return years.values_list("fiscal_year", flat=True).first()


class _Planner:
    def __init__(self, imported: SubjectImport, roster: Roster) -> None:
        self.year, self.whole, self.roster = imported.fiscal_year, imported.whole, roster
        before = list_before(self.year)
        self.now = _rows(self.year)
        self.previous = {key: row for key, row in (_rows(before) if before else {}).items() if row.active}
        self.out = SubjectPlan(self.year, before, bool(self.now), faults=list(roster.faults))
        self.usage: Usage = usage_of(self.year)

    def plan(self) -> SubjectPlan:
        rows = self.roster.of(SUBJECTS)
        lines = self.roster.of(MOVES)
        self.start(bool(rows))
        given = self.read(rows)
        for key, row in given.items():
            self.out.wanted[key] = self.values_of(row, key)
        for key, row in given.items():
            self.fits(key, row)
        self.crosswalk(lines)
        if rows:
            self.out.listed = True
            self.against_before()
            self.against_now()
        self.out.faults.sort(key=_place)
        return self.out

    def refuse(self, row: RosterRow, key: str, text: str) -> None:
        self.out.faults.append(RosterFault(row.sheet, row.at(key), text))

    def start(self, listed: bool) -> None:
        """What is in use before the rows of the file count: nothing where the file is the whole list."""
        if not listed or not self.whole:
            base = self.now or self.previous
            self.out.wanted = {key: _columns(row) for key, row in base.items() if row.active}

    # 科目
    def read(self, rows: list[RosterRow]) -> dict[Key, RosterRow]:
        """The rows by their codes, less those whose code is refused."""
        counted = Counter((row.values.get("scheme", ""), row.values.get("code", "")) for row in rows)
        places: defaultdict[Key, list[str]] = defaultdict(list)
        for row in rows:
            places[row.values.get("scheme", ""), row.values.get("code", "")].append(row.at("code"))
        found: dict[Key, RosterRow] = {}
        for row in rows:
            label, code = row.values.get("scheme", ""), row.values.get("code", "")
            if label and label not in LABELLED:
                self.refuse(row, "scheme", f"不认识分类“{label[:QUOTED]}”。可填：{'、'.join(LABELLED)}。")
            if label not in LABELLED or not code:
                continue
            scheme = LABELLED[label]
            if len(code) not in DIGITS[scheme]:
                lengths = "、".join(f"{LEVELS[n]} {size} 位" for n, size in enumerate(DIGITS[scheme]))
                self.refuse(
                    row,
                    "code",
                    f"编码 {code} 有 {len(code)} 位；{label}的编码：{lengths}。请改正编码或分类。",
                )
            elif counted[label, code] > 1:
                others = "、".join(place for place in places[label, code] if place != row.at("code"))
                self.refuse(
                    row, "code", f"{label}的编码 {code} 在 {others} 也有。一个科目只写一行，请删去多余的。"
                )
            else:
                found[scheme, code] = row
        return found

    def values_of(self, row: RosterRow, key: Key) -> dict[str, str]:
        """The columns of a code: what the file gives, else what the year has, else what the year before has."""
        old = self.now.get(key) or self.previous.get(key)
        values = _columns(old) if old else dict.fromkeys(GIVEN, "")
        values |= {name: row.values[name] for name in GIVEN if name in row.values}
        attested = {each.label: each.value for each in Confidence}
        if "confidence" in row.values:
            said = row.values["confidence"]
            values["confidence"] = attested.get(said, said)
        values["confidence"] = values["confidence"] or Confidence.HIGH.value
        return values

    def fits(self, key: Key, row: RosterRow) -> None:
        """Refuse what does not belong to a code of its kind."""
        scheme, code = key
        values = self.out.wanted[key]
        if len(code) > 3 and (scheme, code[:-2]) not in self.out.wanted:
            level = LEVELS[DIGITS[scheme].index(len(code)) - 1]
            self.refuse(
                row,
                "code",
                f"{code} 的上级（{level}）{code[:-2]} 不在本年的科目里。请把上级也写进表里，或改正编码。",
            )
        for name, of, among in (("budget", FUNCTION, BUDGETS), ("basic_group", ECONOMIC, GROUPS)):
            if (text := row.values.get(name)) and scheme != of:
                self.refuse(
                    row, name, f"只有{Scheme(of).label}才填“{HEADINGS[name]}”。请清空这一格，或改正分类。"
                )
            elif text and text not in among:
                self.refuse(row, name, f"不认识“{text[:QUOTED]}”。可填：{'、'.join(among)}，或留空。")
        if values["confidence"] not in {each.value for each in Confidence}:
            offered = "、".join(each.label for each in Confidence)
            self.refuse(
                row, "confidence", f"不认识“{values['confidence'][:QUOTED]}”。可填：{offered}，或留空。"
            )
        for name in ("government_code_administrative", "government_code_institution"):
            text = row.values.get(name)
            if text and scheme != ECONOMIC:
                self.refuse(
                    row,
                    name,
                    f"只有{Scheme(ECONOMIC).label}才填“{HEADINGS[name]}”。请清空这一格，或改正分类。",
                )
            elif text and (GOVERNMENT, text) not in self.out.wanted:
                self.refuse(
                    row,
                    name,
                    f"本年的{Scheme(GOVERNMENT).label}里没有 {text}。请改正编码，或把它也写进表里。",
                )

    # 科目对照
    def crosswalk(self, lines: list[RosterRow]) -> None:
        listed = Subjects(
            Code(code, values["name"], (len(code) - 1) // 2, scheme)
            for (scheme, code), values in self.out.wanted.items()
        )
        before = cache(ledger.subjects_for)

        def subjects(year: int) -> Subjects:
            return listed if year == self.year else before(year)

        moves: dict[int, Move] = {}
        numbered = {row.number: row for row in lines}
        for row in lines:
            told = row.values.get("year") or str(self.year)
            if told.isdigit() and len(told) == 4 and told != str(self.year):
                self.refuse(
                    row, "year", f"这里导入的是{self.year}年的对照，不是{told}年的。请分年导入，或改正年度。"
                )
                continue
            label, old, new = (row.values.get(key, "") for key in ("scheme", "old", "new"))
            if not (label and old and new):
                continue  # refused already, as blank or unreadable
            found = list(wrong(told, label, old, new, subjects))
            for heading, words in found:
                self.refuse(row, MOVED[heading], f"{words}。")
            if not found:
                moves[row.number] = Move(self.year, SCHEMES[label], old, new)
        for number, heading, words in (*repeated(moves), *loops(moves)):
            self.refuse(numbered[number], MOVED[heading], f"{words}。")
        self.compare_moves(list(moves.values()) if lines else None, listed)

    def compare_moves(self, moves: list[Move] | None, listed: Subjects) -> None:
        """What becomes of the mapping; one that stays, this year's or the next one's, must still find its codes."""
        stands = [_move(row) for row in SubjectMove.objects.filter(fiscal_year=self.year)]
        if moves is not None:
            self.out.moves = moves
            self.out.mapped = [self.shown(move) for move in moves if move not in stands]
            self.out.unmapped = [self.shown(move) for move in stands if move not in moves]
        following = [_move(row) for row in SubjectMove.objects.filter(fiscal_year=self.year + 1)]
        if Subject.objects.filter(fiscal_year=self.year + 1).exists():
            held = [(move, move.old) for move in following]
        else:
            held = [(move, code) for move in following for code in (move.old, move.new)]
        held += [(move, move.new) for move in stands] if moves is None else []
        for move, code in held:
            if listed.get(code, move.scheme) is None:
                text = f"{move.year}年的对照 {move.old} → {move.new} 用到 {code}，本年的科目里却没有它。请把它写进科目表，或先改正对照。"
                self.out.faults.append(RosterFault(MOVES, STANDS, text))

    def shown(self, move: Move) -> str:
        old = self.previous.get((move.scheme, move.old))
        new = self.out.wanted.get((move.scheme, move.new))
        return f"{move.old} {old.name if old else ''} → {move.new} {new['name'] if new else ''}"

    # what differs
    def against_before(self) -> None:
        wanted = self.out.wanted
        became: defaultdict[Key, list[str]] = defaultdict(list)
        stands = (_move(row) for row in SubjectMove.objects.filter(fiscal_year=self.year))
        for move in self.out.moves if self.out.moves is not None else stands:
            became[move.scheme, move.old].append(move.new)
        self.out.added = [
            _titled(key, wanted[key]["name"]) for key in sorted(wanted.keys() - self.previous.keys())
        ]
        for key, row in self.previous.items():
            if key not in wanted:
                drafts = len(self.usage.drafts.get(key, ()))
                self.out.dropped.append(Dropped(row.code, row.name, "、".join(became[key]), drafts))
            elif row.name != wanted[key]["name"]:
                self.out.renamed.append(
                    CodeChange(row.code, row.name, HEADINGS["name"], row.name, wanted[key]["name"])
                )

    def against_now(self) -> None:
        wanted = self.out.wanted
        for key in sorted(wanted):
            row = self.now.get(key)
            if row is None:
                self.out.new.append(_titled(key, wanted[key]["name"]))
                continue
            if not row.active:
                self.out.restored.append(str(row))
            old = _columns(row)
            self.out.changed += [
                CodeChange(row.code, row.name, HEADINGS[name], _word(name, old[name]), _word(name, new))
                for name, new in wanted[key].items()
                if old[name] != new
            ]
        self.out.retired = [str(row) for row in unlisted(wanted, self.now)]
        gone = unlisted(wanted, self.now or self.previous)
        self.keeps_published((row.scheme, row.code) for row in gone)

    def keeps_published(self, gone: Iterable[Key]) -> None:
        """A published document's year loses no code that the document uses."""
        held = [key for key in sorted(gone) if key in self.usage.published]
        for scheme, code in held[:MOST_NAMED]:
            published = len(self.usage.published[scheme, code])
            drafts = len(self.usage.drafts.get((scheme, code), ()))
            also = f"，还有 {drafts} 份没有公开的材料也用着" if drafts else ""
            text = f"{code} 不在文件里，但已公开的 {published} 份材料用着它{also}。请把这一行补进文件，或不勾选“完整的科目表”。"
            self.out.faults.append(RosterFault(SUBJECTS, "文件里没有", text))
        if len(held) > MOST_NAMED:
            text = f"还有 {len(held) - MOST_NAMED} 个这样的科目。"
            self.out.faults.append(RosterFault(SUBJECTS, "文件里没有", text))


def _rows(year: int) -> dict[Key, Subject]:
    return {(row.scheme, row.code): row for row in Subject.objects.filter(fiscal_year=year)}


def _columns(row: Subject) -> dict[str, str]:
    return {name: getattr(row, name) for name in GIVEN}


def _move(row: SubjectMove) -> Move:
    return Move(row.fiscal_year, row.scheme, row.old_code, row.new_code)


def _place(fault: RosterFault) -> tuple[int, int]:
    """Sheets as they are declared, then rows; what stands in no row last."""
    order = [sheet.name for sheet in SUBJECT_LIST.sheets]
    sheet = order.index(fault.sheet) if fault.sheet in order else len(order)
    row = ROW.search(fault.cell)
    return sheet, int(row[0]) if row else SUBJECT_LIST.most_rows


def _titled(key: Key, name: str) -> str:
    return f"{key[1]} {name}"


def _word(name: str, value: Any) -> str:
    if name == "confidence":
        return Confidence(value).label if value in {each.value for each in Confidence} else value
    return str(value)


def unlisted(wanted: Mapping[Key, dict[str, str]], rows: Mapping[Key, Subject]) -> list[Subject]:
    """The rows in use that a plan does not want."""
    return [row for key, row in rows.items() if row.active and key not in wanted]

"""What is wrong with a declared table set: keys that name nothing, sums that do not add up, rows that hold no money."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import get_args, get_type_hints

from budgets.domain.declared_sums import Fault, Flaw, probes, sums
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import NOTHING, Fact, Slice
from budgets.domain.ledgers import Ledger
from budgets.domain.printed_words import PrintedWords, kind_of
from budgets.domain.tables import Amount, Balance, LeafWord, Line, Listing, Table, TableSet
from budgets.domain.terms import Comparison

YEAR = 2023  # any
SIDES = ("左列", "右列")


def faults(table_set: TableSet) -> list[Fault]:
    """All that is wrong with a declaration, table by table; nothing for a sound one."""
    found = [
        *_twice(
            "表", [*(table.key for table in table_set.tables), *(annex.key for annex in table_set.annexes)]
        ),
        *_twice("表的编号", [str(table.number) for table in table_set.tables]),
        *_twice("章", [chapter.key for chapter in table_set.chapters]),
        *_twice("数字", [figure.key for figure in table_set.figures]),
        *_twice("数字的名称", [figure.label for figure in table_set.figures]),
        *_twice("勾稽", [meet.key for meet in table_set.meets]),
    ]
    for table in table_set.tables:
        found += _of_table(table, table_set.no_column_for)
    for listing in table_set.annexes:
        found += _of_listing(listing)
    others = (_of_figures, _of_chapters, _of_meets, _of_phrases)
    return [*found, *(fault for of in others for fault in of(table_set))]


def _of_table(table: Table, never: Slice) -> Iterator[Fault]:
    at = f"表 {table.key}"
    leaves = table.leaves()
    columns = [leaf.word for leaf in leaves if isinstance(leaf.word, Amount)]
    yield from _heads(at, [leaf.word for leaf in leaves], [leaf.path for leaf in leaves])
    yield from _besides(at, table, columns)
    balance = isinstance(table.rows, Balance)
    for side, name in enumerate(SIDES if balance else ("",)):
        lines = table.lines(side)
        words = [word for word in columns if word.side == side or not balance]
        slices = [table.where, *(line.where for line in lines), *(word.where for word in words)]
        inside = [fact for fact in probes(slices, never) if fact in table.where]
        named = any(kind_of(leaf) is ColumnKind.CAPTION for leaf in leaves)
        yield from _twice(f"{at}，{name}行", [line.key for line in lines])
        for line in lines if named else ():
            if not line.caption.strip():
                yield Fault(Flaw.NAMELESS, f"{at}，{name}行 {line.key}", "没有名称。")
        yield from sums(f"{at}，{name}列", words, [f for f in inside if not lines or _within(f, lines)])
        yield from sums(f"{at}，{name}行", lines, [fact for fact in inside if _within(fact, words)])


def _within(fact: Fact, words: Iterable[Line | Amount]) -> bool:
    return any(fact in word.where for word in words)


def _besides(at: str, table: Table, columns: Sequence[Amount]) -> Iterator[Fault]:
    """A column of last year stands beside one of money of its list, its change and rate beside one with last year's, too."""
    sides = {column.key: column.side for column in columns}
    last = table.beside(Comparison.LAST)
    for word in table.besides():
        if sides.get(word.of) != word.side or word.of not in last:
            yield Fault(Flaw.NO_CELL, f"{at}，列 {word.key}", f"{word.of} 不是同一列表中有上年数的金额列。")


def _heads(at: str, words: Sequence[LeafWord], paths: Sequence[tuple[str, ...]]) -> Iterator[Fault]:
    yield from _twice(f"{at}，列", [word.key for word in words])
    for word, path in zip(words, paths, strict=True):
        if not all(caption.strip() for caption in path):
            yield Fault(Flaw.NAMELESS, f"{at}，列 {word.key}", "表头没有名称。")


def _twice(at: str, keys: Sequence[str]) -> Iterator[Fault]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Fault(Flaw.TWICE, f"{at} {key}", f"声明了 {times} 次。")


def _of_listing(listing: Listing) -> Iterator[Fault]:
    """An annex prints attributes of records, which must be there."""
    at = f"附表 {listing.key}"
    yield from _heads(at, [leaf.word for leaf in listing.leaves()], [leaf.path for leaf in listing.leaves()])
    yield from _twice(f"{at}，行", [line.key for line in listing.lines])
    for line in listing.lines:
        if not line.caption.strip():
            yield Fault(Flaw.NAMELESS, f"{at}，行 {line.key}", "没有名称。")
    owner = _record(Ledger, listing.source)
    record = _record(owner, listing.each) if owner and listing.each else owner
    if record is None or owner is None:
        yield Fault(Flaw.NO_CELL, at, f"source {listing.source} 或 each {listing.each} 不是一组记录。")
        return
    captions = {word.key for leaf in listing.leaves() if listing.lines and (word := leaf.word).key == "line"}
    asked = [(record, key) for leaf in listing.leaves() for key in _attributes(leaf.word)]
    asked += [(owner, listing.called), (owner, listing.preface_from), (record, listing.lined_by)]
    for kind, key in asked:
        if key and key not in captions and not hasattr(kind, key):
            yield Fault(Flaw.NO_CELL, at, f"{kind.__name__} 没有 {key} 这一项。")


def _attributes(word: LeafWord) -> tuple[str, ...]:
    return word.parts if isinstance(word, Amount) and word.parts else (word.key,)


def _record(owner: type, name: str) -> type | None:
    """The type of the records that an attribute holds; None where it holds none."""
    kind = get_args(get_type_hints(owner).get(name))
    return kind[0] if kind and isinstance(kind[0], type) and fields(kind[0]) else None


def _of_figures(table_set: TableSet) -> Iterator[Fault]:
    tables = {table.key: table for table in table_set.tables}
    for figure in table_set.figures:
        table = tables.get(figure.table)
        word = next(
            (w for leaf in (table.leaves() if table else ()) if (w := leaf.word).key == figure.column), None
        )
        keys = {line.key for line in table.lines(word.side)} or {"total"} if table and word else set()
        if not isinstance(word, Amount) or figure.row not in keys:
            cell = f"表 {figure.table} 行 {figure.row} 列 {figure.column}"
            yield Fault(Flaw.NO_CELL, f"数字 {figure.key}", f"{cell} 不是本表套的金额单元格。")


def _of_chapters(table_set: TableSet) -> Iterator[Fault]:
    annexes = {annex.key for annex in table_set.annexes}
    homes = Counter(key for chapter in table_set.chapters for key in chapter.annexes)
    for key in sorted(homes.keys() - annexes):
        yield Fault(Flaw.NO_CELL, "章", f"annexes 中的 {key} 没有声明。")
    for key in sorted(annexes):
        if homes[key] != 1:
            yield Fault(Flaw.NO_HOME, f"附表 {key}", f"有 {homes[key]} 章收录。")
    for chapter in table_set.chapters:
        if not chapter.title.strip():
            yield Fault(Flaw.NAMELESS, f"章 {chapter.key}", "没有名称。")
    if table_set.before_tables > len(table_set.chapters):
        yield Fault(Flaw.NO_CELL, "before_tables", f"一共只有 {len(table_set.chapters)} 章。")


def _of_phrases(table_set: TableSet) -> Iterator[Fault]:
    """Words that stand for the disclosure's own must be ones that it has."""
    printed = PrintedWords(table_set, Ledger(table_set.key, "", "", "", "", YEAR))
    texts = [("narrative_title", table_set.narrative_title, ""), ("lead", table_set.lead, "")]
    for table in table_set.tables:
        lines = (line.caption for line in table.lines())
        texts += [
            (f"表 {table.key}", text, "") for text in (*_words(table), *table.notes, table.empty_note, *lines)
        ]
    for listing in table_set.annexes:
        lines = (line.caption for line in listing.lines)
        own = (*_words(listing), *listing.notes, listing.empty_note, *lines)
        texts += [(f"附表 {listing.key}", text, listing.called) for text in own]
    for at, text, called in texts:
        try:
            printed.phrase(text, **({"n": 1, called: ""} if called else {}))
        except (KeyError, IndexError, ValueError):
            yield Fault(Flaw.UNSAYABLE, at, f"“{text}”中有不能代入的内容。")


def _words(table: Table | Listing) -> Iterator[str]:
    yield from (table.title, *table.meta)
    yield from (caption for leaf in table.leaves() for caption in leaf.path)


def _of_meets(table_set: TableSet) -> Iterator[Fault]:
    keys = {meet.key for meet in table_set.meets}
    for meet in table_set.meets:
        at = f"勾稽 {meet.key}"
        for key in (key for key in meet.covers if key not in keys):
            yield Fault(Flaw.NO_CELL, at, f"covers 中的 {key} 没有声明。")
        for inside in (*meet.left, *meet.right):
            if not any(fact in inside for fact in probes([inside], NOTHING)):
                yield Fault(Flaw.EMPTY, at, "没有一笔钱会落入它的一边。")

"""Prove the log of chain entries: its files by its checkpoint, its entries by the chains, an earlier checkpoint by today's log."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from budgets.domain.merkle import ENTRIES, WIDTH, Tile, bundled, leaf_hash, root
from budgets.publishing import chain_log, folders, time_stamps
from budgets.publishing.chain import GENESIS
from budgets.publishing.editions import Edition
from budgets.publishing.signed_notes import Checkpoint, VerifierKey

TILE = re.compile(r"tile/(\d{1,2}|entries)/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")
STAMP = re.compile(rf"{time_stamps.STAMPS}/\d+/checkpoint(?:\.tsr)?")
OUTSIDE = "不属于检查点记录的文件，可能是后来放进去的；请查明来源后移走"
type Fault = tuple[Path | str, str]


@dataclass(frozen=True, slots=True)
class Log:
    """The log as it lies on disk; `fault` says why it cannot be read to its end, `entries` are then none."""

    checkpoint: Checkpoint | None = None
    note: bytes = b""
    entries: tuple[bytes, ...] = ()
    fault: str = ""

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_hash(entry) for entry in self.entries]


def read() -> Log:
    """The log on disk; an empty one where none was begun."""
    file = chain_log.root_folder() / chain_log.CHECKPOINT
    if not file.exists():
        return Log()
    note = file.read_bytes()
    try:
        checkpoint = Checkpoint.read(note)
    except ValueError as error:
        return Log(note=note, fault=str(error))
    try:
        return Log(checkpoint, note, tuple(chain_log.entries(checkpoint.size)))
    except (OSError, ValueError) as error:
        missing = isinstance(error, OSError)
        return Log(checkpoint, note, fault="记录文件缺失，记录被截短" if missing else str(error))


def size() -> int:
    """How many entries today's checkpoint promises; 0 without one that can be read."""
    file = chain_log.root_folder() / chain_log.CHECKPOINT
    try:
        return Checkpoint.read(file.read_bytes()).size
    except (OSError, ValueError):  # `log_faults` says why
        return 0


def log_faults(
    log: Log, editions: Mapping[str, Edition], key: VerifierKey | None, began: int | None = None
) -> Iterator[Fault]:
    """What is wrong with the log and its files, and where it and the chains of `editions` (by entry) tell otherwise.

    With a `key` there must be a log as soon as something was published, signed by it; without one its signature is not
    looked at. `began` is how many entries there were when one began to look for the editions: what was published
    meanwhile is no fault.
    """
    note = chain_log.root_folder() / chain_log.CHECKPOINT
    if not log.note:
        if key and editions:
            yield "检查点", f"公开了 {len(editions)} 个版本，却没有检查点：被删除，或还没有运行 settle"
        yield from _files(log)
        return
    if log.checkpoint is None or log.fault:
        yield note, log.fault
        return
    if key and not (key.signed(log.note) and key.name == log.checkpoint.origin):
        yield note, f"检查点不是由 {key.name} 的密钥签署，或被改动"
    if root(log.leaves) != log.checkpoint.root:
        yield note, "检查点的根与记录的内容不符：记录被改动"
    yield from _files(log)
    yield from _entries(log, editions, len(log.entries) if began is None else began)


def _files(log: Log) -> Iterator[Fault]:
    """Each file of the log against its entries; a partial tile is the beginning of the whole one."""
    levels = _levels(log)
    found = set()
    folder = chain_log.root_folder()
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        path = file.relative_to(folder).as_posix()
        if (file.is_dir() and not file.is_symlink()) or file.name.startswith(folders.UNFINISHED):
            continue
        match = TILE.fullmatch(path)
        if STAMP.fullmatch(path) and not file.is_symlink():
            yield from ((file, fault) for fault in [_stamp_fault(file, log)] if fault)
        elif file.is_symlink() or (path != chain_log.CHECKPOINT and not match):
            yield file, OUTSIDE
        elif match:
            found.add(path)
            whole = levels.get((match[1], int(match[2].replace("/", "").replace("x", ""))), [])
            width = int(match[3] or WIDTH)
            expected = b"".join(whole[:width])
            content = file.read_bytes()
            # What lies beyond the checkpoint was left by an addition that was cut short, and is written anew.
            if content[: len(expected)] != expected or (len(whole) >= width and content != expected):
                yield file, "与检查点记录的内容不符"
    for (level, index), whole in levels.items():
        path = Tile(level, index, len(whole)).path
        if path not in found:
            yield folder / path, "记录文件缺失"


def _stamp_fault(file: Path, log: Log) -> str:
    """What is wrong with a stamped checkpoint, from which today's log must go on, or with its stamp; blank when nothing is."""
    note, reply = file.with_name(chain_log.CHECKPOINT), file.with_name(time_stamps.REPLY)
    if not note.is_file() or not reply.is_file():
        return "盖过时间戳的检查点或它的时间戳缺失"
    content = note.read_bytes()
    if file == reply:
        return "" if time_stamps.stamps(content, reply.read_bytes()) else "时间戳不是这份检查点的"
    try:
        kept = Checkpoint.read(content)
    except ValueError as error:
        return str(error)
    if str(kept.size) != file.parent.name or root(log.leaves[: kept.size]) != kept.root:
        return "现在的记录不由这份盖过时间戳的检查点接续而来：历史被改写或回退"
    return ""


def _levels(log: Log) -> dict[tuple[str, int], list[bytes]]:
    """What each tile and bundle of the log holds, piece by piece."""
    pieces = {ENTRIES: [bundled([entry]) for entry in log.entries]}
    row, level = log.leaves, 0
    while row:
        pieces[str(level)] = row
        full = len(row) // WIDTH * WIDTH
        row, level = [root(row[at : at + WIDTH]) for at in range(0, full, WIDTH)], level + 1
    return {
        (name, at // WIDTH): row[at : at + WIDTH]
        for name, row in pieces.items()
        for at in range(0, len(row), WIDTH)
    }


def _entries(log: Log, editions: Mapping[str, Edition], began: int) -> Iterator[Fault]:
    """Each entry is a version that is there, once, and in the order of its department's chain; and each version an entry."""
    expected = {chain_log.entry_of(e.place, e.revision, e.entry): e for e in editions.values()}
    seen = set()
    last: dict[tuple[str, str], str] = defaultdict(lambda: GENESIS)
    for number, entry in enumerate(log.entries):
        edition = expected.get(entry)
        name = _name(entry)
        if edition is None:
            if number < began:
                yield name, "检查点记有、公开文件夹中没有的版本：被删除、替换或回退"
        elif entry in seen:
            yield name, "检查点的记录里列了两次"
        else:
            department = edition.place[:2]
            if last[department] != edition.link.previous:
                yield name, "检查点记录的次序与公开链不符"
            last[department] = edition.entry
        seen.add(entry)
    for entry in expected:
        if entry not in seen:
            yield _name(entry), "公开文件夹中有、检查点没有记录的版本：后来放进去的，或还没有运行 settle"


def _name(entry: bytes) -> str:
    """The address that an entry names."""
    return next(iter(entry.decode(errors="replace").split("\n")[1:2]), "检查点")


def anchor_fault(anchor: bytes, log: Log, addresses: int, key: VerifierKey) -> str:
    """Why today's log does not go on from an earlier checkpoint, in Chinese; blank when it does.

    `addresses` is how many are public now.
    """
    try:
        kept = Checkpoint.read(anchor)
    except ValueError as error:
        return f"给出的检查点不能读取：{error}"
    if not key.signed(anchor):
        return f"给出的检查点不是由 {key.name} 的密钥签署，或被改动"
    if kept.origin != key.name:
        return f"给出的检查点属于另一个网站（{kept.origin}），不是 {key.name}"
    then = f"给出的检查点记有 {kept.size} 个版本"
    if kept.size and not addresses:
        return f"{then}，公开文件夹中却一个公开地址也没有"
    if log.checkpoint is None:
        return f"{then}，现在却没有可以读取的检查点：记录被删除或改动"
    if log.checkpoint.origin != kept.origin:
        return f"{then}，属于 {kept.origin}，现在的检查点却属于 {log.checkpoint.origin}"
    if log.checkpoint.size < kept.size:
        return f"{then}，现在只有 {log.checkpoint.size} 个：记录被截短或回退"
    if log.fault:
        return f"{then}，现在的记录不能读取：{log.fault}"
    if root(log.leaves[: kept.size]) != kept.root:
        return f"{then}，现在的前 {kept.size} 个与当时不同：历史被改写，或者向不同的人出示了不同的记录"
    return ""

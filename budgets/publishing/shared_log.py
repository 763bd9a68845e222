"""The log of all versions in the store that machines share: the one machine that has the key adds to it, the others copy.

Without a store every function here does nothing.
"""

from budgets.publishing import chain_log, folders
from budgets.publishing.object_store import shared
from budgets.publishing.shared_tree import INSIDE
from budgets.publishing.signed_notes import Checkpoint

NOTE = f"log/{chain_log.CHECKPOINT}"


def is_ahead() -> bool:
    """Whether the store has a log that this machine has not: adding to the own one would sign two that disagree."""
    if (store := shared()) is None or (there := store.get(NOTE)) is None:
        return False
    note = chain_log.root_folder() / chain_log.CHECKPOINT
    here = note.read_bytes() if note.is_file() else b""
    return here != there.content and (not here or _size(here) <= _size(there.content))


def lend() -> None:
    """Let the others have what was added: tiles and stamps first, the checkpoint over the one that was there."""
    note = chain_log.root_folder() / chain_log.CHECKPOINT
    if (store := shared()) is None or not note.is_file():
        return
    with chain_log.alone():
        there, listed, here = store.get(NOTE), store.listed("log/"), _here()
        for key in here - listed.keys():
            store.put(key, (folders.root() / key).read_bytes())
        content = note.read_bytes()
        if there is None or there.content != content:
            store.put(NOTE, content, there.tag if there else "")
        store.remove(listed.keys() - here - {NOTE})


def borrow() -> None:
    """Have the log here as the store has it."""
    if (store := shared()) is None or (there := store.get(NOTE)) is None:
        return
    folders.make_folder(chain_log.root_folder())
    with chain_log.alone():
        listed, here = {key for key in store.listed("log/") if INSIDE.fullmatch(key)} - {NOTE}, _here()
        for key in sorted(listed - here):
            if (found := store.get(key)) is not None:
                folders.make_folder((folders.root() / key).parent)
                folders.replace(folders.root() / key, found.content)
        note = chain_log.root_folder() / chain_log.CHECKPOINT
        if not note.is_file() or note.read_bytes() != there.content:
            folders.replace(note, there.content)
        for key in here - listed:
            (folders.root() / key).unlink()


def _here() -> set[str]:
    """The keys of the log's files here, without the checkpoint."""
    paths = (path for path in chain_log.root_folder().rglob("*") if path.is_file())
    keys = {
        path.relative_to(folders.root()).as_posix()
        for path in paths
        if not path.name.startswith(folders.UNFINISHED)
    }
    return keys - {NOTE}


def _size(note: bytes) -> int:
    return Checkpoint.read(note).size

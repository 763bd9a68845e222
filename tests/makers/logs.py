"""Logs of chain entries as a portal with a key writes them, without a database."""

from collections.abc import Sequence

from budgets.publishing import chain_log
from budgets.publishing.editions import Edition
from budgets.publishing.signed_notes import SigningKey

KEY = SigningKey("ys.example.gov.cn/log", bytes(range(32)))
FOREIGN = SigningKey(KEY.name, bytes(32))  # who calls himself the same


def entry_of(edition: Edition) -> bytes:
    return chain_log.entry_of(edition.place, edition.revision, edition.entry)


def logged(*editions: Edition, key: SigningKey = KEY) -> bytes:
    """Log the editions, which begin with those that are logged already; the checkpoint."""
    return entered([entry_of(each) for each in editions], key=key)


def entered(entries: Sequence[bytes], key: SigningKey = KEY) -> bytes:
    """Let the log have these entries, which begin with those that it has; the checkpoint."""
    chain_log.add(key, lambda size: list(entries[size:]))
    return (chain_log.root_folder() / chain_log.CHECKPOINT).read_bytes()

"""Files made of what is public now, kept under the hash of all that they are made of.

    shelf/<place>/<hash>/…

Whoever asks works out the hash from the rows of the database first, so a folder that is there is never stale: a
correction, a withdrawal or a new department gives another hash, and the folder is made when it is first asked for. Its
content depends on nothing but the hash, so it does not matter who makes it, how often, or whether that was cut short.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from budgets.publishing import folders

UNUSED_FOR = 24 * 3600  # seconds
_making = threading.Lock()  # many who ask at once wait for one who makes


def root() -> Path:
    return folders.root() / "shelf"


def on_shelf(place: str, name: str, make: Callable[[], Mapping[str, bytes]]) -> Path:
    """The folder of that name at a place, made now where it is not there yet."""
    folder = root() / place / name
    with _making:
        if folder.is_dir():
            os.utime(folder)  # young again: what is in use is not swept away
        else:
            folders.put(folder, make(), {})
    return folder


def unused(older_than: float = UNUSED_FOR) -> list[Path]:
    """What nobody asked for so long, finished or not: most of it is of what has changed since."""
    limit = time.time() - older_than
    return [folder for folder in root().glob("*/*") if folder.lstat().st_mtime < limit]

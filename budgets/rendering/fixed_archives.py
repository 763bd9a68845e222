"""Files that are ZIP archives inside, with fixed times: the same content gives the same bytes."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime

NEVER = datetime(2000, 1, 1)  # stands where a format demands a time
ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files, in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, ARCHIVE_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _as_it_is(name: str, data: bytes) -> bytes:
    return data


def with_fixed_times(content: bytes, change: Callable[[str, bytes], bytes] = _as_it_is) -> bytes:
    """The same archive with fixed times inside; `change` gives each part's bytes from its name and bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = change(entry.filename, old.read(entry))
            new.writestr(zipfile.ZipInfo(entry.filename, ARCHIVE_TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()

"""Keeping a file that was handed in: whole, under a name of its own, or not at all; and what room is left."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile


@contextmanager
def keeping(file: FieldFile, name: str, content: bytes) -> Iterator[None]:
    """The content lies in the field's folder while the block runs, and stays there when it ends well.

    When it cannot be written or the block fails, nothing is left, of the half of a file neither.
    """
    # A name that nobody else ever has, so that what is removed after a failure is this file alone.
    own = file.field.generate_filename(file.instance, f"{name}-{uuid4().hex[:12]}")
    try:
        file.name = file.storage.save(own, ContentFile(content))
        yield
    except BaseException:
        file.storage.delete(own)
        raise


def free(folder: Path) -> int:
    """Free bytes of the disk on which the folder lies, or will lie."""
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    return shutil.disk_usage(there).free

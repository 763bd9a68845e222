"""初次设置: from an empty database to one region with the administrator of its finance bureau."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from budgets.models import FirstSetUp, Person, Region, Role

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is easily mistaken for another
GROUPS, IN_A_GROUP = 5, 4


class AlreadySetUp(Exception):
    """There is a region or a person by now; nothing was made."""


def is_open() -> bool:
    """True while there is neither a region nor a person."""
    return not (Region.objects.exists() or Person.objects.exists())


def set_up(
    *, region_code: str, region_name: str, table_set: str, username: str, name: str, password: str
) -> Person:
    """The bureau's administrator, made with the region in one transaction; the set-up code is used up.

    What is given was checked before. Raises AlreadySetUp, also for the second of two at the same moment: the
    row of FirstSetUp can be there once only.
    """
    try:
        with transaction.atomic():
            if not is_open():
                raise AlreadySetUp
            region = Region.objects.create(code=region_code, name=region_name, table_set=table_set)
            person = Person.objects.create_user(
                username,
                password=password,
                name=name,
                role=Role.BUREAU_ADMINISTRATOR.value,
                region=region,
            )
            FirstSetUp.objects.create(region=region, person=person)
    except IntegrityError as error:
        raise AlreadySetUp from error
    _code_file().unlink(missing_ok=True)
    return person


def set_up_code() -> str:
    """The code that proves access to the server; made when first asked for, in a file that only its owner reads."""
    file = _code_file()
    with suppress(FileExistsError):
        letters = [secrets.choice(LETTERS) for _ in range(GROUPS * IN_A_GROUP)]
        groups = ("".join(letters[n : n + IN_A_GROUP]) for n in range(0, len(letters), IN_A_GROUP))
        # Written under a name of its own first: nobody ever reads half a code.
        own = file.with_name(f"{file.name}.{os.getpid()}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write("-".join(groups) + "\n")
        try:
            os.link(own, file)
        finally:
            own.unlink()
    return file.read_text().strip()


def is_the_code(typed: str) -> bool:
    """Whether that is the code, however its groups are separated and whatever its case."""
    return secrets.compare_digest(_bare(typed), _bare(set_up_code()))


def _bare(code: str) -> bytes:
    return "".join(letter for letter in code.upper() if letter.isalnum()).encode()


def _code_file() -> Path:
    return Path(settings.DATA_DIR) / "set-up-code"

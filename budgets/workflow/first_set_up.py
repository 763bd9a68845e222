"""初次设置: from an empty database to one region with the administrator of its finance bureau."""

import secrets

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from budgets.models import FirstSetUp, Happening, Person, Region, Role
from budgets.workflow.trail import tell

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # thirty-two, none that is easily mistaken for another
GROUPS, IN_A_GROUP = 5, 4


class AlreadySetUp(Exception):
    """There is a region or a person by now; nothing was made."""


def is_open() -> bool:
    """True while there is neither a region nor a person."""
    return not (Region.objects.exists() or Person.objects.exists())


def set_up(
    *, region_code: str, region_name: str, table_set: str, username: str, name: str, password: str
) -> Person:
    """The bureau's administrator, made with the region in one transaction.

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
            fields = {
                "行政区划代码": region_code,
                "地区名称": region_name,
                "表样": table_set,
                "管理员": f"{name}（{username}）",
            }
            told = {label: ["", value] for label, value in fields.items()}
            tell(Happening.SET_UP, person, region, words="建立地区和财政局管理员", fields=told)
    except IntegrityError as error:
        raise AlreadySetUp from error
    return person


def set_up_code() -> str:
    """The code that proves access to the server: made from its secret key, so that nothing is written anywhere.

    It opens nothing once the portal is set up.
    """
    made = salted_hmac("budgets.first_set_up", "code", algorithm="sha256").digest()
    letters = [LETTERS[byte % len(LETTERS)] for byte in made[: GROUPS * IN_A_GROUP]]
    return "-".join("".join(letters[n : n + IN_A_GROUP]) for n in range(0, len(letters), IN_A_GROUP))


def is_the_code(typed: str) -> bool:
    """Whether that is the code, however its groups are separated and whatever its case."""
    return secrets.compare_digest(_bare(typed), _bare(set_up_code()))


def _bare(code: str) -> bytes:
    return "".join(letter for letter in code.upper() if letter.isalnum()).encode()

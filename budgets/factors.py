"""The second factor: who has one, who must have one, and whether a session has shown it.

A factor is a code from the telephone (TOTP) or a passkey; recovery codes stand in for one that is lost. django-otp keeps
them, and what a session has shown; what of it opens the back office is decided by `standing` alone.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from budgets.models import REGION_ROLES, Person, SignIn

CODES = 10  # recovery codes made at once
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


@dataclass(frozen=True, slots=True)
class Standing:
    """What the back office asks about a person's second factor."""

    has: bool
    shown: bool  # in this session
    required: bool  # by the region, for its own roles

    @property
    def closed(self) -> bool:
        """A password alone opens nothing once there is a factor."""
        return self.has and not self.shown

    @property
    def must_set_up(self) -> bool:
        """A factor is asked for and there is none: it is set up before anything else."""
        return self.required and not self.has


def standing(user: Person) -> Standing:
    """How things stand with the person of a request; one query for each request."""
    of: Any = user  # django-otp and `remember` keep on it what holds for this request alone
    if not hasattr(user, "_factor"):
        remember(user, Person.objects.filter(pk=user.pk).values(**asked("pk", "region")).get())
    has, required = of._factor
    shown = getattr(user, "otp_device", None) is not None
    return Standing(has, shown, required and user.role in REGION_ROLES)


def asked(person: str, region: str) -> dict[str, Any]:
    """What `standing` asks, as annotations of a query by its ways to the person's key and region."""
    own = [Exists(kind.objects.filter(user=OuterRef(person), confirmed=True)) for kind in KINDS]
    return {"has_factor": own[0] | own[1], "asks_factor": F(f"{region}__second_factor_required")}


def remember(user: Person, row: Mapping[str, Any]) -> None:
    """Keep with the person of a request what a query with `asked` found, so that `standing` asks nothing."""
    of: Any = user
    of._factor = (bool(row["has_factor"]), bool(row["asks_factor"]))


KINDS: dict[Any, str] = {TOTPDevice: "手机验证码", WebAuthnCredential: "通行密钥"}


def factors_of(person: Person) -> list[Any]:
    """The confirmed codes and passkeys of a person, oldest first."""
    found = [d for kind in KINDS for d in kind.objects.filter(user=person, confirmed=True)]
    return sorted(found, key=lambda device: device.created_at)


def codes_left(person: Person) -> int:
    """How many recovery codes are not used yet."""
    return int(StaticDevice.objects.filter(user=person, token_set__isnull=False).count())


def _kept(code: str) -> str:
    """A recovery code as it is kept: whoever reads the database reads no code."""
    plain = "".join(code.split()).replace("-", "").lower()
    return salted_hmac("budgets.recovery", plain, algorithm="sha256").hexdigest()[:16]


@transaction.atomic
def new_codes(person: Person) -> list[str]:
    """Ten new recovery codes, to be shown once; older ones are void."""
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="恢复码")
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(CODES)]
    for code in codes:
        device.token_set.create(token=_kept(code))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def match(person: Person, *, token: str = "", recovery: str = "") -> Any:
    """The device that takes this code of the telephone or this recovery code, or None. Each counts its own failures."""
    kind, given = (StaticDevice, _kept(recovery)) if recovery else (TOTPDevice, token.strip())
    for device in kind.objects.filter(user=person, confirmed=True):
        if found := verify_token(person, device.persistent_id, given):
            return found
    return None


def wait(person: Person) -> int:
    """Seconds until the next code of the telephone is looked at, after wrong ones; 0 when it would be at once."""
    for device in TOTPDevice.objects.filter(user=person, confirmed=True):
        allowed, why = device.verify_is_allowed()
        if not allowed and why:
            seconds: float = (why["locked_until"] - timezone.now()).total_seconds()
            return max(1, round(seconds))
    return 0


def count_failure(request: HttpRequest, username: str) -> None:
    """A wrong code counts like a wrong password: the throttle hears of it."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def in_words(devices: Iterable[Any], codes: int) -> str:
    """What a person has, for a log or a question: 手机验证码、2 把通行密钥、8 个恢复码."""
    kinds = [type(device) for device in devices]
    parts = ["手机验证码"] if TOTPDevice in kinds else []
    parts += [f"{kinds.count(WebAuthnCredential)} 把通行密钥"] if WebAuthnCredential in kinds else []
    return "、".join(parts + ([f"{codes} 个恢复码"] if codes else []))


@transaction.atomic
def remove(device: Any) -> None:
    """Take one factor away; with the last one go the recovery codes, which stand in for nothing any more."""
    person = device.user
    device.delete()
    if not factors_of(person):
        StaticDevice.objects.filter(user=person).delete()


@transaction.atomic
def remove_all(person: Person, by: str) -> str:
    """Take every factor of a person away, end their sessions, and leave them a word; what it was, blank for none."""
    devices = factors_of(person)
    removed = in_words(devices, codes_left(person))
    for kind in (*KINDS, StaticDevice):
        kind.objects.filter(user=person).delete()
    if removed:
        now = timezone.now()
        person.notice = (
            f"{by}于 {timezone.localtime(now):%Y-%m-%d %H:%M} 解除了您的两步登录（{removed}）。"
            "请重新设置；如果不是您请求的，请马上告诉单位负责人，并修改密码。"
        )
        end_all(person, now)
        person.save(update_fields=["notice", "sessions_from"])
    return removed


def end_all(person: Person, now: Any = None) -> int:
    """End every session of a person; how many were listed. The caller saves `sessions_from`."""
    person.sessions_from = now or timezone.now()
    ended = SignIn.objects.filter(person=person)
    count = ended.count()
    ended.delete()
    return count

"""Telephones that show codes, for people of the tests."""

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from budgets.models import Region


def a_telephone(person) -> TOTPDevice:
    """A telephone whose code was confirmed."""
    return TOTPDevice.objects.create(user=person, name="手机验证码", confirmed=True)


def code_of(device: TOTPDevice, steps: int = 0) -> str:
    """What the telephone shows now, or so many steps of 30 seconds later."""
    return f"{totp(device.bin_key, t0=device.t0 - steps * device.step):06d}"


def wrong_code_of(device: TOTPDevice) -> str:
    """Six digits that the telephone shows neither now nor in the steps beside."""
    near = {code_of(device, steps) for steps in range(-3, 4)}
    return next(f"{n:06d}" for n in range(10) if f"{n:06d}" not in near)


def patience(device: TOTPDevice) -> None:
    """As if the seconds had passed for which wrong codes make the next one wait."""
    TOTPDevice.objects.filter(pk=device.pk).update(throttling_failure_timestamp=None)


def require(person, required: bool = True) -> None:
    """The region of this person asks its own roles for a second factor."""
    Region.objects.filter(pk=person.home_region.pk).update(second_factor_required=required)

"""保密审查 and 负责人审签: whether a disclosure carries them where its region asks for them."""

from budgets.models import Disclosure, SignOff
from budgets.workflow.stepping import NotAllowed

SIGNATURES = {
    "保密审查": ("secrecy_by", "secrecy_on", "secrecy_basis"),
    "负责人审签": ("signed_by", "signed_post", "signed_on"),
}
BEFORE = {"原公开日期和位置": ("before_on", "before_at")}


class Unsigned(NotAllowed):
    """The signatures that the region asks for are not there."""

    page = "sign_off"


def sign_off_of(disclosure: Disclosure) -> SignOff:
    """What was entered, or a blank one that is not saved yet."""
    return SignOff.objects.filter(disclosure=disclosure).first() or SignOff(disclosure=disclosure)


def missing(disclosure: Disclosure, sign_off: SignOff | None = None) -> list[str]:
    """What of it is not complete, in words; a document that was published before needs date and place of that instead."""
    found = sign_off or sign_off_of(disclosure)
    asked = BEFORE if disclosure.given else SIGNATURES
    return [name for name, fields in asked.items() if not all(getattr(found, field) for field in fields)]


def signed(disclosure: Disclosure) -> str:
    """The signatures in one line for the log, blank for none. Raises Unsigned where the region asks for what is missing."""
    found = sign_off_of(disclosure)
    if disclosure.department.region.sign_offs_required and (lacks := missing(disclosure, found)):
        raise Unsigned(f"还没有填全：{'、'.join(lacks)}。请由部门会计在“保密审查和审签”页填写。")
    return "；".join(found.lines)


def begin_anew(disclosure: Disclosure) -> None:
    """What is corrected is checked and signed again; what was signed before stands in the log. Where a document was
    published before stays."""
    blank = {name: None if name.endswith("_on") else "" for fields in SIGNATURES.values() for name in fields}
    SignOff.objects.filter(disclosure=disclosure).update(**blank)

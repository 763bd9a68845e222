"""保密审查 and 负责人审签: whether a disclosure carries them where its region asks for them."""

from budgets.models import Disclosure, SignOff
from budgets.workflow.stepping import NotAllowed

SIGNATURES = {
    "保密审查": ("secrecy_by", "secrecy_on", "secrecy_basis"),
    "负责人审签": ("signed_by", "signed_post", "signed_on"),
}
CHANGED_SINCE = "保密审查和审签以后，内容改动过或者退回、收回过"
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


def outdated(disclosure: Disclosure, sign_off: SignOff | None = None) -> bool:
    """Whether what may still be edited was changed, sent back or taken back since it was checked and signed."""
    found = sign_off or sign_off_of(disclosure)
    return disclosure.editable and not disclosure.given and found.of_version != disclosure.version


def unsigned(disclosure: Disclosure) -> str:
    """What the desk says of them in a word, blank where the region asks for none and where nothing is to be done."""
    if not disclosure.department.region.sign_offs_required:
        return ""
    found = sign_off_of(disclosure)
    return "未填全" if missing(disclosure, found) else "要重新确认" if outdated(disclosure, found) else ""


def signed(disclosure: Disclosure) -> str:
    """The signatures in one line for the log, blank for none. Raises Unsigned where the region asks for what is missing,
    and before it is handed in for signatures on something older."""
    found = sign_off_of(disclosure)
    if disclosure.department.region.sign_offs_required:
        if lacks := missing(disclosure, found):
            raise Unsigned(f"还没有填全：{'、'.join(lacks)}。请由部门会计在“保密审查和审签”页填写。")
        if outdated(disclosure, found):
            raise Unsigned(f"{CHANGED_SINCE}。请送负责人看过以后，由部门会计在“保密审查和审签”页重新确认。")
    return "；".join(found.lines)


def begin_anew(disclosure: Disclosure) -> None:
    """What is corrected is checked and signed again; what was signed before stands in the log. Where a document was
    published before stays."""
    blank = {name: None if name.endswith("_on") else "" for fields in SIGNATURES.values() for name in fields}
    SignOff.objects.filter(disclosure=disclosure).update(**blank)

"""How a department is reached about one number: by mail with the number in it, or by telephone."""

import re
from dataclasses import dataclass
from urllib.parse import quote

EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
PHONE = re.compile(r"(?<![0-9-])(?:0[0-9]{2,3}[- ]?[0-9]{7,8}|1[0-9]{10}|[0-9]{7,8})(?![0-9-])")


@dataclass(frozen=True, slots=True)
class Ways:
    """What a department publishes to be reached by; `mail` and `call` are links, blank for none."""

    contact: str
    email: str = ""
    mail: str = ""
    phone: str = ""
    call: str = ""


def ways(contact: str, subject: str, about: str) -> Ways | None:
    """The ways that a contact names; a letter has this subject and begins with what it is about. None without a contact."""
    if not contact.strip():
        return None
    email, phone = EMAIL.search(contact), PHONE.search(contact)
    letter = f"subject={quote(subject)}&body={quote(f'{about}\r\n\r\n我想问：\r\n')}"
    return Ways(
        contact,
        email[0] if email else "",
        f"mailto:{quote(email[0], safe='@+')}?{letter}" if email else "",
        phone[0] if phone else "",
        f"tel:{re.sub(r'[^0-9]', '', phone[0])}" if phone else "",
    )

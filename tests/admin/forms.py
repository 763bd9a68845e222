"""What a browser would send: the fields of a page's form as they stand, with some of them changed."""

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse

from tests.makers.disclosures import a_person


class Fields(HTMLParser):
    """Collects the inputs, areas and selects of the form that carries a version."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.values[name] = given.get("value") or ""
        elif tag == "textarea":
            self._area, self.values[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The first line end after the tag is not part of the value.
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def fields(response: Any) -> dict[str, str]:
    """The form fields of a page."""
    parser = Fields()
    parser.feed(response.text)
    return {name: value for name, value in parser.values.items() if name != "csrfmiddlewaretoken"}


def row_of(data: dict[str, str], code: str, name: str = "function") -> str:
    """The prefix of the row that holds a code: `rows-3`."""
    suffix = f"-{name}"
    return next(
        key.removesuffix(suffix) for key, value in data.items() if value == code and key.endswith(suffix)
    )


def of(disclosure: Any, name: str, *more: Any) -> str:
    """An address of a disclosure."""
    return reverse(f"admin:budgets_disclosure_{name}", args=[disclosure.pk, *more])


def enter(client: Any, role: str, **place: Any) -> Any:
    """The person who is now at the browser."""
    person = a_person(role, **place)
    client.force_login(person)
    return person


def page_of(disclosure: Any, key: str) -> str:
    """The address of an entry grid."""
    return of(disclosure, "enter", key)

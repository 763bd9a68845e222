"""Every address of the URLconf with the words and numbers of one place in it, and what the database holds beside it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from tests.makers.questions import CELL

from .policies import OBJECT, value

# What is no part of the place: whatever an address may ask for besides.
WORDS = {
    "year": 2023, "stage": "budget", "below": "", "address": CELL, "revision": 1, "name": "cells.csv", "kind": "xlsx",
    "table_set": "hebei_2023", "scheme": "function", "uidb64": "MQ", "token": "a-b", "object_id": 1, "app_label": "budgets",
    "url": "nothing/", "key": "revenue",
}  # fmt: skip
FOR_ONE = {"log-file": {"below": "checkpoint"}, "embedded": {"below": "embed/"}}
# What is written by asking alone: that somebody was there, or was refused.
TRACES = {"AuditEntry", "AuditPending", "AuditHead", "SignIn"}


def patterns_with(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each pattern of the site with each of its forms, `%(region)s/%(unit)s/`; an optional part is left out and is given."""
    for pattern in (resolver or get_resolver()).url_patterns:
        for form, _ in normalize(pattern.pattern.regex.pattern.removeprefix("^")):
            if isinstance(pattern, URLResolver):
                yield from patterns_with(pattern, before + form)
            else:
                yield before + form, pattern


def addresses(place: Any, **more: Any) -> list[tuple[str, str]]:
    """(name, address) of everything that the site has for this place, 关怀版 too."""
    own = {"region": place.department.region.code, "unit": place.department.code}
    found = []
    for form, pattern in patterns_with():
        name = pattern.name or ""
        words = (
            WORDS
            | own
            | FOR_ONE.get(name, {})
            | {key: value(word, place) for key, word in OBJECT.get(name, {}).items()}
            | more
        )
        found.append((name, "/" + form % words))
    return found


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the project's tables but the traces, to be compared with what was there before."""
    models = apps.get_app_config("budgets").get_models()
    return {
        model.__name__: sorted(model._base_manager.values_list(), key=repr)
        for model in models
        if model.__name__ not in TRACES
    }

"""Saving an entry page by itself while somebody types: what the page is told, as JSON.

A row that is refused stays as it is saved and hides no other row; what was typed there stays on the page. The answers:

    {"state": "saved", "version", "at", "places", "cells", "errors"}     errors: [[name of the input, words], …]
    {"state": "conflict", "version", "who", "rows": [{"key", "cells"}], "fields"}  what is saved now, as the page shows it

`places` says for each posted row which saved row it is now, `cells` how accepted amounts and codes are written.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.forms import BaseForm, Field, ModelForm
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from budgets import access
from budgets.admin.editing import Part, Stale, since
from budgets.admin.grid_layout import Layout
from budgets.admin.rows import GridFormSet, RowForm
from budgets.admin.saving_words import told
from budgets.models import Disclosure

CONFLICT = 409
KEPT = "kept"  # the code of an error that says why a row, which may be out of sight, was not removed


def asked(request: HttpRequest) -> bool:
    """True for a saving that the page's script asks for."""
    return request.headers.get("Accept") == "application/json"


def shelf(request: HttpRequest, page: str) -> str:
    """The key under which a browser keeps what this person typed on a page and what is not saved yet."""
    return f"mz:{access.person_of(request).pk}:{page}"


def answer(
    layout: Layout,
    part: Part,
    formset: GridFormSet,
    before: Sequence[Model],
    form: BaseForm | None,
) -> JsonResponse:
    """What a saving did; 422 when nothing at all could be saved of the rows."""
    whole = [str(words) for words in formset.non_form_errors()]
    errors = [["", words] for words in whole] + list(_errors(formset, form))
    rows = [] if whole else formset.typed_rows(before)
    if whole:
        return _saved(part, layout.disclosure, errors, 422)
    places, cells = _places(layout, formset, rows), dict(_cells(formset))
    return _saved(part, layout.disclosure, errors, places=places, cells=cells)


def _errors(formset: GridFormSet, form: BaseForm | None) -> Iterator[list[str]]:
    for row in formset.forms:
        for field, messages in row.errors.items():
            name = row.prefix if field == "__all__" else row.add_prefix(field)
            if row.has_error(field, KEPT):
                name = ""
            yield from ([str(name), str(words)] for words in messages)
    for field, messages in form.errors.items() if form is not None else ():
        yield from ([field, str(words)] for words in messages)


def _places(
    layout: Layout, formset: GridFormSet, rows: Sequence[tuple[int, dict[str, Any]]]
) -> dict[str, int]:
    grid = layout.grid
    if grid.fixed_rows:
        return {str(n): n for n in range(len(formset.forms))}
    if not grid.scheme:
        return {str(n): place for place, (n, _) in enumerate(rows)}
    saved = {getattr(row, grid.row): place for place, row in enumerate(layout.existing())}
    return {str(n): saved[values[grid.row]] for n, values in rows if values[grid.row] in saved}


def _cells(formset: GridFormSet) -> Iterator[tuple[str, str]]:
    """The cells of accepted rows that are written otherwise than they were typed."""
    for row in formset.forms:
        for name, value in () if row.errors else getattr(row, "cleaned_data", {}).items():
            if name not in {t.field.name for t in row.typed}:
                continue
            shown = shown_in(row, name, value)
            if shown != str(row[name].data or ""):
                yield row.add_prefix(name), shown


def shown_in(row: RowForm, name: str, value: Any) -> str:
    """A value as its input shows it."""
    prepared = row.fields[name].prepare_value(value)
    return "" if prepared is None else str(prepared)


def form_answer(part: Part, disclosure: Disclosure, form: BaseForm) -> JsonResponse:
    """What the saving of a page of words did: fields that were refused stay as they are saved."""
    errors = [[field, str(words)] for field, messages in form.errors.items() for words in messages]
    return fields_answer(part, disclosure, errors)


def fields_answer(part: Part, disclosure: Disclosure, errors: list[list[str]]) -> JsonResponse:
    """What the saving of a page without rows did; `errors` are the names of refused fields, with why."""
    return _saved(part, disclosure, errors)


def shown_now(form: "ModelForm[Any]", row: Model | None) -> dict[str, str]:
    """What a row holds now in the fields of a form, as the form shows it; blank for a row that is not there any more."""
    return {name: _shown(field, getattr(row, name, None)) for name, field in form.fields.items()}


def _shown(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(field.prepare_value(value))


def form_conflict(stale: Stale, part: Part, opened: str, fields: dict[str, str]) -> JsonResponse:
    """409 for a page of words: `fields` are what is saved now, as the form shows it."""
    return _conflict(stale, part, opened, fields=fields)


def _saved(
    part: Part, disclosure: Disclosure, errors: list[list[str]], status: int = 200, **more: Any
) -> JsonResponse:
    at = f"{timezone.localtime():%H:%M}"
    told: dict[str, Any] = {"state": "saved", "version": part.version(disclosure), "at": at, "errors": errors}
    return JsonResponse({**told, "places": {}, "cells": {}, **more}, status=status)


def _conflict(stale: Stale, part: Part, opened: str, **more: Any) -> JsonResponse:
    entries = [told(entry) for entry in since(stale.current, part, opened)]
    who = [f"{entry.who} {timezone.localtime(entry.at):%H:%M}" for entry in entries]
    told_now = {"state": "conflict", "version": part.version(stale.current), "who": who[:3], "rows": []}
    return JsonResponse({**told_now, **more}, status=CONFLICT)


def conflict(
    stale: Stale, layout: Layout, part: Part, opened: str, fields: dict[str, str] | None = None
) -> JsonResponse:
    """409: what is saved now and who saved it, for the page to lay beside what was typed.

    `fields` are those of the form above the rows, where there is one.
    """
    now = Layout(layout.grid, stale.current, layout.owner if layout.owner is not layout.disclosure else None)
    formset = now.formset(now.existing())
    rows = [
        {
            "key": str(getattr(row, now.grid.row)) if now.grid.row else "",
            "cells": {
                t.field.name: shown_in(form, t.field.name, getattr(row, t.field.name)) for t in form.typed
            },
        }
        for form, row in zip(formset.forms, now.existing(), strict=False)
    ]
    return _conflict(stale, part, opened, rows=rows, fields=fields or {})

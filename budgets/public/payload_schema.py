"""The published schema of `disclosure.json`, at a fixed address of the portal."""

from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

import budgets.rendering.data
from budgets.public.published_files import serve

FILE = Path(budgets.rendering.data.__file__).with_name("disclosure.schema.json")


@require_safe
def payload_schema(request: HttpRequest) -> HttpResponseBase:
    """The JSON Schema, kept for a minute: it gains a field when the payload does."""
    return serve(request, FILE)

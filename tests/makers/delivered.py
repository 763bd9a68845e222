"""Static files as production delivers them: hashed, compressed, scripts joined."""

import re
from pathlib import Path

from django.core.management import call_command

STORAGE = {"BACKEND": "budgets.admin.scripts.JoinedScripts"}


def deliver(settings, folder: Path) -> Path:
    """Collect the static files into `folder` once and serve them from there for the rest of the test."""
    settings.STATIC_ROOT = folder
    settings.STORAGES = {**settings.STORAGES, "staticfiles": STORAGE}
    if not any(folder.iterdir()):
        call_command("collectstatic", "--noinput", "-v0", "-i", "vendor")  # large, and on no page of a draft
    settings.STATICFILES_DIRS = [folder]
    return folder


def scripts_of(page: str) -> list[str]:
    """The names of the project's own scripts that a page loads."""
    found = re.findall(r'<script src="/static/([^"]+)"', page)
    return [name for name in found if not name.startswith("admin/")]

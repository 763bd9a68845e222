"""The system's Chromium, and a portal with the sample published for it to read."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from budgets.models import Publication, Role
from tests.makers.delivered import deliver
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure

from .desk import PASSWORD, Desk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Playwright's loop runs in the thread of the test, where Django would refuse queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        pytest.skip("needs Chromium (apt: chromium)")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(FLAGS)}


PATIENCE = 180  # seconds until the demo must answer, on a busy machine


@pytest.fixture(scope="session")
def demo_site(browser_type_launch_args, tmp_path_factory) -> Iterator[str]:
    """The address of the demo as its command starts it, in a process and a folder of its own; tests only read it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"DATA_DIR": str(tmp_path_factory.mktemp("demo"))}
    passed = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SITE_ADDRESS")
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--without-county", "--port", str(port)],
        cwd=Path(__file__).parents[2],
        env=passed | own,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz", process)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def wait_for(address: str, process: subprocess.Popen) -> None:
    """Return when the address answers; fail when the process ended or time is up."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, TimeoutError):
            time.sleep(0.3)
    pytest.fail(f"the demo does not answer (exit status {process.poll()})")


@pytest.fixture
def sample_site(live_server, settings, no_pdf) -> str:
    """The address of a portal in which the sample is published, all but its PDF."""
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    settings.SITE_ADDRESS = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    call_command("demo", "--no-serve")
    return live_server.url


@pytest.fixture
def county(live_server, settings, no_pdf, static_folder):
    """A portal where four departments of a drawn county are public in two years, one of them in another form: address, codes."""
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    settings.SITE_ADDRESS = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    sets = ["hebei_2023", "hebei_2023", "hebei_2023", "shanghai_2023"]
    call_command("make_county", 4, years=[2023, 2024], table_set=sets, without_pdf=True, verbosity=0)
    return live_server.url, sorted(
        {row.department.code for row in Publication.objects.select_related("department")}
    )


@pytest.fixture
def office(live_server, settings, no_pdf, static_folder):
    """A portal with the scripts as production delivers them, a draft that may be submitted, and its accountant."""
    settings.SITE_ADDRESS = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    deliver(settings, static_folder)
    disclosure = a_sound_disclosure(a_department())
    return (
        live_server.url,
        disclosure,
        a_person(Role.ACCOUNTANT.value, password=PASSWORD, department=a_department()),
    )


@pytest.fixture
def desk(page, office):
    """The accountant of the office, signed in."""
    url, _, person = office
    desk = Desk(page, url)
    desk.sign_in(person)
    return desk

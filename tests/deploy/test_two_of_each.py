"""Two machines, each with web, worker and timer and a disk of its own, over one PostgreSQL and one object store (moto's server).

A draft is entered at one and submitted at the other; pressed at both at once it is published once, and both serve it; with
one machine killed the other goes on.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from django.core.files.storage import storages
from django.db import connection

from budgets.models import Disclosure, Intake, Publication
from budgets.publishing import object_store, pointers, store_proofs, verification
from tests.admin.forms import fields, of
from tests.makers.disclosures import a_person, a_sound_disclosure
from tests.makers.object_stores import KEYS, an_object_store

from .portal import free_port, nginx
from .test_production import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.nginx,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)"),
]
PASSWORD = "wan-yuan-2023"
ADDRESS = "130225/483/2023/budget/"
PATIENCE = 90  # seconds, on a busy machine


class Machine:
    """Web, worker and timer over a folder of their own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.data, self.port = folder, free_port()
        self.environment = environment | {"DATA_DIR": str(folder)}
        web = ("-m", "granian", "--interface", "wsgi", "--port", str(self.port), "budgets.wsgi:application")
        worker = ("manage.py", "db_worker", "--queue-name", "*", "--no-startup-delay")
        self.processes = [self.start(*words) for words in (web, worker, ("manage.py", "settle", "--watch"))]

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=(self.data.parent / f"{self.data.name}.log").open("ab"),
        )  # fmt: skip

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self) -> str:
        file = self.data / "published" / "site" / ADDRESS / "index.html"
        return file.read_text() if file.is_file() else ""

    def kill(self, how: int = signal.SIGKILL) -> None:
        for process in self.processes:
            os.killpg(process.pid, how)
            process.wait(30)
        self.processes = []


def waited(what: Callable[[], object]) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.2)
    return time.monotonic() - began


@pytest.fixture
def machines(settings, tmp_path) -> Iterator[list[Machine]]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    with an_object_store() as address:
        settings.OBJECT_STORE, settings.OBJECT_STORE_KEYS = address, KEYS
        database = connection.settings_dict
        environment = {
            "PATH": os.environ["PATH"],
            "SITE_ADDRESS": "http://localhost",
            "SECRET_KEY": "only for this test " * 4,
            "DATABASE_URL": f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
            "OBJECT_STORE": address,
            "OBJECT_STORE_KEY": KEYS[0],
            "OBJECT_STORE_SECRET": KEYS[1],
        }
        running = [Machine(tmp_path / name, environment) for name in ("one", "two")]
        try:
            yield running
        finally:
            for machine in running:
                machine.kill(signal.SIGTERM)


class Person:
    """Somebody signed in, at whichever machine."""

    def __init__(self, role: str, at: Machine) -> None:
        self.session = requests.Session()
        person = a_person(role, password=PASSWORD)
        answer = self.post(at, "/admin/login/", username=person.username, password=PASSWORD)
        assert "/admin/login/" not in answer.url

    def get(self, at: Machine, path: str) -> requests.Response:
        return self.session.get(at.url(path), timeout=60)

    def post(
        self, at: Machine, path: str, files: dict[str, Path] | None = None, **data: str
    ) -> requests.Response:
        shown = self.get(at, path)
        assert shown.status_code == 200, (path, shown.status_code)
        data = fields(shown) | data | {"csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        sent = {name: file.open("rb") for name, file in (files or {}).items()}
        return self.session.post(
            at.url(path), data, files=sent, headers={"Referer": at.url(path)}, timeout=60
        )


def test_two_of_each(machines, settings, tmp_path):
    one, two = machines
    disclosure = a_sound_disclosure()
    for machine in machines:
        waited(lambda at=machine: answers(at))
    accountant, officer = Person("accountant", one), Person("bureau_officer", two)

    # Typed at one, a file handed in there and read by whichever worker; both seen at the other, which submits.
    accountant.post(one, of(disclosure, "basics"), contact="0315-483")
    workbook = ROOT / "tests" / "sample" / "laoting-483-2023-tables.xlsx"
    accountant.post(one, of(disclosure, "intake"), {"file": workbook})
    waited(lambda: Intake.objects.exclude(taken="").exists())
    intake = Intake.objects.get()
    storage = storages.create_storage(object_store.uploads(settings.OBJECT_STORE, *KEYS))
    assert storage.size(intake.file.name) == workbook.stat().st_size
    assert not list(one.data.rglob("uploads/**/*.xlsx"))
    assert "0315-483" in accountant.get(two, of(disclosure, "basics")).text
    accountant.post(two, of(disclosure, "intake_file", intake.pk), cancel="1")
    assert not storage.exists(intake.file.name)
    accountant.post(two, of(disclosure, "step", "submit"))
    officer.post(one, of(disclosure, "step", "approve"))
    assert Disclosure.objects.get().status == "approved"

    # Pressed at both at once.
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda at: officer.post(at, of(disclosure, "step", "publish")).status_code, machines))
    waited(Publication.objects.exists)
    seconds = [waited(at.page) for at in machines]
    assert "0315-483" in (one.data / "published/site" / ADDRESS / "disclosure.json").read_text()
    assert Publication.objects.count() == 1
    assert one.page() == two.page()
    print(f"served by both within {sum(seconds):.1f} s of the commit")

    # One machine is gone; what it was the only one to have made lies in the store.
    one.kill()
    officer.post(two, of(disclosure, "step", "correct"), reason="联系方式有误")
    accountant.post(two, of(disclosure, "basics"), contact="0315-999")
    accountant.post(two, of(disclosure, "step", "submit"))
    officer.post(two, of(disclosure, "step", "approve"))
    officer.post(two, of(disclosure, "step", "publish"))
    waited(lambda: Publication.objects.count() == 2)
    waited(lambda: "联系方式有误" in two.page())

    # A third, without a database and with no application behind its nginx, copies all of it and serves it.
    settings.PUBLISHED_ROOT = tmp_path / "three" / "data" / "published"
    pointers.copy()
    with nginx(tmp_path / "three") as portal:
        answer = portal.ask(f"/{ADDRESS}")
        assert (answer.status, answer.body.decode()) == (200, two.page()) and not answer.from_app
        assert answer.one("Cache-Control") == "public, max-age=60" and answer.one("ETag")
    proof = verification.verify(render=True)
    assert (proof.releases, proof.revisions, proof.mismatches) == (1, 2, [])
    assert list(store_proofs.store_faults(object_store.shared())) == []


def answers(machine: Machine) -> bool:
    try:
        return requests.get(machine.url("/healthz"), timeout=5).status_code == 200
    except requests.ConnectionError:
        return False

"""A worker that is killed over its work, with the timer as production runs it: the next one has done it within half a minute."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from .test_production import ROOT, manage

pytestmark = [pytest.mark.slow, pytest.mark.pango]
ASK = """
from budgets.models import Disclosure, Person
from budgets.workflow import background
print(background.preview(Disclosure.objects.first(), by=Person.objects.filter(role="accountant").first()).pk)
"""
SECONDS = 30 + 12  # and what making the PDF takes, on a busy machine


def started(environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def state(database: Path) -> str:
    with closing(sqlite3.connect(database)) as open_:
        (found,) = open_.execute("SELECT state FROM budgets_job ORDER BY id DESC LIMIT 1").fetchone()
    return str(found)


def wait_for(database: Path, wanted: str, seconds: float) -> float:
    began = time.monotonic()
    while (now := state(database)) != wanted:
        assert time.monotonic() - began < seconds, f"{now} after {seconds} s, not {wanted}"
        time.sleep(0.02)
    return time.monotonic() - began


def test_the_next_worker_takes_it_over(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SITE_ADDRESS": "http://localhost"}
    manage(environment, "demo", "--no-serve", "--without-county")
    worker = ("db_worker", "--queue-name", "*", "--no-startup-delay")
    database = tmp_path / "db.sqlite3"
    processes = [started(environment, "settle", "--watch"), started(environment, *worker)]
    try:
        manage(environment, "shell", "-c", ASK)
        wait_for(database, "running", 30)
        os.killpg(processes[1].pid, signal.SIGKILL)
        processes[1].wait()
        assert state(database) == "running"
        processes.append(started(environment, *worker))
        print(f"taken over and done {wait_for(database, 'done', SECONDS):.1f} s after the kill")
    finally:
        for process in processes:
            process.terminate()
            process.wait(30)

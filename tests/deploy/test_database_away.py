"""The application as production runs it while PostgreSQL refuses connections, or takes them and says nothing."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .portal import free_port
from .test_production import manage

ROOT = Path(__file__).parents[2]
HOST = "ys.example.gov.cn"
PAGES = ["/", "/?q=%E5%AE%A1", "/130225/", "/admin/", "/admin/login/", "/healthz", "/rules/"]
OF_NO_DATABASE = {"/rules/": 200, "/admin/": 302}
SECONDS = 3.0


@contextmanager
def application(tmp_path: Path, database: int) -> Iterator[int]:
    """granian before a database on that port of this machine; gives its own port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "4"]
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "SITE_ADDRESS": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "SECRET_KEY": "only for this test " * 4,
        "DATABASE_URL": f"postgres://mingzhang:none@127.0.0.1:{database}/mingzhang",
    }
    manage(environment, "collectstatic", "--noinput", "-v0")
    process = subprocess.Popen(
        [*command, "--port", str(port), "budgets.wsgi:application"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        ask(port, "/healthz")  # what is loaded with the first request
        yield port
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, path: str) -> tuple[int, dict[str, str], float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    began = time.monotonic()
    try:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        answer.read()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, time.monotonic() - began
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("silent", [False, True], ids=["refused", "silent"])
def test_every_page_says_so_within_three_seconds(tmp_path: Path, silent: bool) -> None:
    database = socket.create_server(("127.0.0.1", 0)) if silent else None
    try:
        port = database.getsockname()[1] if database else free_port()
        with application(tmp_path, port) as app:
            answers = {path: ask(app, path) for path in PAGES}
    finally:
        if database:
            database.close()
    assert {path: status for path, (status, _, _) in answers.items()} == {
        path: OF_NO_DATABASE.get(path, 503) for path in PAGES
    }
    assert max(took for *_, took in answers.values()) <= SECONDS, answers
    assert all("retry-after" in headers for status, headers, _ in answers.values() if status == 503)

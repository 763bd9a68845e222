"""A real nginx with the portal's configuration over a small published tree, before a stub application."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TEMPLATE = Path(__file__).parents[2] / "deploy" / "nginx.conf.template"

HOSTS = "127.0.0.1,localhost,ys.example.gov.cn"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        """The header's only value; a missing or doubled header fails the test."""
        (value,) = self.all(name)
        return value

    @property
    def from_app(self) -> bool:
        return bool(self.all("X-Stub"))


@dataclass
class Portal:
    data: Path
    port: int
    app_port: int
    app_headers: dict[str, str] = field(default_factory=dict)
    app_status: int = 200
    public_port: int = 0  # where public pages are asked; the application, if 0

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    @property
    def site(self) -> Path:
        return self.data / "published" / "site"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def render(values: dict[str, str]) -> str:
    """The configuration as the container's envsubst fills it in: the named values and nothing else."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


@contextmanager
def stub_application(portal: Portal, *, public: bool = False) -> Iterator[None]:
    """Answers everything with what it was asked, as JSON; with `public` where public pages are asked."""

    class Echo(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(size)
            seen = {"path": self.path, "method": self.command, "size": size, **dict(self.headers)}
            body = json.dumps(seen).encode()
            self.send_response(portal.app_status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Stub", "public" if public else "app")
            for name, value in portal.app_headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *words: object) -> None:
            """Silent: the tests read answers, not logs."""

    server = ThreadingHTTPServer(("127.0.0.1", portal.public_port if public else portal.app_port), Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def configured(portal: Portal, scratch: Path, *, without: str = "", hosts: str = HOSTS) -> list[str]:
    """The command of an nginx with the configuration for that portal, which is written into a new folder and tried."""
    scratch.mkdir()
    text = render(
        {
            "PORTAL_TMP": str(scratch),
            "PORTAL_LOG": str(scratch / "access.log"),
            "PORTAL_LISTEN": f"127.0.0.1:{portal.port}",
            "PORTAL_DATA": str(portal.data),
            "PORTAL_RESOLVER": "127.0.0.1",
            "PORTAL_APP": f"127.0.0.1:{portal.app_port}",
            "PORTAL_PUBLIC": f"127.0.0.1:{portal.public_port or portal.app_port}",
            "PORTAL_HOSTS": hosts,
        }
    )
    if without:
        assert without in text
        text = text.replace(without, "")
    conf = scratch / "nginx.conf"
    conf.write_text(text, encoding="utf-8")
    # Started by root, the workers would become `nobody`, who may not enter pytest's folders.
    one_user = " user root;" if os.geteuid() == 0 else ""
    command = [str(shutil.which("nginx")), "-c", str(conf), "-g", f"daemon off;{one_user}"]
    subprocess.run([*command[:3], "-t", *command[3:]], check=True, capture_output=True, text=True)
    return command


@contextmanager
def nginx(folder: Path, *, without: str = "", hosts: str = HOSTS, apart: bool = False) -> Iterator[Portal]:
    """Run nginx over `folder`/data; `without` takes one part of the configuration out (negative controls).

    With `apart`, public pages are asked of a server of their own.
    """
    portal = Portal(folder / "data", free_port(), free_port(), public_port=free_port() if apart else 0)
    scratch = folder / "tmp"
    command = configured(portal, scratch, without=without, hosts=hosts)
    process = subprocess.Popen(command, stderr=(scratch / "error.log").open("wb"))
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", portal.port)) == 0:
                    break
            time.sleep(0.05)
        yield portal
    finally:
        process.terminate()
        process.wait(10)

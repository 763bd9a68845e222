"""How much of a plain file's throughput nginx keeps with the portal's configuration: `uv run python -m tests.long.throughput`.

Two servers over the same tree, the shipped configuration and the shortest one that sends compressed files, are asked in
turns for the same file, as a browser asks (compressed). Counted is what a second of processor gives, as other work on the
machine changes what a second by the clock does; the best round of each. `--plainly` asks without compression.
"""

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.portal import free_port, nginx
from tests.deploy.test_nginx import DISCLOSURE, grow

HOST = "ys.example.gov.cn"
TOGETHER, BATCHES = (
    32,
    30,
)  # requests in one write, so that this client is not what is measured; writes to a connection
WANTED = 0.9
PLAIN = """worker_processes auto;
pid {tmp}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log {tmp}/access.log;
    client_body_temp_path {tmp}/1; proxy_temp_path {tmp}/2; fastcgi_temp_path {tmp}/3; uwsgi_temp_path {tmp}/4; scgi_temp_path {tmp}/5;
    types {{ text/html html; application/pdf pdf; }}
    sendfile on;
    tcp_nopush on;
    gzip_static on;
    server {{ listen 127.0.0.1:{port}; root {root}; index index.html; }}
}}
"""


@dataclass(frozen=True)
class Server:
    port: int
    pidfile: Path


@contextmanager
def plain(folder: Path) -> Iterator[int]:
    """nginx over the same tree with next to no configuration; gives its port."""
    port, scratch = free_port(), folder / "plain"
    scratch.mkdir()
    conf = scratch / "nginx.conf"
    conf.write_text(PLAIN.format(tmp=scratch, port=port, root=folder / "data" / "published" / "site"))
    one_user = " user root;" if os.geteuid() == 0 else ""
    process = subprocess.Popen([str(shutil.which("nginx")), "-c", str(conf), "-g", f"daemon off;{one_user}"])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def spent(pidfile: Path) -> float:
    """Processor seconds of the workers of that nginx so far."""
    main = pidfile.read_text().strip()
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return sum(int(Path(f"/proc/{child}/schedstat").read_text().split()[0]) for child in children) / 1e9


def _length(port: int, asking: bytes) -> int:
    """Bytes of one answer, head and body, which must be a 200."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(asking.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        answer = b"".join(iter(lambda: connection.recv(1 << 20), b""))
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:100]
    return len(answer) + len("keep-alive") - len("close")


def rate(server: Server, path: str, seconds: float, *, compressed: bool) -> float:
    """Answers for each second of processor, one connection after another; each must be the 200 that the first one was."""
    port, before = server.port, spent(server.pidfile)
    accept = "Accept-Encoding: gzip\r\n" if compressed else ""
    asking = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{accept}\r\n".encode()
    size, done = _length(port, asking), 0
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            for _ in range(BATCHES):  # a connection is closed after a thousand answers
                connection.sendall(asking * TOGETHER)
                left = size * TOGETHER
                while left > 0:
                    received = connection.recv(1 << 20)
                    assert received, "closed early"
                    left -= len(received)
                assert left == 0, "an answer of another length"
                done += TOGETHER
    return done / (spent(server.pidfile) - before)


def shares(seconds: float, rounds: int, *, compressed: bool = True, seed: int = 0) -> dict[str, float]:
    """For each path what ours sends of what the plain one sends, the best round of each, drawn in which order."""
    drawn, found = random.Random(seed), {}
    folder = Path(tempfile.mkdtemp())
    try:
        grow(folder)
        with plain(folder) as beside, nginx(folder) as portal:
            servers = (
                Server(beside, folder / "plain" / "nginx.pid"),
                Server(portal.port, folder / "tmp" / "nginx.pid"),
            )
            for path in (DISCLOSURE, f"{DISCLOSURE}tables/balance/", f"{DISCLOSURE}disclosure.pdf"):
                best = dict.fromkeys(servers, 0.0)
                for server in drawn.sample(servers * rounds, 2 * rounds):
                    best[server] = max(best[server], rate(server, path, seconds, compressed=compressed))
                least, ours = best.values()
                found[path] = ours / least
                print(f"| {path} | {least:,.0f} | {ours:,.0f} | {found[path]:.2f} |", flush=True)
    finally:
        shutil.rmtree(folder)
    return found


def main(arguments: list[str]) -> int:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--minutes", type=float, default=1)
    asking.add_argument("--rounds", type=int, default=8)
    asking.add_argument("--seed", type=int, default=0)
    asking.add_argument("--plainly", action="store_true", help="ask without compression")
    asked = asking.parse_args(arguments)
    print("| file | plain, answers a processor second | as shipped | share |\n| --- | --- | --- | --- |")
    seconds = asked.minutes * 60 / (6 * asked.rounds)
    found = shares(seconds, asked.rounds, compressed=not asked.plainly, seed=asked.seed)
    print(f"\nat least {min(found.values()):.2f} of the plain file's throughput")
    return min(found.values()) < WANTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

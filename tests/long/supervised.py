"""Parts of the portal as processes that are started again as systemd does it, and PostgreSQL behind a line that can be cut, on a disk
of their own.

`deploy/systemd/mingzhang@.service` says how: after how long, how often in how many seconds, and that whatever a part started ends
with it. nginx and PostgreSQL have no unit here: nginx is started again after a second, PostgreSQL by whoever stopped it.
"""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.portal import free_port
from tests.long.whole_portal import ROOT, below

SERVER = "mingzhang"
GIB = 1 << 30
LOOK = 0.05  # seconds between two looks whether a part lives


@dataclass(frozen=True)
class Rules:
    """What the unit says of starting again; systemd's own values where it is silent."""

    after: float
    within: float  # seconds in which at most `burst` starts may lie; 0: no limit
    burst: int

    @classmethod
    def of_the_unit(cls) -> "Rules":
        unit = (ROOT / "deploy" / "systemd" / "mingzhang@.service").read_text(encoding="utf-8")

        def said(name: str, otherwise: str) -> float:
            found = re.search(rf"^{name}=(\d+)$", unit, flags=re.M)
            return float(found[1] if found else otherwise)

        assert re.search("^Restart=always$", unit, flags=re.M)
        return cls(
            said("RestartSec", "0"), said("StartLimitIntervalSec", "10"), int(said("StartLimitBurst", "5"))
        )


@dataclass
class Part:
    """One part: runs until `end`, however often it dies. `given_up` when it died more often than its unit allows."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    rules: Rules
    more: dict[str, str] = field(default_factory=dict)  # of the environment, from the next start on
    starts: int = 0
    given_up: bool = False
    over: bool = False
    lately: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.process = self._started()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _started(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        self.lately.append(time.monotonic())
        self.began = time.monotonic()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment | self.more, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def lives(self) -> bool:
        return not self.over and self.process.poll() is None

    def _watch(self) -> None:
        inside: set[int] = set()
        while not self.over:
            if self.process.poll() is None:
                inside = set(below(self.process.pid))
                time.sleep(LOOK)
                continue
            for number in inside:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            time.sleep(self.rules.after)
            now = time.monotonic()
            while self.lately and self.lately[0] < now - self.rules.within:
                self.lately.popleft()
            if self.rules.within and len(self.lately) >= self.rules.burst:
                self.given_up = True
                return
            if not self.over:
                self.process = self._started()

    def kill(self, chance: random.Random) -> str:
        """kill -9 of its first process, or of one that it started; which of both."""
        inside = below(self.process.pid)
        target = chance.choice([self.process.pid, chance.choice(inside)])
        with suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)
        return "first process" if target == self.process.pid else "one below it"

    def anew(self, more: dict[str, str]) -> None:
        """Killed, and started again with this in its environment."""
        self.more = more
        with suppress(ProcessLookupError):
            self.process.kill()

    def end(self) -> None:
        self.over = True
        inside = below(self.process.pid)
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        for number in inside:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()
        self.thread.join(10)


class Line:
    """A TCP relay to a port of this machine. Cut, it drops what runs over it and refuses what is new."""

    def __init__(self, to: int) -> None:
        self.to, self.port = to, free_port()
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()
        self.mend()

    def mend(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self._take, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        with suppress(OSError):  # wakes whoever waits in accept
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            ends, self.open = self.open, set()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _take(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.to), timeout=2)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self.lock:
                self.open |= {near, far}
            for here, there in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(here, there), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(1 << 16):
                there.sendall(data)
        for end in (here, there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        here.close()
        with self.lock:
            self.open.discard(here)


class Cluster:
    """A PostgreSQL of its own with an empty database of the owner `mingzhang`."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        self.programs = found[-1].parent if found else Path(str(shutil.which("initdb"))).parent
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            folder.chmod(0o700)
        self._run(f"initdb -D {folder}/db -U {SERVER} -A trust -E UTF8 --locale=C.UTF-8")
        self.start()
        self._run(f"psql -q -h 127.0.0.1 -p {self.port} -U {SERVER} postgres -c 'create database {SERVER}'")

    def url(self, role: str = SERVER, port: int = 0) -> str:
        return f"postgres://{role}@127.0.0.1:{port or self.port}/{SERVER}"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        self._run(f'pg_ctl -D {self.folder}/db -l {self.folder}/log -w start -o "{options}"')

    def stop(self, how: str = "immediate") -> None:
        self._run(f"pg_ctl -D {self.folder}/db -m {how} -w stop")

    def _run(self, words: str) -> None:
        whole = f"cd / && {self.programs}/{words} >/dev/null"
        command = (
            ["su", "postgres", "-s", "/bin/sh", "-c", whole] if os.geteuid() == 0 else ["sh", "-c", whole]
        )
        subprocess.run(command, check=True)


@contextmanager
def own_disk(folder: Path, size: int = 4 * GIB) -> Iterator[Path | None]:
    """The folder as a disk of its own, in memory; None where this may not be done."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True
    )
    try:
        yield folder if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", folder], check=True)

"""The portal as production runs it: each part of `deploy/systemd/parts/` but the one for citizens in a process of its own.

Plain HTTP on this machine stands for the server in front that ends TLS. Database and files lie in one empty folder; with
DATABASE_URL the database is that one, which must be empty, too.
"""

import os
import re
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
PARTS = ("web", "worker", "reader", "punctual", "timer")
PATIENCE = 180  # seconds until the portal must answer, on a busy machine
LOOK = 0.1  # seconds between two looks at memory


@dataclass(frozen=True)
class Started:
    """A portal that answers: its address, and its processes by part."""

    url: str
    parts: dict[str, subprocess.Popen[bytes]]


def environment(folder: Path, port: int) -> dict[str, str]:
    """What the processes are told; what of the caller's settings would decide otherwise is left out."""
    kept = ("PATH", "HOME", "LANG", "DATABASE_URL")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "DATA_DIR": str(folder),
        "SITE_ADDRESS": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "budgets.settings",
    }


def command_of(part: str, port: int) -> list[str]:
    """The command of a part's unit, with this Python and this port."""
    line = (ROOT / "deploy" / "systemd" / "parts" / part).read_text(encoding="utf-8").splitlines()[0]
    (told,) = shlex.split(line.removeprefix("COMMAND="))
    words = shlex.split(re.sub(r"--port \d+", f"--port {port}", told))
    return [str(Path(sys.executable).parent / Path(words[0]).name), *words[1:]]


@contextmanager
def running(folder: Path, port: int) -> Iterator[Started]:
    """A portal over an empty database, as its installation leaves it: tables and codes, no region, nobody."""
    settings = environment(folder, port)
    for step in (("migrate", "-v0"), ("load_subjects",)):
        manage = [sys.executable, "manage.py", *step]
        subprocess.run(manage, cwd=ROOT, env=settings, check=True, stdout=subprocess.DEVNULL)
    (folder / "static").mkdir(exist_ok=True)
    parts: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for part in PARTS:
            with (folder / f"{part}.log").open("wb") as log:
                parts[part] = subprocess.Popen(
                    command_of(part, port), cwd=ROOT, env=settings, stdout=log, stderr=log
                )
        started = Started(settings["SITE_ADDRESS"], parts)
        wait_for(f"{started.url}/healthz", parts["web"])
        yield started
        ended = [part for part, process in parts.items() if process.poll() is not None]
        assert not ended, f"ended by themselves: {ended}, see {folder}/*.log"
    finally:
        for process in parts.values():
            process.terminate()
        for process in parts.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the address answers. Raises RuntimeError when the process ended or time is up."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        with suppress(URLError, TimeoutError), urlopen(address, timeout=5):
            return
        time.sleep(0.3)
    raise RuntimeError(f"{address} does not answer (exit status {process.poll()})")


class Memory:
    """The most that a process and those below it hold while the block runs: `largest` is the peak of the largest one,
    `together` the most that all hold at one look. Bytes; memory that two of them share counts twice."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process, self.largest, self.together = process, 0, 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.over.wait(LOOK):
            held = [held_by(number) for number in below(self.process.pid)]
            self.largest = max(self.largest, *(peak for peak, _ in held))
            self.together = max(self.together, sum(now for _, now in held))


def below(number: int) -> list[int]:
    """A process and all that it and those below it started."""
    found = [number]
    with suppress(OSError):  # it may end meanwhile
        for task in Path(f"/proc/{number}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += below(int(child))
    return found


def held_by(number: int) -> tuple[int, int]:
    """Bytes that a process held at its peak, and holds now; nothing of one that has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        told = dict(line.split(":", 1) for line in lines)
        if "VmHWM" in told:
            return int(told["VmHWM"].split()[0]) * 1024, int(told["VmRSS"].split()[0]) * 1024
    return 0, 0

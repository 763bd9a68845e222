"""People at their desks while parts die: each goes on as a person would, and writes down what the portal acknowledged.

An answer counts as acknowledged when it leads on (302) after something was sent. What was sent without an answer may have
been done or not.
"""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import requests

from tests.admin.forms import fields

PASSWORD = "wan-yuan-2023"
ASIDE = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
WAIT = 0.5  # seconds until somebody tries again
LOOKS_ON = 60.0  # seconds after which somebody asks once more for what does not come
SECONDS = 2.0  # within which citizens are answered
type File = tuple[str, bytes, str]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Ledger:
    """What was sent, what was acknowledged, in order; each deed under the disclosure (or 0) that it is of."""

    sent: Counter[tuple[str, int]] = field(default_factory=Counter)
    done: Counter[tuple[str, int]] = field(default_factory=Counter)
    contacts: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)  # typed values; acknowledged?
    promised: list[tuple[int, set[str]]] = field(
        default_factory=list
    )  # publications, by what they may contain
    files: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)  # handed in
    exports: set[int] = field(default_factory=set)
    public: set[str] = field(default_factory=set)  # addresses at which something is to be read
    asked_again: int = 0
    waits: list[float] = field(default_factory=list)  # seconds from 公开 to the page

    @property
    def acknowledged(self) -> int:
        return sum(self.done.values())

    def may_stand(self, disclosure: int) -> set[str]:
        """The values that may stand now: the last one that was acknowledged, and what was sent since."""
        typed = self.contacts[disclosure]
        last = max(n for n, (_, sure) in enumerate(typed) if sure)
        return {value for value, _ in typed[last:]}


class Over(Exception):
    """The time of the clients is over."""


@dataclass
class Person:
    """Somebody with a browser, who signs in again where a session ended."""

    url: str
    username: str
    place: str  # the address that the gateway would tell
    over: threading.Event
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.headers["X-Forwarded-For"] = self.place

    def read(self, path: str) -> requests.Response:
        """The page, however long it takes. Raises Over."""
        while not self.over.is_set():
            with suppress(*ASIDE):
                answer = self.session.get(self.url + path, timeout=30)
                if "/admin/login/" in answer.url:
                    self._sign_in(answer)
                elif answer.status_code < 500 and answer.status_code != 429:
                    return answer
            time.sleep(WAIT)
        raise Over

    def _sign_in(self, page: requests.Response) -> None:
        given = fields(page) | {"username": self.username, "password": PASSWORD}
        self._post(page, given)

    def _post(self, page: requests.Response, data: dict[str, str], **files: File) -> requests.Response:
        token = {"csrfmiddlewaretoken": self.session.cookies.get("csrftoken") or ""}
        return self.session.post(
            page.url, data | token, files=files or None, headers={"Referer": page.url},
            timeout=60, allow_redirects=False,
        )  # fmt: skip

    def send(self, path: str, given: dict[str, str], **files: File) -> requests.Response | None:
        """Fill in the page's form and send it once: the answer, None when there was none. Raises Over."""
        page = self.read(path)
        if page.status_code != 200:
            return None
        with suppress(*ASIDE):
            return self._post(page, fields(page) | given, **files)
        return None


def led_on(answer: requests.Response | None) -> bool:
    return answer is not None and answer.status_code == 302 and "/login/" not in answer.headers["Location"]


@dataclass
class Desk:
    """The accountant of a department and the officer of the bureau, and what they do with one disclosure."""

    disclosure: int
    public: str  # its address
    accountant: Person
    officer: Person
    workbook: bytes
    ledger: Ledger
    chance: random.Random
    at_a_minute: bool = False
    number: int = 0

    def _deed(self, name: str, person: Person, path: str, given: dict[str, str], **files: File) -> bool:
        self.ledger.sent[name, self.disclosure] += 1
        acknowledged = led_on(answer := person.send(self._of(path), given, **files))
        self.ledger.done[name, self.disclosure] += acknowledged
        if acknowledged and answer is not None:
            self.led_to = answer.headers["Location"]
        return acknowledged

    def _of(self, path: str) -> str:
        return f"/admin/budgets/disclosure/{self.disclosure}/{path}"

    def _may(self, person: Person) -> set[str]:
        """The steps that its page offers."""
        return set(re.findall(rf"/{self.disclosure}/steps/(\w+)/", person.read(self._of("change/")).text))

    def step(self) -> None:
        """Whatever comes next. Raises Over."""
        now = self._may(self.officer)
        if "approve" in now:
            self._deed("approve", self.officer, "steps/approve/", {})
        elif "unschedule" in now:
            self._seen()
        elif "publish" in now:
            if self._deed("publish", self.officer, "steps/publish/", {}):
                self.ledger.promised.append((self.disclosure, self.ledger.may_stand(self.disclosure)))
                self._seen()
        elif "withdraw" in now and self.chance.random() < 0.15:
            self.ledger.public -= {self.public, f"{self.public}disclosure.json"}
            scope = {"scope": self.chance.choice(("latest", "all"))}
            if self._deed("withdraw", self.officer, "steps/withdraw/", scope | {"reason": "附表漏列"}):
                self._wait(lambda: self._shown().status_code == 410)
        elif "correct" in now:
            self._deed("correct", self.officer, "steps/correct/", {"reason": "联系方式有误"})
        else:
            self._fill_in()

    def _seen(self) -> None:
        """Wait until citizens see it."""
        expected, began = self.ledger.may_stand(self.disclosure), time.monotonic()
        if self._wait(lambda: any(value in self._shown().text for value in expected)):
            self.ledger.waits.append(time.monotonic() - began)
            year = self.public.replace(self.public.split("/")[2] + "/", "").removesuffix("budget/")
            self.ledger.public |= {year, self.public, f"{self.public}disclosure.json"}
        else:
            self.ledger.asked_again += 1

    def _shown(self) -> requests.Response:
        return self.officer.read(self.public)

    def _wait(self, is_so: Callable[[], bool]) -> bool:
        limit = time.monotonic() + LOOKS_ON + (60 if self.at_a_minute else 0)
        while time.monotonic() < limit:
            if is_so():
                return True
            time.sleep(WAIT)
        return False

    def _fill_in(self) -> None:
        for _ in range(self.chance.randint(1, 4)):
            self.number += 1
            value = f"0315-{self.disclosure:04}{self.number:05}"
            typed = self.ledger.contacts[self.disclosure]
            typed.append((value, False))
            if self._deed("edit", self.accountant, "basics/", {"contact": value}):
                typed[-1] = (value, True)
        if self.chance.random() < 0.4:
            self._hand_in()
        self._deed("submit", self.accountant, "steps/submit/", {"sure": "on"})

    def _hand_in(self) -> None:
        """A file is handed in and read; half of them are looked at and left for the next one to replace."""
        self.number += 1
        name = f"第{self.number}次.xlsx"
        handed = self.ledger.files.setdefault(self.disclosure, [])
        handed.append((name, False))
        if self._deed("hand in", self.accountant, "intake/", {}, file=(name, self.workbook, XLSX)):
            handed[-1] = (name, True)
            self._wait(lambda: "正在读取文件" not in self.accountant.read(self.led_to).text)


@dataclass
class Exporting:
    """The officer who takes a year along: book, tables, the site in a folder."""

    officer: Person
    year: int
    ledger: Ledger
    chance: random.Random

    def step(self) -> None:
        time.sleep(self.chance.uniform(4, 12))
        if not any("/budget/" in address for address in self.ledger.public):
            return  # nothing to take along yet
        path, given = self.chance.choice(
            (
                (f"/admin/overview/{self.year}/", {"do": "book"}),
                (f"/admin/overview/{self.year}/", {"do": "site"}),
                (f"/admin/overview/{self.year}/sums/", {}),
            )
        )
        self.ledger.sent["export", 0] += 1
        if led_on(self.officer.send(path, given)):
            self.ledger.done["export", 0] += 1
            numbers = re.findall(r"/admin/downloads/(\d+)/", self.officer.read("/admin/downloads/").text)
            self.ledger.exports |= set(map(int, numbers))


@dataclass
class Citizens:
    """Readers of drawn public addresses: what they were answered, how quickly, and whether a file was whole."""

    url: str
    ledger: Ledger
    whole: Callable[[str, bytes], bool]
    chance: random.Random
    rate: float
    answers: Counter[int] = field(default_factory=Counter)
    away: int = 0  # nothing at the door: nginx itself was dead
    slow: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def step(self) -> None:
        address = self.chance.choice(sorted(self.ledger.public))
        began = time.monotonic()
        try:
            answer = requests.get(self.url + address, timeout=30)
        except ASIDE:
            self.away += 1
            time.sleep(1 / self.rate)
            return
        took = time.monotonic() - began
        self.answers[answer.status_code] += 1
        if took > SECONDS:
            self.slow.append(f"{address} {took:.1f} s")
        if answer.status_code >= 500:
            self.refused.append(f"{address} {answer.status_code}")
        elif answer.status_code == 200 and not self.whole(address, answer.content):
            self.wrong.append(f"{address} is neither the old nor the new one")
        time.sleep(max(0.0, 1 / self.rate - took))


type Client = Desk | Exporting | Citizens


def at_work(clients: Sequence[Client], over: threading.Event, chance: random.Random) -> threading.Thread:
    """A thread in which these take turns until it is over."""

    def work() -> None:
        with suppress(Over):
            while not over.is_set():
                chance.choice(clients).step()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def numbered(seed: int) -> Iterator[random.Random]:
    """One source of chance after another, all of one seed."""
    first = random.Random(seed)
    while True:
        yield random.Random(first.random())

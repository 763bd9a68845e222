"""The web process dies at random moments, kill -9: every figure that was typed is there afterwards, and none twice."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import global_settings
from django.db import connection

from budgets.models import ExpenditureLine, Role
from tests.deploy.portal import free_port
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure

from .desk import PASSWORD, Desk
from .grid_pages import open_grid, saved

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the process opens the test's database file"),
]
SEEDS, MOMENTS = 2, 5  # 5 seeds of 10 moments were run, too


def serve(port: int) -> None:
    """What the process does: the portal over the test's database, as its environment names it."""
    from django.core.servers.basehttp import WSGIServer, run

    from budgets.wsgi import application

    run("127.0.0.1", port, application, threading=True, server_cls=WSGIServer)


class Server:
    """The portal in a process of its own, which starts at once: it is a copy of one that has loaded everything."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.copies = multiprocessing.get_context("forkserver")
        self.copies.set_forkserver_preload(["budgets.wsgi"])

    def start(self) -> None:
        self.process = self.copies.Process(target=serve, args=(self.port,), daemon=True)
        self.process.start()
        for _ in range(600):
            with suppress(URLError), urlopen(f"{self.url}/healthz", timeout=5):
                return
            time.sleep(0.1)
        pytest.fail("the server does not answer")

    def kill(self) -> None:
        self.process.kill()
        self.process.join(30)


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Server]:
    server = Server()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{connection.settings_dict['NAME']}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SITE_ADDRESS", server.url)
    server.start()
    yield server
    server.kill()


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_web_process_killed_at_random_moments_loses_nothing(page, server, settings, seed):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # those of the process
    disclosure = a_sound_disclosure(a_department())
    person = a_person(Role.ACCOUNTANT.value, password=PASSWORD, department=a_department())
    desk = Desk(page, server.url)
    desk.sign_in(person)
    grid = open_grid(desk, disclosure)
    chance = random.Random(seed)
    wanted: dict[tuple[str, str], Decimal] = {}
    for moment in range(MOMENTS):
        for _ in range(chance.randint(1, 3)):
            row, (label, name) = (
                chance.randrange(2),
                chance.choice((("基本支出", "basic"), ("项目支出", "project"))),
            )
            typed = f"{chance.randint(1, 99999) / 100:.2f}"
            grid.get_by_label(f"第{row + 1}行 {label}").fill(typed)
            code = grid.locator("tr[data-entry]").nth(row).locator("input.code").input_value()
            wanted[code, name] = Decimal(typed) * 10000
        # Before the saving, while it is under way, or just after it.
        grid.wait_for_timeout(chance.choice((0, 1450, 1520, 1560, 1600, 1700, 2500)))
        server.kill()
        grid.wait_for_timeout(chance.choice((0, 1700)))
        server.start()
        grid.evaluate("Grid.saveNow()")
        saved(grid)
        lines = {line.function: line for line in ExpenditureLine.objects.filter(fund="general_public")}
        assert len(lines) == ExpenditureLine.objects.filter(fund="general_public").count()
        for (code, name), value in wanted.items():
            assert getattr(lines[code], name) == value, (moment, code, name)

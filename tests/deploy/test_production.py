"""The sample published as in production: granian behind the real nginx, asked as readers and clerks ask."""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from budgets.public.large_type import enlarged

from .portal import Answer, Portal, nginx

pytestmark = [
    pytest.mark.nginx,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed (apt: nginx-light)"),
]

ROOT = Path(__file__).parents[2]
HOST = "ys.example.gov.cn"
DISCLOSURE = "/130225/483/2023/budget/"
FILES = ["", "r1/", "tables/balance/", "disclosure.json", "disclosure.xlsx", "r1/disclosure.csv.zip"]
LISTS = ["/", "/130225/", "/130225/2023/", "/130225/483/", "/130225/483/2023/"]
ABSENT = ["/nothing", "/130225/999/2023/budget/", "/130225/483/2024/budget/", "/.git/config"]
PRIVATE = [
    "/?q=%E5%AE%A1%E6%89%B9",
    "/admin/",
    "/admin/login/",
    "/admin/budgets/disclosure/1/change/",
    "/healthz",
]
ONCE = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "X-Frame-Options",
    "Strict-Transport-Security",
)


@contextmanager
def granian(portal: Portal, environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "2"]
    command += ["--port", str(portal.app_port), "budgets.wsgi:application"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            if ask(portal, "/healthz").status == 200:
                break
            time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(20)


def ask(portal: Portal, path: str, method: str = "GET", proto: str = "https") -> Answer:
    return portal.ask(path, method, Host=HOST, X_Forwarded_Proto=proto)


def manage(environment: dict[str, str], *words: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, capture_output=True
    )


def unreadable(folder: Path) -> list[Path]:
    """Files and folders that another user, nginx, could not read."""
    return [path for path in folder.rglob("*") if not path.stat().st_mode & stat.S_IROTH]


@pytest.mark.slow
def test_the_sample_in_production(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "SITE_ADDRESS": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "SECRET_KEY": "only for this test " * 4,
    }
    manage(environment, "collectstatic", "--noinput", "-v0")
    manage(environment, "demo", "--no-serve")
    with nginx(tmp_path) as portal, granian(portal, environment):
        files = {path: ask(portal, DISCLOSURE + path) for path in FILES}
        lists = {path: ask(portal, path) for path in LISTS}
        absent = {path: ask(portal, path) for path in ABSENT}
        private = {path: ask(portal, path) for path in PRIVATE}
        unsafe = ask(portal, "/admin/login/", "POST")
        plain = ask(portal, "/admin/", proto="http")
        styles = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', files[""].body.decode()))
        static = {path: ask(portal, path) for path in styles}
        large = {path: ask(portal, f"/care{path}") for path in (DISCLOSURE, f"{DISCLOSURE}r1/", "/rules/")}
        plain_rules = ask(portal, "/rules/")

    assert {answer.status for answer in files.values()} == {200}
    assert {answer.status for answer in lists.values()} == {200, 302}
    assert {answer.status for answer in absent.values()} == {404}
    assert unsafe.status == 403
    assert (plain.status, plain.one("Location")) == (301, f"https://{HOST}/admin/")

    for path, answer in {**files, **lists, **absent, **private, **static, "POST": unsafe}.items():
        assert {name: len(answer.all(name)) for name in ONCE} == dict.fromkeys(ONCE, 1), path
        assert "unsafe-" not in answer.one("Content-Security-Policy"), path
    for path, answer in {**files, **lists, **static}.items():
        assert answer.one("Cache-Control").startswith("public, max-age="), path
        assert answer.all("Set-Cookie") == [], path
    for path, answer in private.items():
        assert "no-store" in answer.one("Cache-Control"), path
    for cookie in private["/admin/login/"].all("Set-Cookie"):
        assert cookie.startswith("__Host-") and "Secure" in cookie and "SameSite=Lax" in cookie, cookie
    cookies = private["/admin/login/"].all("Set-Cookie")
    assert all("HttpOnly" in cookie for cookie in cookies if "sessionid" in cookie), cookies

    # 关怀版 is the same page, whether the web server or the application makes it.
    for path, standard in (
        (DISCLOSURE, files[""]),
        (f"{DISCLOSURE}r1/", files["r1/"]),
        ("/rules/", plain_rules),
    ):
        assert large[path].body == enlarged(standard.body), path
        assert large[path].one("Content-Security-Policy") == standard.one("Content-Security-Policy")

    # Pages that were published keep their look after an upgrade: what they name never changes.
    assert static
    for path, answer in static.items():
        assert (answer.status, answer.one("Cache-Control")) == (200, "public, max-age=31536000, immutable"), (
            path
        )
    assert unreadable(tmp_path / "data" / "published") == unreadable(tmp_path / "data" / "static") == []
    uploads = [path for path in (tmp_path / "data" / "uploads").rglob("*") if path.is_file()]
    assert uploads == [path for path in unreadable(tmp_path / "data" / "uploads") if path.is_file()]

"""The reverse proxy, tried with the real nginx: published files as files, the rest to the application."""

import gzip
import json
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils.csp import build_policy

from budgets.permissions_policy import POLICY as PERMISSIONS
from budgets.public.answers import FRAMED, POLICY
from budgets.public.large_type import REPLACED, enlarged

from .portal import Portal, nginx, stub_application

pytestmark = [
    pytest.mark.nginx,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed (apt: nginx-light)"),
]

DISCLOSURE = "/130225/483/2023/budget/"
PAGE = "<!doctype html><title>部门预算</title>" + "<p>乐亭县行政审批局</p>" * 200
LINKS = PAGE + "".join(here for here, _ in REPLACED) * 3 + '<link href="/static/site.css">'
LOG = [
    "log/checkpoint",
    "log/stamps/12/checkpoint",
    "log/stamps/12/checkpoint.tsr",
    "log/tile/0/000",
    "log/tile/1/000.p/1",
    "log/tile/entries/x001/067.p/12",
]
GUARD = r"""        location ~ (/\.|\.(tmp|gz|br)$) {
            return 404;
        }
"""


def write(path: Path, content: str | bytes, *, twin: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data)
    if twin:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(data))


def publish(data: Path, number: int) -> None:
    """A release as the portal lays it out, and the pointers to it."""
    release = data / "published" / "releases" / "130225" / "483" / "2023" / f"release-{number}"
    write(release / "index.html", PAGE + f"<p>r{number}</p>", twin=True)
    write(release / "tables" / "balance" / "index.html", PAGE, twin=True)
    write(release / "tables" / "links" / "index.html", LINKS, twin=True)
    write(release / "disclosure.json", json.dumps({"revision": number}), twin=True)
    write(release / "chart.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    write(release / "notes.csv", "科目,金额\n")
    for name in ("disclosure.pdf", "disclosure.xlsx", "disclosure.csv.zip"):
        write(release / name, b"0123456789" * 100)
    write(release / ".hidden", "secret")
    write(release / "half.html.tmp", "secret")
    unit = data / "published" / "site" / "130225" / "483" / "2023"
    unit.mkdir(parents=True, exist_ok=True)
    (release / f"r{number}").symlink_to(".")
    flip(unit / "budget", f"../../../../releases/130225/483/2023/release-{number}")


def flip(pointer: Path, target: str) -> None:
    fresh = pointer.with_name(".fresh")
    fresh.symlink_to(target)
    fresh.replace(pointer)


def grow(folder: Path) -> None:
    data = folder / "data"
    publish(data, 1)
    write(data / "published" / "site" / "empty" / "note.txt", "无索引")
    write(data / "static" / "site.0123456789ab.css", "body{}" * 300, twin=True)
    write(data / "static" / "plain.js", "void 0;")
    write(data / "static" / ".env", "secret")
    write(data / "uploads" / "given.xlsx", "secret")
    for path in (
        *LOG,
        "log/index.html",
        "log/stamps/12/evil.html",
        "log/tile/0/evil.html",
        "log/tile/0/.hidden",
    ):
        write(data / "published" / path, "secret" if path not in LOG else f"of {path}")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    grow(folder)
    with nginx(folder) as running, stub_application(running):
        yield running


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (DISCLOSURE, "text/html; charset=utf-8"),
        (DISCLOSURE + "r1/", "text/html; charset=utf-8"),
        (DISCLOSURE + "tables/balance/", "text/html; charset=utf-8"),
        (DISCLOSURE + "disclosure.json", "application/json; charset=utf-8"),
        (DISCLOSURE + "notes.csv", "text/csv; charset=utf-8"),
        (DISCLOSURE + "chart.svg", "image/svg+xml; charset=utf-8"),
        (DISCLOSURE + "disclosure.pdf", "application/pdf"),
        (DISCLOSURE + "disclosure.csv.zip", "application/zip"),
        (
            DISCLOSURE + "disclosure.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("/static/site.0123456789ab.css", "text/css; charset=utf-8"),
        ("/static/plain.js", "text/javascript; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_files_have_their_type(portal: Portal, path: str, kind: str, encoding: str) -> None:
    answer = portal.ask(path, Accept_Encoding=encoding)
    assert (answer.status, answer.one("Content-Type"), answer.from_app) == (200, kind, False)


def test_the_compressed_twin_is_sent_to_who_takes_it(portal: Portal) -> None:
    plain, packed = portal.ask(DISCLOSURE), portal.ask(DISCLOSURE, Accept_Encoding="gzip")
    twin = portal.site / DISCLOSURE.strip("/") / "index.html.gz"
    assert plain.body.decode() == PAGE + "<p>r1</p>"
    assert plain.all("Content-Encoding") == []
    assert packed.one("Content-Encoding") == "gzip"
    assert packed.body == twin.read_bytes()
    assert plain.one("Vary") == packed.one("Vary") == "Accept-Encoding"


@pytest.mark.parametrize("path", [DISCLOSURE, DISCLOSURE + "disclosure.pdf"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_known_content_is_not_sent_again(portal: Portal, path: str, encoding: str) -> None:
    first = portal.ask(path, Accept_Encoding=encoding)
    by_tag = portal.ask(path, Accept_Encoding=encoding, If_None_Match=first.one("ETag"))
    by_date = portal.ask(path, Accept_Encoding=encoding, If_Modified_Since=first.one("Last-Modified"))
    assert [(answer.status, answer.body) for answer in (by_tag, by_date)] == [(304, b""), (304, b"")]
    assert portal.ask(path, If_None_Match='"another"').status == 200


@pytest.mark.parametrize("path", [f"{DISCLOSURE}embed/", f"{DISCLOSURE}r1/tables/balance/embed/"])
def test_what_may_be_framed_is_what_the_application_says(portal: Portal, path: str) -> None:
    release = (portal.site / DISCLOSURE.strip("/")).resolve()
    for folder in ("embed", "tables/balance/embed"):
        write(release / folder / "index.html", PAGE)
    answer = portal.ask(path)
    assert not answer.from_app and answer.all("X-Frame-Options") == []
    assert answer.one("Content-Security-Policy") == build_policy(FRAMED)
    whole = portal.ask(DISCLOSURE)
    assert whole.one("X-Frame-Options") == "DENY"
    assert "frame-ancestors 'none'" in whole.one("Content-Security-Policy")


@pytest.mark.parametrize(
    ("path", "open_"),
    [
        *((f"{DISCLOSURE}disclosure.{kind}", True) for kind in ("json", "pdf", "xlsx", "csv.zip")),
        (DISCLOSURE + "r1/disclosure.json", True),
        (DISCLOSURE, False),
        (DISCLOSURE + "notes.csv", False),
        ("/static/plain.js", False),
        ("/data/", False),  # the application says for itself
    ],
)
def test_data_alone_is_open_to_other_sites(portal: Portal, path: str, open_: bool) -> None:
    assert portal.ask(path).all("Access-Control-Allow-Origin") == (["*"] if open_ else [])


@pytest.mark.parametrize("path", [DISCLOSURE, DISCLOSURE + "disclosure.pdf"])
def test_head_and_range(portal: Portal, path: str) -> None:
    whole, head = portal.ask(path), portal.ask(path, "HEAD")
    part = portal.ask(path, Range="bytes=10-19")
    assert (head.status, head.body) == (200, b"")
    assert head.one("Content-Length") == str(len(whole.body))
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.one("Content-Range") == f"bytes 10-19/{len(whole.body)}"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (DISCLOSURE, "public, max-age=60"),
        (DISCLOSURE + "disclosure.pdf", "public, max-age=60"),
        (DISCLOSURE + "r1/", "public, max-age=60"),
        (DISCLOSURE + "r1/tables/balance/", "public, max-age=60"),
        (DISCLOSURE + "r1/disclosure.pdf", "public, max-age=60"),
        (DISCLOSURE + "r1/disclosure.xlsx", "public, max-age=60"),
        (DISCLOSURE + "r1/disclosure.json", "public, max-age=60"),
        (DISCLOSURE + "r1/disclosure.csv.zip", "public, max-age=60"),
        ("/static/site.0123456789ab.css", "public, max-age=31536000, immutable"),
        ("/static/plain.js", "public, max-age=60"),
    ],
)
def test_how_long_files_may_be_kept(portal: Portal, path: str, expected: str) -> None:
    assert portal.ask(path).one("Cache-Control") == expected


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/130225/483/2024/budget/", "/130225/483/2023", "/empty/", "/api/v1/x?page=2", "/?q=审批"],
)
def test_a_miss_goes_to_the_application(portal: Portal, path: str) -> None:
    address = path.replace("审批", "%E5%AE%A1%E6%89%B9")
    answer = portal.ask(address, Host="ys.example.gov.cn", X_Forwarded_Proto="https")
    seen = json.loads(answer.body)
    assert (answer.status, answer.from_app, seen["path"]) == (200, True, address)
    assert seen["Host"] == "ys.example.gov.cn"
    assert seen["X-Forwarded-Proto"] == "https"
    assert seen["X-Forwarded-For"] == "127.0.0.1"
    assert seen["X-Request-ID"]


@pytest.mark.parametrize("path", LOG)
def test_the_log_of_all_versions_is_served_as_files(portal: Portal, path: str) -> None:
    answer = portal.ask(f"/{path}")
    assert (answer.status, answer.from_app, answer.body.decode()) == (200, False, f"of {path}")
    kind = ("text/plain; charset=utf-8", "public, max-age=60")
    kept = "public, max-age=31536000, immutable" if "/tile/" in path else "public, max-age=60"
    assert answer.one("Access-Control-Allow-Origin") == "*"
    assert (answer.one("Content-Type"), answer.one("Cache-Control")) == (
        kind if path.endswith("checkpoint") else ("application/octet-stream", kept)
    )


@pytest.mark.parametrize(
    "path", ["/log/", "/log/index.html", "/log/tile/0/evil.html", "/log/tile/0/.hidden", "/log/checkpoint/"]
)
def test_what_else_lies_beside_the_log_is_not_served(portal: Portal, path: str) -> None:
    assert b"secret" not in portal.ask(path).body


def test_lists_with_a_query_are_asked_and_disclosures_are_files(portal: Portal) -> None:
    for path in ("/", "/?q=x", "/130225/2023/", "/130225/2023/?q=x", "/care/"):
        assert portal.ask(path).from_app, path
    assert not portal.ask(DISCLOSURE + "?from=elsewhere").from_app


STRANGERS = "        if ($stranger) {\n            return 421;\n        }\n"


@pytest.mark.parametrize(
    "host", ["evil.example", "example.gov.cn", "xys.example.gov.cn", "ys.example.gov.cn.evil.example"]
)
def test_an_unknown_host_is_answered_nothing_else(portal: Portal, host: str) -> None:
    for path in ("/", DISCLOSURE, "/admin/login/", "/static/plain.js"):
        answer = portal.ask(path, Host=host)
        assert (answer.status, answer.from_app) == (421, False)
        assert "本平台没有这个网址" in answer.body.decode()
    assert portal.ask("/-/nginx", Host=host).status == 204
    assert portal.ask(DISCLOSURE, Host="YS.example.gov.cn:8080").status == 200


def test_hosts_are_read_as_the_application_reads_them(tmp_path: Path) -> None:
    with nginx(tmp_path, hosts="a.example,b.example, .c.example") as portal, stub_application(portal):
        known = ["a.example", "b.example", "c.example", "ys.c.example", "ys.bei.c.example"]
        assert {host: portal.ask("/admin/", Host=host).status for host in known} == dict.fromkeys(known, 200)
        others = [
            "a",
            "example",
            "xa.example",
            "x.a.example",
            "xc.example",
            "b-example",
            "a.example,b.example",
        ]
        assert {portal.ask("/admin/", Host=host).from_app for host in others} == {False}


def test_without_that_rule_an_unknown_host_would_be_answered(tmp_path: Path) -> None:
    grow(tmp_path)
    with nginx(tmp_path, without=STRANGERS) as portal, stub_application(portal):
        assert portal.ask("/", Host="evil.example").from_app
        assert portal.ask(DISCLOSURE, Host="evil.example").status == 200


def test_public_pages_are_asked_of_who_only_reads(tmp_path: Path) -> None:
    grow(tmp_path)
    figure = f"{DISCLOSURE}figures/balance.total/"
    reads = [
        "/",
        "/?q=x",
        "/130225/",
        "/care/130225/2023/",
        figure,
        f"/care{figure}",
        "/data/",
        "/130225/483/2024/budget/",
    ]
    writes = ["/admin/", "/admin/login/", f"{figure}ask/", f"/care{figure}ask/", "/healthz"]
    with (
        nginx(tmp_path, apart=True) as portal,
        stub_application(portal),
        stub_application(portal, public=True),
    ):
        assert {portal.ask(path).one("X-Stub") for path in reads} == {"public"}
        assert {portal.ask(path).one("X-Stub") for path in writes} == {"app"}


PLANTED = [
    "index.html",
    "evil.html",
    "130225/index.html",
    "130225/2023/index.html",
    ".nothing",
    "data/index.html",
]


def test_a_file_that_no_publication_made_is_not_served(portal: Portal) -> None:
    for path in PLANTED:
        write(portal.site / path, "DEFACED")
    for path in PLANTED:
        for asked in {path, path.removesuffix("index.html")}:
            for address in (f"/{asked}", f"/care/{asked}"):
                assert b"DEFACED" not in portal.ask(address).body, address


def test_without_that_rule_it_would_be(tmp_path: Path) -> None:
    grow(tmp_path)
    write(tmp_path / "data" / "published" / "site" / "evil.html", "DEFACED")
    with nginx(tmp_path, without=r"^/\d+/\w+/\d+/(budget|final)/ ") as portal:
        assert portal.ask("/evil.html").body == b"DEFACED"


def test_large_type_is_made_of_the_same_files_as_the_application_makes_it(portal: Portal) -> None:
    care, links = f"/care{DISCLOSURE}", "tables/links/"
    for headers in ({}, {"Accept_Encoding": "gzip"}):
        answer = portal.ask(care + links, **headers)
        body = gzip.decompress(answer.body) if headers else answer.body
        assert body == enlarged(LINKS.encode()) != LINKS.encode()
        assert answer.one("Cache-Control") == "public, max-age=60"
    plain, kept = portal.ask(DISCLOSURE + "r1/disclosure.pdf"), portal.ask(f"{care}r1/disclosure.pdf")
    assert kept.body == plain.body and kept.one("Cache-Control") == "public, max-age=60"
    assert portal.ask(DISCLOSURE + links).body == LINKS.encode()


@pytest.mark.parametrize(
    "path", ["/care/", "/care/?q=x", "/care/130225/", "/care/130225/2023/", "/care" + DISCLOSURE + "r9/"]
)
def test_large_type_of_lists_and_of_what_is_no_file_is_asked_for(portal: Portal, path: str) -> None:
    assert json.loads(portal.ask(path).body)["path"] == path


def test_a_new_revision_is_seen_at_once(tmp_path: Path) -> None:
    grow(tmp_path)
    with nginx(tmp_path) as portal:
        before = [portal.ask(DISCLOSURE + name).body for name in ("", "disclosure.json")]
        publish(tmp_path / "data", 2)
        after = [portal.ask(DISCLOSURE + name).body for name in ("", "disclosure.json")]
    assert b"r1" in before[0] and json.loads(before[1]) == {"revision": 1}
    assert b"r2" in after[0] and json.loads(after[1]) == {"revision": 2}


HIDDEN = [
    DISCLOSURE + ".hidden",
    DISCLOSURE + "half.html.tmp",
    DISCLOSURE + "index.html.gz",
    "/care" + DISCLOSURE + ".hidden",
    "/care" + DISCLOSURE + "index.html.gz",
    "/static/.env",
]


@pytest.mark.parametrize(
    "path",
    [*HIDDEN, "/.git/config", "/uploads/given.xlsx", "/%2e%2e/%2e%2e/uploads/given.xlsx"],
)
def test_what_is_nobodys_address(portal: Portal, path: str) -> None:
    answer = portal.ask(path)
    assert b"secret" not in answer.body
    assert answer.status in {400, 404} or answer.from_app


def test_without_its_guard_the_hidden_files_would_be_served(tmp_path: Path) -> None:
    grow(tmp_path)
    with nginx(tmp_path, without=GUARD) as portal:
        assert [portal.ask(path).status for path in HIDDEN] == [200] * len(HIDDEN)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_files_are_only_read(portal: Portal, method: str) -> None:
    page, data = portal.ask(DISCLOSURE, method), portal.ask(DISCLOSURE + "disclosure.pdf", method)
    assert (page.status, data.status) == (405, 405)
    assert "此地址只能读取" in page.body.decode()
    assert portal.ask("/admin/login/", method, body=b"a=1").from_app


@pytest.mark.parametrize("path", ["/", DISCLOSURE, "/admin/"])
def test_the_method_trace_is_refused(portal: Portal, path: str) -> None:
    answer = portal.ask(path, "TRACE", X_Secret="word")
    assert answer.status == 405 and b"word" not in answer.body and not answer.from_app


def security_headers(portal: Portal, path: str, method: str = "GET") -> dict[str, list[str]]:
    answer = portal.ask(path, method)
    names = (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
        "X-Frame-Options",
        "Strict-Transport-Security",
        "Permissions-Policy",
    )
    return {name: answer.all(name) for name in names}


@pytest.mark.parametrize("path", ["/", DISCLOSURE, DISCLOSURE + "disclosure.pdf", "/.git/config", "/nothing"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_carries_each_security_header_once(portal: Portal, path: str, method: str) -> None:
    assert security_headers(portal, path, method) == {
        "Content-Security-Policy": [build_policy(POLICY)],
        "X-Content-Type-Options": ["nosniff"],
        "Referrer-Policy": ["same-origin"],
        "Cross-Origin-Opener-Policy": ["same-origin"],
        "X-Frame-Options": ["DENY"],
        "Strict-Transport-Security": ["max-age=31536000"],
        "Permissions-Policy": [PERMISSIONS],
    }


def test_the_applications_own_headers_stand(portal: Portal) -> None:
    own = {"Content-Security-Policy": "script-src 'nonce-x'", "Cache-Control": "no-store"}
    portal.app_headers.update(own)
    try:
        answer = portal.ask("/admin/")
    finally:
        portal.app_headers.clear()
    assert {name: answer.one(name) for name in own} == own
    assert portal.ask("/admin/").all("Cache-Control") == []


def test_published_files_outlive_the_application(tmp_path: Path) -> None:
    grow(tmp_path)
    with nginx(tmp_path) as portal:
        down = portal.ask("/admin/")
        assert portal.ask(DISCLOSURE).status == 200
        assert (down.status, down.one("Content-Type")) == (502, "text/html; charset=utf-8")
        assert "系统暂时无法访问" in down.body.decode()
        assert all(len(values) == 1 for values in security_headers(portal, "/admin/").values())
        with stub_application(portal):
            assert portal.ask("/admin/").from_app


STALE = "        proxy_cache_use_stale error timeout http_500 http_502 http_503 http_504;\n"
PUBLIC = {"Cache-Control": "public, max-age=60", "Content-Security-Policy": "default-src 'none'"}
LISTS = ["/?county=130225", "/130225/483/", "/rules/", "/care/"]


@contextmanager
def answered_once(tmp_path: Path, headers: dict[str, str], without: str = "") -> Iterator[Portal]:
    """A portal whose application answered the lists and has been away for longer than a copy is fresh."""
    grow(tmp_path)
    with nginx(tmp_path, without=without) as portal:
        portal.app_headers.update(headers)
        with stub_application(portal):
            assert {portal.ask(path).status for path in LISTS} == {200}
        time.sleep(2.2)  # its seconds are whole ones
        yield portal


def test_lists_are_read_as_they_were_while_the_application_is_away(tmp_path: Path) -> None:
    with answered_once(tmp_path, PUBLIC) as portal:
        for path in LISTS:
            answer = portal.ask(path)
            assert (answer.status, json.loads(answer.body)["path"]) == (200, path)
            for name, value in PUBLIC.items():
                assert answer.one(name) == value
        assert portal.ask("/130225/484/").status == 502  # nobody has asked for it before
        assert portal.ask("/admin/").status == 502


@pytest.mark.parametrize("status", [500, 503])
def test_an_application_that_only_says_it_cannot_is_away_too(tmp_path: Path, status: int) -> None:
    with answered_once(tmp_path, PUBLIC) as portal:
        portal.app_status = status
        with stub_application(portal):
            assert {portal.ask(path).status for path in LISTS} == {200}
            assert portal.ask("/130225/484/").status == status
            portal.app_status = 410  # an answer, not an outage: what was withdrawn is never shown again
            assert {portal.ask(path).status for path in LISTS} == {410}


def test_a_copy_is_good_for_a_second_while_the_application_answers(tmp_path: Path) -> None:
    with answered_once(tmp_path, PUBLIC) as portal:
        portal.app_headers["X-New"] = "yes"
        with stub_application(portal):
            assert portal.ask(LISTS[0]).all("X-New") == ["yes"]


@pytest.mark.parametrize(
    "own", [{"Cache-Control": "no-store"}, {"Cache-Control": "private"}, {}, PUBLIC | {"Set-Cookie": "a=b"}]
)
def test_what_is_not_for_everybody_is_kept_nowhere(tmp_path: Path, own: dict[str, str]) -> None:
    with answered_once(tmp_path, own) as portal:
        assert {portal.ask(path).status for path in LISTS} == {502}
        assert [path for path in (tmp_path / "tmp" / "answers").rglob("*") if path.is_file()] == []


def test_without_stale_copies_the_lists_go_away(tmp_path: Path) -> None:
    with answered_once(tmp_path, PUBLIC, without=STALE) as portal:
        assert {portal.ask(path).status for path in LISTS} == {502}


def test_an_application_that_hangs_holds_a_list_for_two_seconds(tmp_path: Path) -> None:
    grow(tmp_path)
    with nginx(tmp_path) as portal, socket.create_server(("127.0.0.1", portal.app_port)):
        began = time.monotonic()
        assert portal.ask("/?q=%E5%AE%A1").status == 504
        assert time.monotonic() - began < 2.5


def test_uploads_stop_at_25_mb(portal: Portal) -> None:
    taken = portal.ask("/admin/import/", "POST", body=b"x" * (25 << 20))
    refused = portal.ask("/admin/import/", "POST", body=b"x" * ((25 << 20) + 1))
    assert json.loads(taken.body)["size"] == 25 << 20
    assert refused.status == 413
    assert "超过 25 MB" in refused.body.decode()


LIMITS = """        limit_req zone=login burst=20 nodelay;
        limit_req zone=search burst=20 nodelay;
"""


COSTLY = (
    "/?q=x",
    "/care/?q=x",
    f"{DISCLOSURE}figures/balance.total.revenue/",
    "/data/region=130225/year=2023/cells.csv",
)


def guesses(portal: Portal, number: int, **headers: str) -> list[int]:
    return [portal.ask("/admin/login/", "POST", body=b"username=a", **headers).status for _ in range(number)]


def test_guesses_of_passwords_and_searches_of_one_address_are_slowed_and_nobody_elses(tmp_path: Path) -> None:
    grow(tmp_path)
    with nginx(tmp_path) as portal, stub_application(portal):
        seen = guesses(portal, 60, X_Forwarded_For="203.0.113.7")
        assert seen[:20] == [200] * 20 and seen.count(429) >= 35
        assert guesses(portal, 5, X_Forwarded_For="203.0.113.8") == [200] * 5
        told = portal.ask("/admin/login/", "POST", body=b"a=1", X_Forwarded_For="203.0.113.7")
        assert told.status == 429 and "过一分钟再试" in told.body.decode()
        for n, asked in enumerate(COSTLY):
            answers = [portal.ask(asked, X_Forwarded_For=f"203.0.113.{10 + n}").status for _ in range(60)]
            assert answers[:20] == [200] * 20 and answers.count(429) >= 20, asked
        # Pages that are files are never limited, nor is the form itself.
        assert {portal.ask(DISCLOSURE, X_Forwarded_For="203.0.113.10").status for _ in range(60)} == {200}
        assert portal.ask("/admin/login/", X_Forwarded_For="203.0.113.7").status == 200


def test_an_address_that_the_client_made_up_goes_no_further(portal: Portal) -> None:
    made_up = json.loads(portal.ask("/admin/", X_Forwarded_For="198.51.100.1, 203.0.113.7").body)
    assert made_up["X-Forwarded-For"] == "203.0.113.7"


def test_without_its_limits_guessing_goes_on(tmp_path: Path) -> None:
    grow(tmp_path)
    with nginx(tmp_path, without=LIMITS) as portal, stub_application(portal):
        assert set(guesses(portal, 60)) == {200}

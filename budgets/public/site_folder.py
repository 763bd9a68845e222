"""Everything public of a region as a folder that works from a disk or any web server, written as a ZIP.

Its pages are those that the portal answers with, asked of its own views one after another from the county's page on, so
that what no page leads to is not in it. Links lead from file to file; what lies outside of the region leads to the portal.
"""

import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import resolve

from budgets.models.publications import Publication
from budgets.models.regions import Region
from budgets.public import offline_search
from budgets.public.offline_links import relinked
from budgets.public.published_files import find
from budgets.rendering.fixed_archives import ARCHIVE_TIME

FOR_ALL = ("/rules/", "/data/", "/data/openapi.json", "/disclosure.schema.json")
ASKED = (
    "show",
    "only",
    "page",
)  # ways to look at a list that have pages of their own; no other order has one
ASKING = "/ask/"  # a question is sent to the portal
PACKED = (".pdf", ".xlsx", ".zip", ".png", ".parquet")  # compressed in themselves
INDEX, READ_ME = "index.html", "说明.txt"
WORDS = """{name}部门预算公开

打开 index.html 就能看；把整个文件夹放到任何网站服务器上，也能这样看。
不联网时，除“查找”一页用到浏览器的脚本以外，其余各页都不用脚本。
这里是当时公开的内容；以后的更正和撤回，以 {address} 上的为准。
"""


class DeadLink(Exception):
    """A public page leads to an address that answers neither with a page nor with the notice of a withdrawal."""


def write_site(region: Region, target: Path, told: Callable[[int], object] = int) -> int:
    """Write the ZIP, whole or not at all; how many files it holds, which is `told` on the way. Raises DeadLink."""
    beside = target.with_name(f"{target.name}.part")
    with zipfile.ZipFile(beside, "w") as archive:
        for count, (path, content) in enumerate(site_files(region), 1):
            method = zipfile.ZIP_STORED if path.endswith(PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(path, ARCHIVE_TIME), content, method)
            told(count)
    beside.replace(target)
    return count


def site_files(region: Region) -> Iterator[tuple[str, bytes]]:
    """Each file of the folder as (path, content), one at a time. Raises DeadLink."""
    walk = Walk(region.code)
    words = WORDS.format(name=region.name, address=f"{settings.SITE_ADDRESS}/{region.code}/")
    yield READ_ME, words.encode()
    years = list(
        Publication.objects.filter(department__region=region)
        .order_by("-fiscal_year")
        .values_list("fiscal_year", flat=True)
        .distinct()
    )
    yield (
        offline_search.PAGE,
        walk.page(offline_search.search_page(region, years), "/", offline_search.PAGE).encode(),
    )
    yield from offline_search.search_files(region)
    start = answered(f"/{region.code}/").decode()
    yield INDEX, walk.page(start, f"/{region.code}/", INDEX).encode()
    while walk.waiting:
        address, path = walk.waiting.popleft()
        content = static(address) if address.startswith(settings.STATIC_URL) else answered(address)
        if path.endswith(".html"):
            content = walk.page(content.decode(), address, path).encode()
        yield path, content


class Walk:
    """The addresses that pages lead to, each with its file, and those that are still to be asked."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.placed: dict[
            str, str
        ] = {}  # by address, and by the published file that several addresses lead to
        self.waiting: deque[tuple[str, str]] = deque()

    def page(self, html: str, address: str, path: str) -> str:
        """The page with links for the folder; what it leads to waits from now on."""
        return relinked(html, path, lambda name, link: self.target(address, name, link))

    def target(self, address: str, name: str, link: str) -> str | None:
        """The file that a link on the page of that address leads to, see `relinked`."""
        if link.startswith("#"):
            return link
        parts = urlsplit(urljoin(f"{settings.SITE_ADDRESS}{address}", link))
        if f"{parts.scheme}://{parts.netloc}" != settings.SITE_ADDRESS:
            return link
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        if parts.path == "/":
            return offline_search.PAGE if name == "action" else INDEX
        if not self.inside(parts.path):
            return parts.geturl()
        asked = dict(parse_qsl(parts.query))
        if asked.keys() - set(ASKED):
            return None
        return self.place(parts.path, asked) + anchor

    def inside(self, path: str) -> bool:
        own = (f"/{self.region}/", f"/data/region={self.region}/", settings.STATIC_URL)
        return path in FOR_ALL or (path.startswith(own) and not path.endswith(ASKING))

    def place(self, path: str, asked: dict[str, str]) -> str:
        """The file for an address; the same for each address of one published file."""
        query = urlencode({key: asked[key] for key in ASKED if key in asked})
        address = f"{path}?{query}" if query else path
        if address in self.placed:
            return self.placed[address]
        real = find(path.lstrip("/")) if not query else None
        key = str(real) if real and real.is_file() else address
        if key not in self.placed:
            ways = "-".join(f"{key}-{value}" for key, value in parse_qsl(query))
            file = f"{ways}.html" if ways else INDEX
            self.placed[key] = f"{path.lstrip('/')}{file}" if path.endswith("/") else path.lstrip("/")
            self.waiting.append((address, self.placed[key]))
        self.placed[address] = self.placed[key]
        return self.placed[address]


def answered(address: str) -> bytes:
    """What the portal answers there: the view's own bytes. Raises DeadLink."""
    path, _, query = address.partition("?")
    match = resolve(path)
    request = HttpRequest()
    request.method, request.path, request.path_info, request.GET = "GET", path, path, QueryDict(query)
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if response.status_code not in (200, 410):
        raise DeadLink(address)
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response)
    assert isinstance(response, HttpResponse)
    return response.content


def static(address: str) -> bytes:
    """A static file, collected or not."""
    name = address.removeprefix(settings.STATIC_URL)
    collected = Path(settings.STATIC_ROOT) / name
    file = collected if collected.is_file() else finders.find(name)
    if not file:
        raise DeadLink(address)
    return Path(str(file)).read_bytes()

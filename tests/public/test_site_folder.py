"""A region as a folder: every link leads to a file in it or to the portal, and nothing of what was withdrawn is in it."""

import re
import zipfile
from posixpath import join, normpath

import pytest
from django.core.management import CommandError, call_command

from budgets.models import Region
from budgets.public import site_folder
from budgets.public.offline_links import beside, relinked
from budgets.publishing import releases
from tests.makers.disclosures import a_department, a_region, a_sound_disclosure, published
from tests.makers.standing import corrected, taken_back
from tests.rendering.markup import parse

BUDGET = "130225/483/2023/budget/"


def folder(region: str = "130225") -> dict[str, bytes]:
    return dict(site_folder.site_files(Region.objects.get(code=region)))


def dead(files: dict[str, bytes]) -> list[tuple[str, str]]:
    """Each link of a page that leads to no file of the folder, or to no anchor there; the portal's addresses apart."""
    pages = {path: parse(content.decode()) for path, content in files.items() if path.endswith(".html")}
    anchors = {path: {tag.get("id") for tag in page.iter()} for path, page in pages.items()}
    out = []
    for path, page in pages.items():
        for tag in page.iter():
            link = tag.get("href") or tag.get("src") or tag.get("action") or ""
            outside = "://" in link or link.startswith(("mailto:", "tel:"))
            if outside or tag.get("rel") == "canonical" or not link:
                continue
            way, _, anchor = link.partition("#")
            target = normpath(join(path.rpartition("/")[0], way)) if way else path
            if target not in files or (anchor and target in anchors and anchor not in anchors[target]):
                out.append((path, link))
    return out


@pytest.mark.parametrize(
    ("at", "target", "way"),
    [
        ("index.html", "130225/index.html", "130225/index.html"),
        ("130225/483/index.html", "130225/2023/index.html#top", "../2023/index.html#top"),
        ("130225/index.html", "130225/index.html#x", "#x"),
        ("130225/index.html", "https://example.org/#x", "https://example.org/#x"),
    ],
)
def test_the_way_from_file_to_file(at, target, way):
    assert beside(at, target) == way


def test_words_that_look_like_a_link_and_scripts_stay_as_they_are():
    page = '<p>&lt;iframe src="/a/"&gt;</p><script src="/b.js"></script><a class="x" href="/c/?a=1&amp;b=2">c</a><a href="/d/">d</a>'
    told = {"/c/?a=1&b=2": "c.html", "/d/": None}
    expected = page.replace("/c/?a=1&amp;b=2", "c.html").replace(' href="/d/"', "")
    assert relinked(page, "index.html", lambda name, link: told[link]) == expected


@pytest.mark.slow
@pytest.mark.django_db
def test_every_link_leads_somewhere_and_what_was_withdrawn_is_gone(settings):
    """Corrected once, one department withdrawn, one never published; another region next to it."""
    first = published()
    gone = published(a_sound_disclosure(a_department("301", "乐亭县财政局"), contact="0315-7777777"))
    a_department("999", "还没有公开的局")
    a_department("101", "外县局", a_region("130999", "外县"))
    corrected(first)
    assert any(b"0315-7777777" in content for content in folder().values()), "the control"
    taken_back(gone)
    files = folder()
    assert dead(files) == []
    assert not [path for path, content in files.items() if b"0315-7777777" in content]
    assert "已撤回" in files["130225/301/2023/budget/index.html"].decode()
    assert not [path for path in files if "130999" in path]
    data = {path: files[f"{BUDGET}{path}"] for path in ("disclosure.json", "disclosure.xlsx", "r1/disclosure.json")}  # fmt: skip
    for path, content in data.items():
        assert content == (releases.address(("130225", "483", 2023, "budget")) / path).read_bytes()
    assert f"{BUDGET}r2/index.html" not in files, "the latest is there once, whichever address leads to it"
    scripts = {path for path, content in files.items() if re.search(rb"<script (?!type=)", content)}
    assert scripts == {"search.html"}
    without = {path: content for path, content in files.items() if path != f"{BUDGET}disclosure.xlsx"}
    assert dead(without), "the control: a link that leads nowhere is found"


@pytest.mark.slow
@pytest.mark.django_db
def test_synthetic_counties_too(tmp_path):
    sets = ["hebei_2023", "shanghai_2023"]
    call_command("make_county", 2, years=[2023, 2024], without_pdf=True, table_set=sets, verbosity=0)
    target = tmp_path / "site.zip"
    call_command("pack_site", "990001", output=target)
    with zipfile.ZipFile(target) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert dead(files) == []
    assert len(files) == len(archive.namelist()) > 4 * 20
    before = target.read_bytes()
    call_command("pack_site", "990001", output=target)
    assert target.read_bytes() == before and [file.name for file in tmp_path.glob("*.part")] == []


@pytest.mark.slow
@pytest.mark.django_db
def test_a_dead_link_stops_it_and_nothing_half_written_takes_its_place(tmp_path, few_pages, monkeypatch):
    published()
    pages = site_folder.answered
    monkeypatch.setattr(site_folder, "answered", lambda a: pages(a) + b'<a href="/130225/888/">x</a>')
    target = tmp_path / "site.zip"
    with pytest.raises(site_folder.DeadLink):
        site_folder.write_site(Region.objects.get(), target)
    assert not target.exists()
    with pytest.raises(CommandError):
        call_command("pack_site", "111111", output=target)

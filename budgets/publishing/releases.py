"""What one address serves: the pages of its revisions and links to their data files, built before anything flips.

    releases/<hash>/index.html, tables/…, chapters/…, changes/, compare/, checks/    the latest revision's pages; none after it was withdrawn
    releases/<hash>/share.png, embed/       its picture for messages, its figures for frames on other sites
    releases/<hash>/disclosure.*            links into revisions/<chain entry>/
    releases/<hash>/r1/, r2/ …              each revision at its fixed address; a withdrawn one has no folder
    site/<region>/<unit>/<year>/<stage>     a link to the release, replaced in one step

A file that is missing here is answered by the application: with 410 and the reason for a withdrawn revision.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from budgets.domain import certificates
from budgets.domain.certificates import Certificate
from budgets.domain.document_changes import DocumentChanges, document_changes
from budgets.publishing import folders, revision_files, shared_tree
from budgets.publishing.editions import Edition, Standing
from budgets.publishing.page_maker import page_maker
from budgets.publishing.region_words import listed_words
from budgets.publishing.site_words import site
from budgets.publishing.year_before import Before
from budgets.rendering.html.certificate_page import certificate_page
from budgets.rendering.html.disclosure_pages import changes_page, pages
from budgets.rendering.html.fault_marks import marks_of
from budgets.rendering.imprint import Imprint, Revision, Status, downloads
from budgets.rendering.share_picture import share_picture

LINKED = (
    revision_files.JSON,
    f"{revision_files.JSON}.gz",
    revision_files.XLSX,
    revision_files.CSV,
    revision_files.PDF,
    *(
        f"{name}{twin}"
        for name in (revision_files.CHAIN, revision_files.CHECKS, revision_files.IDENTITIES)
        for twin in ("", ".gz")
    ),
)
PAGES = ("index.html", "index.html.gz")


def _earlier(edition: Edition, editions: Sequence[Edition]) -> list[Edition]:
    """The versions before it that anyone can still read, latest first."""
    standing = (other for other in reversed(editions) if other.standing != Standing.WITHDRAWN)
    return [other for other in standing if other.revision < edition.revision]


def changes_of(edition: Edition, editions: Sequence[Edition]) -> tuple[int, DocumentChanges] | None:
    """What an edition changed of the version before it that can still be read, and that one's number; None for a first one.

    Nothing of a withdrawn version is told by it.
    """
    earlier = _earlier(edition, editions)
    if not earlier:
        return None
    return earlier[0].revision, document_changes(earlier[0].document, edition.document)


def imprint_of(
    edition: Edition,
    editions: Sequence[Edition],
    changed: tuple[int, str] | None = None,
    checks: Certificate | None = None,
) -> Imprint:
    """What stands around the edition's pages among all editions of its address."""
    others = [other for other in editions if other.standing != Standing.WITHDRAWN]
    earlier = _earlier(edition, editions)
    later = [o for o in others if o.revision > edition.revision]
    known, sizes = revision_files.listed(edition), revision_files.sizes(edition)
    superseded = edition.standing == Standing.SUPERSEDED
    return Imprint(
        site=site(),
        status=Status.SUPERSEDED if superseded else Status.CURRENT,
        revision=edition.revision,
        published_on=edition.link.published_on,
        digest=edition.link.payload_hash,
        downloads=downloads(edition.document, edition.revision, sizes),
        reason=edition.link.reason,
        replaced=_line(later[0]) if superseded and later else None,
        earlier=tuple(map(_line, earlier)),
        pdf_pending="pdf" not in sizes,
        changed=changed,
        pdf_digest=known[revision_files.PDF]["sha256"] if revision_files.PDF in known else "",
        proving=(
            revision_files.SUMS,
            *([revision_files.SM3_SUMS] if revision_files.sm3_sums(edition) else []),
            *(name for name in sorted(known) if not name.endswith(".gz")),
        ),
        checks=checks,
        marks=marks_of(edition.document, checks),
        words=edition.words,
    )


def _line(edition: Edition) -> Revision:
    return Revision(edition.revision, edition.link.published_on, edition.link.reason)


def _pages(
    edition: Edition,
    editions: Sequence[Edition],
    below: str,
    today: Mapping[str, Certificate],
    before: Before | None = None,
) -> Iterator[tuple[str, bytes]]:
    found = changes_of(edition, editions)
    frozen = revision_files.checks_of(edition)
    checks = certificates.loads(frozen) if frozen else today.get(edition.entry)
    imprint = imprint_of(edition, editions, (found[0], found[1].words) if found else None, checks)
    beside = before.beside(edition.document) if before else None
    for path, text in pages(edition.document, imprint, beside):
        yield f"{below}{path}", text.encode()
    yield f"{below}share.png", share_picture(edition.document, imprint)
    if found:
        yield f"{below}changes/index.html", changes_page(found[1], edition.document, imprint).encode()
    if checks:
        page = certificate_page(checks, edition.document, imprint, frozen=bool(frozen))
        yield f"{below}checks/index.html", page.encode()
    yield f"{below}{revision_files.SUMS}", revision_files.sums(edition)
    if by_sm3 := revision_files.sm3_sums(edition):
        yield f"{below}{revision_files.SM3_SUMS}", by_sm3


def _data_links(edition: Edition, below: str, up: str) -> dict[str, str]:
    """Links to the data files from a folder that lies `up` under PUBLISHED_ROOT."""
    known = revision_files.listed(edition)
    return {f"{below}{name}": f"{up}revisions/{edition.entry}/{name}" for name in LINKED if name in known}


def build(
    editions: Sequence[Edition],
    before: Before | None = None,
    today: Mapping[str, Certificate] | None = None,
) -> str:
    """Make the release of an address from all its editions, oldest first; its name (a hash of its content).

    The pages of the latest hold it beside what is public of the year `before`. `today` are the certificates, by chain
    entry, of editions that have none frozen; without one an edition has no page of checks. The data files of the editions
    must be there. Building the same again makes nothing and gives the same name.
    """
    for edition in editions:
        shared_tree.borrow(revision_files.folder_of(edition))
    contents, links = made(editions, before, today or {})
    name = folders.sha256(contents[folders.MANIFEST])
    folders.put(folders.releases() / name, contents, links)
    shared_tree.lend(folders.releases() / name)
    return name


def made(
    editions: Sequence[Edition], before: Before | None, today: Mapping[str, Certificate]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files and links of a release, its manifest among them: the same of the same."""
    contents: dict[str, bytes] = {}
    links: dict[str, str] = {}
    for edition in editions:
        own = f"r{edition.revision}/"
        if edition.standing == Standing.WITHDRAWN:
            continue
        links |= _data_links(edition, own, "../../../")
        if edition is editions[-1]:
            latest = dict(_pages(edition, editions, "", today, before))
            contents |= latest
            links |= _data_links(edition, "", "../../")
            tops = {path.partition("/")[0] for path in latest}
            links |= {f"{own}{name}": f"../{name}" for name in {*PAGES, *tops}}
        else:
            contents |= dict(_pages(edition, editions, own, today))
    contents = folders.with_compressed(contents)
    listed = [_listed(edition) for edition in editions]
    taken: dict[str, Any] = {"before": before.listed()} if before else {}
    if today:
        taken["today"] = sorted(today)  # whose checks are by the rules of the day, and cannot be made again
    contents[folders.MANIFEST] = folders.manifest(
        contents, links, revisions=listed, pages=page_maker(), **taken
    )
    return contents, links


def is_ready(name: str, editions: Sequence[Edition], before: Before | None) -> bool:
    """Whether a release of that name lies there, made of exactly these editions with the data files they have now,
    beside that year before, by these pages."""
    folder = folders.releases() / name
    if name:
        shared_tree.borrow(folder)
    if not name or not folder.is_dir():
        return False
    os.utime(folder)  # young again: what is about to be used is not swept away
    manifest = folders.read_manifest(folder)
    taken = before.listed() if before else None
    as_now = manifest.get("before") == taken and manifest.get("pages") == page_maker()
    listed: list[dict[str, Any]] = manifest["revisions"]
    ready = as_now and listed == [_listed(edition) for edition in editions]
    if ready:
        shared_tree.lend(folder)
    return ready


def _listed(edition: Edition) -> dict[str, Any]:
    """An edition in the release's manifest, with the hashes of its data files and its region's words: the name of the release
    binds them."""
    known = revision_files.listed(edition)
    return {
        "revision": edition.revision,
        "entry": edition.entry,
        "standing": edition.standing.value,
        "data": {name: file["sha256"] for name, file in known.items()},
    } | ({"words": listed_words(edition.words)} if edition.words else {})


def address(place: tuple[str, str, int, str]) -> Path:
    """The link at which an address is served."""
    region, unit, year, stage = place
    return folders.site() / region / unit / str(year) / stage


def flip(place: tuple[str, str, int, str], name: str) -> bool:
    """Serve a built release at its address, in one step; False when it is served already."""
    return folders.point(address(place), f"../../../../releases/{name}")

"""The data files of a revision in one folder: payload, workbook, CSV package, PDF, chain link, certificate, identities, manifest."""

import json
import logging
import os
from pathlib import Path
from typing import Any

import openpyxl
from django.conf import settings

from budgets import tablesets
from budgets.domain import coefficients
from budgets.domain.snapshots import canonical
from budgets.publishing import chain, folders, shared_tree
from budgets.publishing.editions import Edition
from budgets.rendering.data import data_package
from budgets.rendering.pdf.print_html import print_html
from budgets.rendering.pdf.renderer import Attachment, PdfFailed, PdfUnavailable, render_pdf
from budgets.rendering.workbook import xlsx

log = logging.getLogger(__name__)

JSON, XLSX, CSV, PDF = "disclosure.json", "disclosure.xlsx", "disclosure.csv.zip", "disclosure.pdf"
CHAIN = "chain.json"
CHECKS, IDENTITIES = "checks.json", "identities.json"  # of revisions since 0031
SUMS, SM3_SUMS = "SHA256SUMS", "SM3SUMS"
# Who made the workbook and the CSV package. A change of what they hold raises the number: what was published keeps
# its bytes, and verification makes only those anew that this release made.
MAKER = f"3, openpyxl {openpyxl.__version__}"
MADE = (XLSX, CSV)
FIRST_MAKER = "1"  # of manifests that name none


def folder_of(edition: Edition) -> Path:
    """Where the edition's data files lie."""
    return folders.revisions() / edition.entry


def data_files(edition: Edition) -> dict[str, bytes]:
    """Every data file but the PDF; the same edition gives the same bytes."""
    ledger, document = edition.content
    table_set, given = tablesets.get(document.table_set), {sheet.key for sheet in ledger.given}
    files = {
        JSON: edition.payload,
        XLSX: xlsx.workbook(document),
        CSV: data_package.package(document, revision=edition.revision, digest=edition.link.payload_hash),
        CHAIN: chain.dumps(edition.link),
        IDENTITIES: coefficients.dumps(table_set, document, given, edition.link.payload_hash),
    }
    return files | {CHECKS: edition.checks} if edition.checks else files


def pdf_of(edition: Edition, files: dict[str, bytes]) -> bytes:
    """The PDF with the workbook and the payload attached. Raises PdfUnavailable, PdfFailed."""
    document = edition.document
    region, unit, year, stage = edition.place
    html = print_html(
        document,
        address=f"{settings.SITE_ADDRESS}/{region}/{unit}/{year}/{stage}/r{edition.revision}/",
        revision=edition.revision,
        published_on=edition.link.published_on,
        fingerprint=edition.link.payload_hash,
        reason=edition.link.reason,
    )
    attachments = [
        Attachment(XLSX, files[XLSX], "各表的工作簿", "Alternative"),
        Attachment(JSON, files[JSON], "公开内容的数据", "Source"),
    ]
    return render_pdf(html, attachments=attachments, created=edition.created)


def build(edition: Edition, *, with_pdf: bool = True) -> bool:
    """Make the folder of the edition's data files unless it is there; True when it has its PDF.

    A PDF that is not wanted or cannot be made now does not hold up publication: it is left out and added later.
    """
    place = folder_of(edition)
    shared_tree.borrow(place)
    if place.is_dir():
        os.utime(place)  # young again: what was built ahead is not swept away
        shared_tree.lend(place)
        return has_pdf(edition)
    files = data_files(edition)
    try:
        if with_pdf:
            files[PDF] = pdf_of(edition, files)
    except (PdfUnavailable, PdfFailed) as error:
        log.warning("PDF 待生成：%s", error)
    files = folders.with_compressed(files)
    by_sm3 = {name: folders.sm3(content) for name, content in files.items() if not name.endswith(".gz")}
    known = folders.manifest(files, entry=edition.entry, maker=MAKER, pdf=PDF in files, sm3=by_sm3)
    files[folders.MANIFEST] = folders.sealed(json.loads(known))
    folders.put(place, files, {})
    shared_tree.lend(place)
    return has_pdf(edition)


def made_otherwise(name: str, folder: Path, manifest: dict[str, Any]) -> bool:
    """Whether another release of this program made that file of a folder, so that its bytes may be others."""
    if name == IDENTITIES:
        file = folder / name
        return file.is_file() and coefficients.maker_of(file.read_bytes()) != coefficients.MAKER
    return name in MADE and manifest.get("maker", FIRST_MAKER) != MAKER


def listed(edition: Edition) -> dict[str, dict[str, Any]]:
    """Size and hash of each data file by name, as the manifest has them: what it does not list is not there."""
    files: dict[str, dict[str, Any]] = folders.read_manifest(folder_of(edition))["files"]
    return files


def has_pdf(edition: Edition) -> bool:
    """True when the edition's folder is there and its manifest lists the PDF."""
    return folder_of(edition).is_dir() and PDF in listed(edition)


def add_pdf(edition: Edition) -> None:
    """Add the PDF that was left out; no other data file is touched. Raises PdfUnavailable, PdfFailed.

    The PDF counts from the moment that the manifest lists it. One that lies there unlisted is what an interrupted
    attempt left behind: it is made anew, so that what is listed never comes from anywhere else.
    """
    place = folder_of(edition)
    before = shared_tree.borrow(place)
    known = folders.read_manifest(place)
    if PDF in known["files"]:
        return
    content = pdf_of(edition, {name: (place / name).read_bytes() for name in (XLSX, JSON)})
    folders.replace(place / PDF, content)
    known["files"][PDF] = {"bytes": len(content), "sha256": folders.sha256(content)}
    known["pdf"] = True
    if "sm3" in known:
        known["sm3"][PDF] = folders.sm3(content)
    seal = folders.sealed if "seal" in known else canonical
    folders.replace(place / folders.MANIFEST, seal(known))
    shared_tree.lend(place, over=before)


def checks_of(edition: Edition) -> bytes:
    """The certificate that lies frozen with the edition; blank where none does."""
    file = folder_of(edition) / CHECKS
    return file.read_bytes() if file.is_file() else b""


def sums(edition: Edition) -> bytes:
    """`SHA256SUMS`: a line a data file, as `sha256sum --check` reads it; it grows by the PDF when that comes later."""
    return _lines({name: file["sha256"] for name, file in listed(edition).items()})


def sm3_sums(edition: Edition) -> bytes:
    """`SM3SUMS`: the same by SM3 (GB/T 32905), as `cksum -a sm3 --check` reads it; blank for what was published before."""
    return _lines(folders.read_manifest(folder_of(edition)).get("sm3", {}))


def _lines(digests: dict[str, str]) -> bytes:
    kept = sorted(name for name in digests if not name.endswith(".gz"))
    return "".join(f"{digests[name]}  {name}\n" for name in kept).encode()


def sizes(edition: Edition) -> dict[str, int]:
    """The size in bytes of each file that people download, by its suffix."""
    known = listed(edition)
    return {
        name.removeprefix("disclosure."): known[name]["bytes"]
        for name in (PDF, XLSX, CSV, JSON)
        if name in known
    }

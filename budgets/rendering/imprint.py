"""What stands around a document on its pages: the site, the revision, its files and its fixed address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from budgets.domain.certificates import Certificate, State
from budgets.domain.documents import Document
from budgets.domain.glossary import Term
from budgets.domain.terms import Stage


class Status(StrEnum):
    """Which band a page carries; a withdrawn revision has no page but the notice that answers 410."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Site:
    """Who runs the portal (settings.SITE); a blank value is left out of the footer. `address` has no slash at its end."""

    name: str
    title: str  # follows the region's name: 乐亭县 + 部门预算公开平台
    address: str
    host: str = ""  # 主办单位
    contact: str = ""
    code: str = ""  # 网站标识码
    icp: str = ""  # ICP 备案号
    police: str = ""  # 公安备案号
    licence: str = ""  # of the data: an address or a name; blank where none was given


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the revision; `href` is relative to the revision's first page, `size` in bytes, 0 when unknown."""

    label: str
    href: str
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Revision:
    """One line of the list of versions, newest first: number, day, and the public reason of a correction."""

    number: int
    published_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The findings beside what they are about, each as the anchor of its line in the certificate.

    `cells` by the address of a printed cell; `words` by chapter: the quoted words, the how manieth time they stand there,
    the anchor.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[tuple[str, int, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imprint:
    """The revision that a page shows. `reason` is the public reason for which it was made (a correction's), or blank.

    A superseded revision names the one that `replaced` it, unless that was withdrawn since. `pdf_pending` says that the PDF is still to come.
    """

    site: Site
    status: Status = Status.CURRENT
    revision: int = 1
    published_on: date | None = None
    digest: str = ""  # SHA-256 of the payload, 64 hexadecimal digits
    downloads: tuple[Download, ...] = ()
    reason: str = ""
    replaced: Revision | None = None
    earlier: tuple[Revision, ...] = ()
    pdf_pending: bool = False
    changed: tuple[int, str] | None = (
        None  # the earlier version that `changes/` holds this one against, and how much
    )
    pdf_digest: str = ""  # SHA-256 of the PDF, 64 hexadecimal digits; blank while there is none
    proving: tuple[
        str, ...
    ] = ()  # the files of the revision under the names that its sums list, the sums first
    checks: Certificate | None = None  # what `checks/` shows; a version without has no such page
    marks: Marks = Marks()  # what of its findings stands beside amounts and words
    draft: str = ""  # where the back office shows the draft that a preview is of
    words: tuple[Term, ...] = ()  # what the region explains in its own words
    review: str = ""  # where its rows and sentences are commented on

    @property
    def preview(self) -> bool:
        return self.status == Status.PREVIEW

    @property
    def superseded(self) -> bool:
        return self.status == Status.SUPERSEDED

    @property
    def counts(self) -> list[tuple[State, int]]:
        """How many rules of the certificate are in each state that occurs, what was not checked first."""
        found = [(state, len(self.checks.among(state))) for state in State] if self.checks else []
        return [(state, number) for state, number in found if number]

    @property
    def fingerprint(self) -> str:
        """The first twelve digits in groups of four, as people compare them."""
        return " ".join(self.digest[start : start + 4] for start in (0, 4, 8)).strip()


def path_of(document: Document) -> str:
    """The address of the latest revision on the site: `/130225/483/2023/budget/`."""
    return f"/{document.region_code}/{document.unit_code}/{document.year}/{document.stage}/"


def fixed_address(document: Document, imprint: Imprint) -> str:
    """The full address of this very revision, which stays for ever."""
    return f"{imprint.site.address}{path_of(document)}r{imprint.revision}/"


def file_name(document: Document, revision: int, suffix: str) -> str:
    """The name a file is saved under: `乐亭县行政审批局_2023_部门预算_r1.pdf`; path separators become blanks."""
    name = f"{document.unit_name}_{document.year}_{Stage(document.stage).label}_r{revision}.{suffix}"
    return "".join(" " if letter in '\\/:*?"<>|' or not letter.isprintable() else letter for letter in name)


FORMATS = (("PDF", "pdf"), ("Excel", "xlsx"), ("数据（CSV）", "csv.zip"), ("JSON", "json"))


def downloads(document: Document, revision: int, sizes: dict[str, int]) -> tuple[Download, ...]:
    """The files among `sizes` (suffix -> bytes) in the order that people look for them."""
    return tuple(
        Download(label, f"disclosure.{suffix}", file_name(document, revision, suffix), sizes[suffix])
        for label, suffix in FORMATS
        if suffix in sizes
    )

"""Files of many publications in one archive, as they lie there: nothing is made anew."""

import re
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from budgets.domain.terms import Term
from budgets.models import Publication
from budgets.publishing import folders
from budgets.publishing.revision_files import CSV, JSON, PDF, XLSX
from budgets.rendering.fixed_archives import ARCHIVE_TIME

FORBIDDEN = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
IN_MEMORY = 16 * 1024 * 1024
LEFT_OUT = "没有放进来的.txt"


class Kind(Term):
    """What of each publication goes into the archive; its value is the name of the file."""

    PDF = PDF, "PDF"
    XLSX = XLSX, "Excel"
    CSV = CSV, "CSV 数据包"
    JSON = JSON, "JSON 数据"


def bundle(publications: Sequence[Publication], kind: Kind) -> tuple[IO[bytes], list[str]]:
    """The archive, at its start, and the titles of publications whose file is not there (a PDF that is still to be made).

    Its files are called 编码-部门-年度部门预算.pdf; of what is left out the archive itself tells in a text file.
    """
    suffix = kind.value.partition(".")[2]
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to who sends it
    missing = []
    with zipfile.ZipFile(out, "w") as archive:
        for publication in publications:
            file = folders.revisions() / publication.chain_entry / kind.value
            if file.is_file():
                _put(archive, f"{name_of(publication)}.{suffix}", file)
            else:
                missing.append(str(publication))
        if missing:
            archive.writestr(zipfile.ZipInfo(LEFT_OUT, ARCHIVE_TIME), "\n".join(missing))
    out.seek(0)
    return out, missing


def bytes_of(publications: Sequence[Publication], kind: Kind) -> int:
    """How many bytes the files come to that are there."""
    files = (folders.revisions() / publication.chain_entry / kind.value for publication in publications)
    return sum(file.stat().st_size for file in files if file.is_file())


def name_of(publication: Publication) -> str:
    """编码-部门-年度 without what a file name may not hold: 483-乐亭县行政审批局-2023年部门预算."""
    department = publication.department
    return FORBIDDEN.sub("_", f"{department.code}-{department.name[:60]}-{publication.title}")


def _put(archive: zipfile.ZipFile, name: str, file: Path) -> None:
    # PDF, workbook and package are compressed in themselves.
    method = zipfile.ZIP_DEFLATED if file.suffix == ".json" else zipfile.ZIP_STORED
    info = zipfile.ZipInfo(name, ARCHIVE_TIME)
    info.compress_type = method
    with file.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(1 << 20):
            target.write(chunk)

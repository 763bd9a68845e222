"""A workbook's styles made plain: only which cells are numbers, and which are dates, is kept of them."""

import zipfile
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from defusedxml.ElementTree import fromstring

STYLES = "xl/styles.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = (
    '<fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
)


def with_plain_styles(content: bytes) -> bytes:
    """The same package with number formats in place of its styles. Raises whatever its XML or packing is."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as plain,
    ):
        for member in package.infolist():
            data = package.read(member)
            plain.writestr(member.filename, _plain(data) if member.filename == STYLES else data)
    return out.getvalue()


def _plain(styles: bytes) -> bytes:
    root = fromstring(styles, forbid_dtd=True)
    formats = "".join(
        f"<numFmt numFmtId={quoteattr(one.get('numFmtId', '0'))} formatCode={quoteattr(one.get('formatCode', ''))}/>"
        for one in _all(root, "numFmts", "numFmt")
    )
    cells = "".join(
        f'<xf numFmtId={quoteattr(one.get("numFmtId", "0"))} fontId="0" fillId="0" borderId="0" xfId="0"/>'
        for one in _all(root, "cellXfs", "xf")
    )
    cells = cells or "<xf/>"
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>{PARTS}<cellXfs>{cells}</cellXfs></styleSheet>'.encode()


def _all(root: Any, group: str, tag: str) -> list[Any]:
    return list(root.iterfind(f"{{{MAIN}}}{group}/{{{MAIN}}}{tag}"))

"""Hostile packages: other types under an office name, tricks of the ZIP format, parts lost or poisoned, files cut off."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator

from tests.makers import seeds
from tests.makers.packages import packed
from tests.makers.seeds import changed, unpacked

type Make = Callable[[], bytes]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
WIDE = "EncryptedPackage".encode("utf-16-le")
MAGIC = {
    "PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF", "GIF": b"GIF89a", "BMP": b"BM\x36\0", "TIFF": b"II*\0",
    "WebP": b"RIFF\0\0\0\0WEBPVP8 ", "RTF": b"{\\rtf1\\ansi ", "HTML": b"<!DOCTYPE html><html><table><tr><td>1",
    "XML spreadsheet": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    "CSV": "科目编码,科目名称,合计\n2010301,行政运行,1.00\n".encode(), "CSV in GBK": "科目编码,合计\n2010301,1".encode("gbk"),
    "plain text": "部门预算收支总表".encode(), "UTF-16 text": "部门预算收支总表".encode("utf-16"),
    "Windows program": b"MZ\x90\0\x03", "ELF program": b"\x7fELF\x02\x01\x01", "Java class": b"\xca\xfe\xba\xbe\0\0\0\x34",
    "7z": b"7z\xbc\xaf\x27\x1c\0\4", "RAR": b"Rar!\x1a\7\1\0", "cabinet": b"MSCF\0\0\0\0", "SQLite": b"SQLite format 3\0",
    "PostScript": b"%!PS-Adobe-3.0\n", "JSON": b'{"tables": []}', "shell script": b"#!/bin/sh\nrm -rf .\n", "MP3": b"ID3\3\0",
    "MP4": b"\0\0\0\x20ftypisom", "OLE, old Excel": OLE, "OLE, encrypted": OLE + WIDE, "OLE, Word": OLE + b"WordDocument",
    "zeros": b"\0", "ones": b"\xff", "a mark of order alone": b"\xef\xbb\xbf", "DjVu": b"AT&TFORM", "OFD text": b"OFD", "iCalendar": b"BEGIN:VCALENDAR",
}  # fmt: skip
FOREIGN = {
    "OpenDocument sheet": {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b"<a/>",
    },
    "OpenDocument text": {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"},
    "EPUB": {"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<container/>"},
    "JAR": {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0", "A.class": b"\xca\xfe\xba\xbe"},
    "APK": {"AndroidManifest.xml": b"\3\0\x08\0", "classes.dex": b"dex\n035"},
    "PowerPoint": {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"},
    "Visio": {"[Content_Types].xml": b"<Types/>", "visio/document.xml": b"<v/>"},
    "binary workbook": {"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x83\x01\0"},
    "OFD": {"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<d/>"},
    "only types": {"[Content_Types].xml": b"<Types/>"},
    "nothing in it": {},
    "both a workbook and a Word file": {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b"<a/>",
        "word/document.xml": b"<a/>",
    },
}
ENTITIES = b'<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
PARTS_OF: dict[str, Callable[[], bytes]] = {"xlsx": seeds.workbook, "docx": seeds.word}
HARMLESS = ("docProps", "customXml", "thumbnail", "theme", "fontTable", "webSettings", "stylesWithEffects")


def other_types() -> Iterator[tuple[str, Make]]:
    for name, mark in MAGIC.items():
        yield f"type: {name}", lambda mark=mark: mark + b"\0" * 200
    for name, members in FOREIGN.items():
        yield f"type: {name}", lambda members=members: packed(members)
    for name, squeeze in (("gzip", gzip.compress), ("bzip2", bz2.compress), ("xz", lzma.compress)):
        yield f"type: {name} of a workbook", lambda squeeze=squeeze: squeeze(seeds.workbook())
    yield "type: tar of a workbook", tarred
    yield "type: a workbook within a workbook's package", lambda: packed({"表.xlsx": seeds.workbook()})
    yield "type: nothing at all", lambda: b""
    yield "type: only the mark of a ZIP", lambda: b"PK\3\4"
    yield "type: an empty ZIP's end", lambda: b"PK\5\6" + b"\0" * 18


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("a.xlsx")
        entry.size = len(seeds.workbook())
        archive.addfile(entry, io.BytesIO(seeds.workbook()))
    return out.getvalue()


def cut_off() -> Iterator[tuple[str, Make]]:
    """Cut within each header, within each part, and at the list at the end."""
    for kind, make in PARTS_OF.items():
        with zipfile.ZipFile(io.BytesIO(make())) as package:
            places = [(info.filename, info.header_offset, info.compress_size) for info in package.infolist()]
            end = package.start_dir
        for name, offset, size in places:
            yield f"cut: {kind} within the header of {name}", lambda make=make, at=offset + 9: make()[:at]
            yield f"cut: {kind} within {name}", lambda make=make, at=offset + 40 + size // 2: make()[:at]
        for more in (0, 20, 60):
            yield f"cut: {kind} {more} bytes into the list", lambda make=make, at=end + more: make()[:at]
        for less in (1, 10, 21):
            yield f"cut: {kind} {less} bytes before the end", lambda make=make, less=less: make()[:-less]


def parts() -> Iterator[tuple[str, Make]]:
    """Each part lost, emptied, senseless, or with entities, once."""
    faults: dict[str, Callable[[bytes], bytes | None]] = {
        "lost": lambda _: None,
        "empty": lambda _: b"",
        "of another root": lambda _: b"<a/>",
        "with entities": lambda data: ENTITIES + data.partition(b"?>")[2],
        "in UTF-16": lambda data: '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
        "half": lambda data: data[: len(data) // 2],
        "noise": lambda data: bytes(byte ^ 0x5A for byte in data[:500]),
    }
    for kind, make in PARTS_OF.items():
        for name in unpacked(make()):
            for how, fault in faults.items():
                if not any(word in name for word in HARMLESS) or how == "with entities":
                    yield f"part: {kind} {name} {how}", lambda m=make, n=name, f=fault: with_part(m(), n, f)


def with_part(content: bytes, name: str, fault: Callable[[bytes], bytes | None]) -> bytes:
    members = unpacked(content)
    new = fault(members.pop(name))
    return packed(members if new is None else {**members, name: new})


def header(content: bytes, name: str, field: int, value: int, size: int = 4, *, local: bool = False) -> bytes:
    """One field of a member's header overwritten, in the list at the end or before the member itself."""
    mark, fixed = (b"PK\3\4", 30) if local else (b"PK\1\2", 46)
    at = next(
        i
        for i in range(len(content))
        if content.startswith(mark, i) and content.startswith(name.encode(), i + fixed)
    )
    return content[: at + field] + value.to_bytes(size, "little") + content[at + field + size :]


def doubled(content: bytes, name: str) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, unpacked(content)[name])
    return out.getvalue()


def tricks() -> Iterator[tuple[str, Make]]:
    for kind, make in PARTS_OF.items():
        main = "xl/workbook.xml" if kind == "xlsx" else "word/document.xml"
        for name, more in {
            "a name that climbs": {"../../etc/passwd": b"x"},
            "an absolute name": {"/etc/passwd": b"x"},
            "a name of a drive": {"C:\\Windows\\x.dll": b"x"},
            "a name of 60 thousand letters": {"a" * 60_000: b"x"},
            "a package within": {"xl/embeddings/a.xlsx": packed({"b.xlsx": packed({"c": b"0" * 9999})})},
            "a bomb of size": {"media/zeros.bin": b"\0" * (60 << 20)},
            "a bomb of ratio": {"media/zeros.bin": b"\0" * (40 << 20)},
            "a bomb of tags": {"extra.xml": b"<a>" + b"<b/>" * 700_000 + b"</a>"},
            "depth without end": {"extra.xml": b"<a>" * 200_000 + b"</a>" * 200_000},
            "macros": {"xl/vbaProject.bin": OLE},
            "macros in another place": {"word/VBAPROJECT.BIN": OLE},
            "three thousand parts": {f"n/{n}": b"" for n in range(3000)},
        }.items():
            yield f"zip: {kind} with {name}", lambda make=make, more=more: changed(make(), **more)
        yield f"zip: {kind} with a part twice", lambda make=make, main=main: doubled(make(), main)
        yield (
            f"zip: {kind} with a directory for a part",
            lambda make=make, main=main: changed(make(), **{f"{main}/": b""}),
        )
        for name, (field, value, size) in {
            "a size too small": (24, 16, 4), "a size too large": (24, 1 << 30, 4), "packed size too large": (20, 1 << 29, 4),
            "packed size of nothing": (20, 0, 4), "a wrong checksum": (16, 0xDEADBEEF, 4), "encryption": (8, 1, 2),
            "strong encryption": (8, 0x41, 2), "a data descriptor": (8, 8, 2), "a way of packing unknown": (10, 99, 2),
            "stored that is deflated": (10, 0, 2), "bzip2 that is deflated": (10, 12, 2), "lzma that is deflated": (10, 14, 2),
            "an offset beyond the end": (42, 1 << 30, 4), "another part's offset": (42, 0, 4), "a long name": (28, 60_000, 2),
            "a ZIP64 size without one": (24, 0xFFFFFFFF, 4), "a version of the future": (6, 999, 2), "another disk": (34, 7, 2),
        }.items():  # fmt: skip
            yield (
                f"zip: {kind} lists {name}",
                lambda m=make, n=main, f=field, v=value, s=size: header(m(), n, f, v, s),
            )
        for name, (field, value) in {
            "another way of packing": (8, 12),
            "flags": (6, 0x0841),
            "a longer name": (26, 99),
        }.items():
            yield (
                f"zip: {kind} has before a part {name}",
                lambda m=make, n=main, f=field, v=value: header(m(), n, f, v, 2, local=True),
            )
        yield (
            f"zip: {kind} NUL in a name",
            lambda m=make, n=main: m().replace(n.encode(), n[:-1].encode() + b"\0"),
        )
        yield (
            f"zip: {kind} backslashes in names",
            lambda m=make: m().replace(b"xl/", b"xl\\").replace(b"word/", b"word\\"),
        )
        yield f"zip: {kind} with much before it", lambda m=make: b"\0" * 5000 + m()
        yield f"zip: {kind} with much after it", lambda m=make: m() + b"\0" * 70_000
        yield f"zip: {kind} twice in one file", lambda m=make: m() + m()
        yield f"zip: {kind} stored", lambda m=make: packed(unpacked(m()), zipfile.ZIP_STORED)
        yield f"zip: {kind} by bzip2", lambda m=make: packed(unpacked(m()), zipfile.ZIP_BZIP2)
        yield f"zip: {kind} by lzma", lambda m=make: packed(unpacked(m()), zipfile.ZIP_LZMA)
        for name, (at, value) in {
            "more parts": (10, 60_000),
            "no parts": (10, 0),
            "a list elsewhere": (16, 12),
            "a comment": (20, 999),
        }.items():
            yield f"zip: {kind} whose end tells of {name}", lambda m=make, at=at, v=value: ending(m(), at, v)


def ending(content: bytes, at: int, value: int) -> bytes:
    place = content.rindex(b"PK\5\6") + at
    return content[:place] + struct.pack("<H", value) + content[place + 2 :]


FILES: dict[str, Make] = {
    name: make for some in (other_types, cut_off, parts, tricks) for name, make in some()
}

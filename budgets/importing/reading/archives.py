"""A ZIP of files, unpacked in memory: nothing of it is written under a name of its own, and what could harm is refused."""

import stat
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from budgets.importing.reading.opening import BROKEN, MAX_FILE, MAX_MEMBERS, MAX_RATIO, SMALL, Unreadable

MOST_FILES = 100  # of one archive, and of one batch
MAX_ALL = 100 * 2**20  # bytes of everything unpacked
JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
OFFICE = {"[Content_Types].xml", "mimetype"}  # what makes an archive one document
UTF8 = 0x800  # the flag of a member whose name is written in UTF-8


def unpack(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """The files of an archive by name, in its order; a workbook or Word file, which is an archive too, is its own only file.

    Archives inside it stay as they are: whoever reads one refuses it by what it is. Raises Unreadable with one sentence.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            if OFFICE & set(package.namelist()):
                return [(name, content)]
            return [(told, _content(name, package, member)) for told, member in _members(name, package)]
    except BROKEN as error:
        raise Unreadable(f"压缩包“{name}”已损坏或不完整，请重新压缩后再上传。") from error


def _members(name: str, package: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """What is in it, after every member was looked at; folders and what systems leave behind are passed over."""
    members = package.infolist()
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"压缩包“{name}”里有 {len(members)} 个条目，太多了；{_parts()}。")
    found = []
    for member in members:
        told = told_name(member)
        path = PurePosixPath(told.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or told[1:2] == ":":
            raise Unreadable(
                f"压缩包“{name}”里有指向别处的路径，可能是恶意文件，已拒绝；请重新压缩这些文件。"
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Unreadable(f"压缩包“{name}”里有指向别处的链接，已拒绝；请放入文件本身再压缩。")
        if member.is_dir() or any(part in JUNK or part.startswith("~$") for part in path.parts):
            continue
        if member.flag_bits & 1:
            raise Unreadable(f"压缩包“{name}”设有密码，请去掉密码后再上传。")
        found.append((path.name, member))
    if not found:
        raise Unreadable(f"压缩包“{name}”里没有文件。")
    if len(found) > MOST_FILES:
        raise Unreadable(f"压缩包“{name}”里有 {len(found)} 个文件，一次最多 {MOST_FILES} 个；{_parts()}。")
    unpacked = sum(member.file_size for _, member in found)
    packed = sum(member.compress_size for _, member in found)
    if unpacked > MAX_ALL or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise Unreadable(f"压缩包“{name}”解压后过大，可能是恶意文件，已拒绝；{_parts()}。")
    return found


def _parts() -> str:
    return "请分几次上传"


def _content(name: str, package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of one member, never more than it declares: a head that lies is refused by its own check sum or here."""
    with package.open(member) as file:
        content = file.read(min(member.file_size, MAX_FILE) + 1)
    if len(content) > member.file_size:
        raise Unreadable(f"压缩包“{name}”的内部结构不正常，已拒绝；请重新压缩这些文件。")
    if len(content) > MAX_FILE:
        raise Unreadable(
            f"压缩包“{name}”里的“{told_name(member)}”超过 {MAX_FILE // 2**20} MB，请取出后再压缩。"
        )
    return content


def told_name(member: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: without the flag of UTF-8 it may be that all the same, or GBK of a Chinese Windows."""
    if member.flag_bits & UTF8:
        return member.filename
    written = member.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename

"""Prove revisions: link in the chain, payload, certificate, data files; and that those of a department form one line."""

import io
import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from budgets.domain import certificates
from budgets.domain.snapshots import canonical, digest
from budgets.publishing import chain, folders, folders_proved, revision_files
from budgets.publishing.chain import GENESIS, Link
from budgets.publishing.editions import Edition, Standing
from budgets.publishing.proofs import Proof


def revision(name: str, item: dict[str, Any], proof: Proof, render: bool) -> None:
    """One revision: its folder, its link in the chain, its payload, and on request its other files made anew."""
    proof.revisions += 1
    entry = item["entry"]
    folder = folders.revisions() / entry
    # An attempt to add the PDF that was cut short; until the pages link it, it is not public.
    data = folders_proved.manifest(folder, proof, revision_files.PDF)
    try:
        link = chain.loads((folder / revision_files.CHAIN).read_bytes())
        payload = (folder / revision_files.JSON).read_bytes()
        kept = revision_files.CHECKS in (data or {"files": ()})["files"]
        checks = (folder / revision_files.CHECKS).read_bytes() if kept else b""
        edition = Edition(link, payload, Standing(item["standing"]), checks)
        place = "/".join(map(str, edition.place))
        same = canonical(json.loads(payload)) == payload
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError) as error:
        proof.fault(folder, f"公开内容或链文件不能读取：{error}")
        return
    if link.entry != entry:
        proof.fault(folder, "链值与文件夹名不符")
    if digest(payload) != link.payload_hash or not same:
        proof.fault(folder / revision_files.JSON, "公开内容与链中的摘要不符")
    if place != name or (edition.place[2], edition.place[3]) != (link.year, link.stage):
        proof.fault(folder, f"内容属于 {place}，却公开在 {name}")
    if data is not None:
        hashes = {path: file.get("sha256") for path, file in data["files"].items()}
        pending = revision_files.PDF not in item["data"]
        if pending:
            hashes.pop(revision_files.PDF, None)
        if data.get("entry") != entry or hashes != item["data"]:
            proof.fault(folder / folders.MANIFEST, "清单与公开页面所记的不符")
        if pending:
            proof.pending.append(f"{name}/r{link.revision}")
    if checks:
        _certificate(folder / revision_files.CHECKS, edition, proof)
    if render:
        for path, content in revision_files.data_files(edition).items():
            if path == revision_files.IDENTITIES and data is not None and path not in data["files"]:
                continue  # published before there was such a file
            if revision_files.made_otherwise(path, folder, data or {}):
                proof.otherwise_made.append(f"{name}/r{link.revision}/{path}")
            elif not _same(folder / path, content):
                proof.fault(folder / path, "与由公开内容重新生成的文件不符")
    proof.editions[entry] = edition


def _certificate(file: Path, edition: Edition, proof: Proof) -> None:
    """A certificate was made with the codes and the year before of its day: it is held against the document alone."""
    try:
        found = certificates.loads(edition.checks)
    except ValueError as error:
        proof.fault(file, str(error))
        return
    printed = {(one.rule, one.message, one.text) for one in edition.document.explanations}
    said = {
        (checked.rule, told.message, told.explanation)
        for checked in found.checked
        for told in checked.told
        if told.explanation
    }
    if said - printed:
        proof.fault(file, "核对清单中的部门说明不在公开内容里")


def _same(file: Path, content: bytes) -> bool:
    """Whether a file is there with this content; of archives what they hold counts, not how it was compressed."""
    try:
        stored = file.read_bytes()
        return stored == content or (zipfile.is_zipfile(file) and _unpacked(stored) == _unpacked(content))
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error):
        return False


def _unpacked(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def numbers(name: str, revisions: Iterable[dict[str, Any]], proof: Proof) -> None:
    numbers = [item["revision"] for item in revisions]
    if numbers != list(range(1, len(numbers) + 1)):
        proof.fault(name, f"修订号不连续：{numbers}")
    for item in revisions:
        edition = proof.editions.get(item["entry"])
        if edition is not None and edition.revision != item["revision"]:
            proof.fault(name, f"r{item['revision']} 的链文件写的是 r{edition.revision}")


def chains(proof: Proof) -> None:
    """The entries of each department form one line from the first to the last."""
    by_department: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for edition in proof.editions.values():
        by_department[edition.place[:2]].append(edition.link)
    for place, links in by_department.items():
        name = "/".join(place)
        after = {link.previous: link for link in links}
        if len(after) < len(links):
            proof.fault(name, "公开链分叉")
            continue
        length, at, day = 0, GENESIS, None
        while (link := after.get(at)) is not None:
            if day is not None and link.published_on < day:
                proof.fault(name, f"{link.year} r{link.revision} 的公开日期早于前一个版本")
            length, at, day = length + 1, link.entry, link.published_on
        if length < len(links):
            missing = len(links) - length
            proof.fault(name, f"公开链中断：有 {missing} 个版本接不上")

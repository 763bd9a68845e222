"""Prove from the published folder alone that nothing was altered: payloads, chain, data files, pages, addresses.

No database is read. What someone with the database could still hide, `differences` finds by comparing both.
"""

import io
import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from budgets.domain import certificates
from budgets.domain.snapshots import canonical, digest
from budgets.publishing import chain, chain_log, folders, log_proofs, pages_proved, revision_files
from budgets.publishing.chain import GENESIS, Link
from budgets.publishing.editions import Edition, Standing
from budgets.publishing.signed_notes import VerifierKey
from budgets.publishing.strays import strays


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One fault: the file or address, and in Chinese what is wrong with it."""

    at: str
    what: str


@dataclass(slots=True)
class Proof:
    """What was looked at, and every fault found."""

    releases: int = 0
    revisions: int = 0
    files: int = 0
    pending: list[str] = field(default_factory=list)
    otherwise_made: list[str] = field(
        default_factory=list
    )  # data files that could not be made anew to compare
    other_pages: list[str] = field(default_factory=list)  # addresses whose pages could not
    other_rules: list[str] = field(default_factory=list)  # revisions whose checks could not
    mismatches: list[Mismatch] = field(default_factory=list)
    editions: dict[str, Edition] = field(default_factory=dict)

    def fault(self, at: Path | str, what: str) -> None:
        name = str(at.relative_to(folders.root())) if isinstance(at, Path) else at
        self.mismatches.append(Mismatch(name, what))


# Whether the rules say of an edition, first published that day, what its frozen certificate says; None where they cannot tell.
type Certifier = Callable[[Edition, date, Mapping[str, Edition]], bool | None]


def verify(
    *,
    render: bool = False,
    certifier: Certifier | None = None,
    key: VerifierKey | None = None,
    anchor: bytes | None = None,
) -> Proof:
    """Check everything that an address leads to; `render` also makes the data files anew and compares them.

    Workbook and CSV package of a revision that another release of this program made are held against the manifest
    alone, and counted in `otherwise_made`: their bytes stay, the program's change. So are pages, in `other_pages`. With a
    `certifier` the rules look at each revision again; those whose rules changed since are counted in `other_rules`.
    The log of chain entries is held against the chains, with a `key` also its signature, and with that an `anchor`: a
    checkpoint that was kept earlier, from which today's must go on.

    Revisions that no release mentions (left over from a publication that did not finish) are not public and are
    not looked at.
    """
    proof = Proof()
    began = log_proofs.size()
    found = ((name, _release(address, proof)) for name, address in _addresses())
    mentioned = {name: release for name, release in found if release is not None}
    for name, release in mentioned.items():
        for item in release["revisions"]:
            _revision(name, item, proof, render)
        _numbers(name, release["revisions"], proof)
    _strays(proof)
    _chains(proof)
    _log(proof, key, anchor, began)
    _pages(mentioned, proof, render)
    if render and certifier:
        _checks(mentioned, proof, certifier)
    return proof


def _strays(proof: Proof) -> None:
    """What nothing explains, unless a fault in it was told already."""
    told = {each.at for each in proof.mismatches}
    for path, what in strays():
        name = path.relative_to(folders.root()).as_posix()
        if not any(at == name or at.startswith(f"{name}/") for at in told):
            proof.fault(path, what)


def _log(proof: Proof, key: VerifierKey | None, anchor: bytes | None, began: int) -> None:
    """The log of chain entries, and that it goes on from the anchor."""
    with chain_log.alone():  # what is added meanwhile replaces files
        log = log_proofs.read()
        for at, what in log_proofs.log_faults(log, proof.editions, key, began):
            proof.fault(at, what)
    if anchor is not None and key is not None:
        fault = log_proofs.anchor_fault(anchor, log, proof.releases, key)
        if fault:
            proof.fault("检查点", fault)


def _checks(mentioned: dict[str, dict[str, Any]], proof: Proof, certifier: Certifier) -> None:
    """Every frozen certificate is what the rules say, as far as they are the same."""
    for name, release in mentioned.items():
        editions = [
            proof.editions[item["entry"]] for item in release["revisions"] if item["entry"] in proof.editions
        ]
        for edition in editions:
            try:
                same = (
                    certifier(edition, editions[0].link.published_on, proof.editions)
                    if edition.checks
                    else True
                )
            except (ValueError, KeyError, TypeError, ArithmeticError) as error:
                proof.fault(f"{name}/r{edition.revision}", f"核对清单不能重新生成：{error}")
                continue
            if same is None:
                proof.other_rules.append(f"{name}/r{edition.revision}")
            elif not same:
                proof.fault(f"{name}/r{edition.revision}", "核对清单与由公开内容重新核对的不符")


def _pages(mentioned: dict[str, dict[str, Any]], proof: Proof, render: bool) -> None:
    """What each address takes from the year before is what is public there; on request its pages are made anew."""
    current = {}
    for name, release in mentioned.items():
        for item in release["revisions"]:
            if item["standing"] == Standing.CURRENT and item["entry"] in proof.editions:
                current[name] = proof.editions[item["entry"]]
    for name, release in mentioned.items():
        try:
            if fault := pages_proved.beside_fault(name, release, current):
                proof.fault(name, fault)
            same = pages_proved.made_anew(name, release, proof.editions) if render else True
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError) as error:
            proof.fault(name, f"网页不能由公开内容重新生成：{error}")
            continue
        if same is None:
            proof.other_pages.append(name)
        elif not same:
            proof.fault(name, "网页与由公开内容重新生成的不符")


def _addresses() -> Iterator[tuple[str, Path]]:
    """Every address with its link; links that a crash left half-made are not served."""
    for link in sorted(folders.site().glob("*/*/*/*")):
        if not link.name.startswith(folders.UNFINISHED):
            yield "/".join(link.relative_to(folders.site()).parts), link


def _release(address: Path, proof: Proof) -> dict[str, Any] | None:
    """The manifest of the release that an address leads to, checked with every file and link in it."""
    proof.releases += 1
    folder = address.resolve()
    if not address.is_symlink() or folder.parent != folders.releases().resolve() or not folder.is_dir():
        proof.fault(address, "公开地址没有指向已生成的页面")
        return None
    folder = folders.releases() / folder.name
    data = _folder(folder, proof)
    if data is None:
        return None
    if digest((folder / folders.MANIFEST).read_bytes()) != folder.name:
        proof.fault(folder, "页面清单与文件夹名不符")
        return None
    for path, target in data["links"].items():
        link = folder / path
        if not link.is_symlink() or str(link.readlink()) != target or not link.exists():
            proof.fault(link, "链接缺失或被改动")
    _withdrawn(folder, data, proof)
    return data


def _withdrawn(folder: Path, data: dict[str, Any], proof: Proof) -> None:
    """Nothing of a withdrawn revision is served: neither at its fixed address nor as the latest."""
    listed = data["revisions"]
    gone = [item for item in listed if item["standing"] == Standing.WITHDRAWN]
    for item in gone:
        own = f"r{item['revision']}/"
        served = any(path.startswith(own) for path in (*data["files"], *data["links"]))
        if served or any(f"revisions/{item['entry']}/" in target for target in data["links"].values()):
            proof.fault(folder, f"第 {item['revision']} 版已撤回，却仍可查看")
    if listed and listed[-1] in gone and "index.html" in data["files"]:
        proof.fault(folder, f"最新的第 {listed[-1]['revision']} 版已撤回，公开地址却仍有网页")


def _folder(folder: Path, proof: Proof, unlisted: str = "") -> dict[str, Any] | None:
    """The manifest of a folder, after comparing every file with it; a file named `unlisted` may be missing from it."""
    try:
        data = folders.read_manifest(folder)
        known: dict[str, dict[str, Any]] = data["files"]
        links: dict[str, str] = data["links"]
        by_sm3: dict[str, str] = data.get("sm3", {})
    except (OSError, ValueError, KeyError, AttributeError) as error:
        proof.fault(folder / folders.MANIFEST, f"清单缺失或被改动（{type(error).__name__}）")
        return None
    for path, expected in known.items():
        proof.files += 1
        file = folder / path
        if file.is_symlink() or not file.is_file():
            proof.fault(file, "文件缺失")
            continue
        content = file.read_bytes()
        if {"bytes": len(content), "sha256": folders.sha256(content)} != expected:
            proof.fault(file, "内容与清单不符")
        elif path in by_sm3 and folders.sm3(content) != by_sm3[path]:
            proof.fault(file, "SM3 与清单不符")
    for file in folder.rglob("*"):
        path = file.relative_to(folder).as_posix()
        plain = file.is_symlink() or not file.is_dir()
        plain = plain and not file.name.startswith(folders.UNFINISHED)
        if plain and path not in known and path not in links and path not in (folders.MANIFEST, unlisted):
            proof.fault(file, "清单以外的文件")
    return data


def _revision(name: str, item: dict[str, Any], proof: Proof, render: bool) -> None:
    """One revision: its folder, its link in the chain, its payload, and on request its other files made anew."""
    proof.revisions += 1
    entry = item["entry"]
    folder = folders.revisions() / entry
    # An attempt to add the PDF that was cut short; until the pages link it, it is not public.
    data = _folder(folder, proof, revision_files.PDF)
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


def _numbers(name: str, revisions: Iterable[dict[str, Any]], proof: Proof) -> None:
    numbers = [item["revision"] for item in revisions]
    if numbers != list(range(1, len(numbers) + 1)):
        proof.fault(name, f"修订号不连续：{numbers}")
    for item in revisions:
        edition = proof.editions.get(item["entry"])
        if edition is not None and edition.revision != item["revision"]:
            proof.fault(name, f"r{item['revision']} 的链文件写的是 r{edition.revision}")


def _chains(proof: Proof) -> None:
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


def _name(edition: Edition) -> str:
    """Address and revision of an edition; its chain entry in place of the address when its content cannot be read."""
    try:
        place = "/".join(map(str, edition.place))
    except (ValueError, KeyError, TypeError, ArithmeticError):
        place = edition.entry
    return f"{place}/r{edition.revision}"


def differences(proof: Proof, stored: Iterable[Edition], served: dict[str, str]) -> Iterator[Mismatch]:
    """What database and folder say differently: `stored` publications, `served` release names by address."""
    seen = set()
    for edition in stored:
        seen.add(edition.entry)
        name = _name(edition)
        found = proof.editions.get(edition.entry)
        if digest(edition.payload) != edition.link.payload_hash:
            yield Mismatch(name, "数据库中的公开内容与其摘要不符")
        if found is None:
            yield Mismatch(name, "数据库中有、公开文件夹中没有的版本")
        elif found.payload != edition.payload or found.link != edition.link:
            yield Mismatch(name, "数据库与公开文件夹中的内容不同")
        elif found.checks != edition.checks:
            yield Mismatch(name, "数据库与公开文件夹中的核对清单不同")
        elif found.standing != edition.standing:
            yield Mismatch(name, "是否现行、已撤回，数据库与公开文件夹所记不同")
    for entry, edition in proof.editions.items():
        if entry not in seen:
            yield Mismatch(_name(edition), "公开文件夹中有、数据库中没有的版本")
    for name, release in served.items():
        link = folders.site() / name
        if not link.is_symlink() or link.readlink().name != release:
            yield Mismatch(name, "公开地址没有指向数据库所记的页面，请运行 settle")
    for name, _ in _addresses():
        if name not in served:
            yield Mismatch(name, "数据库中没有的公开地址")

"""Prove folders of the published tree: every file and link as its manifest says, nothing of what was withdrawn."""

from pathlib import Path
from typing import Any

from budgets.domain.snapshots import digest
from budgets.publishing import folders
from budgets.publishing.editions import Standing
from budgets.publishing.proofs import Proof


def release(address: Path, proof: Proof) -> dict[str, Any] | None:
    """The manifest of the release that an address leads to, checked with every file and link in it."""
    proof.releases += 1
    folder = address.resolve()
    if not address.is_symlink() or folder.parent != folders.releases().resolve() or not folder.is_dir():
        proof.fault(address, "公开地址没有指向已生成的页面")
        return None
    folder = folders.releases() / folder.name
    data = manifest(folder, proof)
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


def manifest(folder: Path, proof: Proof, unlisted: str = "") -> dict[str, Any] | None:
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

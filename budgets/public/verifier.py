#!/usr/bin/env python3
"""核验明账公开的一个版本：文件、内容、公开链、勾稽关系。只用 Python 自带的功能（3.8 以上），不联网也能核验。

    python3 verify.py 文件夹             文件夹里是下载的各个文件和 SHA256SUMS
    python3 verify.py https://…/r1/      直接取固定地址下的文件
可以一次给出几个版本（同时核验它们在链上前后相接），也可以给出网页或 PDF 上印的 64 位内容指纹，要求是其中一个的。
全部相符时退出码为 0，有不符时为 1。
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

CHAIN = "mingzhang-chain/1"
FIELDS = ("previous", "payload_sha256", "year", "stage", "revision", "published_on", "reason")
HASH = re.compile("[0-9a-f]{64}")
LINE = re.compile(r"([0-9a-f]{64})  ([\w.]+)\n")
faults = 0


def say(word: str, text: str) -> None:
    print(f"  {word}  {text}")


def check(holds: bool, text: str, otherwise: str) -> None:
    """Say that something holds, or say the fault and count it."""
    global faults
    faults += not holds
    say("相符" if holds else "不符", text if holds else otherwise)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical(content: bytes) -> Any:
    """The value of a canonical JSON file; ValueError when one byte of it is otherwise."""
    value = json.loads(content)
    if json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() != content:
        raise ValueError("不是规范的 JSON")
    return value


def sums(content: bytes) -> dict[str, str]:
    """SHA-256 by file name of a SHA256SUMS; ValueError when it is none."""
    found = {match[2]: match[1] for match in LINE.finditer(content.decode())}
    if not found or "".join(f"{found[name]}  {name}\n" for name in found).encode() != content:
        raise ValueError("SHA256SUMS 不能读取")
    return found


def files_at(place: str) -> dict[str, bytes]:
    """The files of a folder, or what SHA256SUMS lists at an address."""
    if not place.startswith(("http://", "https://")):
        return {file.name: file.read_bytes() for file in Path(place).iterdir() if file.is_file()}
    base = place.rstrip("/") + "/"
    listed = urlopen(f"{base}SHA256SUMS").read()  # noqa: S310
    return {"SHA256SUMS": listed, **{name: urlopen(base + name).read() for name in sums(listed)}}  # noqa: S310


def verify_files(files: dict[str, bytes]) -> None:
    """Every listed file is there with its hash; both lists where there are two."""
    listed = list(sums(files["SHA256SUMS"]).items()) if "SHA256SUMS" in files else []
    if "manifest.json" in files:
        known = canonical(files["manifest.json"])
        listed += [(name, file["sha256"]) for name, file in known["files"].items() if "entry" in known]
    wrong = sorted({name for name, digest in listed if sha256(files.get(name, b"")) != digest})
    if listed:
        check(not wrong, f"{len(dict(listed))} 个文件与清单一致", f"与清单不符或缺失：{'、'.join(wrong)}")
    else:
        say("没有", "SHA256SUMS：只核验内容和链，Excel、CSV、PDF 没有核验")
    if "disclosure.pdf" in files:
        say("指纹", f"PDF {sha256(files['disclosure.pdf'])}")


def verify_chain(files: dict[str, bytes], document: dict[str, Any], folder: str) -> dict[str, Any]:
    """The link of the chain, held against itself and the payload."""
    link: dict[str, Any] = canonical(files["chain.json"])
    entry = sha256("\n".join([CHAIN, *(str(link[field]) for field in FIELDS)]).encode())
    whole = link == {**{field: link[field] for field in FIELDS}, "schema": CHAIN, "entry": entry}
    named = folder == entry or not HASH.fullmatch(folder)
    check(whole and named, f"链值由链文件算得：{entry}", "链值与链文件的内容不符")
    whole = sha256(files["disclosure.json"]) == link["payload_sha256"]
    check(whole, f"内容与链中的指纹一致：{link['payload_sha256']}", "内容与链中的指纹不符")
    same = (document["year"], document["stage"]) == (link["year"], link["stage"])
    check(same, f"第 {link['revision']} 版，{link['published_on']} 公开", "年度或类别与链文件不符")
    return link


def verify_identities(files: dict[str, bytes], document: dict[str, Any]) -> None:
    """Work every identity out from the amounts of the payload."""
    known = canonical(files["identities.json"])
    same = known["payload_sha256"] == sha256(files["disclosure.json"])
    check(same, "勾稽关系是这份内容的", "勾稽关系是另一份内容的")
    amounts = {
        f"{table['key']}-{r}-{c}": Decimal(cell.get("amount", "0"))
        for table in document["tables"]
        for r, row in enumerate(table.get("rows", ()), 1)
        for c, cell in enumerate(row["cells"], 1)
    }
    gaps = [(one, sum(n * amounts[cell] for cell, n in one["cells"].items())) for one in known["identities"]]
    broken = [(one, gap) for one, gap in gaps if gap]
    say("算得", f"勾稽关系 {len(gaps)} 条，不成立 {len(broken)} 条")
    for one, gap in broken:
        say("不等", f"{one['label'] or one['kind']}，相差 {gap}：{' '.join(one['cells'])}")


def verify(place: str) -> dict[str, Any]:
    """Verify one revision; its link of the chain, with whose it is."""
    files = files_at(place)
    document = canonical(files["disclosure.json"])["document"]
    print(f"{document['unit_name']} {document['year']} {place}")
    verify_files(files)
    link = verify_chain(files, document, Path(place).name)
    if "identities.json" in files:
        verify_identities(files, document)
    else:
        say("没有", "identities.json：这个版本公开时还没有，勾稽关系没有核验")
    return {**link, "unit": (document["region_code"], document["unit_code"])}


def main(arguments: list[str]) -> int:
    wanted = [each for each in arguments if HASH.fullmatch(each)]
    links: list[dict[str, Any]] = []
    for place in (each for each in arguments if each not in wanted):
        try:
            links.append(verify(place))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            check(False, "", f"{place} 不能读取：{error!r}")
    before = {(link["unit"], link["previous"]) for link in links}
    for missing in sorted({entry for _, entry in before} - {link["entry"] for link in links} - {"0" * 64}):
        say("没有", f"前一个版本，链从这里起核验：{missing}")
    check(len(before) == len(links), "链没有分叉", "链分叉，或同一个版本给了两次")
    for digest in wanted:
        known = any(link["payload_sha256"] == digest for link in links)
        check(known, f"给出的指纹有内容相符：{digest}", f"没有内容有这个指纹：{digest}")
    print(f"核验了 {len(links)} 个版本，{faults} 处不符")
    return int(faults > 0 or not links)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else __doc__)

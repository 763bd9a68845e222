#!/usr/bin/env python3
"""见证明账的检查点：保存最近一份，每次证明新的一份由它接续而来。只用 Python 自带的功能（3.8 以上）。

    python3 witness.py https://…/log/ 公钥 文件夹     公钥由网站的主办单位提供，文件夹在自己的电脑上
    python3 witness.py --key 名称 文件夹              为自己生成密钥，以后每次见证都签名（名称如 shenji.example.gov.cn）
第一个参数也可以是一个文件夹。保存的文件 checkpoint 请不要删除；不接续时，两份检查点都会留下，作为证据。
接续时退出码为 0，不接续或不能核对时为 1。格式：c2sp.org/tlog-tiles、tlog-checkpoint、tlog-cosignature。
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import sys
import time
from http.client import HTTPException
from pathlib import Path
from typing import Tuple  # noqa: UP035
from urllib.request import urlopen

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
WIDTH, HASH, MOST = 256, 32, 1 << 20
SIGNED, COSIGNED = b"\x01", b"\x04"


Point = Tuple[int, int, int, int]  # noqa: UP006 (3.8)


class Refused(Exception):
    """What does not hold, in words."""


# Ed25519 (RFC 8032, 5.1) over points (x, y, z, t).


def added(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = added(found, point)
        point, number = added(point, point), number >> 1
    return found


def point_of(content: bytes) -> Point:
    """The point of 32 bytes; Refused when there is none."""
    y, sign = int.from_bytes(content, "little") & (1 << 255) - 1, content[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * SQRT_M1 % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise Refused("公钥或签名不是 Ed25519 的")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def packed(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def number_of(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


def secrets_of(seed: bytes) -> tuple[int, bytes, bytes]:
    half = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(half[:32], "little") & (1 << 254) - 8 | 1 << 254
    return scalar, half[32:], packed(times(scalar, BASE))


def sign(seed: bytes, message: bytes) -> bytes:
    scalar, prefix, public = secrets_of(seed)
    nonce = number_of(prefix, message)
    first = packed(times(nonce, BASE))
    return first + ((nonce + number_of(first, public, message) * scalar) % ORDER).to_bytes(32, "little")


def good(public: bytes, signature: bytes, message: bytes) -> bool:
    number = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or number >= ORDER:
        return False
    hashed = times(number_of(signature[:32], public, message), point_of(public))
    return packed(times(number, BASE)) == packed(added(point_of(signature[:32]), hashed))


# Signed notes and their keys.


def key_of(text: str) -> tuple[str, bytes]:
    """Name and bytes of a public key, `name+hash+base64`, by which a log signs."""
    try:
        name, _, rest = text.strip().partition("+")
        key_hash, _, encoded = rest.partition("+")
        content = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Refused("公钥不能读取，请核对是否抄全") from None
    if len(content) != 33 or key_id(name, SIGNED, content[1:]).hex() != key_hash:
        raise Refused("公钥不能读取，请核对是否抄全")
    return name, content[1:]


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def opened(note: bytes, key: tuple[str, bytes]) -> tuple[bytes, int, bytes]:
    """Text, size and root of a checkpoint that the key signed."""
    name, public = key
    text, _, lines = note.rpartition(b"\n\n")
    text += b"\n"
    try:
        origin, count, encoded = text.decode().split("\n")[:3]
        found = [line.split(" ") for line in lines.decode().splitlines()]
        ours = [base64.b64decode(word[2]) for word in found if word[:2] == ["—", name] and len(word) == 3]
        size, root = int(count), base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Refused("不是检查点") from None
    if not lines.endswith(b"\n") or not any(
        o[:4] == key_id(name, SIGNED, public) and good(public, o[4:], text) for o in ours
    ):
        raise Refused(f"检查点不是由 {name} 签署，或被改动")
    if origin != name:
        raise Refused(f"检查点属于另一个网站（{origin}）")
    return text, size, root


# The tree: RFC 6962 hashes, read from tiles.


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def fetched(place: str, path: str) -> bytes:
    if not place.startswith(("http://", "https://")):
        return (Path(place) / path).read_bytes()
    with urlopen(f"{place.rstrip('/')}/{path}", timeout=60) as answer:  # noqa: S310
        return bytes(answer.read(MOST))


def subtree(place: str, size: int, low: int, high: int, kept: dict[str, bytes]) -> bytes:
    """The root of the full tree over the entries low to high, from the tile that holds its parts."""
    level = (high - low).bit_length() - 1
    row, step = level // 8, 1 << level // 8 * 8
    index, width = low // step // WIDTH, min(WIDTH, size // step - low // step // WIDTH * WIDTH)
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join(["tile", str(row), *(f"x{part}" for part in parts[:-1]), parts[-1]])
    name += "" if width == WIDTH else f".p/{width}"
    if name not in kept:
        kept[name] = fetched(place, name)
    if len(kept[name]) != width * HASH:
        raise Refused(f"{name} 被截短")
    first = low // step % WIDTH
    hashes = [kept[name][at * HASH : at * HASH + HASH] for at in range(first, first + (high - low) // step)]
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def roots(place: str, before: int, size: int) -> tuple[bytes, bytes]:
    """The roots of the first `before` entries and of all, worked out of the same hashes: RFC 6962, 2.1.2."""
    kept: dict[str, bytes] = {}
    left: list[bytes] = []

    def over(low: int, high: int) -> bytes:
        whole = high - low == 1 << (high - low).bit_length() - 1
        if whole and not low < before < high:
            found = subtree(place, size, low, high, kept)
            if high <= before:
                left.append(found)
            return found
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        return node_hash(over(low, middle), over(middle, high))

    now = over(0, size) if size else hashlib.sha256().digest()
    then = left.pop() if left else hashlib.sha256().digest()
    while left:
        then = node_hash(left.pop(), then)
    return then, now


def cosigned(text: bytes, seed_file: Path) -> bytes:
    """The line of our own signature with today's time; blank without a key."""
    if not seed_file.exists():
        return b""
    name, _, encoded = seed_file.read_text("utf-8").strip().partition("+")
    seed = base64.b64decode(encoded)
    moment = int(time.time())
    said = b"cosignature/v1\ntime %d\n" % moment + text
    content = key_id(name, COSIGNED, secrets_of(seed)[2]) + moment.to_bytes(8, "big") + sign(seed, said)
    return f"— {name} {base64.b64encode(content).decode()}\n".encode()


def replaced(file: Path, content: bytes) -> None:
    beside = file.with_name(f"{file.name}.new")
    beside.write_bytes(content)
    beside.replace(file)


def witness(place: str, key: tuple[str, bytes], folder: Path) -> str:
    """Prove that the log goes on from the checkpoint in the folder, then keep the new one there; in words."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "checkpoint"
    note = fetched(place, "checkpoint")
    text, size, root = opened(note, key)
    before, root_before = 0, hashlib.sha256().digest()
    if file.exists():
        _, before, root_before = opened(file.read_bytes(), key)
    try:
        if size < before:
            raise Refused(f"上次有 {before} 个版本，现在只有 {size} 个：记录被截短或回退")
        then, now = roots(place, before, size)
        if now != root:
            raise Refused("检查点与网站上的记录文件不符")
        if then != root_before:
            raise Refused(f"前 {before} 个版本与上次不同：历史被改写，或者向不同的人出示了不同的记录")
    except (Refused, OSError, HTTPException):
        replaced(folder / "checkpoint.otherwise", note)
        raise
    replaced(file, note + cosigned(text, folder / "witness.key"))
    return f"相符：{key[0]} 现有 {size} 个版本，" + (
        f"由上次的 {before} 个接续而来" if before else "第一次保存"
    )


def make_key(name: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    file, seed = folder / "witness.key", secrets.token_bytes(32)
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(f"{name}+{base64.b64encode(seed).decode()}\n", encoding="utf-8")
    public = secrets_of(seed)[2]
    told = base64.b64encode(COSIGNED + public).decode()
    return f"{name}+{key_id(name, COSIGNED, public).hex()}+{told}"


def main(arguments: list[str]) -> int:
    if len(arguments) != 3:
        print(__doc__)
        return 1
    first, second, folder = arguments
    try:
        print(
            make_key(second, Path(folder))
            if first == "--key"
            else witness(first, key_of(second), Path(folder))
        )
    except (Refused, OSError, ValueError, HTTPException) as fault:
        print(f"不符：{fault}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

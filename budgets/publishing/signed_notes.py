"""Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): a few lines of text that anybody can check.

ys.example.gov.cn/log          origin: the name of the log, and of its key
1834                           how many entries it has
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=         their root, base64

— ys.example.gov.cn/log Az3grl…                      four bytes of the key's hash and the Ed25519 signature, base64
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"  # the kind of key
PRIVATE = "PRIVATE+KEY+"
NAME = re.compile(r"[^\s+]+")
LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+=*)")


def _decoded(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("不是 base64") from error
    if _encoded(content) != text:  # bits beyond the last byte
        raise ValueError("不是 base64")
    return content


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key: `name+hash+base64`, as it is told to whoever verifies."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each of its signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_encoded(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """The key that is written so; ValueError, in Chinese, when it is none."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            content = _decoded(encoded)
        except ValueError:
            content = b""
        key = cls(name, content[1:])
        if content[:1] != ED25519 or len(content) != 33 or not NAME.fullmatch(name) or key.id.hex() != key_id:
            raise ValueError("公钥应写成“名称+8 位十六进制数+base64”，请核对是否抄全。")
        return key

    def signed(self, note: bytes) -> bool:
        """Whether the note carries a good signature of this key; other signatures do not matter."""
        try:
            text, lines = halves(note)
            found = [
                _decoded(match[2]) for match in map(LINE.fullmatch, lines) if match and match[1] == self.name
            ]
        except ValueError:
            return False
        return any(each[:4] == self.id and self._good(each[4:], text) for each in found)

    def _good(self, signature: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A key with its secret, kept in one line: `PRIVATE+KEY+name+hash+base64`."""

    name: str
    seed: bytes

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def __str__(self) -> str:
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{_encoded(ED25519 + self.seed)}"

    @classmethod
    def read(cls, text: str) -> "SigningKey":
        """The key that is written so; ValueError, in Chinese, when it is none."""
        name, _, rest = text.strip().removeprefix(PRIVATE).partition("+")
        encoded = rest.partition("+")[2]
        try:
            content = _decoded(encoded)
        except ValueError:
            content = b""
        key = cls(name, content[1:])
        if len(content) != 33 or not NAME.fullmatch(name) or str(key) != text.strip():
            raise ValueError("签名密钥文件应只有 checkpoint_key 生成的一行，现在不是。")
        return key

    def sign(self, text: bytes) -> bytes:
        """The note: the text, a blank line, the signature."""
        signature = _encoded(self.verifier.id + self._key.sign(text))
        return text + f"\n— {self.name} {signature}\n".encode()


def halves(note: bytes) -> tuple[bytes, list[str]]:
    """The text of a note, which is what is signed, and the lines of its signatures. ValueError when it is no note."""
    text, blank, signatures = note.rpartition(b"\n\n")
    if not blank or not signatures.endswith(b"\n"):
        raise ValueError("不是签名的文件")
    return text + b"\n", signatures.decode().splitlines()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log promises at one moment: so many entries, with this root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n".encode()

    @classmethod
    def read(cls, note: bytes) -> "Checkpoint":
        """The checkpoint of a note, whoever signed it; ValueError, in Chinese, when it is none."""
        try:
            origin, size, encoded, *_ = halves(note)[0].decode().split("\n")
            found = cls(origin, int(size), _decoded(encoded))
        except ValueError as error:
            raise ValueError("不是检查点，或被改动") from error
        if not halves(note)[0].startswith(found.text) or found.size < 0 or len(found.root) != 32:
            raise ValueError("不是检查点，或被改动")
        return found

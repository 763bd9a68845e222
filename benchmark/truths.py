"""Truth files: what is wrong in a document, written down and hashed before any checker runs."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TRUTH = HERE / "truth"
SUMS = TRUTH / "SHA256SUMS"


class Thawed(Exception):
    """A truth file or a document is not what was frozen; the message says which."""


@dataclass(frozen=True)
class Fault:
    """One fault: its kind, the rule of this engine that should tell it, the sentence or cell that it stands in, and its numbers.

    `numbers` are as a message may print them, each with alternatives: [["63.24%"], ["5.00万元", "50,000.00元"]]. `table` and `cell` are
    the key of a statutory table and an address as spreadsheets have them, blank for words.
    """

    kind: str
    rule: str
    sentence: str = ""
    table: str = ""
    cell: str = ""
    numbers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Truth:
    """What is known of one document; `document` is its path from the root of the repository.

    `kind` is budget, unit or final; `source` published or drawn.
    """

    document: str
    sha256: str
    region: str
    kind: str
    source: str
    table_set: str
    year: int
    faults: tuple[Fault, ...]

    @property
    def path(self) -> Path:
        return ROOT / self.document


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written(truth: Truth) -> bytes:
    """The bytes of a truth file."""
    return (json.dumps(asdict(truth), ensure_ascii=False, indent=1) + "\n").encode()


def read(file: Path) -> Truth:
    data: dict[str, Any] = json.loads(file.read_bytes())
    faults = tuple(
        Fault(**{**each, "numbers": tuple(tuple(one) for one in each["numbers"])})
        for each in data.pop("faults")
    )
    return Truth(**data, faults=faults)


def frozen() -> Iterator[Truth]:
    """The truth files in order, each with its document as it was frozen. Raises Thawed where either was changed since."""
    lines = [line.split("  ") for line in SUMS.read_text(encoding="utf-8").splitlines()]
    sums = {name: digest_ for digest_, name in lines}
    files = sorted(TRUTH.glob("*.json"))
    if {file.name for file in files} != sums.keys():
        raise Thawed("SHA256SUMS and the truth files do not name the same documents; freeze them first")
    for file in files:
        if digest(file.read_bytes()) != sums[file.name]:
            raise Thawed(f"{file.name} was changed after it was frozen")
        truth = read(file)
        if digest(truth.path.read_bytes()) != truth.sha256:
            raise Thawed(f"{truth.document} is not the document that {file.name} speaks of")
        yield truth


def freeze() -> str:
    """Write SHA256SUMS over the truth files; the hash of that, which a report names."""
    lines = [f"{digest(file.read_bytes())}  {file.name}\n" for file in sorted(TRUTH.glob("*.json"))]
    SUMS.write_text("".join(lines), encoding="utf-8")
    return seal()


def seal() -> str:
    """The hash of what is frozen."""
    return digest(SUMS.read_bytes())[:16]

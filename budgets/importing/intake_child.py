"""The child process: a file comes in, what it says goes out, within limits of memory and time.

First a line of JSON with what was asked, then the bytes of the file. Out comes a line of JSON for each page of a PDF,
then one with what was taken in or with the sentence that refuses the file.
"""

import json
import sys
from io import BytesIO
from typing import IO, Any

from budgets.confined.children import Say, confine, speaker
from budgets.domain.classification import Subject, Subjects
from budgets.domain.codec import decode
from budgets.domain.findings import Limits
from budgets.domain.ledgers import Ledger
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.pdf_child import STOPPED
from budgets.importing.taken import dumps

CPU_SECONDS = 9  # a PDF is read in a child of this one, with its own
ADDRESS_SPACE = 448 << 20  # bytes, four times what nine sheets take


def limit() -> None:
    """No more memory and time than a real disclosure takes."""
    confine(ADDRESS_SPACE, CPU_SECONDS)


def answer(stream: IO[bytes], say: Say) -> dict[str, Any]:
    """What to say of the file in the stream."""
    header = json.loads(stream.readline())
    content = stream.read()
    name, previous = header["name"], header["previous"]
    if len(content) != header["size"]:
        return {}
    try:
        taken = take_in(
            BytesIO(content),
            name=name,
            subjects=Subjects(decode(Subject, each) for each in header["subjects"]),
            previous=decode(Ledger, previous) if previous else None,
            limits=decode(Limits, header["limits"]),
            glyphs=missing_glyphs,
            progress=lambda done, of: say({"done": done, "of": of}),
            **header["asked"],
        )
    except Unreadable as refusal:
        return {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        return {"refused": f"文件“{name}”{STOPPED}"}
    return {"taken": dumps(taken)}


def main() -> None:
    say = speaker()
    limit()
    say(answer(sys.stdin.buffer, say))


if __name__ == "__main__":
    main()

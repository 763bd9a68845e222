"""The child process that takes in a file, within limits of memory and time."""

import resource
from io import BytesIO

from budgets.confined.frames import Head
from budgets.confined.serving import Answer, Limits, Refused, Say, limit_cpu, serve, used
from budgets.domain import findings
from budgets.domain.classification import Subject, Subjects
from budgets.domain.codec import decode
from budgets.domain.ledgers import Ledger
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.importing.taken import dumps

CPU_SECONDS = 20  # three times what a file of 1,000 items takes; a PDF is read in a child of this one
FILE_SECONDS = 40  # of CPU, for any file, with what that child took of them
ADDRESS_SPACE = 448 << 20  # bytes, four times what nine sheets take


def work(head: Head, blobs: list[bytes], say: Say) -> Answer:
    """What the file in the only blob says. Raises Refused."""
    try:
        source = read(BytesIO(blobs[0]), head["name"], say)
        limit_cpu(min(CPU_SECONDS, FILE_SECONDS - used(resource.RUSAGE_CHILDREN)) - used())
        taken = take_in(
            source,
            subjects=Subjects(decode(Subject, each) for each in head["subjects"]),
            previous=decode(Ledger, head["previous"]) if head["previous"] else None,
            limits=decode(findings.Limits, head["limits"]),
            glyphs=missing_glyphs,
            **head["asked"],
        )
    except Unreadable as refusal:
        raise Refused(str(refusal)) from refusal
    return {"taken": dumps(taken)}, []


def main() -> None:
    serve(lambda: work, Limits(ADDRESS_SPACE, CPU_SECONDS))


if __name__ == "__main__":
    main()

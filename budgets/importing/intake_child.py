"""The child process that takes in a file, within limits of memory and time."""

import gc
import logging
from io import BytesIO
from typing import Any

from budgets.confined.frames import Head
from budgets.confined.serving import Answer, Limits, Refused, Say, Work, serve
from budgets.domain import findings
from budgets.domain.classification import Subject, Subjects
from budgets.domain.codec import decode, encode
from budgets.domain.ledgers import Ledger
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing.belonging import belongs
from budgets.importing.exports.export_layouts import ExportLayout
from budgets.importing.exports.export_surveys import survey
from budgets.importing.pipeline import take_in
from budgets.importing.reading.archives import unpack
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.importing.rosters.roster_books import read_book
from budgets.importing.taken import dumps

CPU_SECONDS = 40  # for a file of any kind, five times what 1,000 items take
ADDRESS_SPACE = 448 << 20  # bytes, four times what nine sheets or a PDF of thirty pages take


def work(head: Head, blobs: list[bytes], say: Say) -> Answer:
    """What the file in the only blob says; with `survey` what it says as an export under that layout, with
    `roster` what it says as a list of that kind, with `belongs` of itself alone, with `unpack` the files
    of an archive. Raises Refused."""
    try:
        if "roster" in head:
            return {"roster": encode(read_book(head["name"], blobs[0], head["roster"]))}, []
        if "unpack" in head:
            files = unpack(head["name"], blobs[0])
            return {"names": [name for name, _ in files]}, [content for _, content in files]
        if "belongs" in head:
            return {"belongs": encode(belongs(read(BytesIO(blobs[0]), head["name"], say, read_pdf)))}, []
        if "survey" in head:
            source = read(BytesIO(blobs[0]), head["name"], say, read_pdf)
            subjects = Subjects(decode(Subject, each) for each in head["subjects"])
            return {"survey": encode(survey(source, decode(ExportLayout, head["survey"]), subjects))}, []
        taken = take_in(
            read(BytesIO(blobs[0]), head["name"], say, read_pdf),
            subjects=Subjects(decode(Subject, each) for each in head["subjects"]),
            previous=decode(Ledger, head["previous"]) if head["previous"] else None,
            limits=decode(findings.Limits, head["limits"]),
            glyphs=missing_glyphs,
            **head["asked"],
        )
    except Unreadable as refusal:
        raise Refused(str(refusal)) from refusal
    return {"taken": dumps(taken)}, []


def read_pdf(*asked: Any) -> Any:
    """The blocks of a PDF, read in this process, which is confined already; its parser is loaded only for a PDF."""
    from budgets.importing.reading.pdf.__main__ import read_here

    return read_here(*asked)


def start() -> Work:
    gc.disable()  # one file and the process ends: what goes round in circles goes with it
    logging.disable()  # a hostile file makes a parser complain without end
    return work


def main() -> None:
    serve(start, Limits(ADDRESS_SPACE, CPU_SECONDS))


if __name__ == "__main__":
    main()

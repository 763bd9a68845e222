"""Content controls of a narrative that the portal wrote: headings of chapters, and references behind their words."""

from itertools import islice
from typing import Any

from docx.oxml.ns import qn

from budgets.forms.word_tags import chapter_of, reference_of
from budgets.importing.reading.docx_styles import value


def chapter_headed(paragraph: Any) -> str:
    """The key of the chapter that a paragraph heads; blank for every other paragraph."""
    controls = list(paragraph.iter(qn("w:sdt")))
    around = next(paragraph.iterancestors(qn("w:sdt")), None)
    if around is not None and len(list(islice(around.iter(qn("w:p")), 2))) == 1:
        controls.append(around)  # some programs put the control around its paragraph
    return next((key for control in controls if (key := chapter_of(_tag(control)))), "")


def references_in(paragraph: Any) -> dict[Any, str]:
    """What is read in place of the texts of unchanged references: the reference at the first, nothing at the others."""
    found: dict[Any, str] = {}
    for control in paragraph.iter(qn("w:sdt")):
        texts = list(control.iter(qn("w:t")))
        reference = reference_of(_tag(control), "".join(text.text or "" for text in texts)) if texts else ""
        if reference and not any(text in found for text in texts):
            found |= {text: reference if n == 0 else "" for n, text in enumerate(texts)}
    return found


def _tag(control: Any) -> str:
    about = control.find(qn("w:sdtPr"))
    return value(about, "w:tag") if about is not None else ""

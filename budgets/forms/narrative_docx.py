"""The narrative as a Word file: headings by the official numbering, references as their printed words in content controls."""

from io import BytesIO
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from budgets.domain.documents import Document, Paragraph
from budgets.domain.ledgers import Ledger
from budgets.domain.paragraphs import TABLE
from budgets.domain.printed_references import REFERENCE, lines_beside, references, typed_lines
from budgets.domain.tables import TableSet
from budgets.forms.word_tags import LONGEST_TAG, chapter_tag, reference_tag
from budgets.rendering.fixed_archives import NEVER, with_fixed_times
from budgets.rendering.workbook.worksheets import legal

FACES = {"Normal": ("宋体", 12), "Title": ("黑体", 18)} | {
    f"Heading {n}": ("黑体", 16 - 2 * n) for n in (1, 2, 3, 4)
}
SHADE = "E8EEF7"  # behind the words of a reference
HERE = "（此处印附表：{title}）"


def narrative_docx(table_set: TableSet, ledger: Ledger, document: Document) -> bytes:
    """The bytes of the file; `document` is the ledger's. Handed in again unchanged it says what the draft says.

    A reference is a content control around its words, and so is a chapter's heading: while the words are as they were
    it comes back as the reference. One whose name is too long for a control stands as it is typed.
    """
    file = docx.Document()
    _set_up(file, f"{ledger.unit_name}{document.title}", ledger.unit_name)
    file.add_paragraph(legal(document.narrative_title), style="Title")
    if document.lead:
        file.add_paragraph(legal(document.lead))
    titles = {annex.key: annex.title for annex in table_set.annexes}
    printed = {chapter.key: chapter for chapter in document.chapters}
    for narrative in ledger.narratives:
        chapter = printed[narrative.key]
        words = f"{chapter.number}、{narrative.title}" if chapter.number else narrative.title
        heading = file.add_paragraph(style="Heading 1")
        _control(heading, words, chapter_tag(narrative.key), f"章：{narrative.title}", shaded=False)
        plain = [(line, Paragraph(line)) for line in typed_lines(narrative.text)]
        for line, paragraph in lines_beside(narrative.text, chapter) or plain:
            level = paragraph.level
            target = file.add_paragraph(style=f"Heading {level}" if level else "Normal")
            anchor = TABLE.fullmatch(line)
            if anchor and anchor[1] in titles:
                shown = HERE.format(title=titles[anchor[1]].replace("{n}、", "").format_map(_Named(ledger)))
                _write(target, line, [(f"表：{anchor[1]}", shown)])
            else:
                _write(target, line, references(line, paragraph.text))
    out = BytesIO()
    file.save(out)
    return with_fixed_times(out.getvalue())


class _Named(dict[str, str]):
    """The words of a caption's names; one that only a record has is shown as it is."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(year=str(ledger.year), unit_name=ledger.unit_name, project="各项目")

    def __missing__(self, name: str) -> str:
        return ""


def _set_up(file: Any, title: str, owner: str) -> None:
    """Names of the file that say nothing of a clock or program, and Chinese faces."""
    properties = file.core_properties
    properties.title, properties.author = legal(title), legal(owner)
    properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = NEVER
    for name, (face, size) in FACES.items():
        font = file.styles[name].font
        font.name, font.size = face, Pt(size)
        faces = file.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            faces.attrib.pop(qn(f"w:{theme}"), None)
        faces.set(qn("w:eastAsia"), face)


def _write(paragraph: Any, line: str, known: list[tuple[str, str]]) -> None:
    """A line, each known reference as its words."""
    waiting = list(known)
    at = 0
    for found in REFERENCE.finditer(line):
        if not waiting or waiting[0][0] != found[1]:
            continue
        name, words = waiting.pop(0)
        tag = reference_tag(name, words)
        paragraph.add_run(legal(line[at : found.start()]))
        _control(paragraph, words if tag else found[0], tag, f"引用：{name}")
        at = found.end()
    paragraph.add_run(legal(line[at:]))


def _control(paragraph: Any, words: str, tag: str, name: str, *, shaded: bool = True) -> None:
    """Words in a content control of that tag; without a tag plain words."""
    run = paragraph.add_run(legal(words))
    if not tag:
        return
    if shaded:
        shade = OxmlElement("w:shd")
        for attribute, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
            shade.set(qn(f"w:{attribute}"), value)
        run._r.get_or_add_rPr().append(shade)
    control, about, content = (OxmlElement(f"w:{part}") for part in ("sdt", "sdtPr", "sdtContent"))
    for part, value in (("alias", legal(name)[:LONGEST_TAG]), ("tag", tag)):
        element = OxmlElement(f"w:{part}")
        element.set(qn("w:val"), value)
        about.append(element)
    about.append(OxmlElement("w:text"))
    run._r.addprevious(control)
    content.append(run._r)
    control.append(about)
    control.append(content)

"""The narrative as a Word file comes back as it went out: chapters, sentences, references."""

import io
import random
from copy import deepcopy
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.ledgers import Ledger, Narrative
from budgets.forms.narrative_docx import narrative_docx
from budgets.forms.word_tags import chapter_of, chapter_tag, reference_of, reference_tag
from budgets.importing.comparing.reports import Part
from budgets.importing.taken import Taken
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.handed_in import handed_in

SETS = tablesets.SETS.values()
ODD = (
    "一、这一行像一章的标题",
    "（一）部门职责",
    "1、项目甲",
    "=1+1",
    "尖括号<w:t>&amp;与引号\"'",
    "不是引用的 [[没有这个数]] 照原样。",
    "两次引用[[收入总计]]和[[收入总计]]；以及[[本年支出]]。",
    "二〇二三年，[[收入总计]]",
    "没有句号的一行",
)


def drawn(seed: int, table_set) -> Ledger:
    """A drawn disclosure whose chapters have odd lines, too; one is empty and one has a title of its own."""
    chance = random.Random(seed)
    ledger = random_ledger(seed, table_set, region=("130225", "某县"), unit=("483", "某局"))
    annexes = {word.key: word.annexes for word in table_set.chapters}
    narratives = []
    for narrative in ledger.narratives:
        lines = narrative.text.splitlines()
        for _ in range(chance.randint(0, 4)):
            lines.insert(chance.randint(0, len(lines)), chance.choice(ODD))
        lines += [f"[[表：{key}]]" for key in annexes[narrative.key] if chance.random() < 0.5]
        narratives.append(replace(narrative, text="\n".join(lines)))
    narratives[2] = replace(narratives[2], text="")
    narratives.append(Narrative("chapter_9", "本部门自己的一章", "其中[[收入总计]]。"))
    return replace(ledger, narratives=tuple(narratives))


def written(ledger: Ledger) -> bytes:
    table_set = tablesets.get(ledger.table_set)
    return narrative_docx(table_set, ledger, compose(table_set, ledger, subjects_of(ledger.year)))


def taken(content: bytes, table_set) -> Taken:
    return handed_in(content, "情况说明.docx", table_set)


def texts(ledger: Ledger) -> dict[str, tuple[str, list[str]]]:
    return {each.key: (each.title, each.text.splitlines()) for each in ledger.narratives}


@pytest.mark.sweep(3, 25)
@pytest.mark.parametrize("table_set", SETS, ids=lambda s: s.key)
@pytest.mark.parametrize("seed", range(20))
def test_unchanged_it_says_what_the_draft_says(seed, table_set):
    ledger = drawn(seed, table_set)
    found = taken(written(ledger), table_set)
    assert found.parts == {Part.NARRATIVES}
    assert texts(found.ledger) == texts(ledger)
    assert [entry for entry in found.unread if "页" not in entry.sheet] == []


@pytest.mark.parametrize("table_set", SETS, ids=lambda s: s.key)
def test_its_words_are_those_that_print(table_set):
    ledger = drawn(1, table_set)
    first = replace(ledger.narratives[0], text="\n".join(ODD))
    ledger = replace(ledger, narratives=(first, *ledger.narratives[1:]))
    document = compose(table_set, ledger, subjects_of(2023))
    figure = document.figures[0]
    file = docx.Document(io.BytesIO(written(ledger)))
    text = "\n".join("".join(t.text for t in p._p.iter(qn("w:t"))) for p in file.paragraphs)
    assert f"{figure.amount:.2f}{figure.unit}" in text
    assert "[[收入总计]]" not in text and "[[没有这个数]]" in text
    assert {p.style.name for p in file.paragraphs} >= {"Title", "Heading 1", "Heading 2", "Normal"}


def changed(content: bytes, old: str, new: str) -> bytes:
    """The file with these words in one of its references typed anew."""
    file = docx.Document(io.BytesIO(content))
    element = next(t for t in file.element.body.iter(qn("w:t")) if t.text == old)
    element.text = new
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_reference_that_was_typed_over_comes_back_as_what_was_typed():
    table_set = tablesets.get("hebei_2023")
    ledger = drawn(1, table_set)
    ledger = replace(ledger, narratives=(replace(ledger.narratives[1], text="收入总计[[收入总计]]。"),))
    figure = compose(table_set, ledger, subjects_of(2023)).figures[0]
    words = f"{figure.amount:.2f}{figure.unit}"
    (narrative,) = taken(changed(written(ledger), words, "1.00万元"), table_set).ledger.narratives
    assert narrative.text == "收入总计1.00万元。"


def test_a_heading_typed_anew_does_not_swallow_its_chapter():
    table_set = tablesets.get("hebei_2023")
    ledger = drawn(1, table_set)
    file = docx.Document(io.BytesIO(written(ledger)))
    control = next(c for c in file.element.body.iter(qn("w:sdt")) if tag_of(c) == chapter_tag("overview"))
    paragraph = control.getparent()
    paragraph.remove(control)
    next(p for p in file.paragraphs if p._p is paragraph).add_run("二、部门预算安排的总体情况")
    out = io.BytesIO()
    file.save(out)
    assert texts(taken(out.getvalue(), table_set).ledger) == texts(ledger)


@pytest.mark.parametrize(
    "tag", ["mz-chapter:", "mz-chapter:../x", "mz-ref:#", "mz-ref:收入#00000000", "", "x" * 99]
)
def test_tags_of_others_mean_nothing(tag):
    assert (chapter_of(tag), reference_of(tag, "12")) == ("", "")


def test_a_tag_is_known_by_its_words():
    tag = reference_tag("收入总计", "1.00万元")
    assert reference_of(tag, "1.00万元") == "[[收入总计]]"
    assert reference_of(tag, "1.01万元") == ""
    assert reference_tag("长" * 60, "1") == ""


def test_the_same_bytes_every_time():
    ledger = drawn(1, tablesets.get("hebei_2023"))
    assert written(ledger) == written(ledger)


def test_a_control_around_its_whole_paragraph_is_known_too():
    """As some programs save it: the control goes around the paragraph instead of into it."""
    table_set = tablesets.get("hebei_2023")
    ledger = drawn(2, table_set)
    file = docx.Document(io.BytesIO(written(ledger)))
    moved = 0
    for control in list(file.element.body.iter(qn("w:sdt"))):
        paragraph, run = control.getparent(), control.find(qn("w:sdtContent"))[0]
        if chapter_of(tag_of(control)):
            paragraph.addprevious(control)
            content = control.find(qn("w:sdtContent"))
            paragraph.append(run)
            content.append(paragraph)
            moved += 1
    out = io.BytesIO()
    file.save(out)
    assert moved == len(ledger.narratives)
    assert texts(taken(out.getvalue(), table_set).ledger) == texts(ledger)


def tag_of(control) -> str:
    return control.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val"))


def test_controls_in_controls_are_read_once():
    """A file made to look like ours: however its controls lie in each other, no text is read twice or lost."""
    table_set = tablesets.get("hebei_2023")
    ledger = drawn(1, table_set)
    file = docx.Document(io.BytesIO(written(ledger)))
    control = next(c for c in file.element.body.iter(qn("w:sdt")) if not chapter_of(tag_of(c)))
    inner = control
    for _ in range(60):
        copy = deepcopy(control)
        holder = copy.find(qn("w:sdtContent"))
        for child in list(holder):
            holder.remove(child)
        inner.addprevious(copy)
        holder.append(inner)
        inner = copy
    out = io.BytesIO()
    file.save(out)
    assert texts(taken(out.getvalue(), table_set).ledger) == texts(ledger)

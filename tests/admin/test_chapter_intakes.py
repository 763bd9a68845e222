"""Chapters out as a Word file and in again: nothing before it is confirmed, chapter by chapter, nobody's work overwritten."""

from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx.oxml.ns import qn

from budgets import ledger, tablesets
from budgets.models import Intake
from tests.admin.test_draft_files import a_drawn_draft, address, file_of
from tests.makers.disclosures import a_department, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(a_person("accountant", department=a_department()))
    return client


def edited(content: bytes, *changes: tuple[str, str], tags: bool = True) -> bytes:
    """The file with words replaced in the texts that hold them; without `tags` as a program leaves it that knows no controls."""
    file = docx.Document(BytesIO(content))
    if not tags:
        for control in list(file.element.body.iter(qn("w:sdt"))):
            for run in list(control.find(qn("w:sdtContent"))):
                control.addprevious(run)
            control.getparent().remove(control)
    for old, new in changes:
        element = next(t for t in file.element.body.iter(qn("w:t")) if t.text and old in t.text)
        element.text = element.text.replace(old, new, 1)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def handed_in(client, disclosure, content: bytes):
    """The page on which the file is looked at."""
    client.post(address(disclosure, "intake"), {"file": SimpleUploadedFile("情况说明.docx", content)})
    intake = Intake.objects.filter(confirmed_at=None).latest("pk")
    url = reverse("admin:budgets_disclosure_intake_file", args=[disclosure.pk, intake.pk])
    return url, client.get(url)


def posted(page, *keys: str) -> dict[str, str]:
    """What the page's form sends with these chapters ticked, all that changed unless given."""
    chapters = page.context["chapters"]
    ticked = keys or [offer.key for offer, _ in chapters if offer.changed]
    return {f"version-{offer.key}": version for offer, version in chapters} | {
        f"take-{key}": "on" for key in ticked
    }


def texts(disclosure) -> dict[str, str]:
    return {n.key: n.text for n in ledger.read(disclosure).narratives}


@pytest.mark.sweep(1, 3)
@pytest.mark.parametrize("tags", [True, False])
@pytest.mark.parametrize("key", tablesets.SETS)
def test_unchanged_it_changes_nothing_with_and_without_controls(desk, key, tags):
    disclosure = a_drawn_draft(5, key)
    _, page = handed_in(desk, disclosure, edited(file_of(desk, disclosure, "draft_words"), tags=tags))
    assert not page.context["changed"] and "没有不同" in page.content.decode()
    assert {offer.key: offer.text for offer, _ in page.context["chapters"]} == texts(disclosure)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("key", tablesets.SETS)
def test_what_changed_is_shown_saved_and_undone(desk, key):
    disclosure = a_drawn_draft(5, key)
    before = texts(disclosure)
    first = next(iter(before))
    sentence = before[first].splitlines()[1]
    content = edited(file_of(desk, disclosure, "draft_words"), (sentence, "这是新写的一句，<b>原样</b>。"))
    url, page = handed_in(desk, disclosure, content)
    words = page.content.decode()
    assert texts(disclosure) == before
    assert "<del>" in words and "&lt;b&gt;原样" in words and "<b>原样" not in words
    changed = [offer.key for offer, _ in page.context["chapters"] if offer.changed]
    assert changed == [first]
    assert desk.post(url, posted(page)).status_code == 302
    after = texts(disclosure)
    assert after == before | {first: before[first].replace(sentence, "这是新写的一句，<b>原样</b>。", 1)}
    assert "[[" in after[first]
    history = desk.get(address(disclosure, "history")).content.decode()
    assert "情况说明" in history and "导入文件" in history
    report = desk.get(url)
    assert report.context["undoable"]
    desk.post(url, {"undo": "1"})
    assert texts(disclosure) == before


@pytest.mark.slow
def test_a_chapter_that_somebody_saved_meanwhile_is_left_to_them(desk):
    disclosure = a_drawn_draft(5, "hebei_2023")
    before = texts(disclosure)
    first, second = list(before)[:2]
    one, two = (before[key].splitlines()[-1] for key in (first, second))
    file = docx.Document(BytesIO(file_of(desk, disclosure, "draft_words")))
    for word in ("overview", "organization"):
        heading = next(p for p in file.paragraphs if f"mz-chapter:{word}" in p._p.xml)
        following = file.paragraphs[[p._p for p in file.paragraphs].index(heading._p) + 1]
        following.add_run("文件里加的一句。")
    out = BytesIO()
    file.save(out)
    url, page = handed_in(desk, disclosure, out.getvalue())
    form = posted(page)
    disclosure.narratives.filter(key="overview").update(text="别人写的。")
    answer = desk.post(url, form)
    assert answer.status_code == 409 and "别人先保存了" in answer.content.decode()
    after = texts(disclosure)
    assert after["overview"] == "别人写的。" and "文件里加的一句。" in after["organization"]
    assert Intake.objects.latest("pk").confirmed_at is None
    assert desk.post(url, posted(answer)).status_code == 302
    assert "文件里加的一句。" in texts(disclosure)["overview"]
    assert one and two


def test_with_nothing_ticked_nothing_is_saved(desk):
    disclosure = a_drawn_draft(5, "hebei_2023")
    before = texts(disclosure)
    sentence = next(iter(before.values())).splitlines()[1]
    url, page = handed_in(
        desk, disclosure, edited(file_of(desk, disclosure, "draft_words"), (sentence, "改。"))
    )
    answer = desk.post(url, {k: v for k, v in posted(page).items() if k.startswith("version")})
    assert answer.status_code == 409 and "没有选中" in answer.content.decode()
    assert texts(disclosure) == before


def test_a_reference_typed_over_is_told(desk):
    disclosure = a_drawn_draft(5, "hebei_2023")
    content = file_of(desk, disclosure, "draft_words")
    file = docx.Document(BytesIO(content))
    words = next(
        t.text
        for c in file.element.body.iter(qn("w:sdt"))
        if "mz-ref" in c.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val"))
        for t in c.iter(qn("w:t"))
    )
    _, page = handed_in(desk, disclosure, edited(content, (words, "1.00万元")))
    assert "成为固定文字" in page.content.decode()
    lost = [name for offer, _ in page.context["chapters"] for name in offer.lost_references]
    assert len(lost) == 1


def test_another_person_does_not_see_it(desk, client):
    disclosure = a_drawn_draft(5, "hebei_2023")
    url, _ = handed_in(desk, disclosure, file_of(desk, disclosure, "draft_words"))
    client.force_login(a_person("accountant", department=a_department("484", "另一局")))
    assert client.get(url).status_code == 404

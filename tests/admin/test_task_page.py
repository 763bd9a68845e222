"""The task page: what is left first, quiet until something was typed, each finding once, under the part that mends it."""

from datetime import date

import pytest

from budgets.models import Disclosure, Explanation
from budgets.workflow.drafts import draft_of
from budgets.workflow.starting import start
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, an_open_year, some_subjects

from .forms import enter, fields, of

pytestmark = pytest.mark.django_db
SETS = ["hebei_2023", "shanghai_2023"]


def step(page, key):
    """A step that the page offers."""
    return next(each for each in page.context["steps"] if each.key == key)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", SETS)
def test_nothing_is_wrong_before_something_was_typed(client, table_set):
    some_subjects()
    an_open_year(2023, table_set)
    disclosure = start(a_department(), 2023, by=a_person("accountant"))
    enter(client, "accountant")
    page = client.get(of(disclosure, "change"))
    desk = page.context["desk"]
    assert desk.left and draft_of(disclosure).errors
    assert "bad" not in {task.state[1] for task in desk.tasks} | {note.tone for note in desk.notes}
    assert 'class="state bad"' not in page.text
    assert f"还差 {len(desk.left)} 件事" in page.text
    basics = of(disclosure, "basics")
    client.post(basics, fields(client.get(basics)) | {"contact": "0315-1234567"})
    page = client.get(of(disclosure, "change"))
    assert "bad" in {task.state[1] for task in page.context["desk"].tasks}
    assert 'class="state bad"' in page.text


@pytest.mark.slow
def test_each_finding_stands_once_under_the_part_that_mends_it(client):
    disclosure = a_sound_disclosure(approved_on=None, assets_as_of=date(2022, 6, 30))
    Explanation.objects.all().delete()
    enter(client, "accountant")
    page = client.get(of(disclosure, "change"))
    desk = page.context["desk"]
    placed = [note.finding.key for task in desk.tasks for note in task.notes]
    assert sorted(placed) == sorted(note.finding.key for note in desk.notes)
    assert page.text.count('<article class="finding') == len(placed) > 2
    for task in desk.tasks:
        assert task.key == "rest" or all(note.links[0].task == task.key for note in task.notes if note.links)
    left = [task.key for task in desk.left]
    assert left[0] == "basics" and left == [
        task.key for task in desk.tasks if {n.finding.key for n in task.notes} & desk.blockers
    ]


def test_submitting_is_the_main_button_only_when_it_can_be_pressed(client):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    page = client.get(of(disclosure, "change"))
    assert step(page, "submit").tone == "" and "都已处理，可以提交" in page.text
    Explanation.objects.all().delete()
    page = client.get(of(disclosure, "change"))
    assert step(page, "submit").tone == "quiet" and "做完才能提交" in page.text


@pytest.mark.slow
def test_what_is_no_explanation_stays_beside_its_field(client):
    disclosure = a_sound_disclosure(assets_as_of=date(2022, 6, 30))
    Explanation.objects.all().delete()
    enter(client, "accountant")
    hub = client.get(of(disclosure, "change"))
    first, second = (note for note in hub.context["desk"].notes if note.explainable)
    assert "这句话随公开件公布" in hub.text
    typed = {
        f"text-{first.field}": "无",
        f"public-{first.field}": "on",
        f"text-{second.field}": "当年已核对。",
    }
    shown = fields(hub)
    del shown[f"public-{second.field}"]
    page = client.post(of(disclosure, "explain"), shown | typed)
    kept = fields(page)
    assert page.status_code == 200 and kept[f"text-{first.field}"] == "无"
    assert f"public-{first.field}" in kept and f"public-{second.field}" not in kept
    assert kept[f"text-{second.field}"] == "当年已核对。"
    assert f'aria-describedby="e-{first.field}"' in page.text and "<details" in page.text
    (task,) = (task for task in page.context["desk"].tasks if task.unfolded)
    assert f'<details id="n-{task.key}" open>' in page.text
    client.post(of(disclosure, "explain"), kept | {f"text-{first.field}": "数字经过核对，情况属实。"})
    assert Explanation.objects.count() == 2 and Explanation.objects.filter(public=True).count() == 1


def test_words_that_met_anothers_saving_stay_in_their_fields(client):
    disclosure = a_sound_disclosure(assets_as_of=date(2022, 6, 30))
    Explanation.objects.all().delete()
    enter(client, "accountant")
    hub = client.get(of(disclosure, "change"))
    first, second = (note for note in hub.context["desk"].notes if note.explainable)
    opened = fields(hub)
    client.post(of(disclosure, "explain"), opened | {f"text-{first.field}": "先保存的一句说明。"})
    page = client.post(of(disclosure, "explain"), opened | {f"text-{second.field}": "后保存的一句说明。"})
    assert page.status_code == 409 and fields(page)[f"text-{second.field}"] == "后保存的一句说明。"


@pytest.mark.sweep(1)
@pytest.mark.parametrize("key", ["basics", "chapter", "goals"])
def test_a_finding_is_seen_and_vanishes_on_the_page_that_mends_it(client, key):
    disclosure = a_sound_disclosure(assets_as_of=date(2022, 6, 30))
    Explanation.objects.filter(rule__contains="asset").delete()
    enter(client, "accountant")
    url = of(disclosure, key, *(["overview"] if key == "chapter" else []))
    page = client.get(url)
    assert page.text.count("整份还差 1 件事") == 1
    assert f"这一页有 {page.context['here']['found']} 条检查结果" in page.text or key != "basics"
    assert (page.text.count('<article class="finding') > 0) == (key == "basics")
    if key == "basics":
        client.post(url, fields(page) | {"assets_as_of": "2022-12-31"})
        page = client.get(url)
        assert '<article class="finding' not in page.text and "整份都已处理，可以提交" in page.text


def test_a_refused_form_is_not_checked_as_if_it_were_saved(client):
    disclosure = a_sound_disclosure(approved_on=None)
    enter(client, "accountant")
    url = of(disclosure, "basics")
    data = fields(client.get(url)) | {"approved_on": "2023-02-01", "assets_as_of": "昨天"}
    page = client.post(url, data)
    assert "没有保存" in page.text and '<article class="finding' in page.text
    assert Disclosure.objects.get().approved_on is None


def test_a_preview_is_one_click_from_every_page(client):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    pages = [
        ("change",),
        ("enter", "revenue"),
        ("chapter", "overview"),
        ("goals",),
        ("basics",),
        ("wording",),
    ]
    for name, *more in pages:
        text = client.get(of(disclosure, name, *more)).text
        assert f'href="{of(disclosure, "preview")}"' in text, name
        assert f'action="{of(disclosure, "preview_pdf")}"' in text, name


def test_the_pdf_opens_by_itself_once_it_is_made(client, no_pdf, monkeypatch):
    from budgets.workflow import background

    monkeypatch.setattr(background, "render_pdf", lambda html, **options: b"%PDF-1.7")
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    url = of(disclosure, "preview_pdf")
    waiting = client.post(url)
    assert waiting.url == f"{url}?open=1"
    opened = client.get(waiting.url)
    job = disclosure.jobs.get()
    assert opened.url == of(disclosure, "preview_file", job.pk)
    assert client.get(url).status_code == 200  # a page that is only looked at leads nowhere by itself

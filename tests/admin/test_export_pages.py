"""The bureau maps its export once; then a department drops its file and has its tables."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets import ledger, tablesets
from budgets.domain.codec import decode
from budgets.importing.exports.export_layouts import ExportLayout
from budgets.models import AuditPending, Disclosure, ExportMapping, Intake
from budgets.synthetic.draws import random_facts
from budgets.workflow.export_mapping import layout_for
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_region
from tests.makers.exports import LAYOUTS, book, told

pytestmark = pytest.mark.django_db
ADDRESS = reverse("admin:exports_year", args=[2023])


@pytest.fixture
def bureau(client):
    client.force_login(a_person("bureau_administrator", region=a_region()))
    return client


def sample(content: bytes, name: str = "导出.xlsx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


def chosen(page, layout: ExportLayout) -> dict[str, str]:
    """What somebody picks who knows the layout: of each heading and each value on the page."""
    posted = {"layout": "1"}
    known = {sheet.headings: sheet for sheet in layout.sheets}
    for n, (_, columns) in enumerate(page.context["sheets"]):
        sheet = known[tuple(column["heading"] for column in columns)]
        for c, column in enumerate(sheet.columns):
            posted |= {
                f"holds-{n}-{c}": column.holds,
                f"tells-{n}-{c}": column.tells.value,
                f"means-{n}-{c}": column.means,
                f"unit-{n}-{c}": column.unit,
            }
    words = {(holds, value): meant for holds, value, meant in layout.words}
    now = decode(ExportLayout, page.context["mapping"].layout)
    return posted | {
        f"word-{n}": words.get((holds, value), "") for n, (holds, value, _) in enumerate(now.words)
    }


@pytest.mark.sweep(1, 4)
@pytest.mark.parametrize("key", tablesets.SETS)
@pytest.mark.parametrize("kind", LAYOUTS)
def test_mapped_once_every_export_becomes_the_tables(bureau, kind, key):
    content, layout = LAYOUTS[kind](random_facts(1, key))
    assert bureau.post(ADDRESS, sample(content)).status_code == 302
    page = bureau.get(ADDRESS)
    assert layout_for(a_region(), 2023) is None
    bureau.post(ADDRESS, chosen(page, layout))  # the columns, then the values that these columns have
    page = bureau.get(ADDRESS)
    bureau.post(ADDRESS, chosen(page, layout) | {"ready": "1"})
    trailed = [row.data for row in AuditPending.objects.filter(kind="exportmapping")]
    assert len(trailed) == 3 and trailed[-1]["fields"]["启用"] == ["否", "是"]
    assert any(old != new for data in trailed for old, new in data.get("fields", {}).values())
    page = bureau.get(ADDRESS)
    assert page.context["mapping"].ready, page.context["survey"].unread
    assert "已启用" in page.content.decode()

    facts = random_facts(2, key)
    department = a_department()
    stage = tablesets.get(key).stage
    disclosure = Disclosure.objects.create(
        department=department, fiscal_year=2023, table_set=key, stage=stage
    )
    bureau.force_login(a_person("accountant", department=department))
    other, full = LAYOUTS[kind](facts)
    mapping = ExportMapping.objects.get()
    said = decode(ExportLayout, mapping.layout)
    # Values that the sample has not: the bureau says them when they come.
    more = tuple(word for word in full.words if word[:2] not in {w[:2] for w in said.words})
    mapping.layout = mapping.layout | {"words": [*mapping.layout["words"], *map(list, more)]}
    mapping.save()
    bureau.post(reverse("admin:budgets_disclosure_intake", args=[disclosure.pk]), sample(other))
    intake = Intake.objects.get()
    url = reverse("admin:budgets_disclosure_intake_file", args=[disclosure.pk, intake.pk])
    report = bureau.get(url)
    assert report.context["taken"].complete
    assert bureau.post(url, {"version": disclosure.version}).status_code == 302
    assert set(ledger.read(disclosure).facts) == told(facts, full)


def test_the_sums_of_the_sample_are_shown_and_follow_the_mapping(bureau):
    rows = [
        ("功能科目", "资金性质", "支出类型", "金额（元）"),
        ("2010301", "一般公共预算", "基本支出", 120.5),
    ]
    bureau.post(ADDRESS, sample(book(一张=rows)))
    page = bureau.get(ADDRESS)
    assert page.context["survey"].sums == (("支出", "120.50", 1),)
    form = {f"unit-0-{3}": "万元", "layout": "1"}
    bureau.post(ADDRESS, form)
    assert bureau.get(ADDRESS).context["survey"].sums == (("支出", "1205000.00", 1),)


def test_what_is_not_mapped_is_told_and_keeps_it_out_of_use(bureau):
    rows = [("功能科目", "资金性质", "支出类型", "金额（元）"), ("2010301", "一般公共预算", "看不懂", 120.5)]
    bureau.post(ADDRESS, sample(book(一张=rows)))
    answer = bureau.post(ADDRESS, {"layout": "1", "ready": "1"}, follow=True)
    assert "看不懂" in answer.content.decode() and "尚未启用" in answer.content.decode()
    assert layout_for(a_region(), 2023) is None
    bureau.post(ADDRESS, {"layout": "1", "ready": "1", "word-1": "use=basic"})
    assert layout_for(a_region(), 2023) is not None
    assert layout_for(a_region(), 2024) is not None  # until that year has its own
    assert layout_for(a_region(), 2022) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0junk", "只有字".encode()])
def test_a_sample_that_is_no_list_is_refused_in_words(bureau, content):
    answer = bureau.post(ADDRESS, sample(content))
    assert answer.status_code in (200, 409)
    assert not ExportMapping.objects.exists()
    assert "Traceback" not in answer.content.decode()


def test_a_choice_that_is_none_changes_nothing(bureau):
    rows = [
        ("功能科目", "资金性质", "支出类型", "金额（元）"),
        ("2010301", "一般公共预算", "基本支出", 120.5),
    ]
    bureau.post(ADDRESS, sample(book(一张=rows)))
    before = ExportMapping.objects.get().layout
    bureau.post(
        ADDRESS,
        {"layout": "1", "holds-0-0": "x" * 99, "means-0-3": "use=<script>", "word-0": "\0", "unit-0-3": "斤"},
    )
    assert ExportMapping.objects.get().layout == before


@pytest.mark.parametrize("role", ["accountant", "reviewer", "auditor", "central_administrator"])
def test_nobody_else_maps(client, role):
    client.force_login(a_person(role))
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"layout": "1"}).status_code == 404


def test_each_region_has_its_own(bureau):
    rows = [
        ("功能科目", "资金性质", "支出类型", "金额（元）"),
        ("2010301", "一般公共预算", "基本支出", 120.5),
    ]
    bureau.post(ADDRESS, sample(book(一张=rows)))
    bureau.post(ADDRESS, {"layout": "1", "ready": "1"})
    other = a_region("130226", "另一县")
    assert layout_for(a_region(), 2023) and layout_for(other, 2023) is None
    bureau.force_login(a_person("bureau_officer", region=other))
    assert bureau.get(ADDRESS).context["mapping"] is None
    assert a_disclosure().department.region == a_region()

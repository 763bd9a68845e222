"""A file of a form that nobody declared, handed in: by its accountant with a look at each table, or among many by the bureau."""

import random
import re

import pytest

from budgets import ledger
from budgets.models import Disclosure, Verdict
from budgets.workflow.batch_files import hand_in_many
from tests.admin.test_intakes import choose, confirm
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_region, an_open_year
from tests.makers.foreign_forms import drawn_form, spoiled

from .forms import fields, of

pytestmark = pytest.mark.django_db
SEED = 8


@pytest.fixture
def form():
    return drawn_form(SEED)


@pytest.fixture
def department(form):
    return a_department("101", form.unit_name, a_region("530000", "云岭县"))


def test_it_is_offered_shown_taken_and_turned_back(accountant, form, department):
    an_open_year(form.year, "shanghai_2023", region=department.region)
    accountant.force_login(a_person("accountant", department=department))
    disclosure = a_disclosure(department, year=form.year, facts=(), table_set="shanghai_2023")
    refused = choose(accountant, disclosure, "附表.xlsx", form.workbook())
    assert "照原样收录，仅核对表内合计" in refused.text and "确认导入" not in refused.text

    table, place, _ = spoiled(form, random.Random(1))
    page = choose(accountant, disclosure, "附表.xlsx", form.workbook(), transcribed="on")
    assert f"{len(form.tables)} 张表照原样收录" in page.text
    assert all(f"{each.title}（{each.unit}）</summary>" in page.text for each in form.tables)
    assert "检查结果" in page.text and form.tables[table].title in page.text
    assert confirm(accountant, page).status_code == 302

    kept = Disclosure.objects.get(pk=disclosure.pk)
    assert kept.table_set == "as_it_stands" and len(ledger.read(kept).given) == len(form.tables)
    for name in ("change", "preview", "given", "basics", "history"):
        assert accountant.get(of(kept, name)).status_code == 200, name
    links = set(re.findall(r'href="(/admin/[^"#?]+)', accountant.get(of(kept, "change")).text)) - {
        "/admin/logout/"
    }
    assert {link: code for link in links if (code := accountant.get(link).status_code) != 200} == {}
    given = accountant.get(of(kept, "given"))
    assert "改用本年度的表样" in given.text
    assert accountant.post(of(kept, "given"), fields(given)).status_code == 302
    back = Disclosure.objects.get(pk=disclosure.pk)
    assert (back.table_set, back.given) == ("shanghai_2023", "") and back.narratives.count() > 3


def test_among_many_it_fits_and_becomes_the_draft_of_its_department(form, department):
    an_open_year(form.year, region=department.region)
    officer = a_person("bureau_officer", region=department.region)
    batch = hand_in_many([("附表.xlsx", form.workbook())], department.region, by=officer, transcribed=True)
    (row,) = batch.files.all()
    assert (row.verdict, row.department) == (Verdict.FITS, department)
    assert "仅核对表内合计" in row.reason

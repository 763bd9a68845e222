"""In the browser: chapters that come back from Word, and the bureau's mapping of an export, each page as people see it."""

from io import BytesIO

import docx
import pytest
from django.urls import reverse

from budgets import ledger, tablesets
from budgets.domain.composing import compose
from budgets.forms.narrative_docx import narrative_docx
from budgets.synthetic.draws import random_facts
from tests.admin.test_draft_files import a_drawn_draft
from tests.browser.desk import PASSWORD, Desk
from tests.makers.disclosures import a_department, a_person, a_region
from tests.makers.exports import LAYOUTS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_what_word_changed_is_read_and_saved(page, live_server, tmp_path):
    desk = Desk(page, live_server.url)
    disclosure = a_drawn_draft(5, "hebei_2023")
    said = ledger.read(disclosure)
    table_set = tablesets.get(said.table_set)
    document = compose(table_set, said, ledger.subjects_for(2023))
    file = docx.Document(BytesIO(narrative_docx(table_set, said, document)))
    file.paragraphs[4].add_run("文件里加的一句。")
    file.paragraphs[6]._p.getparent().remove(file.paragraphs[6]._p)
    file.save(tmp_path / "情况说明.docx")
    desk.sign_in(a_person("accountant", department=disclosure.department, password=PASSWORD))
    page.goto(desk.url + reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
    desk.look()
    page.goto(desk.url + reverse("admin:budgets_disclosure_intake", args=[disclosure.pk]))
    page.set_input_files("input[type=file]", tmp_path / "情况说明.docx")
    desk.press("读取并核对", "button")
    page.wait_for_selector("text=逐句列出")
    desk.look()
    desk.press("保存勾选的章", "button")
    assert any("文件里加的一句。" in n.text for n in ledger.read(disclosure).narratives)


def test_an_export_is_mapped(page, live_server, tmp_path):
    desk = Desk(page, live_server.url)
    content, _ = LAYOUTS["wide"](random_facts(1))
    (tmp_path / "导出.xlsx").write_bytes(content)
    a_department()
    desk.sign_in(a_person("bureau_administrator", region=a_region(), password=PASSWORD))
    page.goto(desk.url + reverse("admin:exports_year", args=[2023]))
    desk.look()
    page.set_input_files("input[type=file]", tmp_path / "导出.xlsx")
    desk.press("读取样本", "button")
    desk.look()
    desk.press("保存并重算", "button")
    assert "尚未启用" in page.inner_text("#content-main") or "已启用" in page.inner_text("#content-main")

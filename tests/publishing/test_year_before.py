"""Two years of one department in public: what a page takes from the other is current, proved, and renewed with it."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import ledger
from budgets.domain.ledgers import Project
from budgets.models import SubjectMove
from budgets.publishing import folders, releases
from budgets.publishing.pages_proved import MISSING, STALE
from budgets.publishing.verification import verify
from budgets.rendering.html.disclosure_pages import chapter_page, compare_page, disclosure_page
from budgets.workflow import lifecycle, remaking, renewing
from budgets.workflow.withdrawing import Scope, withdraw
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved, explain
from tests.makers.facts import funded, project, revenue, small_budget, yuan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "pages_of_years")]


@pytest.fixture
def pages_of_years(few_pages, monkeypatch):
    """Of a revision the pages alone that take something from another year."""

    def pages(document, imprint, beside=None):
        yield "index.html", disclosure_page(document, imprint, beside)
        yield "chapters/overview/index.html", chapter_page(document, "overview", imprint, beside)
        if beside:
            yield "compare/index.html", compare_page(document, imprint, beside)

    monkeypatch.setattr(releases, "pages", pages)


def place(year: int) -> tuple[str, str, int, str]:
    return ("130225", "483", year, "budget")


def served(year: int, path: str = "index.html") -> str:
    file = releases.address(place(year)) / path
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def manifest(year: int) -> dict:
    return folders.read_manifest(releases.address(place(year)).resolve())


def sound() -> bool:
    proof = verify(render=True)
    assert proof.other_pages == []
    return proof.mismatches == []


@pytest.fixture
def officer():
    return a_person("bureau_officer")


def years(officer, *which: int):
    """Public disclosures of one department, in that order."""
    made = {}
    for year in which:
        made[year] = a_year(year)
        lifecycle.publish(approved(made[year], officer), by=officer)
        made[year].refresh_from_db()
    return made


def a_year(year: int):
    """A sound disclosure of that year; that of 2024 spends 5.00 more on its project."""
    if year != 2024:
        return a_sound_disclosure(year=year)
    more = {
        funded("1200.00"): funded("1205.00"),
        revenue("2010301", "1120.00"): revenue("2010301", "1125.00"),
        project("2010301", "300.00"): project("2010301", "305.00"),
    }
    facts = tuple(more.get(fact, fact) for fact in small_budget())
    return a_sound_disclosure(year=year, facts=facts, projects=(Project("窗口运行", yuan("305.00")),))


def correct(disclosure, officer) -> None:
    disclosure.refresh_from_db()
    lifecycle.correct(disclosure, by=officer, reason="联系方式有误")
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact="新的电话"))
    lifecycle.publish(approved(disclosure, officer), by=officer)
    disclosure.refresh_from_db()


@pytest.mark.parametrize("order", [(2023, 2024), (2024, 2023)], ids=["as they come", "the earlier one later"])
def test_a_year_stands_beside_the_one_before_whichever_was_published_first(officer, order):
    made = years(officer, *order)
    text = served(2024, "compare/index.html")
    assert "2023年部门预算 第 1 版" in text and "+5.00" in text and "可比" in text
    assert 'href="/130225/483/2023/budget/#' in text and 'href="../#' in text
    assert '<a href="compare/">比上年增加' in served(2024) and "比上年" in served(2024, "r1/index.html")
    assert not served(2023, "compare/index.html") and "比上年" not in served(2023)
    taken = manifest(2024)["before"]
    assert taken["address"] == "130225/483/2023/budget" and "before" not in manifest(2023)
    assert taken["payload"] == made[2023].publications.get().payload_hash
    assert sound()


def test_last_years_amount_in_the_text_leads_there_as_long_as_it_is_public(officer):
    made = years(officer, 2023)
    later = a_year(2024)
    said = replace(ledger.read(later), narratives=tuple(
        replace(each, text="项目支出305.00万元，比2023年预算增加5.00万元，主要是窗口增加。") if each.key == "overview" else each
        for each in ledger.read(later).narratives
    ))  # fmt: skip
    ledger.write(later, said)
    explain(later)
    lifecycle.publish(approved(later, officer), by=officer)
    link = '<a href="/130225/483/2023/budget/#expenditure.total.project" class="amount">5.00万元</a>'
    pages = ("index.html", "chapters/overview/index.html")
    assert all(link in served(2024, page) for page in pages) and sound()
    withdraw(made[2023], by=officer, reason="附表漏列")
    assert not any("/2023/budget/#" in served(2024, page) for page in pages) and sound()


def test_another_department_and_another_stage_are_not_beside_it(officer):
    other = a_sound_disclosure(a_department("484", "乙局"), year=2023)
    lifecycle.publish(approved(other, officer), by=officer)
    years(officer, 2024)
    assert not served(2024, "compare/index.html") and sound()


def test_a_correction_and_a_withdrawal_renew_the_year_after(officer):
    made = years(officer, 2023, 2024)
    before = releases.address(place(2024)).readlink()
    correct(made[2023], officer)
    assert "2023年部门预算 第 2 版" in served(2024, "compare/index.html") and sound()
    assert releases.address(place(2024)).readlink() != before
    withdraw(made[2023], by=officer, reason="附表漏列", scope=Scope.EARLIER)
    assert "第 2 版" in served(2024, "compare/index.html") and sound()
    withdraw(made[2023], by=officer, reason="附表漏列")
    assert (
        not served(2024, "compare/index.html")
        and "比上年" not in served(2024)
        and "before" not in manifest(2024)
    )
    assert sound()
    correct(made[2023], officer)
    assert "第 3 版" in served(2024, "compare/index.html") and sound()


def test_a_superseded_version_says_nothing_of_another_year(officer):
    made = years(officer, 2023, 2024)
    correct(made[2024], officer)
    assert "比上年" in served(2024) and "比上年" not in served(2024, "r1/index.html")
    assert not served(2024, "r1/compare/index.html") and served(2024, "r2/compare/index.html")
    withdraw(made[2024], by=officer, reason="附表漏列")
    assert not served(2024, "compare/index.html") and sound()


def test_what_is_changed_while_the_pages_are_built_is_built_again(officer, monkeypatch):
    made = years(officer, 2023)
    later = approved(a_year(2024), officer)
    real, meanwhile = renewing.renew, []

    def renew(disclosure, current):
        if not meanwhile and disclosure.fiscal_year == 2024:
            meanwhile.append(1)
            withdraw(made[2023], by=officer, reason="附表漏列")
        return real(disclosure, current)

    monkeypatch.setattr(lifecycle, "renew", renew)
    lifecycle.publish(later, by=officer)
    assert meanwhile and not served(2024, "compare/index.html") and sound()


def test_a_year_after_that_is_published_meanwhile_is_not_left_alone(officer, monkeypatch):
    early, later = approved(a_sound_disclosure(year=2023), officer), approved(a_year(2024), officer)
    real, meanwhile = renewing.renew, []

    def renew(disclosure, current):
        found = real(disclosure, current)
        if not meanwhile and disclosure.fiscal_year == 2023:
            meanwhile.append(1)
            lifecycle.publish(later, by=officer)
        return found

    monkeypatch.setattr(lifecycle, "renew", renew)
    lifecycle.publish(early, by=officer)
    assert meanwhile and served(2024, "compare/index.html") and sound()


def test_codes_that_moved_are_kept_with_the_pages(officer):
    years(officer, 2023)
    SubjectMove.objects.create(fiscal_year=2024, scheme="function", old_code="2010302", new_code="2010399")
    SubjectMove.objects.create(fiscal_year=2023, scheme="function", old_code="2010350", new_code="2010399")
    years(officer, 2024)
    assert manifest(2024)["before"]["moves"] == [[2024, "function", "2010302", "2010399"]]
    assert "2010302→2010399" in served(2024, "compare/index.html")
    SubjectMove.objects.all().delete()
    assert sound(), "made anew from the manifest alone"


def resealed(year: int, change) -> None:
    """The release with a change of its manifest, named and served as such."""
    folder = releases.address(place(year)).resolve()
    known = folders.read_manifest(folder)
    change(known)
    (folder / folders.MANIFEST).write_bytes(folders.canonical(known))
    name = folders.sha256((folder / folders.MANIFEST).read_bytes())
    folder.rename(folders.releases() / name)
    releases.flip(place(year), name)


CHANGES = (
    (lambda known: known.pop("before"), MISSING),
    (lambda known: known["before"].update(revision=2), STALE),
    (lambda known: known["before"].update(payload="0" * 64), STALE),
    (lambda known: known["before"].update(address="130225/484/2023/budget"), STALE),
    (
        lambda known: known["before"].update(moves=[[2024, "function", "2010301", "2010399"]]),
        "重新生成的不符",
    ),
    (lambda known: known["before"].update(moves=[["x", "function"]]), "不能由公开内容重新生成"),
)


def test_what_was_taken_is_proved(officer):
    years(officer, 2023, 2024)
    sealed = manifest(2024)
    for change, words in CHANGES:
        resealed(2024, change)
        faults = verify(render=True).mismatches
        assert any(words in fault.what and fault.at == "130225/483/2024/budget" for fault in faults), words
        resealed(2024, lambda known: known.update(sealed))
    assert sound()


def test_a_page_that_was_rewritten_is_found_by_making_it_anew(officer):
    """With the manifest and the name made to fit, only a second making tells."""
    years(officer, 2023, 2024)
    page = releases.address(place(2024)).resolve() / "compare" / "index.html"
    forged = page.read_bytes().replace(b"+5.00", b"+6.00")
    page.write_bytes(forged)
    resealed(
        2024,
        lambda known: known["files"].update(
            {"compare/index.html": {"bytes": len(forged), "sha256": folders.sha256(forged)}}
        ),
    )
    assert verify().mismatches == []
    assert ["重新生成的不符" in fault.what for fault in verify(render=True).mismatches] == [True]


def test_pages_of_another_program_are_counted_not_compared(officer):
    years(officer, 2023, 2024)
    resealed(2024, lambda known: known.update(pages="0" * 16))
    proof = verify(render=True)
    assert (proof.other_pages, proof.mismatches) == (["130225/483/2024/budget"], [])
    assert verify().other_pages == []


def test_every_amount_of_the_page_leads_to_a_cell_that_prints_it(officer):
    years(officer, 2023, 2024)
    text = served(2024, "compare/index.html")
    pages = {"../": served(2024), "/130225/483/2023/budget/": served(2023)}
    found = re.findall(r'<td class="n"><a href="([^"#]+)#([^"]+)">([^<]+)</a>', text)
    assert len(found) > 60
    for page, anchor, shown in found:
        cell = re.search(rf'id="{re.escape(anchor)}"[^>]*>(?:<a[^>]*>)?([^<]*)<', pages[page])
        assert cell, anchor
        if re.fullmatch(r"[\d,.]+", cell[1]):
            assert Decimal(cell[1].replace(",", "")) == Decimal(shown.replace(",", ""))
        else:
            assert cell[1].strip() == "" and (Decimal(shown) == 0 or anchor.startswith("goal"))


def test_the_release_says_the_same_whoever_builds_it(officer):
    made = years(officer, 2023, 2024)
    name = releases.address(place(2024)).readlink().name
    assert not remaking.rebuild(made[2024]) and releases.address(place(2024)).readlink().name == name
    assert json.loads((folders.releases() / name / folders.MANIFEST).read_bytes())["before"]["revision"] == 1
